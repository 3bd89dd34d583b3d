"""A history that must give the figures of document 001 (slides 7, 15 and 20), number for number.

The document gives the numbers, not the dates. PLAN holds, per kind, year and month, how many entered and how many left;
it was solved so that the months' counts average exactly to the table. Into it are woven the cases that a wrong query
would count wrongly: people who come back, who change kind, who are in two kinds at once, who pause, whose aim changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from stapsteen.network.models import Service, StaffMember
from stapsteen.pathways.models import Aim, Pathway, PathwayProgramme, Suspension
from stapsteen.people.models import Person
from stapsteen.testing.world import programme_of

VW, AZ = "volunteering", "care_work"
PROGRAMME = {VW: "volunteering", AZ: "care-work"}
FIRST_YEAR, HALF_YEAR = 2006, 2011
RUNNING = {VW: 44, AZ: 34}
"""Who was there on 1 January 2006; their pathways began in 2005."""
PLAN = {
    VW: {
        2006: ([0, 2, 6, 0, 1, 6, 0, 1, 7, 0, 2, 5], [3, 2, 3, 1, 2, 2, 3, 2, 3, 1, 2, 2]),
        2007: ([0, 0, 9, 0, 0, 9, 0, 0, 9, 0, 0, 9], [3, 2, 2, 3, 1, 2, 4, 1, 2, 2, 2, 2]),
        2008: ([13, 8, 6, 11, 6, 6, 11, 7, 5, 11, 7, 1], [0, 2, 8, 4, 0, 6, 4, 0, 6, 4, 0, 6]),
        2009: ([8, 3, 10, 3, 4, 9, 4, 3, 10, 3, 4, 5], [0, 8, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]),
        2010: ([12, 11, 16, 6, 12, 16, 6, 11, 16, 7, 11, 11], [0, 13, 7, 4, 9, 6, 4, 9, 6, 4, 9, 6]),
        2011: ([0, 0, 18, 0, 0, 18], [12, 4, 7, 13, 3, 7]),
    },
    AZ: {
        2006: ([2, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0, 1], [0, 2, 2, 0, 1, 2, 1, 1, 2, 0, 1, 2]),
        2007: ([0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 5], [3, 0, 4, 0, 0, 4, 0, 0, 4, 0, 1, 0]),
        2008: ([0, 2, 2, 0, 1, 2, 0, 2, 2, 0, 1, 2], [1, 1, 2, 0, 1, 0, 1, 1, 2, 0, 1, 0]),
        2009: ([2, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0, 1], [0, 1, 2, 1, 0, 2, 1, 0, 2, 1, 0, 2]),
        2010: ([0, 3, 1, 0, 1, 2, 0, 1, 2, 0, 1, 2], [1, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 1]),
        2011: ([11, 6, 2, 10, 4, 1], [0, 1, 5, 2, 0, 4]),
    },
}
MOVES = {(2010, 6): 2, (2010, 9): 1}
"""Of those who enter care work in that month, who come from volunteering: same pathway, other kind on the 1st."""
RETURNS = {(2010, 2): ((2010, 9), 2)}
"""Of those who leave volunteering in that month, who start again in the later one: a new pathway."""
BOTH = {(2010, 2): 2}
"""Of those who enter care work in that month, who go on volunteering too, in a pathway of their own."""
WHOLE_PAUSE = (date(2010, 7, 1), date(2010, 7, 31))
PART_PAUSE = (date(2010, 7, 5), date(2010, 8, 20))
STOPPED_2010, STEPPED_UP_2010 = 74, 28
AIMS_2010 = {
    VW: {"end_in_itself": 144, "possible_stepping_stone": 78, "stepping_stone": 39},
    AZ: {"end_in_itself": 17, "possible_stepping_stone": 15, "stepping_stone": 9},
}
"""55, 30 and 15 % of 261 as whole persons; care work's own numbers."""


