"""What is short: where one more would bring more people to a place, and what stands in the way of who has none (E2).

Prices of the limits say where to look; so do the limits that alone keep somebody from a task. What is told was tried: the
limit is loosened, everything is searched again, and only who then really finds a place is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stapsteen.matching import facts, ranking
from stapsteen.matching.caseload import Found, Table, lay_table, propose
from stapsteen.matching.facts import Offer, Seeker
from stapsteen.matching.weighing import engine_model

if TYPE_CHECKING:
    from stapsteen.matching.engine.problem import Floats

Limit = tuple[str, UUID]
"""("guidance" or "asks", host), ("seats" or "place", task), ("coach", coach). A place is a seat with its guidance."""

SECONDS = 3.0
MOST = 3
TRIED = ((120, 8), (1 << 30, 5))
"""Up to so many people, so many limits are tried: of a larger caseload each trial takes its full time."""
PRICED = 4
SMALL_PRICE = 1e-6
USUAL_STEP = {"coach": 2}


@dataclass(frozen=True)
class Advice:
    """`more` of this limit would bring `people` more people to a place: tried, not guessed."""

    kind: str
    key: UUID
    people: int
    more: int


@dataclass
class Wanted:
    """Who is kept from something by this limit alone, and the least that would have to be added."""

    people: set[int] = field(default_factory=set)
    least: int = 1 << 20

    def add(self, person: int, missing: float) -> None:
        self.people.add(person)
        self.least = min(self.least, max(1, round(missing)))


@dataclass(frozen=True)
class Left:
    """What is left of each limit under a proposal."""

    table: Table
    found: Found

    @cached_property
    def _placed(self) -> list[tuple[Seeker, Offer]]:
        return [(self.table.who[i], self.table.what[j]) for i, j in self.found.chosen.items()]

    def _after(self, room: Any, keys: Mapping[UUID, int], used: Callable[[Seeker, Offer], Any]) -> Floats:
        import numpy as np

        left = np.array(room, float)
        for one, offer in self._placed:
            key, number = used(one, offer)
            left[keys[key]] -= number
        return left

    @cached_property
    def seats(self) -> Floats:
        return self._after(self.table.seats, self.table.tasks, lambda _one, offer: (offer.task.pk, 1))

    @cached_property
    def guidance(self) -> Floats:
        return self._after(
            self.table.guidance, self.table.hosts, lambda one, offer: (offer.host.pk, one.weight)
        )

    @cached_property
    def asks(self) -> Floats:
        return self._after(self.table.asks, self.table.hosts, lambda _one, offer: (offer.host.pk, 1))

    @cached_property
    def hours(self) -> Floats:
        return self._after(
            self.table.coach_room,
            self.table.coaches,
            lambda one, _offer: (one.pathway.coach_id, one.pathway.weight),
        )

    def used_up(self, one: Seeker, offer: Offer) -> Iterator[tuple[str, float]]:
        """(kind, how much is missing) of each limit that this person at this task would now pass."""
        host, coach = self.table.hosts[offer.host.pk], self.table.coaches[one.pathway.coach_id]
        missing = {
            "coach": float(one.pathway.weight) - self.hours[coach],
            "asks": 1 - self.asks[host],
            "guidance": one.weight - self.guidance[host],
            "seats": 1 - self.seats[self.table.tasks[offer.task.pk]],
        }
        yield from ((kind, short) for kind, short in missing.items() if short > 0)


# What stands in the way -------------------------------------------------------------------------------------------------


def in_the_way(table: Table, found: Found) -> dict[int, str]:
    """Person without a proposal who has tasks that fit -> what they all miss: coach, asks, guidance, seats, or "taken"
    when it differs from task to task."""
    left, said = Left(table, found), defaultdict[int, list[set[str]]](list)
    for i, j in _open_pairs(table, found):
        said[i].append({kind for kind, _short in left.used_up(table.who[i], table.what[j])})
    order = ("coach", "asks", "guidance", "seats")
    return {
        i: next((kind for kind in order if all(kind in kinds for kinds in used)), "taken")
        for i, used in said.items()
    }


def _open_pairs(table: Table, found: Found) -> Iterator[tuple[int, int]]:
    """The pairs that may be, of who has no proposal."""
    import numpy as np

    lone = np.ones(len(table.who), bool)
    lone[list(found.chosen)] = False
    for c in np.flatnonzero(lone[table.person]):
        yield int(table.person[c]), int(table.offer[c])


# Where one more would help ----------------------------------------------------------------------------------------------


def advise(
    table: Table, previous: Mapping[UUID, UUID], found: Found, tell: Callable[[float], None]
) -> list[Advice]:
    """At most three, what helps most first. `tell`: gets the share of the trials that is done."""
    if len(found.chosen) == len(table.who) or not table.what:
        return []
    wanted = _wanted(table, found)
    limits, told = _where_to_look(table, found, wanted), list[Advice]()
    for number, (kind, key) in enumerate(limits, 1):
        least = wanted[kind, key].least if (kind, key) in wanted else USUAL_STEP.get(kind, 1)
        for more in (least, least + 1) if kind == "guidance" else (least,):
            after = propose(_loosened(table, kind, key, more), previous, SECONDS)
            if (people := len(after.chosen) - len(found.chosen)) > 0:
                told.append(Advice(kind, key, people, more))
                break
        tell(number / len(limits))
    return sorted(told, key=lambda one: (-one.people, one.more))[:MOST]


def _wanted(table: Table, found: Found) -> dict[Limit, Wanted]:
    """The limits that alone stand between somebody without a proposal and a task."""
    left, wanted = Left(table, found), defaultdict[Limit, Wanted](Wanted)
    for i, j in _open_pairs(table, found):
        one, offer = table.who[i], table.what[j]
        used = dict(left.used_up(one, offer))
        if "coach" in used:  # whatever else is taken there: others can make room, nobody else's hours can
            wanted["coach", one.pathway.coach_id].add(i, used["coach"])
        elif (limit := _one_limit(set(used), one, offer)) is not None:
            wanted[limit].add(i, used.get("guidance", 1))
    for i, j, limit in _kept_out(table, found):
        one, offer = table.who[i], table.what[j]
        wanted[limit].add(i, 1 if limit[0] == "seats" else one.weight - max(0, offer.guidance.left or 0))
    return dict(wanted)


def _one_limit(kinds: set[str], one: Seeker, offer: Offer) -> Limit | None:
    if kinds == {"guidance", "seats"}:
        return "place", offer.task.pk
    if len(kinds) != 1:
        return None
    [kind] = kinds
    keys = {"coach": one.pathway.coach_id, "asks": offer.host.pk, "guidance": offer.host.pk}
    return kind, keys.get(kind, offer.task.pk)


def _kept_out(table: Table, found: Found) -> Iterator[tuple[int, int, Limit]]:
    """Pairs that no search could take, because the task or its host is full before anybody is proposed."""
    import numpy as np

    from stapsteen.matching.engine.pairs import Rule
    from stapsteen.matching.engine.score import look

    people, tasks = facts.people_arrays(table.who, table.what), facts.task_arrays(table.what, table.day)
    model = engine_model(list(table.hosts), facts.NEEDS, learned=table.learned)
    full = 1 << Rule.SEATS | 1 << Rule.SUPPORT
    for i in (i for i in range(len(table.who)) if i not in found.chosen):
        marks, _chance = look(people, tasks, model, i)
        for j in np.flatnonzero((marks > 0) & (marks & ~full == 0)).tolist():
            kinds = _full_kinds(table.who[i], table.what[j], int(marks[j]))
            if (limit := _one_limit(kinds, table.who[i], table.what[j])) is not None:
                yield i, j, limit


def _full_kinds(one: Seeker, offer: Offer, marks: int) -> set[str]:
    """Of the engine's marks what a number could change; nothing where a no, a pause or a kind of support stands there too."""
    from stapsteen.matching.engine.pairs import Rule

    kinds = {"seats"} if marks & 1 << Rule.SEATS else set[str]()
    if marks & 1 << Rule.SUPPORT:
        said = ranking.what_would_open(one, offer, Rule.SUPPORT)
        if said is None or said[0] != "guidance":
            return set()
        kinds.add("guidance")
    return kinds


