"""The person's own say: consents, the access card; and two records that turn out to be one person."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import ScopedForeignKey, Sensitive
from stapsteen.people.models.person import Person


class Consent(Dated, Sensitive):
    """That the person agrees to one purpose for one recipient, in own words; withdrawn, it ends at once.

    `recipient_id`: the organisation or referral that it is for, when it is one that we know; `recipient` its name.
    No consent ever gives attendance, hours, evaluations or drop-out reasons to who can sanction (requirement B6).
    """

    PURPOSES = {
        "tell_referrer": _("De doorverwijzer mag horen hoe het verder gaat"),
        "ask_expert": _("Een expert van een partner mag meekijken"),
        "handover": _("We geven gegevens door aan een andere dienst"),
        "share_host": _("De gastorganisatie mag weten waar ik hulp bij nodig heb"),
        "call_supporter": _("We mogen iemand rond mij bellen"),
        "photo": _("Een foto van mij mag gebruikt worden"),
    }
    HOW = {"spoken": _("gezegd"), "written": _("op papier getekend"), "screen": _("op het scherm aangeduid")}
    open_columns = frozenset({"purpose", "starts_on", "ends_on"})
    kept_after_erasure = ("purpose", "how", "starts_on", "ends_on", "withdrawn_at", "recipient_id")
    index_by = (("person_id", "purpose", "starts_on"),)

    person = ScopedForeignKey(Person, related_name="consents")
    purpose = models.CharField(max_length=20, choices=list(PURPOSES.items()))
    recipient = models.CharField(max_length=160, default="", blank=True)
    recipient_id = models.UUIDField(null=True, blank=True)
    own_words = EncryptedTextField(null=True)
    how = models.CharField(max_length=10, choices=list(HOW.items()), default="spoken")
    recorded_by = models.CharField(max_length=120, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(Sensitive.Meta):
        ordering = ("-starts_on", "-id")


class AccessCard(Sensitive):
    """The card with QR code that opens the participant's own pages, together with a PIN. Both are kept as hashes only."""

    kept_after_erasure = ("printed_at", "stopped_at", "used_at", "wrong_tries", "locked_until")

    person = ScopedForeignKey(Person, related_name="access_cards")
    secret_hash = models.CharField(max_length=128)
    pin_hash = models.CharField(max_length=128)
    printed_at = models.DateTimeField(default=timezone.now)
    printed_by = models.CharField(max_length=120, default="")
    stopped_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)


class Merge(Sensitive):
    """Two records that are one person: `person` stays, `double` went into it. Undone, everything goes back (B7).

    `moved`: which rows went to the kept record (table -> ids) and which of its own went to the double ("back"), and which
    fields were taken from the double ("fields": name -> double or both). `former_sealed`: what the kept record had in those
    fields. The double's own row isn't touched, except that it says into whom it went.
    """

    kept_after_erasure = ("merged_at", "undone_at", "moved")

    person = ScopedForeignKey(Person, related_name="merges")
    double = ScopedForeignKey(Person, related_name="merged_by")
    moved = models.JSONField(default=dict)
    former_sealed = EncryptedTextField(null=True)
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by = models.CharField(max_length=120, default="")
    undone_at = models.DateTimeField(null=True, blank=True)


class NotTheSame(Sensitive):
    """A colleague looked and said: these two are different people. They aren't offered as doubles again."""

    kept_after_erasure = ("said_at",)

    person = ScopedForeignKey(Person, related_name="+")
    other = ScopedForeignKey(Person, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.CharField(max_length=120, default="")