@dataclass
class Life:
    """One pathway: its person, days, kinds and aims from their first days on, and pauses."""

    person: int
    starts_on: date
    kinds: list[tuple[str, date]]
    ends_on: date | None = None
    stepped_up: bool = False
    aims: list[tuple[str, date]] = field(default_factory=list)
    pauses: list[tuple[date, date | None]] = field(default_factory=list)

    def in_year(self, kind: str, year: int) -> bool:
        """Whether it was of this kind on some day of the year."""
        for own, first, last in spells(self.kinds, self.ends_on):
            if own == kind and first.year <= year and (last is None or last.year >= year):
                return True
        return False


def spells(facts: list[tuple[str, date]], ends_on: date | None) -> Iterator[tuple[str, date, date | None]]:
    """Each fact with its first and last day: the day before the next one, or the pathway's last."""
    if not facts:
        return
    followers = [first - timedelta(days=1) for _, first in facts[1:]]
    for (what, first), last in zip(facts, [*followers, ends_on], strict=True):
        yield what, first, last


class History:
    """Plays PLAN month by month; whoever has been there longest leaves first."""

    def __init__(self) -> None:
        self.lives: list[Life] = []
        self.running: dict[str, list[Life]] = {VW: [], AZ: []}
        self.moving: list[Life] = []
        self.returning: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.persons = 0
        self.days = 0
        self.stops_2010 = 0

    def play(self) -> list[Life]:
        for kind, there in RUNNING.items():
            for index in range(there):
                self._enter(kind, date(2005, 1 + index % 12, self._day()))
        for year in range(FIRST_YEAR, HALF_YEAR + 1):
            for month in range(1, len(PLAN[VW][year][0]) + 1):
                self._month(year, month)
        self._give_aims()
        return self.lives

    def _month(self, year: int, month: int) -> None:
        if (year, month) == (WHOLE_PAUSE[0].year, WHOLE_PAUSE[0].month):
            for there in self.running.values():
                there[-1].pauses, there[-2].pauses = [WHOLE_PAUSE], [PART_PAUSE]
        for kind in (VW, AZ):
            self._come(kind, year, month)
        for kind in (VW, AZ):
            self._go(kind, year, month)

    def _come(self, kind: str, year: int, month: int) -> None:
        coming = PLAN[kind][year][0][month - 1]
        if kind == AZ:
            for life in self.moving:
                life.kinds.append((AZ, date(year, month, 1)))
                self.running[AZ].append(life)
            coming -= len(self.moving)
            self.moving = []
        known = self.returning.pop((year, month), []) if kind == VW else self._volunteers(year, month)
        for index in range(coming):
            person = known[index] if index < len(known) else None
            self._enter(kind, date(year, month, self._day()), person)

    def _go(self, kind: str, year: int, month: int) -> None:
        later = date(year, month, 28) + timedelta(days=4)
        moving = MOVES.get((later.year, later.month), 0) if kind == VW else 0
        back, returning = RETURNS.get((year, month), ((0, 0), 0)) if kind == VW else ((0, 0), 0)
        for index in range(PLAN[kind][year][1][month - 1]):
            life = self.running[kind].pop(0)
            if index < moving:
                self.moving.append(life)
                continue
            life.ends_on = date(year, month, self._day())
            if index < returning:
                self.returning[back].append(life.person)
            if kind == VW and year == 2010:
                self._stepped_up(life)

    def _stepped_up(self, life: Life) -> None:
        """28 of the 74, spread over the year."""
        count = self.stops_2010
        life.stepped_up = (
            count + 1
        ) * STEPPED_UP_2010 // STOPPED_2010 > count * STEPPED_UP_2010 // STOPPED_2010
        self.stops_2010 += 1

    def _volunteers(self, year: int, month: int) -> list[int]:
        """The newest volunteers, who take up care work beside it."""
        newest = reversed(self.running[VW])
        return [next(newest).person for _ in range(BOTH.get((year, month), 0))]

    def _enter(self, kind: str, day: date, person: int | None = None) -> None:
        if person is None:
            person, self.persons = self.persons, self.persons + 1
        life = Life(person, day, [(kind, day)])
        self.lives.append(life)
        self.running[kind].append(life)

    def _day(self) -> int:
        """A day from 1 to 28: the averages don't depend on it."""
        self.days += 1
        return 1 + self.days * 11 % 28

    def _give_aims(self) -> None:
        """The last aim of 2010 as AIMS_2010 says; every fourth had another one before."""
        for kind, wanted in AIMS_2010.items():
            left = dict(wanted)
            last = {life.person: life for life in self.lives if life.in_year(kind, 2010)}
            for life in sorted(last.values(), key=lambda life: not life.aims):
                aim = life.aims[-1][0] if life.aims else max(left, key=lambda name: left[name])
                if len(life.kinds) > 1:
                    aim = "possible_stepping_stone"
                left[aim] -= 1
                life.aims = life.aims or _aims_until_2010(life, aim)
            if any(left.values()):
                raise AssertionError(f"The aims of {kind} don't come out: {left}.")
        for index, life in enumerate(self.lives):
            life.aims = life.aims or [(list(AIMS_2010[VW])[index % 3], life.starts_on)]


