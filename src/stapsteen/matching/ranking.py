"""For one person: the best tasks with their reasons, what just misses, and hosts that could be asked (requirement E1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stapsteen.core import halfdays
from stapsteen.hosts.models import DUTCH_SKILLS, LIFTS, SECTORS, Host
from stapsteen.hosts.queries import asks_left, guidance_left, nos_of
from stapsteen.matching import facts, travel
from stapsteen.matching.facts import NONE, STEPS, Offer, Seeker
from stapsteen.matching.models import Proposal
from stapsteen.matching.reasons import Reason, reasons
from stapsteen.matching.weighing import USUAL, Learned, Weighing, engine_model
from stapsteen.pathways.models import Pathway
from stapsteen.people.models import SUPPORT

if TYPE_CHECKING:
    from stapsteen.matching.engine.pairs import Model, Tasks
    from stapsteen.matching.engine.problem import Floats

SHOWN = 6
NEAR_SHOWN = 3
NEAR_KEPT = 15
"""Of each group so many can be looked at; more would be a list of tasks, not what just misses."""
ASKABLE = 5
STEP_MINUTES = 15
JUST_MINUTES = 60
"""A way of at most an hour, or of twice what the person accepts, just misses; a longer one misses by far."""


@dataclass(frozen=True)
class Choice:
    """A task that could be, the whole or the part that fits best, with its reasons. `overlap`: half-days that both can."""

    one: Seeker
    offer: Offer
    day: date

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        return tuple(reasons(self.one, self.offer, self.day))

    @property
    def overlap(self) -> int:
        return (self.one.half_days or halfdays.ALL) & (self.offer.facts.half_days or halfdays.ALL)


@dataclass(frozen=True)
class Near:
    """Tasks for which one same thing would have to change: what, how many, and the best of them."""

    key: str
    title: str
    count: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Askable:
    """A host without a fitting task that has room for this person and may still be asked this month."""

    host: Host
    sectors: tuple[str, ...]
    way: str
    left: int


@dataclass(frozen=True)
class Ranking:
    """`choices` best first; `near` grouped by what would have to change, what opens most first."""

    choices: tuple[Choice, ...]
    near: tuple[Near, ...]

    def place_of(self, task: UUID) -> int | None:
        """1 for the first of the list; None when the task isn't in it."""
        for number, choice in enumerate(self.choices, 1):
            if choice.offer.task.pk == task:
                return number
        return None

    def in_the_way(self, task: UUID) -> str:
        """What would have to change for this task that just misses, in words; "" when it isn't one of those."""
        for group in self.near:
            if any(choice.offer.task.pk == task for choice in group.choices):
                return group.title
        return ""


@dataclass(frozen=True)
class Ground:
    """The offers of a day as the engine reads them, laid out once for everybody that is ranked against them."""

    what: Sequence[Offer]
    tasks: Tasks
    model: Model
    day: date

    @classmethod
    def lay(
        cls, what: Sequence[Offer], day: date, weighing: Weighing = USUAL, learned: Learned | None = None
    ) -> Ground:
        model = engine_model(list(facts.number_hosts(what)), facts.NEEDS, weighing, learned)
        return cls(what, facts.task_arrays(what, day), model, day)


def rank(one: Seeker, ground: Ground) -> Ranking:
    """Best tasks first; the same order for the same facts. Whole tasks come before their parts."""
    from stapsteen.matching.engine.score import look

    what, day = ground.what, ground.day
    if not what:
        return Ranking((), ())
    marks, chance = look(facts.people_arrays([one], what), ground.tasks, ground.model, 0)
    fits = _best_by_task(what, np.flatnonzero(marks == 0), chance)
    tasks_that_fit = {what[j].task.pk for j in fits}
    single = [int(j) for j in np.flatnonzero((marks > 0) & (marks & (marks - 1) == 0))]
    misses = _best_by_task(what, [j for j in single if what[j].task.pk not in tasks_that_fit], chance)
    return Ranking(
        tuple(Choice(one, what[j], day) for j in fits),
        tuple(_groups(one, [(what[j], int(marks[j]).bit_length() - 1) for j in misses], day)),
    )