def _where_to_look(table: Table, found: Found, wanted: Mapping[Limit, Wanted]) -> list[Limit]:
    """The dearest limits, then those that keep most people from something; each once."""
    tried = next(number for most, number in TRIED if len(table.who) <= most)
    by_people = sorted(wanted, key=lambda limit: (-len(wanted[limit].people), limit[0], str(limit[1])))
    return list(dict.fromkeys([*_dearest(table, found), *by_people]))[:tried]


def _dearest(table: Table, found: Found) -> list[Limit]:
    """The limits with the highest prices, at most two of each kind."""
    answer = found.answer
    prices: list[tuple[str, Mapping[UUID, int], Any]] = [
        ("guidance", table.hosts, answer.price_support),
        ("seats", table.tasks, answer.price_seat),
        ("asks", table.hosts, answer.price_halfday[:, 0]),
        ("coach", table.coaches, answer.price_coach),
    ]
    ranked = []
    for kind, keys, price in prices:
        dear = sorted(keys, key=lambda key: (-float(price[keys[key]]), str(key)))[:2]
        ranked += [(float(price[keys[key]]), kind, key) for key in dear if price[keys[key]] > SMALL_PRICE]
    return [(kind, key) for _price, kind, key in sorted(ranked, key=lambda row: -row[0])][:PRICED]


def _loosened(table: Table, kind: str, key: UUID, more: int) -> Table:
    """The same people and tasks with `more` of one limit; pairs that it kept out are in it."""
    if kind == "coach":
        return replace(table, more_hours={key: more})
    what = [_looser(offer, kind, more) if _is_of(offer, kind, key) else offer for offer in table.what]
    if kind == "place":
        [host] = {offer.host.pk for offer in table.what if offer.task.pk == key}
        what = [_looser(offer, "guidance", more) if offer.host.pk == host else offer for offer in what]
    return lay_table(table.who, what, table.day, table.coach_hours, table.learned)


def _is_of(offer: Offer, kind: str, key: UUID) -> bool:
    return key == (offer.task.pk if kind in ("seats", "place") else offer.host.pk)


def _looser(offer: Offer, kind: str, more: int) -> Offer:
    if kind == "asks":
        return replace(offer, asks=offer.asks + more)
    if kind == "guidance":
        left = max(0, offer.guidance.left or 0) + more
        return replace(offer, guidance=replace(offer.guidance, left=left))
    seats = offer.facts.seats_left + (1 if kind == "place" else more)
    return replace(offer, facts=replace(offer.facts, seats_left=seats))
