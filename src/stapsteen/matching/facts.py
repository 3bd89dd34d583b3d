"""What is known of people without a place and of tasks, and the same as arrays for the engine.

Hard facts only: half-days, Dutch per skill, what can't be, travel, kinds of support, wishes, and every no. Age, sex,
origin, nationality, health and criminal record aren't read here at all (AI Act; requirement E3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Prefetch, Q

from stapsteen.core import halfdays
from stapsteen.hosts.models import ALLERGENS, DUTCH_SKILLS, PHYSICAL, SECTORS, Host, SubTask, Task
from stapsteen.hosts.queries import (
    Guidance,
    Needs,
    Nos,
    TaskFacts,
    asks_left,
    guidance_left,
    nos_of,
    person_nos,
    tasks_to_match,
)
from stapsteen.matching import travel
from stapsteen.matching.models import COMES_BACK, SOMETHING_ELSE, Objection, Proposal
from stapsteen.network.models import Municipality
from stapsteen.network.programme.schema import NT2_STEPS
from stapsteen.pathways.models import Pathway, PathwayProgramme
from stapsteen.people.models import SUPPORT, Address, Person
from stapsteen.placements.models import Placement

if TYPE_CHECKING:
    from stapsteen.matching.engine.pairs import People, Tasks

STEPS: tuple[str, ...] = (*NT2_STEPS, "native")
AGAIN = "again"
"""In the trace of a decision: the coach wants to see its task in the list again."""
PASSED = Q(state__in=("refused", "changed")) | Q(state="accepted") & ~Q(code="")
"""Proposals that keep a task out of somebody's list, but for what comes back."""
UNKNOWN = 7
"""The engine's level for "nobody knows yet": it passes, and the coach is told to ask."""
OPEN = ("proposed", "active")
NO_MOMENT = halfdays.ALL + 1
"""The half-days of somebody whose free moments are all taken: a bit that no task has."""
ANY_KM = 1_000.0
AVOIDABLE = [*PHYSICAL, *(f"allergen_{code}" for code in ALLERGENS)]
CARE_WORK = "care_work"
OTHER_KIND = 1 << len(AVOIDABLE)
"""Bit of a task that isn't of the person's kind of pathway: care work beside volunteering."""
WEIGHTS = ((4, 3), (2, 2), (0, 1))
"""From so many kinds of support on, somebody counts for so much of a host's guidance."""


