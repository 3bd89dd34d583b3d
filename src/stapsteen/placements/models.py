"""A person's place at a host, and the three-party agreement about it (document 001, slides 12-14)."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.scope import ScopedForeignKey, Sensitive
from stapsteen.hosts.models import CapacityUse, Host, SubTask, Task
from stapsteen.pathways.models import Pathway
from stapsteen.people.models import Person

END_CODES = {
    "change_by_person": _("Andere plek, op vraag van de persoon"),
    "change_by_host": _("Andere plek, op vraag van de organisatie"),
    "change_by_referrer": _("Andere plek, op vraag van het sociaal centrum"),
    "change_of_kind": _("Verder in een andere soort traject"),
    "goal_reached": _("Doel bereikt"),
    "stopped_by_person": _("De persoon wil stoppen"),
    "stopped_by_host": _("De organisatie wil stoppen"),
    "health": _("Het lukt nu niet meer"),
    "task_ended": _("De taak bestaat niet meer"),
    "pathway_ended": _("Het traject stopt"),
    "other": _("Een andere reden"),
}
CANCEL_CODES = {
    "host_no": _("De organisatie zegt nee"),
    "person_no": _("De persoon kiest iets anders"),
    "other": _("Een andere reden"),
}


class Placement(Sensitive):
    """One person at one task of one host. Becomes active when the agreement is signed.

    `part`: the sub-task that the person does, None for the whole task. `use` holds the seat and the guidance from the
    proposal on. `end_code`: a key of END_CODES, or of CANCEL_CODES for a proposal that didn't go through.
    """

    open_columns = frozenset(
        {"state", "starts_on", "ends_on", "half_days", "minutes_per_half_day", "end_code"}
    )
    kept_after_erasure = (
        "starts_on",
        "ends_on",
        "half_days",
        "minutes_per_half_day",
        "end_code",
        "created_at",
    )
    index_by = (("state", "starts_on"), ("host_id", "state"))

    person = ScopedForeignKey(Person, related_name="placements")
    pathway = ScopedForeignKey(Pathway, related_name="placements")
    host = ScopedForeignKey(Host, related_name="placements")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, db_index=False, related_name="+")
    part = models.ForeignKey(
        SubTask, on_delete=models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )
    use = models.ForeignKey(
        CapacityUse, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=20, default="proposed")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    half_days = models.IntegerField(default=0)
    minutes_per_half_day = models.PositiveSmallIntegerField(default=180)
    end_code = models.CharField(max_length=30, default="", blank=True)
    end_reason = EncryptedTextField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Sensitive.Meta):
        ordering = ("-starts_on", "-id")


class Agreement(Sensitive):
    """A version of the three-party agreement (afsprakennota). Its content is frozen when it goes out to be signed.

    `content` is JSON: {"terms": what was filled in} and, once it went out, {"document": the AgreementDocument}, whose
    hash stands in `sha256`.
    """

    open_columns = frozenset({"state", "version", "created_at"})
    kept_after_erasure = ("version", "created_at", "sha256")

    person = ScopedForeignKey(Person, related_name="+")
    placement = ScopedForeignKey(Placement, related_name="agreements")
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, default="draft")
    content = EncryptedTextField()
    sha256 = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField(default=timezone.now)

    @property
    def kept(self) -> dict[str, Any]:
        """The content: {"terms": {...}, "document": {...} or None}."""
        return {"terms": {}, "document": None, **json.loads(self.content or "{}")}

    @property
    def parties(self) -> list[str]:
        """Who must sign, in the order of the form; the legal representative only where there is one."""
        kept = self.kept
        representative = (kept["document"] or {}).get("person", {}).get("representative")
        extra = representative or kept["terms"].get("representative")
        return ["person", *(["representative"] if extra else []), "host", "service"]

    class Meta(Sensitive.Meta):
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(
                fields=["service", "placement", "version"], name="agreement_version_once"
            ),
        )


class Signature(Sensitive):
    """That one of the parties signed this version: how, when; on screen the drawing isn't kept, the yes is."""

    PARTIES = {
        "person": _("de vrijwilliger"),
        "representative": _("de wettelijke vertegenwoordiger"),
        "host": _("de gastorganisatie"),
        "service": _("de dienst"),
    }
    HOW = {"screen": _("op het scherm"), "paper": _("op papier"), "link": _("via een link")}
    open_columns = frozenset({"party", "how", "signed_on"})
    kept_after_erasure = ("party", "how", "signed_on")

    person = ScopedForeignKey(Person, related_name="+")
    agreement = ScopedForeignKey(Agreement, related_name="signatures")
    party = models.CharField(max_length=20, choices=list(PARTIES.items()))
    how = models.CharField(max_length=10, choices=list(HOW.items()))
    signed_on = models.DateField(default=timezone.localdate)
    signed_by = models.CharField(max_length=120, default="")

    class Meta(Sensitive.Meta):
        constraints = (
            models.UniqueConstraint(fields=["service", "agreement", "party"], name="party_signs_once"),
        )