def _best_by_task(what: Sequence[Offer], found: Iterable[Any], chance: Floats) -> list[int]:
    """Of each task the whole if it is there, else its best part; all of them best first, by title where equal."""
    best: dict[UUID, int] = {}
    for j in sorted((int(j) for j in found), key=lambda j: (what[j].part is not None, -chance[j])):
        best.setdefault(what[j].task.pk, j)
    return sorted(best.values(), key=lambda j: (-chance[j], what[j].task.title, str(what[j].task.pk)))


# What just misses ------------------------------------------------------------------------------------------------------


def _groups(one: Seeker, found: Sequence[tuple[Offer, int]], day: date) -> list[Near]:
    """By the one thing that would have to change; a no of the host and another kind of work never stand here."""
    groups: dict[tuple[str, str], list[Offer]] = {}
    for offer, rule in found:
        if (said := what_would_open(one, offer, rule)) is not None:
            groups.setdefault(said, []).append(offer)
    near = [
        Near(key, title, len(offers), tuple(Choice(one, offer, day) for offer in offers[:NEAR_KEPT]))
        for (key, title), offers in groups.items()
    ]
    return sorted(near, key=lambda group: (-group.count, group.title))


def what_would_open(one: Seeker, offer: Offer, rule: int) -> tuple[str, str] | None:
    """(code, words) of what would have to change for the engine's rule; None where that isn't ours to change."""
    from stapsteen.matching.engine.pairs import Rule

    told: dict[int, Callable[[], tuple[str, str] | None]] = {
        Rule.SEATS: lambda: ("seats", _("Als er een plaats vrijkomt")),
        Rule.HAZARD: lambda: _hazard(one, offer),
        Rule.LANGUAGE: lambda: _language(one, offer),
        Rule.SUPPORT: lambda: _support(one, offer),
        Rule.HALF_DAYS: lambda: ("half_days", _("Als de persoon op een ander moment kan")),
        Rule.DISTANCE: lambda: _distance(one, offer),
        Rule.REFUSED: lambda: None,
    }
    return told[rule]()


def _hazard(one: Seeker, offer: Offer) -> tuple[str, str] | None:
    met = sorted(facts.hazards(offer.needs) & one.avoid)
    if not met:
        return None  # another kind of work than the pathway's
    words = ", ".join(str(LIFTS[code]) for code in met)
    return f"avoid:{','.join(met)}", _("Als de taak kan zonder dit: %(what)s") % {"what": words}


def _language(one: Seeker, offer: Offer) -> tuple[str, str]:
    short = {
        skill: STEPS.index(step) - STEPS.index(one.dutch[skill])
        for skill, step in offer.needs.dutch.items()
        if skill in one.dutch and STEPS.index(step) > STEPS.index(one.dutch[skill])
    }
    steps, skills = max(short.values()), ", ".join(str(DUTCH_SKILLS[skill]) for skill in short)
    title = ngettext(
        "Met %(n)s stap meer Nederlands (%(skills)s)", "Met %(n)s stappen meer Nederlands (%(skills)s)", steps
    )
    return f"dutch:{steps}:{','.join(short)}", title % {"n": steps, "skills": skills}


def _support(one: Seeker, offer: Offer) -> tuple[str, str] | None:
    if offer.nos.support & set(one.person.support):
        return None  # a no is a no
    if offer.guidance.left is None:
        return "unsaid", _("Als de organisatie zegt hoeveel mensen ze kan begeleiden")
    if offer.guidance.paused:
        return "paused", _("Als de pauze van de organisatie voorbij is")
    full = [kind for kind in SUPPORT if kind in one.person.support and kind in offer.impossible]
    if full:
        words = ", ".join(str(SUPPORT[kind]) for kind in full)
        return f"support:{','.join(full)}", _("Als de organisatie dit kan geven: %(what)s") % {"what": words}
    return "guidance", _("Als de organisatie nog iemand kan begeleiden")