def _aims_until_2010(life: Life, aim: str) -> list[tuple[str, date]]:
    """The aim, or another one first that changed on a day within the pathway and within 2010 (or before)."""
    other = "stepping_stone" if aim != "stepping_stone" else "possible_stepping_stone"
    last = min(life.ends_on or date.max, date(2010, 12, 31))
    middle = life.starts_on + (last - life.starts_on) / 2
    if life.person % 4 or middle <= life.starts_on:
        return [(aim, life.starts_on)]
    return [(other, life.starts_on), (aim, middle)]


def store(lives: list[Life], *, service: Service, coach: StaffMember) -> None:
    """Write it down as the actions would have: rows that begin active, then end. Inside the service's open scope."""
    programmes = {kind: programme_of(service, slug) for kind, slug in PROGRAMME.items()}
    numbers = sorted({life.person for life in lives})
    persons = dict(
        zip(numbers, Person.objects.bulk_create(Person(first_name=f"P{n}") for n in numbers), strict=True)
    )
    pathways = Pathway.objects.bulk_create(
        Pathway(person=persons[life.person], coach=coach, starts_on=life.starts_on) for life in lives
    )
    kinds, aims, pauses = [], [], []
    for life, pathway in zip(lives, pathways, strict=True):
        link = {"person_id": pathway.person_id, "pathway": pathway}
        for kind, first, last in spells(life.kinds, life.ends_on):
            kinds.append(
                PathwayProgramme(programme=programmes[kind], kind=kind, starts_on=first, ends_on=last, **link)
            )
        aims += [
            Aim(aim=a, starts_on=one, ends_on=two, **link) for a, one, two in spells(life.aims, life.ends_on)
        ]
        pauses += [Suspension(starts_on=one, ends_on=two, **link) for one, two in life.pauses]
        if life.ends_on:
            pathway.state, pathway.ends_on, pathway.stepped_up = "ended", life.ends_on, life.stepped_up
            pathway.end_code = "stepped_up" if life.stepped_up else "goal_reached"
    PathwayProgramme.objects.bulk_create(kinds)
    Aim.objects.bulk_create(aims)
    Suspension.objects.bulk_create(pauses)
    ended = [pathway for pathway in pathways if pathway.ends_on]
    Pathway.objects.bulk_update(ended, ["state", "ends_on", "end_code", "stepped_up"], batch_size=500)


def copies(lives: list[Life], times: int) -> list[Life]:
    """The same history so many times over, each with its own persons: to measure with."""
    step = max(life.person for life in lives) + 1
    return [replace(life, person=life.person + step * time) for time in range(times) for life in lives]
