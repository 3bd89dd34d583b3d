"""The joint proposal for everybody without a place: who goes where within every limit (requirement E2).

Seats, each host's guidance over all services, its room per kind of support, how often it may be asked this month, and the
coach's hours bind together; the engine chooses. What a human decided isn't here any more: it has a place, or a no.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stapsteen.core import halfdays
from stapsteen.matching import facts
from stapsteen.matching.facts import Offer, Seeker
from stapsteen.matching.weighing import Learned, engine_model

if TYPE_CHECKING:
    from stapsteen.matching.engine.problem import Answer, Floats, Ints, Problem

PATIENCE = ((120, 10.0), (1_000, 15.0), (1 << 30, 40.0))
"""Up to so many people, at most so many seconds: beyond them the engine gains little (bench/solve.py)."""
GROUPS = 3
SHARES_OF_BEST = (0.9, 0.75, 0.5)
"""Each group gets at least so much of the best that the worst group could get (Freund and others, EC 2023);
less where whole people can't meet it."""
ROUNDS = 12
BIG_ASK = 1 << 20


@dataclass(frozen=True)
class Found:
    """What was chosen: seeker -> offer, by their numbers; its value and a proven bound. `answer`: with the prices."""

    chosen: Mapping[int, int]
    value: float
    bound: float
    answer: Answer


@dataclass
class Table:
    """The problem with its way back: which offer and which half-days each column stands for."""

    who: Sequence[Seeker]
    what: Sequence[Offer]
    person: Ints
    offer: Ints
    chance: Floats
    value: Floats
    tasks: dict[UUID, int]
    hosts: dict[UUID, int]
    coaches: dict[UUID, int]
    day: date
    coach_hours: float
    learned: Learned | None = None
    more_hours: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def hours(self) -> Floats:
        """n: hours a week that each person's place would ask of the coach."""
        import numpy as np

        return np.array([float(one.pathway.weight) for one in self.who])

    def problem(
        self, previous: Mapping[UUID, UUID], without: Any = None, decided: Mapping[int, int] | None = None
    ) -> Problem:
        """The engine's problem. `without`: marks of columns that can't be any more; `decided`: person -> column."""
        import numpy as np

        from stapsteen.matching.engine.problem import from_arrays
        from stapsteen.matching.engine.worth import FAIR

        fixed = np.full(len(self.who), -1, np.int64)
        open_ = np.ones(len(self.person), bool) if without is None else ~without
        places = np.flatnonzero(open_)
        number = np.full(len(self.person), -1, np.int64)
        number[places] = np.arange(len(places))
        for one, column in (decided or {}).items():
            fixed[one] = number[column]
        arrays = {
            "person": self.person[places],
            "task": np.array([self.tasks[one.task.pk] for one in self.what], np.int64)[self.offer[places]],
            "halfdays": np.ones(len(places), np.int64),
            "value": self.value[places],
            "coach_hours": self.hours[self.person[places]],
            "support": np.array([float(one.weight) for one in self.who]),
            "coach": np.array([self.coaches[one.pathway.coach_id] for one in self.who], np.int64),
            "task_host": self._task_host(),
            "task_seats": self.seats,
            "host_support": self.guidance,
            "host_halfdays": self._half_days(),
            "coach_capacity": self.coach_room,
            "fixed": fixed,
            "previous": np.array(
                [self.tasks.get(previous.get(one.pathway.pk, one.pathway.pk), -1) for one in self.who],
                np.int64,
            ),
            "keep_bonus": np.float64(FAIR.same),
        }
        return from_arrays(arrays)

    def _task_host(self) -> Any:
        import numpy as np

        host = {offer.task.pk: self.hosts[offer.host.pk] for offer in self.what}
        return np.array([host[key] for key in self.tasks], np.int64)

    @property
    def seats(self) -> Ints:
        """m: free seats."""
        return _in_order(self.tasks, {offer.task.pk: offer.facts.seats_left for offer in self.what})

    @property
    def guidance(self) -> Floats:
        """H: what each host can still guide."""
        left = {offer.host.pk: max(0, offer.guidance.left or 0) for offer in self.what}
        return _in_order(self.hosts, left).astype(float)

    @property
    def asks(self) -> Ints:
        """H: how often each may still be asked this month."""
        return _in_order(self.hosts, {offer.host.pk: offer.asks for offer in self.what})

    @property
    def coach_room(self) -> Floats:
        """k: hours a week of each coach."""
        room = {key: int(self.coach_hours) + self.more_hours.get(key, 0) for key in self.coaches}
        return _in_order(self.coaches, room).astype(float)

    def _half_days(self) -> Ints:
        """The engine's half-days carry how often a host may still be asked: every proposal takes one of the first bit."""
        import numpy as np

        asks = np.full((len(self.hosts), 10), BIG_ASK, np.int64)
        asks[:, 0] = self.asks
        return asks


def _in_order(keys: Mapping[UUID, int], most: Mapping[UUID, int]) -> Ints:
    import numpy as np

    return np.array([most[key] for key in keys], np.int64)


def lay_table(
    who: Sequence[Seeker],
    what: Sequence[Offer],
    day: date,
    coach_hours: float,
    learned: Learned | None = None,
) -> Table:
    """Every possible pair with its value: gain over the person's own baseline, and waiting (engine/worth.py).

    None is left out, however many people there are: what a person likes less may be best for all.
    """
    import numpy as np

    from stapsteen.matching.engine.score import score
    from stapsteen.matching.engine.worth import baselines, worth

    model = engine_model(list(facts.number_hosts(what)), facts.NEEDS, learned=learned)
    everything = max(1, len(what))
    columns = score(facts.people_arrays(who, what), facts.task_arrays(what, day), model, keep=everything)
    person, offer, chance = _one_per_task(what, columns.person, columns.task, columns.value)
    weeks = np.array([float(one.weeks(day)) for one in who])
    none = np.zeros(len(person), bool)
    value = worth(chance, baselines(person, chance), weeks[person] if len(person) else np.zeros(0), none)
    return Table(
        who=who,
        what=what,
        person=person,
        offer=offer,
        chance=chance,
        value=value,
        tasks=_numbered(offer.task.pk for offer in what),
        hosts=facts.number_hosts(what),
        coaches=_numbered(one.pathway.coach_id for one in who),
        day=day,
        coach_hours=coach_hours,
        learned=learned,
    )


