"""Organisations, what they can carry, their tasks; and how one service works with each of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.dated import Dated
from stapsteen.core.scope import Scoped, ScopedForeignKey, Shared
from stapsteen.network.models import Municipality, Network

LEGAL_KINDS = {
    "vzw": _("vzw"),
    "local_government": _("lokaal bestuur"),
    "ocmw": _("OCMW"),
    "care_home": _("woonzorgcentrum"),
    "association": _("feitelijke vereniging"),
    "social_economy": _("sociale economie"),
    "company": _("onderneming"),
    "other": _("andere"),
}
SECTORS = {
    "social": _("Sociaal"),
    "technical": _("Techniek"),
    "catering": _("Horeca"),
    "animals": _("Dieren"),
    "administration": _("Administratie en onthaal"),
    "environment": _("Milieu"),
    "care": _("Zorg"),
    "culture": _("Cultuur en vrije tijd"),
    "other": _("Andere"),
}
ORGANISATION_ROLES = {
    "host": _("gastorganisatie"),
    "partner": _("partner"),
    "referrer": _("doorverwijzer"),
    "umbrella": _("koepel"),
}


class Organisation(Shared):
    """One type for all: host, partner, referrer and umbrella are roles. Belongs to a network, carries no person.

    `can_sanction`: VDAB, OCMW income service and the like never get attendance, hours or reasons (requirement B6).
    """

    shared_because = "organisations belong to the network; contacts stand in each service's own rows"

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=160)
    legal_kind = models.CharField(max_length=20, choices=list(LEGAL_KINDS.items()), default="vzw")
    umbrella = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    roles = ArrayField(models.CharField(max_length=10), default=list)
    sectors = ArrayField(models.CharField(max_length=20), default=list)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    address = models.CharField(max_length=200, default="", blank=True)
    enterprise_number = models.CharField(max_length=10, default="", blank=True)
    can_sanction = models.BooleanField(default=False)
    sensitive_referrer = models.BooleanField(default=False)
    note = models.TextField(default="", blank=True)

    class Meta(Shared.Meta):
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["network", "name"], name="organisation_name_once"),)

    def __str__(self) -> str:
        return self.name


class GuidanceCapacity(Dated, Shared):
    """How many people with guidance the host can carry at once; its own statement, dated (requirement D3)."""

    shared_because = "used by all services of the network; no person in it"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="capacities")
    places = models.PositiveSmallIntegerField()
    paused = models.BooleanField(default=False)
    note = models.CharField(max_length=200, default="", blank=True)


class Task(Shared):
    """Something to do at a host: when, for how many, what it asks. No person in it (requirement D4)."""

    shared_because = "tasks belong to the network"

    GUIDANCE = {"none": _("zelfstandig"), "some": _("beperkte begeleiding"), "much": _("veel begeleiding")}
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=120)
    description = models.TextField(default="", blank=True)
    sector = models.CharField(max_length=20, choices=list(SECTORS.items()), default="other")
    half_days = models.IntegerField(default=0)
    seats = models.PositiveSmallIntegerField(default=1)
    dutch_level = models.CharField(max_length=20, default="", blank=True)
    heavy = models.BooleanField(default=False)
    guidance = models.CharField(max_length=10, choices=list(GUIDANCE.items()), default="some")
    note = models.TextField(default="", blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta(Shared.Meta):
        ordering = ("organisation__name", "title")

    def __str__(self) -> str:
        return self.title


class CapacityUse(Dated, Shared):
    """An anonymous use of a host's guidance: every service of the network can sum it, nobody learns who it is."""

    shared_because = "anonymous: host, task, weight, from and until"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="uses")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="uses")
    weight = models.PositiveSmallIntegerField(default=1)


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


class HostNote(Scoped):
    """A visit, a talk, or what an import had no field for. About the organisation; no guided person in it."""

    KINDS = {"note": _("Notitie"), "visit": _("Bezoek"), "import": _("Uit een vroeger bestand")}
    host = ScopedForeignKey(Host, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=list(KINDS.items()), default="note")
    happened_on = models.DateField(default=timezone.localdate)
    text = models.TextField()
    author = models.CharField(max_length=120, default="")

    class Meta(Scoped.Meta):
        ordering = ("-happened_on", "-id")
