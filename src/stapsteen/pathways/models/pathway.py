"""From referral to the end of the pathway: referral, intake talks, pathway, kind, aim, wheel position, suspension."""

from __future__ import annotations

import json

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import ScopedForeignKey, Sensitive
from stapsteen.network.models import ProgrammeVersion, StaffMember
from stapsteen.people.models import Note, Person

REFUSAL_CODES = {
    "elsewhere_better": _("Een andere dienst past beter"),
    "other_region": _("Woont in een andere regio"),
    "condition": _("Een voorwaarde is niet vervuld"),
    "help_first": _("Andere hulp moet eerst komen"),
    "no_wish": _("De persoon wil dit niet"),
    "not_reached": _("Niet bereikt na meerdere pogingen"),
    "no_place": _("Er is nu geen plaats"),
    "other": _("Een andere reden"),
}
"""Why a referral goes elsewhere. Only these without somewhere to go to: NOWHERE."""
NOWHERE = frozenset({"no_wish", "not_reached"})

END_CODES = {
    "goal_reached": _("Doel bereikt"),
    "stepped_up": _("Opstap naar werk, opleiding of een arbeidsdienst"),
    "other_offer": _("Verder bij een ander aanbod"),
    "stopped_by_person": _("De persoon wil stoppen"),
    "health": _("Het lukt nu niet meer"),
    "moved": _("Verhuisd"),
    "maximum_duration": _("Maximumduur bereikt"),
    "lost_contact": _("Geen contact meer"),
    "deceased": _("Overleden"),
    "other": _("Een andere reden"),
}
DESTINATIONS = {
    "job": _("Betaald werk"),
    "training": _("Opleiding"),
    "employment_service": _("Dienst voor werk (VDAB, GTB, ...)"),
    "volunteering": _("Vrijwilligerswerk zonder begeleiding"),
    "care_work": _("Arbeidszorg"),
    "other_service": _("Andere dienst of hulp"),
    "home": _("Thuis, geen vervolg"),
    "unknown": _("Niet gekend"),
}
STEPPED_UP = frozenset({"job", "training", "employment_service"})
"""Destinations that count as a step up (document 001, slide 15)."""