def _numbered(keys: Any) -> dict[UUID, int]:
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}


def _one_per_task(
    what: Sequence[Offer], person: Ints, offer: Ints, chance: Floats
) -> tuple[Ints, Ints, Floats]:
    """Of a person's columns for one task the whole before its parts, then the best."""
    import numpy as np

    number = _numbered(one.task.pk for one in what)
    task = np.array([number[one.task.pk] for one in what], np.int64)[offer]
    part = np.array([one.part is not None for one in what], bool)[offer]
    order = np.lexsort((-chance, part))
    _, first = np.unique((person * len(number) + task)[order], return_index=True)
    kept = np.sort(order[first])
    return person[kept], offer[kept], chance[kept]


def propose(table: Table, previous: Mapping[UUID, UUID], seconds: float | None = None) -> Found:
    """The best joint proposal that keeps every limit, those per kind of support included. `seconds`: at most; else as
    many as help for so many people."""
    if seconds is None:
        seconds = next(time for most, time in PATIENCE if len(table.who) <= most)
    chosen, answer = _within_support(table, previous, seconds)
    return Found(
        {int(table.person[c]): int(table.offer[c]) for c in chosen},
        float(table.value[chosen].sum()) if len(chosen) else 0.0,
        answer.bound,
        answer,
    )


def _within_support(table: Table, previous: Mapping[UUID, UUID], seconds: float) -> tuple[Ints, Answer]:
    """Solve; where a host gets more people with a kind of support than it can carry, keep the best of them and solve again.

    The first bound stays: it was proven with fewer limits.
    """
    import numpy as np

    gone = np.zeros(len(table.person), bool)
    decided: dict[int, int] = {}
    first: Answer | None = None
    for _round in range(ROUNDS):
        places = np.flatnonzero(~gone)
        answer = _solve(table, previous, gone, decided, seconds)
        first = first or answer
        chosen = places[answer.column]
        over = _over(table, chosen)
        if not over:
            return chosen, first
        kept, dropped = over
        decided.update({int(table.person[c]): int(c) for c in kept})
        for c in dropped:
            gone |= _same_limit(table, c) & ~np.isin(np.arange(len(gone)), list(decided.values()))
    raise AssertionError("limits per kind of support didn't settle")


def _solve(
    table: Table, previous: Mapping[UUID, UUID], gone: Any, decided: Mapping[int, int], seconds: float
) -> Answer:
    """With floors for the groups as high as whole people can meet; without them where none can."""
    from stapsteen.matching.engine.floors import SHARE, fair_floors
    from stapsteen.matching.engine.problem import CannotBeMet
    from stapsteen.matching.engine.solve import solve

    problem = table.problem(previous, gone, decided)
    group = groups(table.who, set(problem.person.tolist()))
    floors = fair_floors(problem, group, GROUPS)
    for share in SHARES_OF_BEST if floors.any() else ():
        try:
            return solve(replace(problem, group=group, group_floor=floors * (share / SHARE)), seconds)
        except CannotBeMet:
            continue
    return solve(problem, seconds)


def groups(who: Sequence[Seeker], able: set[int]) -> Ints:
    """By how much support people need: none, one kind, more; -1 for who can't go anywhere now (those not in `able`).

    Nobody's origin, health or age is looked at.
    """
    import numpy as np

    found = [min(GROUPS - 1, len(one.person.support)) if i in able else -1 for i, one in enumerate(who)]
    return np.array(found, np.int64)


def _over(table: Table, chosen: Ints) -> tuple[list[int], list[int]] | None:
    """Columns to keep and to drop at hosts where a kind of support passes its limit; None when nowhere does."""
    used: Counter[tuple[UUID, str]] = Counter()
    kept, dropped = [], []
    for c in sorted((int(c) for c in chosen), key=lambda c: (-table.value[c], c)):
        limits = list(_support_of(table, c))
        if any(used[host, kind] + 1 > most for host, kind, most in limits):
            dropped.append(c)
            continue
        used.update((host, kind) for host, kind, _most in limits)
        if limits:
            kept.append(c)
    return (kept, dropped) if dropped else None


def _support_of(table: Table, column: int) -> list[tuple[UUID, str, int]]:
    """The (host, kind, most) that this column asks of."""
    one, offer = table.who[table.person[column]], table.what[table.offer[column]]
    said = offer.guidance.support
    return [(offer.host.pk, kind, said[kind]) for kind in one.person.support if kind in said]


def _same_limit(table: Table, column: int) -> Any:
    """Marks of the columns at this host that ask a kind of support that this one asks too."""
    import numpy as np

    asked = {(host, kind) for host, kind, _most in _support_of(table, column)}
    return np.array(
        [
            any((host, kind) in asked for host, kind, _m in _support_of(table, c))
            for c in range(len(table.person))
        ],
        bool,
    )


def half_days_for(one: Seeker, offer: Offer) -> int:
    """One half-day to begin with: the first that both can; the coach adds more when it goes well."""
    both = (one.half_days or halfdays.ALL) & (offer.facts.half_days or halfdays.ALL)
    return both & -both
