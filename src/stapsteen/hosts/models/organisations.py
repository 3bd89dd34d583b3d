"""Organisations of a network and the places where they work."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from stapsteen.core.scope import Shared
from stapsteen.network.models import Municipality, Network

LEGAL_KINDS = {
    "vzw": _("vzw"),
    "local_government": _("lokaal bestuur"),
    "department": _("eigen dienst van een lokaal bestuur"),
    "ocmw": _("OCMW"),
    "care_home": _("woonzorgcentrum"),
    "association": _("feitelijke vereniging"),
    "social_economy": _("sociale economie"),
    "company": _("onderneming"),
    "other": _("andere"),
}
ORGANISATION_ROLES = {
    "host": _("gastorganisatie"),
    "partner": _("partner"),
    "referrer": _("doorverwijzer"),
    "umbrella": _("koepel"),
}


class Organisation(Shared):
    """One type for all: host, partner, referrer and umbrella are roles. Belongs to a network, carries no person.

    `asks_per_month`: how often all services together may ask it something in a calendar month (D3).
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
    asks_per_month = models.PositiveSmallIntegerField(default=4)

    class Meta(Shared.Meta):
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["network", "name"], name="organisation_name_once"),)

    def __str__(self) -> str:
        return self.name


class Site(Shared):
    """A place where an organisation works; the point of its municipality puts it on the map (requirement D1)."""

    shared_because = "belongs to an organisation of the network; no person in it"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, default="", blank=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)

    class Meta(Shared.Meta):
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=["organisation", "name"], name="site_name_once"),)

    def __str__(self) -> str:
        return self.name
