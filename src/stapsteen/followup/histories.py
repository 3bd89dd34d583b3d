"""What decides in a pathway, in days and codes: read for thousands of pathways at once, without loading any person.

A list is decided on histories; only what its shown page holds is loaded as persons, and so noted in the read log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from stapsteen.core.models import Event
from stapsteen.followup.models import Evaluation, GoingOn
from stapsteen.network.models import ProgrammeVersion
from stapsteen.network.programme import Programme
from stapsteen.pathways.models import Aim, Moment, Pathway, PathwayProgramme, Suspension
from stapsteen.placements.models import Placement

STARTED = ("active", "ended")
PREFETCH = (
    "programmes__programme",
    "aims",
    "suspensions",
    "placements",
    "evaluations",
    "going_on",
    "moments",
)


@dataclass(frozen=True, slots=True)
class History:
    """Rows of each kind, as models or as tuples of their open columns; `rules` are the programme's that it follows now.

    `since`: the start, or the last change of kind. `first_day`: the first at a host, None before there is one.
    `spiders`: days on which one was scored and closed. `last_sign`: the newest line on the timeline, where it was read.
    """

    pk: UUID
    person_id: UUID
    state: str
    starts_on: date
    rules: Programme
    since: date
    first_day: date | None
    aims: list[Any]
    suspensions: list[Any] = field(default_factory=list)
    evaluations: list[Any] = field(default_factory=list)
    going_on: list[Any] = field(default_factory=list)
    spiders: list[date] = field(default_factory=list)
    last_sign: date | None = None


def newest(row: Any) -> tuple[date, UUID]:
    return row.starts_on, row.pk


def of(pathway: Pathway) -> History:
    """The history of one pathway, best with PREFETCH."""
    programmes = sorted(pathway.programmes.all(), key=newest)
    days = [row.starts_on for row in pathway.placements.all() if row.state in STARTED]
    return History(
        pk=pathway.pk,
        person_id=pathway.person_id,
        state=pathway.state,
        starts_on=pathway.starts_on,
        rules=programmes[-1].programme.rules,
        since=programmes[-1].starts_on if len(programmes) > 1 else pathway.starts_on,
        first_day=min(days, default=None),
        aims=sorted(pathway.aims.all(), key=newest),
        suspensions=list(pathway.suspensions.all()),
        evaluations=list(pathway.evaluations.all()),
        going_on=list(pathway.going_on.all()),
        spiders=sorted(moment.held_on for moment in pathway.moments.all() if moment.state == "closed"),
    )


def read(pathways: Any) -> list[History]:
    """The histories of a queryset of pathways: nine queries, however many, and nobody's row is loaded."""
    events = Event.objects.filter(subject_id=OuterRef("person_id")).order_by("-happened_on")
    rows = list(
        pathways.order_by()
        .annotate(last_sign=Subquery(events.values("happened_on")[:1]))
        .values_list("pk", "person_id", "state", "starts_on", "last_sign", named=True)
    )
    chosen = pathways.order_by().values("pk")
    programmes = _grouped(PathwayProgramme, chosen, "starts_on", "pk", "programme_id")
    aims = _grouped(Aim, chosen, "starts_on", "pk", "ends_on", "aim")
    suspensions = _grouped(Suspension, chosen, "starts_on", "ends_on")
    begun = _grouped(Placement, chosen, "starts_on", state__in=STARTED)
    evaluations = _grouped(Evaluation, chosen, "state", "due_on", "planned_on", "held_on")
    reasons = _grouped(GoingOn, chosen, "pk", "limit", "starts_on", "ends_on", "review_on")
    spiders = _grouped(Moment, chosen, "held_on", state="closed")
    rules = _rules({row.programme_id for found in programmes.values() for row in found})

    def history(row: Any) -> History:
        key = row.pk
        followed = sorted(programmes[key], key=newest)
        return History(
            pk=key,
            person_id=row.person_id,
            state=row.state,
            starts_on=row.starts_on,
            rules=rules[followed[-1].programme_id],
            since=followed[-1].starts_on if len(followed) > 1 else row.starts_on,
            first_day=min((day for (_, day) in begun[key]), default=None),
            aims=sorted(aims[key], key=newest),
            suspensions=suspensions[key],
            evaluations=evaluations[key],
            going_on=reasons[key],
            spiders=sorted(day for (_, day) in spiders[key]),
            last_sign=row.last_sign,
        )

    return [history(row) for row in rows]


def _grouped(model: Any, chosen: Any, *columns: str, **only: Any) -> defaultdict[UUID, list[Any]]:
    """Pathway id -> these open columns of its rows; the pathway's id stands first in each."""
    rows = model.objects.filter(pathway__in=chosen, **only).order_by()
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows.values_list("pathway_id", *columns, named=True):
        found[row.pathway_id].append(row)
    return found


def _rules(versions: Iterable[UUID]) -> dict[UUID, Programme]:
    return {pk: version.rules for pk, version in ProgrammeVersion.objects.in_bulk(list(versions)).items()}