class Referral(Sensitive):
    """Someone asks guidance, for themselves or for another. The answers are what the public form asked, never health,
    addiction or criminal record (requirement B1). `verdicts` keeps the explanation rule by rule as it was shown.
    Whether who referred hears what became of it, is a consent (requirement B4). A referrer that tells too
    much about the person (prison, psychiatry, addiction care, reception centre) isn't in `referrer`: its id lies encrypted
    in `referrer_sealed`, with a blind index for that referrer's own page, and `referrer_kind` only says "sensitive".
    `own_choice`: why the person wants this, in own words (requirement B6). `stage_since`: the day it came into its state.
    `call_only`: nothing but "call me" was asked; it counts as a referral once it starts. `coach`: who will guide, as
    colleagues divided it."""

    BY = {"self": _("de persoon zelf"), "helper": _("een helper of dienst")}
    open_columns = frozenset(
        {
            "state",
            "received_on",
            "stage_since",
            "decided_on",
            "referrer_kind",
            "by",
            "person_said_yes_on",
            "call_only",
        }
    )
    kept_after_erasure = (
        "by",
        "received_on",
        "decided_on",
        "decision_code",
        "referrer_kind",
        "person_said_yes_on",
        "stage_since",
        "call_only",
    )
    index_by = (("state", "received_on"), ("received_on",))

    person = ScopedForeignKey(Person, related_name="referrals")
    programme = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=20, default="received")
    by = models.CharField(max_length=10, choices=list(BY.items()))
    referrer = models.ForeignKey(
        "hosts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    referrer_kind = models.CharField(max_length=20, default="", blank=True)
    referrer_sealed = EncryptedTextField(null=True)
    referrer_index = models.CharField(max_length=64, default="", blank=True)
    helper_name = models.CharField(max_length=120, default="", blank=True)
    helper_organisation = models.CharField(max_length=120, default="", blank=True)
    helper_email = models.EmailField(default="", blank=True)
    helper_phone = models.CharField(max_length=40, default="", blank=True)
    question = EncryptedTextField()
    tried = models.TextField(default="", blank=True)
    answers = models.JSONField(default=dict)
    verdicts = models.JSONField(default=list)
    received_on = models.DateField(default=timezone.localdate)
    person_said_yes_on = models.DateField(null=True, blank=True)
    own_choice = EncryptedTextField(null=True)
    stage_since = models.DateField(default=timezone.localdate)
    call_only = models.BooleanField(default=False)
    handled_by = ScopedForeignKey(StaffMember, null=True, blank=True, related_name="referrals")
    coach = ScopedForeignKey(StaffMember, null=True, blank=True, related_name="assigned_referrals")
    conditions_sealed = EncryptedTextField(null=True)
    decided_on = models.DateField(null=True, blank=True)
    decision_code = models.CharField(max_length=30, default="", blank=True)
    decision_reason = EncryptedTextField(null=True)
    went_to = models.CharField(max_length=200, default="", blank=True)

    class Meta(Sensitive.Meta):
        ordering = ("received_on", "id")

    @property
    def conditions(self) -> dict[str, str]:
        """Answers to what only intake asks, by the question's key; encrypted, since health can be among them."""
        return json.loads(self.conditions_sealed) if self.conditions_sealed else {}

    @conditions.setter
    def conditions(self, answers: dict[str, str]) -> None:
        self.conditions_sealed = json.dumps(answers)

    @property
    def reference(self) -> str:
        """What the sender is told to mention: says nothing about the person."""
        return str(self.pk).replace("-", "")[-6:].upper()


class IntakeTalk(Sensitive):
    """A contact attempt or an exploratory talk (documents 000 and 004)."""

    KINDS = {"attempt": _("Contactpoging"), "talk": _("Verkennend gesprek")}
    open_columns = frozenset({"kind", "held_on", "reached", "place", "minutes"})
    kept_after_erasure = ("kind", "held_on", "reached", "place", "minutes")

    person = ScopedForeignKey(Person, related_name="intake_talks")
    referral = ScopedForeignKey(Referral, related_name="talks")
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    held_on = models.DateField(default=timezone.localdate)
    reached = models.BooleanField(default=True)
    text = EncryptedTextField(null=True)
    place = models.CharField(max_length=10, choices=list(Note.PLACES.items()), default="", blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    author = models.CharField(max_length=120, default="")

    class Meta(Sensitive.Meta):
        ordering = ("held_on", "id")


class Pathway(Sensitive):
    """One person's way, from the first day to the end; with or without a host. Keeps the programme version it began with.

    `weight`: how much of a coach it asks (1 light, 2 ordinary, 3 heavy). `partner`: a standing partner that follows up its
    own persons for the service (requirement A5); never one that can sanction.
    """

    WEIGHTS = {1: _("licht"), 2: _("gewoon"), 3: _("zwaar")}

    open_columns = frozenset({"state", "starts_on", "ends_on", "end_code", "stepped_up", "weight"})
    kept_after_erasure = ("starts_on", "ends_on", "end_code", "stepped_up", "weight")
    index_by = (("state", "starts_on"), ("starts_on", "ends_on"))

    person = ScopedForeignKey(Person, related_name="pathways")
    referral = ScopedForeignKey(Referral, null=True, blank=True, related_name="pathways")
    coach = ScopedForeignKey(StaffMember, related_name="pathways")
    state = models.CharField(max_length=20, default="active")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    end_code = models.CharField(max_length=30, default="", blank=True)
    end_reason = EncryptedTextField(null=True)
    destination = models.CharField(max_length=200, default="", blank=True)
    stepped_up = models.BooleanField(default=False)
    weight = models.PositiveSmallIntegerField(default=2, choices=list(WEIGHTS.items()))
    partner = models.ForeignKey(
        "hosts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    my_question = EncryptedTextField(null=True)

    class Meta(Sensitive.Meta):
        ordering = ("-starts_on", "-id")


class PathwayProgramme(Dated, Sensitive):
    """Which programme (and so which kind) the pathway follows, dated: a change of kind is neither end nor start."""

    open_columns = frozenset({"kind", "starts_on", "ends_on"})
    kept_after_erasure = ("kind", "starts_on", "ends_on")
    index_by = (("pathway_id", "starts_on"), ("kind", "starts_on"))

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="programmes")
    programme = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=30)


class Aim(Dated, Sensitive):
    """Stepping stone, possible stepping stone, end in itself; changes are kept (documents 000 and 001)."""

    AIMS = {
        "stepping_stone": _("Opstap"),
        "possible_stepping_stone": _("Mogelijke opstap"),
        "end_in_itself": _("Finaliteit"),
    }
    open_columns = frozenset({"aim", "starts_on", "ends_on"})
    kept_after_erasure = ("aim", "starts_on", "ends_on")
    index_by = (("pathway_id", "starts_on"),)

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="aims")
    aim = models.CharField(max_length=30)


class WheelPosition(Dated, Sensitive):
    """Where the person stands on the participation wheel; forward and back are equal (document 004)."""

    SAID_BY = {"together": _("samen"), "participant": _("de persoon zelf"), "coach": _("de begeleider")}
    open_columns = frozenset({"segment", "wish", "starts_on", "ends_on", "said_by"})
    kept_after_erasure = ("segment", "wish", "starts_on", "ends_on", "said_by")
    index_by = (("pathway_id", "starts_on"),)

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="wheel_positions")
    segment = models.CharField(max_length=40)
    wish = models.CharField(max_length=40, default="", blank=True)
    what_helped = EncryptedTextField(null=True)
    said_by = models.CharField(max_length=12, default="together", choices=list(SAID_BY.items()))


class Suspension(Dated, Sensitive):
    """A pause of the pathway; evaluations that fall in it are due on the first day after."""

    open_columns = frozenset({"starts_on", "ends_on"})
    kept_after_erasure = ("starts_on", "ends_on")

    person = ScopedForeignKey(Person, related_name="+")
    pathway = ScopedForeignKey(Pathway, related_name="suspensions")
    reason = EncryptedTextField(null=True)