@dataclass(frozen=True)
class Seeker:
    """One person as the search sees them. `half_days` 0 and a skill that is missing: not known yet."""

    pathway: Pathway
    home: Municipality | None
    since: date
    kind: str
    half_days: int
    dutch: dict[str, str]
    avoid: frozenset[str]
    tasks_passed: frozenset[UUID]
    hosts_passed: frozenset[UUID]

    @property
    def person(self) -> Person:
        found: Person = self.pathway.person
        return found

    @property
    def busy(self) -> bool:
        """Said when they can, and all of it is taken by the places they have."""
        return self.half_days == NO_MOMENT

    @property
    def weight(self) -> int:
        """What the person asks of a host's guidance, 1 to 3, from the kinds of support that were agreed on."""
        return next(weight for least, weight in WEIGHTS if len(self.person.support) >= least)

    def weeks(self, day: date) -> int:
        return max(0, (day - self.since).days // 7)


@dataclass(frozen=True)
class Offer:
    """One thing that somebody could do: a task, or a part of it that asks less."""

    facts: TaskFacts
    host: Host
    part: SubTask | None
    needs: Needs
    place: Municipality | None
    guidance: Guidance
    nos: Nos
    asks: int

    @property
    def task(self) -> Task:
        return self.facts.task

    @property
    def offered(self) -> frozenset[str]:
        """Kinds of support that come with the task, or for which the host said that it has room."""
        return self.facts.support | {kind for kind, left in self.guidance.support.items() if left > 0}

    @property
    def impossible(self) -> frozenset[str]:
        """Kinds of support that the host can't give now, or said no to."""
        return self.nos.support | {kind for kind, left in self.guidance.support.items() if left < 1}


NONE = Nos(False, frozenset(), frozenset())
SILENT = Guidance(None, False, {})


# People ----------------------------------------------------------------------------------------------------------------


def seekers(pathways: Any, day: date) -> list[Seeker]:
    """Those of these pathways (a queryset) as seekers, in order of who waits longest. Nine queries for any number."""
    rows = pathways.select_related("person", "coach__user").prefetch_related(
        "person__placements",
        Prefetch(
            "person__addresses",
            Address.objects.on(day).select_related("municipality").order_by("starts_on", "id"),
            to_attr="lives",
        ),
        Prefetch(
            "programmes",
            PathwayProgramme.objects.filter(starts_on__lte=day).order_by("starts_on", "id"),
            to_attr="followed",
        ),
        Prefetch("proposals", Proposal.objects.filter(PASSED), to_attr="passed"),
    )
    found = list(rows)
    nos: dict[UUID, set[UUID]] = {}
    for person, host in person_nos([row.person_id for row in found]):
        nos.setdefault(person, set()).add(host)
    return sorted(
        (seeker(row, nos.get(row.person_id, set())) for row in found),
        key=lambda one: (one.since, one.pathway.pk),
    )


def waiting(pathways: Any) -> Any:
    """Of these pathways those that run and have no place, proposed or begun; not of who objected to the search."""
    busy = Placement.objects.filter(state__in=OPEN).values("person_id")
    objecting = Objection.objects.filter(ends_on=None).values("person_id")
    return pathways.filter(state="active").exclude(person_id__in=busy).exclude(person_id__in=objecting)


def seeker(pathway: Pathway, said_no: Iterable[UUID]) -> Seeker:
    """One pathway with its prefetches of `seekers` done."""
    person, placements = pathway.person, list(pathway.person.placements.all())
    taken = reduce(or_, (row.half_days for row in placements if row.state in OPEN), 0)
    here = [row for row in placements if row.pathway_id == pathway.pk]
    lives, followed = vars(person)["lives"], vars(pathway)["followed"]
    return Seeker(
        pathway=pathway,
        home=lives[-1].municipality if lives else None,
        since=max([pathway.starts_on, *(row.ends_on for row in placements if row.ends_on)]),
        kind=CARE_WORK if followed and followed[-1].kind == CARE_WORK else "volunteering",
        half_days=free_half_days(person.half_days, taken),
        dutch={skill: step for skill in DUTCH_SKILLS if (step := getattr(person, f"dutch_{skill}")) in STEPS},
        avoid=person.avoids,
        tasks_passed=_tasks_passed(pathway, here),
        hosts_passed=frozenset(said_no) | {row.host_id for row in here if row.end_code == "host_no"},
    )


def free_half_days(said: int, taken: int) -> int:
    """Of what the person said, what no place takes; 0 when nobody asked and nothing is taken."""
    return (said or halfdays.ALL) & ~taken or NO_MOMENT if said or taken else 0


def _tasks_passed(pathway: Pathway, placements: Sequence[Placement]) -> frozenset[UUID]:
    """Tasks that this person had in this pathway, or that a coach refused or passed by for a reason that stays."""
    said = {key for row in vars(pathway)["passed"] if (key := shown_no_more(row)) is not None}
    return frozenset(said | {row.task_id for row in placements})


def shown_no_more(row: Proposal) -> UUID | None:
    """The task that a decision keeps out of this person's list: the refused one, or the first of a list passed by.

    None: it was taken, the reason comes back or says nothing about the first, or the coach wants to see it again.
    """
    kept = row.kept
    if row.code in COMES_BACK or kept.get(AGAIN) or (row.state, row.code) == ("changed", SOMETHING_ELSE):
        return None
    if row.state != "accepted":
        return row.task_id
    seen = kept.get("seen") or []
    return UUID(seen[0]) if seen and row.code not in ("", SOMETHING_ELSE) else None


# Tasks -----------------------------------------------------------------------------------------------------------------


def offers(day: date, *, task: Task | None = None) -> list[Offer]:
    """Open tasks of the service's active hosts, each followed by its parts. A fixed number of queries.

    A host that said no to everybody isn't here, nor a task that it said no for.
    """
    hosts = {
        host.organisation_id: host
        for host in Host.objects.filter(state="active").select_related("organisation")
    }
    rows = [one for one in tasks_to_match(day) if one.organisation_id in hosts]
    if task is not None:
        rows = [one for one in rows if one.task.pk == task.pk]
    keys = {one.organisation_id for one in rows}
    left, nos, asks = guidance_left(keys, day), nos_of(keys, day), asks_left(keys, day)
    found = []
    for one in rows:
        said = nos.get(one.organisation_id, NONE)
        if said.everybody or one.task.pk in said.tasks:
            continue
        around = (left.get(one.organisation_id, SILENT), said, asks.get(one.organisation_id, 0))
        host, place = hosts[one.organisation_id], one.task.town
        found.append(Offer(one, host, None, one.needs, place, *around))
        found += [Offer(one, host, part.subtask, part.needs, place, *around) for part in one.parts]
    return found


# Arrays ----------------------------------------------------------------------------------------------------------------


def bits(codes: Iterable[str], order: Sequence[str]) -> int:
    """The codes as bits, in this order."""
    wanted = set(codes)
    return sum(1 << number for number, code in enumerate(order) if code in wanted)


def level(dutch: dict[str, str], skill: str) -> int:
    """A person's level for the engine: 0 to 6, UNKNOWN when nobody asked."""
    return STEPS.index(dutch[skill]) if skill in dutch else UNKNOWN


def hazards(needs: Needs) -> frozenset[str]:
    return needs.physical | {f"allergen_{code}" for code in needs.allergens}


def centre(places: Iterable[Municipality | None]) -> tuple[float, float]:
    """The middle of what is known: where somebody or something without an address is put."""
    known = [travel.position(p.latitude, p.longitude) for p in places if p and p.latitude and p.longitude]
    if not known:
        return 0.0, 0.0
    return sum(x for x, _y in known) / len(known), sum(y for _x, y in known) / len(known)


def where(place: Municipality | None, otherwise: tuple[float, float]) -> tuple[float, float]:
    if place is None or place.latitude is None or place.longitude is None:
        return otherwise
    return travel.position(place.latitude, place.longitude)


def people_arrays(who: Sequence[Seeker], what: Sequence[Offer]) -> People:
    """The engine's people, one row per seeker; who waits longer is worth a little more (see engine/worth.py)."""
    import numpy as np

    from stapsteen.matching.engine.pairs import People

    middle = centre(offer.place for offer in what)
    places = np.array([where(one.home, middle) for one in who]).reshape(-1, 2)
    passed = [
        [
            j
            for j, offer in enumerate(what)
            if offer.task.pk in one.tasks_passed or offer.host.pk in one.hosts_passed
        ]
        for one in who
    ]
    return People(
        x=places[:, 0].copy(),
        y=places[:, 1].copy(),
        reach=np.array([reach_of(one) for one in who], float).reshape(-1, 4),
        language=np.array(
            [[level(one.dutch, skill) for skill in DUTCH_SKILLS] for one in who], np.int64
        ).reshape(-1, 4),
        avoid=np.array([avoided(one) for one in who], np.int64),
        wish=np.array([bits(one.person.sectors, list(SECTORS)) for one in who], np.int64),
        half_days=np.array([one.half_days or halfdays.ALL for one in who], np.int64),
        support=np.array([one.weight for one in who], float),
        kinds=np.array([bits(one.person.support, list(SUPPORT)) for one in who], np.int64),
        need=np.array([need_of(one) for one in who], np.int64),
        ease=np.zeros(len(who)),
        waiting=np.zeros(len(who)),
        hours=np.array([float(one.pathway.weight) for one in who]),
        refused_start=np.concatenate([[0], np.cumsum([len(row) for row in passed])]).astype(np.int64),
        refused=np.array([j for row in passed for j in row], np.int64),
    )


def reach_of(one: Seeker) -> list[float]:
    """Kilometres for each way; without an address there is no limit, and the coach is told to look."""
    if one.home is None:
        return [ANY_KM] * len(travel.MODES)
    return [
        max(km, travel.NEARBY) if km else 0.0
        for km in travel.reach(one.person.mobility, one.person.travel_minutes)
    ]


def avoided(one: Seeker) -> int:
    """What can't be at a place, and the other kind of work: OTHER_KIND marks care work, its double volunteering."""
    return bits(one.avoid, AVOIDABLE) | (OTHER_KIND << 1 if one.kind == CARE_WORK else OTHER_KIND)


def need_of(one: Seeker) -> int:
    """Row of the kind of support that comes first in the list; 0 for who needs none."""
    kinds = [number for number, kind in enumerate(SUPPORT, 1) if kind in one.person.support]
    return kinds[0] if kinds else 0


NEEDS = len(SUPPORT) + 1


def task_arrays(what: Sequence[Offer], day: date) -> Tasks:
    """The engine's tasks, one row per offer."""
    import numpy as np

    from stapsteen.matching.engine.pairs import Tasks

    middle = centre(offer.place for offer in what)
    places = np.array([where(offer.place, middle) for offer in what]).reshape(-1, 2)
    hosts = number_hosts(what)
    asked = [[STEPS.index(offer.needs.dutch.get(skill, "0")) for skill in DUTCH_SKILLS] for offer in what]
    return Tasks(
        x=places[:, 0].copy(),
        y=places[:, 1].copy(),
        modes=np.array(
            [bits(travel.reachable_by(offer.facts.travel), travel.MODES) for offer in what], np.int64
        ),
        language=np.array(asked, np.int64).reshape(-1, 4),
        hazards=np.array([task_hazards(offer) for offer in what], np.int64),
        sector=np.array([list(SECTORS).index(offer.facts.sector) for offer in what], np.int64),
        half_days=np.array([offer.facts.half_days or halfdays.ALL for offer in what], np.int64),
        days=np.ones(len(what), np.int64),
        seats=np.array([offer.facts.seats_left for offer in what], np.int64),
        host=np.array([hosts[offer.host.pk] for offer in what], np.int64),
        host_support=np.array([float(max(0, offer.guidance.left or 0)) for offer in what]),
        full=np.array([bits(offer.impossible, list(SUPPORT)) for offer in what], np.int64),
        part=np.array([int(offer.part is not None) for offer in what], np.int64),
        weeks=np.array([weeks_until(offer, day) for offer in what]),
    )


def number_hosts(what: Sequence[Offer]) -> dict[UUID, int]:
    """Host -> its number, in order of appearance."""
    return {key: number for number, key in enumerate(dict.fromkeys(offer.host.pk for offer in what))}


def task_hazards(offer: Offer) -> int:
    return bits(hazards(offer.needs), AVOIDABLE) | (
        OTHER_KIND if offer.facts.kind == CARE_WORK else OTHER_KIND << 1
    )


def weeks_until(offer: Offer, day: date) -> float:
    """Weeks until somebody can begin; 0 for now."""
    first = offer.facts.first_day
    return max(0, (first - day).days) / 7 if first else 0.0


def distance(one: Seeker, offer: Offer) -> float | None:
    """Kilometres between the two municipalities; None when one of them isn't known."""
    return km_between(one.home, offer.place)


def km_between(home: Municipality | None, place: Municipality | None) -> float | None:
    if home is None or place is None or None in (home.latitude, place.latitude):
        return None
    (x, y), (east, north) = where(home, (0, 0)), where(place, (0, 0))
    return float(((x - east) ** 2 + (y - north) ** 2) ** 0.5)
