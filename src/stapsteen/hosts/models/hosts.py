"""How one service works with an organisation: its path, contacts, talks, agreement and looks back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.scope import Scoped, ScopedForeignKey, Sensitive
from stapsteen.hosts.models.organisations import Organisation
from stapsteen.people.models import Person


class Host(Scoped):
    """How this service works with an organisation: from prospect to active, paused or stopped (requirement D6).

    `talk_wanted` says by a code that a talk is needed. A wish about origin, religion or another protected ground
    starts such a talk and is itself never recorded (requirement D3).
    """

    TALKS = {
        "wish": _("een wens die we niet opschrijven"),
        "capacity": _("de draagkracht"),
        "cooperation": _("de samenwerking"),
    }
    index_by = (("state",),)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_index=False, related_name="hosts"
    )
    state = models.CharField(max_length=20, default="prospect")
    state_reason = models.TextField(default="", blank=True)
    state_since = models.DateField(default=timezone.localdate)
    insurance_until = models.DateField(null=True, blank=True)
    agreement_signed_on = models.DateField(null=True, blank=True)
    talk_wanted = models.CharField(max_length=20, choices=list(TALKS.items()), default="", blank=True)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["service", "organisation"], name="host_once"),)

    def __str__(self) -> str:
        return self.organisation.name


class HostContact(Scoped):
    """The one contact of a host for this service (requirement D1), and earlier ones. A professional."""

    host = ScopedForeignKey(Host, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField(default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    language = models.CharField(max_length=2, default="nl")
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["service", "host"], condition=Q(ends_on=None), name="one_contact"
            ),
        )

    def __str__(self) -> str:
        return self.name


class KeyPerson(Scoped):
    """Someone at the host who stays near the people that come: several per host (D1, document 000). A professional."""

    host = ScopedForeignKey(Host, on_delete=models.CASCADE, related_name="key_people")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    half_days = models.IntegerField(default=0)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class HostNote(Scoped):
    """A visit, a talk, or what an import had no field for. About the organisation; no guided person in it."""

    KINDS = {
        "note": _("Notitie"),
        "visit": _("Bezoek"),
        "call": _("Telefoon"),
        "import": _("Uit een vroeger bestand"),
    }
    host = ScopedForeignKey(Host, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=list(KINDS.items()), default="note")
    happened_on = models.DateField(default=timezone.localdate)
    text = models.TextField()
    author = models.CharField(max_length=120, default="")

    class Meta(Scoped.Meta):
        ordering = ("-happened_on", "-id")


class HostTalk(Scoped):
    """The intake talk with a host: is it open, does the *team* want this, what worries (D6, document 003).

    A team that says no ends it: the host can't become active on such a talk.
    """

    OPENNESS = {
        "open": _("Ja, ze staan er voor open"),
        "careful": _("Voorzichtig, in het klein beginnen"),
        "closed": _("Nee, nu niet"),
    }
    TEAM = {
        "yes": _("Ja, het team wil dit"),
        "doubts": _("Een deel van het team twijfelt"),
        "no": _("Nee, het team wil dit niet"),
        "not_asked": _("Nog niet gevraagd"),
    }
    host = ScopedForeignKey(Host, on_delete=models.CASCADE, related_name="talks")
    held_on = models.DateField(default=timezone.localdate)
    openness = models.CharField(max_length=10, choices=list(OPENNESS.items()))
    team = models.CharField(max_length=10, choices=list(TEAM.items()))
    worries = models.TextField(default="", blank=True)
    agreed = models.TextField(default="", blank=True)
    author = models.CharField(max_length=120, default="")

    class Meta(Scoped.Meta):
        ordering = ("-held_on", "-id")


class HostReview(Scoped):
    """The yearly look back with the host, on one sheet (D6). The numbers beside it are counted, not kept.

    `decision`: go on as it is, go on with changes, or stop. No guided person in the words.
    """

    DECISIONS = {
        "go_on": _("We doen zo verder"),
        "change": _("We doen verder en veranderen iets"),
        "stop": _("We stoppen"),
    }
    host = ScopedForeignKey(Host, on_delete=models.CASCADE, related_name="reviews")
    held_on = models.DateField(default=timezone.localdate)
    went_well = models.TextField(default="", blank=True)
    was_hard = models.TextField(default="", blank=True)
    wishes = models.TextField(default="", blank=True)
    decision = models.CharField(max_length=10, choices=list(DECISIONS.items()), default="go_on")
    author = models.CharField(max_length=120, default="")

    class Meta(Scoped.Meta):
        ordering = ("-held_on", "-id")


class HostAgreement(Scoped):
    """A version of the uniform agreement between service and host, with its four expectations (D2, document 001).

    `content` is frozen JSON of what the parties read. States: out (to be signed), signed, replaced.
    """

    HOW = {"paper": _("op papier"), "link": _("via een link")}
    host = ScopedForeignKey(Host, on_delete=models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, default="out")
    content = models.JSONField(default=dict)
    made_on = models.DateField(default=timezone.localdate)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.CharField(max_length=120, default="", blank=True)
    how = models.CharField(max_length=10, choices=list(HOW.items()), default="", blank=True)

    class Meta(Scoped.Meta):
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=["service", "host", "version"], name="host_agreement_version"),
            models.UniqueConstraint(
                fields=["service", "host"], condition=Q(state="out"), name="host_agreement_one_out"
            ),
        )


class PersonNo(Sensitive):
    """That a host said no to one person. It ends the matter, also in a later pathway (document 003). No reason is kept."""

    open_columns = frozenset({"said_on"})
    kept_after_erasure = ("said_on",)
    index_by = (("person_id",),)

    person = ScopedForeignKey(Person, related_name="+")
    host = ScopedForeignKey(Host, on_delete=models.CASCADE, related_name="person_nos")
    said_on = models.DateField(default=timezone.localdate)