def _distance(one: Seeker, offer: Offer) -> tuple[str, str] | None:
    km = facts.distance(one, offer) or 0.0
    by = travel.reachable_by(offer.facts.travel)
    if not by & set(travel.ways(one.person.mobility)):
        words = ", ".join(travel.way_words(mode) for mode in travel.MODES if mode in offer.facts.travel)
        return f"way:{','.join(sorted(offer.facts.travel))}", _("Als de persoon daar %(way)s geraakt") % {
            "way": words
        }
    time, _mode = travel.minutes(km, one.person.mobility, offer.facts.travel)
    until = STEP_MINUTES * -(-time // STEP_MINUTES)
    if until > max(JUST_MINUTES, 2 * (one.person.travel_minutes or travel.USUAL_MINUTES)):
        return None
    return f"minutes:{until}", _("Als de weg tot %(n)s minuten mag duren") % {"n": until}


def no_longer(proposals: Sequence[Proposal], day: date) -> set[UUID]:
    """Of these proposals the open ones that can't be any more: taken, closed or refused since they were made.

    A part that was taken away isn't the whole task: that one must be possible by itself.
    """
    from stapsteen.matching.engine.score import look

    open_ones = [row for row in proposals if row.state == "open"]
    if not open_ones:
        return set()
    wanted = {row.task_id for row in open_ones}
    who = facts.seekers(Pathway.objects.filter(pk__in=[row.pathway_id for row in open_ones]), day)
    what = [offer for offer in facts.offers(day) if offer.task.pk in wanted]
    people, tasks = facts.people_arrays(who, what), facts.task_arrays(what, day)
    model = engine_model(list(facts.number_hosts(what)), facts.NEEDS)
    number = {one.pathway.pk: i for i, one in enumerate(who)}
    gone = set()
    for row in open_ones:
        marks, _chance = look(people, tasks, model, number[row.pathway_id])
        possible = {
            (offer.task.pk, offer.part.pk if offer.part else None)
            for offer, mark in zip(what, marks, strict=True)
            if mark == 0
        }
        if (row.task_id, row.subtask_id) not in possible:
            gone.add(row.pk)
    return gone


# Hosts that could be asked -----------------------------------------------------------------------------------------------


def askable(one: Seeker, ranking: Ranking, day: date) -> list[Askable]:
    """Active hosts without a fitting task, with room for this person, within reach; the wished sectors first, then near.

    A no to everybody, to a kind of support or for this person ends it; so does a month with enough questions.
    """
    busy = {found.offer.host.pk for found in ranking.choices}
    rows = Host.objects.filter(state="active").exclude(pk__in=busy | one.hosts_passed)
    hosts = list(rows.select_related("organisation__municipality").order_by("organisation__name", "pk"))
    keys = [host.organisation_id for host in hosts]
    left, nos, asks = guidance_left(keys, day), nos_of(keys, day), asks_left(keys, day)
    found = []
    for host in hosts:
        key = host.organisation_id
        said = nos.get(key, NONE)
        if said.everybody or said.support & set(one.person.support) or asks.get(key, 0) < 1:
            continue
        if (left[key].left or 0) < one.weight or _full(one, left[key].support):
            continue
        km = facts.km_between(one.home, host.organisation.municipality)
        if km is None or km <= max(facts.reach_of(one)):
            found.append((host, km))
    found.sort(
        key=lambda row: (not set(row[0].organisation.sectors) & set(one.person.sectors), row[1] or 0.0)
    )
    return [_askable(one, host, km, left[host.organisation_id].left or 0) for host, km in found[:ASKABLE]]


def _full(one: Seeker, support: dict[str, int]) -> bool:
    return any(support.get(kind, 1) < 1 for kind in one.person.support)


def _askable(one: Seeker, host: Host, km: float | None, left: int) -> Askable:
    sectors = tuple(str(SECTORS[code]) for code in host.organisation.sectors if code in SECTORS)
    way = travel.in_words(km, one.person.mobility) if km is not None else ""
    return Askable(host, sectors, way, left)
