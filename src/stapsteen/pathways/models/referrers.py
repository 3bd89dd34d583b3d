"""Who may refer, what is asked and told between referrer and service, drafts of the public form, handing over warmly."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import Scoped, ScopedForeignKey, Sensitive
from stapsteen.pathways.models.pathway import Pathway, Referral
from stapsteen.people.models import Consent, Person


class ReferrerRight(Dated, Scoped):
    """An organisation that may refer to one of the service's programmes ('' for all), and as what kind.

    Antwerp: 21 neighbourhood centres in 5 clusters (document 001, slides 2 and 12). `cluster` is an id of the programme's
    `referral.centres.clusters`; `kind` one of its referrers' kinds or of SENSITIVE_KINDS.
    """

    SENSITIVE_KINDS = {
        "prison": _("gevangenis of justitiehuis"),
        "psychiatry": _("psychiatrie"),
        "addiction_care": _("verslavingszorg"),
        "reception_centre": _("opvangcentrum"),
    }
    index_by = (("organisation_id", "programme_slug"),)

    organisation = models.ForeignKey(
        "hosts.Organisation", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    programme_slug = models.CharField(max_length=50, default="", blank=True)
    kind = models.CharField(max_length=30, default="", blank=True)
    cluster = models.CharField(max_length=50, default="", blank=True)


class ReferralDraft(Scoped):
    """A public form that isn't sent yet: encrypted, opened by its link only, thrown away after some weeks."""

    index_by = (("delete_on",),)

    answers_sealed = EncryptedTextField()
    saved_at = models.DateTimeField(default=timezone.now)
    delete_on = models.DateField()


class ReferralMessage(Sensitive):
    """A question or an answer between the service and who referred (requirement B4); never a file, never a reason."""

    open_columns = frozenset({"to_referrer", "at", "read_at"})
    kept_after_erasure = ("to_referrer", "at", "read_at")
    index_by = (("referral_id", "at"),)

    person = ScopedForeignKey(Person, related_name="+")
    referral = ScopedForeignKey(Referral, related_name="messages")
    to_referrer = models.BooleanField()
    text = EncryptedTextField()
    author = models.CharField(max_length=120, default="")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta(Sensitive.Meta):
        ordering = ("at", "id")


class Handover(Sensitive):
    """Somebody is brought to another service instead of sent away: a joint talk, what may be told, taken over or not.

    States: pathways/states.py. Needs a consent of the person for what is passed on (documents 001 and 004).
    """

    open_columns = frozenset({"state", "offered_on", "talk_on", "settled_on"})
    kept_after_erasure = ("offered_on", "talk_on", "settled_on", "check_on")
    index_by = (("state", "offered_on"),)

    person = ScopedForeignKey(Person, related_name="handovers")
    referral = ScopedForeignKey(Referral, null=True, blank=True, related_name="handovers")
    pathway = ScopedForeignKey(Pathway, null=True, blank=True, related_name="handovers")
    consent = ScopedForeignKey(Consent, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, default="offered")
    to_name = models.CharField(max_length=160)
    to_contact = models.CharField(max_length=200, default="", blank=True)
    told = EncryptedTextField(null=True)
    offered_on = models.DateField(default=timezone.localdate)
    talk_on = models.DateField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    check_on = models.DateField(null=True, blank=True)
    outcome = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        ordering = ("-offered_on", "-id")
