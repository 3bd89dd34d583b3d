"""What was proposed to whom, why, and what a human decided (requirements E1 to E4). A score of a person stands nowhere."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stapsteen.core.crypto import EncryptedTextField
from stapsteen.core.dated import Dated
from stapsteen.core.scope import Scoped, ScopedForeignKey, Sensitive
from stapsteen.hosts.models import Host, SubTask, Task
from stapsteen.network.models import StaffMember
from stapsteen.pathways.models import Pathway
from stapsteen.people.models import Person
from stapsteen.placements.models import Placement

REFUSE_CODES = {
    "too_far": _("Te ver of te moeilijk te bereiken"),
    "other_wish": _("De persoon wil iets anders"),
    "not_now": _("De persoon is er nu niet klaar voor"),
    "not_this_host": _("Deze organisatie past nu niet"),
    "wrong_moment": _("Het moment past toch niet"),
    "too_heavy": _("De taak vraagt te veel"),
    "something_else": _("Een andere reden"),
}
"""Why a coach passes by a proposal: one tap. Nothing about the person that may not be written down."""
SOMETHING_ELSE = "something_else"
COMES_BACK = frozenset({"not_now"})
"""Reasons that don't hold for the next search; after the others the same task isn't proposed to the same person again."""


class Settings(Scoped):
    """How one service uses the search for places; without a row: as the defaults say.

    `on`: off, nothing is ranked or proposed and coaches choose from the plain list. `learning`: earlier placements feed the
    proposals; only where they were shown to help (requirement E3). `coach_hours`: hours a week in which a coach can
    bring people to a new place.
    """

    on = models.BooleanField(default=True)
    learning = models.BooleanField(default=False)
    coach_hours = models.PositiveSmallIntegerField(default=8)
    model = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["service"], name="matching_settings_once"),)


class Objection(Dated, Sensitive):
    """The person doesn't want a programme to search along (GDPR articles 21 and 22): the coach then searches by hand."""

    open_columns = frozenset({"starts_on", "ends_on"})
    kept_after_erasure = ("starts_on", "ends_on")
    index_by = (("person_id", "starts_on"),)

    person = ScopedForeignKey(Person, related_name="search_objections")

    class Meta(Sensitive.Meta):
        ordering = ("-starts_on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["service", "person"], condition=models.Q(ends_on=None), name="objection_once"
            ),
        )


class Search(Scoped):
    """One search for everybody without a place: numbers and codes only, its proposals stand beside it.

    `counts`: {"people", "tasks", "hosts", "proposed", "unplaced", "kept", "before", "opens", "tried"}; "opens": what would
    open a task -> for how many people without a proposal; "tried": whether advice was sought. `advice`: [{"kind", "key",
    "people", "more"}], what is short: with `more` of it so many more people find a place, held against a second search
    before it is told. `model`: weights and version with which pairs were valued.
    `worth` is the value of the proposal and `bound` a proven limit of any proposal's, in expected lasting places.
    """

    index_by = (("created_at",),)

    day = models.DateField(default=timezone.localdate)
    state = models.CharField(max_length=20, default="queued")
    progress = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)
    advice = models.JSONField(default=list)
    model = models.JSONField(default=dict)
    worth = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    failure = models.CharField(max_length=300, default="", blank=True)
    asked_by = ScopedForeignKey(StaffMember, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        ordering = ("-created_at", "-id")


class Proposal(Sensitive):
    """A task proposed to one person, by a search or by the coach's own choice; or that nothing was found.

    `task` is None where nothing was found. `position`: the place in the list from which the coach chose, 1 for the first.
    `trace`: encrypted JSON, what was known and what each rule said (matching/trace.py). `code`: a key of REFUSE_CODES:
    why it was refused, or why a coach passed by the first of the list. `weeks`: how long the person waited.
    """

    open_columns = frozenset(
        {
            "state",
            "code",
            "created_at",
            "decided_at",
            "half_days",
            "position",
            "weeks",
            "search_id",
            "task_id",
        }
    )
    kept_after_erasure = (
        "code",
        "created_at",
        "decided_at",
        "half_days",
        "position",
        "weeks",
    )
    index_by = (("search_id", "state"), ("pathway_id", "created_at"))

    person = ScopedForeignKey(Person, related_name="proposals")
    pathway = ScopedForeignKey(Pathway, related_name="proposals")
    search = ScopedForeignKey(Search, null=True, related_name="proposals")
    host = ScopedForeignKey(Host, null=True, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    subtask = models.ForeignKey(
        SubTask, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    placement = ScopedForeignKey(Placement, null=True, related_name="+")
    state = models.CharField(max_length=20, default="open")
    half_days = models.IntegerField(default=0)
    weeks = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=20, default="", blank=True)
    trace = EncryptedTextField(null=True)
    decided_by = ScopedForeignKey(StaffMember, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    @property
    def kept(self) -> dict[str, Any]:
        """The trace as it was written; {} once it was erased."""
        return dict(json.loads(self.trace)) if self.trace else {}

    class Meta(Sensitive.Meta):
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["service", "search", "pathway"],
                condition=models.Q(search__isnull=False),
                name="one_proposal_per_search",
            ),
        )
