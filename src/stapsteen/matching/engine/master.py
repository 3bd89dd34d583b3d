"""Which filling for every host: each person once, within coaches' hours and groups' floors.

Two uses of the same rows. As a linear program it learns the best prices there are, and with them a bound that lies well
below the plain relaxation (column generation: P. C. Gilmore and R. E. Gomory, Operations Research 9, 1961; prices are drawn
towards the best so far: P. Wentges, International Transactions in Operational Research 4, 1997). In whole numbers it gives
the best answer among the fillings listed; when those are all that could be in a better answer, that one is proven best
(R. Baldacci, N. Christofides and A. Mingozzi, Mathematical Programming 115, 2008).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from stapsteen.matching.engine.branch import Best, Branching, Choice
from stapsteen.matching.engine.dual import Prices, copied
from stapsteen.matching.engine.fillings import Fillings, near_best, profit_of_columns
from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.milp import MARGIN
from stapsteen.matching.engine.problem import Floats, Ints
from stapsteen.matching.engine.program import ENDLESS, Sparse, is_solved, program, worth_of
from stapsteen.matching.engine.sharpen import Asked, Sharp, sharpened

JOIN = 0.02
"""How far from its host's best a filling may be to join the linear program, in scaled units of value."""
PER_HOST, WIDE = 24, 40
"""Fillings of a host that join in one round; columns of a filling."""
MOST_OF_HOST = 4000
EFFORT = 3_000, 40_000
"""Search steps per host for fillings that aren't its best: while prices are learned, and to choose among them."""
DRAWN = 0.7
"""How far prices are drawn towards the best so far."""
LIMITS = (400, 4_000, 40_000, 400_000)
"""Search steps per host for its best filling: the bound suffers from too few, few hosts need many."""
QUICK = 0.02
"""Part of the time left that one look at every host may take."""
CONVERGED = 2e-6
"""So near (relative) the bound is as low as prices can bring it."""
FAR = 0.01
"""So far (relative) below the bound the linear program says little about the problem."""
SLOW, PATIENCE = 1e-6, 12
"""Rounds that lower the bound by less than this share, and how many of them in a row are borne."""
SHORTAGE = 100.0
"""What a unit of value that a group stays below its floor costs, while prices are learned."""
AT_ONCE, FIRST_SLACK, WIDER = 1_500, 1 / 3, 1.25
"""Up to so many fillings a proof takes them all at once; else it begins with that part of what is open, each time so much
more."""
MOST_BRANCHED = 8_000
"""Fillings up to which our own branching is quicker than that of HiGHS."""


@dataclass
class Pool:
    """Fillings, each once."""

    seen: set[bytes] = field(default_factory=set)
    columns: list[Ints] = field(default_factory=list)
    host: list[int] = field(default_factory=list)

    def add(self, fillings: Fillings) -> int:
        """How many were new."""
        before, edges = len(self.host), fillings.start.tolist()
        for q, host in enumerate(fillings.host.tolist()):
            columns = fillings.columns[edges[q] : edges[q + 1]]
            key = columns.tobytes()
            if key not in self.seen:
                self.seen.add(key)
                self.columns.append(columns)
                self.host.append(host)
        return len(self.host) - before

    def since(self, first: int) -> Fillings:
        """Those from number `first` on."""
        some = self.columns[first:]
        start = np.cumsum([0, *(len(columns) for columns in some)])
        flat = np.concatenate(some) if some else np.zeros(0, np.int64)
        return Fillings(flat, np.asarray(start, np.int64), np.array(self.host[first:], np.int64))


def fillings_of(a: Arrays, columns: Ints) -> Fillings:
    """The fillings that this answer consists of."""
    ordered = np.sort(columns)  # columns are ordered by host
    host, start = np.unique(a.host[ordered], return_index=True)
    return Fillings(ordered, np.append(start, len(ordered)).astype(np.int64), host.astype(np.int64))


@dataclass(frozen=True)
class _Rows:
    """Numbers of the rows: persons, then hosts, coaches, groups."""

    people: int
    hosts: int
    coaches: int
    groups: int

    @classmethod
    def of(cls, a: Arrays) -> _Rows:
        return cls(len(a.support), len(a.room), len(a.coach_room), len(a.floor))

    @property
    def count(self) -> int:
        return self.people + self.hosts + self.coaches + self.groups

    def most(self, a: Arrays) -> Floats:
        return np.concatenate([np.ones(self.people + self.hosts), a.coach_room, -a.floor])

    def entries(self, a: Arrays, some: Fillings) -> Sparse:
        """A column per filling."""
        size = len(some.host)
        own = np.repeat(np.arange(size), np.diff(some.start))
        person = a.person[some.columns]
        coach = self.people + self.hosts + a.coach[person]
        group, grouped = a.group[person], a.group[person] >= 0
        row = [person, coach, self.people + some.host]
        row.append((self.people + self.hosts + self.coaches + group)[grouped])
        of = [own, own, np.arange(size), own[grouped]]
        part = [np.ones(len(own)), a.hours[some.columns], np.ones(size), -a.gain[some.columns][grouped]]
        place, inverse = np.unique(np.concatenate(of) * self.count + np.concatenate(row), return_inverse=True)
        summed = np.bincount(inverse.reshape(-1), np.concatenate(part), minlength=len(place))
        filling, number = np.divmod(place, self.count)
        return Sparse(np.searchsorted(filling, np.arange(size + 1)), number, summed)


def _worth(a: Arrays, some: Fillings) -> Floats:
    own = np.repeat(np.arange(len(some.host)), np.diff(some.start))
    return np.asarray(np.bincount(own, a.worth[some.columns], minlength=len(some.host)), np.float64)


def asked_of(a: Arrays, some: Fillings) -> Asked:
    """What these fillings ask of coaches."""
    person, hours = a.person[some.columns], a.hours[some.columns]
    order = np.lexsort((hours, person, a.coach[person]))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(person[order]) != 0) | (np.diff(hours[order]) != 0)
    item = np.zeros(len(order), np.int64)
    item[order] = np.cumsum(first) - 1
    one = order[first]
    filling = np.repeat(np.arange(len(some.host)), np.diff(some.start))
    return Asked(filling, item, person[one], a.coach[person[one]], hours[one], a.coach_room)


def _columns(some: Fillings, used: Ints) -> Ints:
    """The columns of these fillings, ascending."""
    own = np.repeat(np.arange(len(some.host)), np.diff(some.start))
    return np.sort(some.columns[np.isin(own, used)])


class Master:
    """One problem, or a piece of one. `bound`: proven, no answer is worth more. `prices`: the best that were learned."""

    def __init__(
        self, a: Arrays, prices: Prices, start: Ints, deadline: float, stop: threading.Event
    ) -> None:
        # Filling a host books its seats and places for a moment: in a copy of our own.
        self.a = a._replace(seats=a.seats.copy(), places=a.places.copy())
        self.prices, self.chosen, self.deadline, self.stop = copied(prices), np.sort(start), deadline, stop
        self.bound, self.level, self.pool, self.rows = np.inf, 0, Pool(), _Rows.of(a)
        # The bound at `prices`; what was chosen among lists may have brought `bound` below it.
        self.priced = np.inf
        self.relaxed = -np.inf  # value of the last linear program
        self.pool.add(fillings_of(a, start))

    @property
    def left(self) -> float:
        return -1.0 if self.stop.is_set() else self.deadline - time.monotonic()

    @property
    def value(self) -> float:
        return float(self.a.worth[self.chosen].sum())

    @property
    def open(self) -> float:
        """How much (relative) a better answer could still bring; without end while a group stays below its floor."""
        return np.inf if self._short() else (self.bound - self.value) / (1 + abs(self.value))

    @property
    def suits(self) -> bool:
        """Whether the fillings listed come near the bound; where hosts take very many people they don't."""
        return self.bound - self.relaxed <= FAR * abs(self.bound)

    def converge(self, until: float) -> None:
        """Learn prices by column generation until `until` (time.monotonic()), or until hardly anything is gained."""
        solver, known, drawn, now, idle = self._program(), 0, DRAWN, self.prices, 0
        while self.left > 0 and time.monotonic() < until and idle < PATIENCE:
            before = self.bound
            fresh = self._price(now)
            if not fresh and known and drawn == 0.0:
                return
            drawn = DRAWN if fresh or not known else 0.0
            idle = idle + 1 if before - self.bound < SLOW * abs(self.bound) and known else 0
            known = self._enlarge(solver, known)
            found = self._solve(solver, until)
            if found is not None:
                self.relaxed = found[0]
            if found is None or self.bound - found[0] <= CONVERGED * abs(found[0]):
                return
            now = self._between(found[1], drawn)

    def _price(self, prices: Prices) -> int:
        """List fillings at these prices; how many are new. Lowers the bound when these prices are better."""
        began = time.monotonic()
        *some, _best, bound, _all = near_best(
            self.a, prices, JOIN, LIMITS[self.level], EFFORT[0], PER_HOST, WIDE
        )
        self.bound = min(self.bound, bound)
        if bound < self.priced:
            self.priced, self.prices = bound, copied(prices)
        if time.monotonic() - began < QUICK * self.left:
            self.level = min(self.level + 1, len(LIMITS) - 1)
        return self.pool.add(Fillings(*some))

    def _program(self) -> Any:
        """For now only a column per group, which may stay below its floor at a cost: there is always an answer."""
        count, groups = self.rows.count, self.rows.groups
        parts = Sparse(np.arange(groups + 1), np.arange(count - groups, count), np.full(groups, -1.0))
        # Only columns are added, so the last answer stays allowed: the primal simplex method goes on from it.
        return program(
            np.full(groups, -SHORTAGE), self.rows.most(self.a), parts,
            upper=np.full(groups, ENDLESS), solver="simplex", simplex_strategy=4, presolve="off",
        )  # fmt: skip

    def _enlarge(self, solver: Any, known: int) -> int:
        some = self.pool.since(known)
        size = len(some.host)
        if size:
            start, row, part = self.rows.entries(self.a, some)
            zero, endless = np.zeros(size), np.full(size, ENDLESS)
            cost, begin = -_worth(self.a, some), start[:-1].astype(np.int32)
            solver.addCols(size, cost, zero, endless, len(row), begin, row.astype(np.int32), part)
        return known + size

    def _solve(self, solver: Any, until: float) -> tuple[float, Prices] | None:
        """Value of the linear program and its prices; None when time was too short."""
        seconds = max(0.01, min(self.left, until - time.monotonic()))
        solver.setOptionValue("time_limit", solver.getRunTime() + seconds)
        solver.run()
        if not is_solved(solver):
            return None
        dual = np.maximum(0.0, -np.asarray(solver.getSolution().row_dual))
        person, _host, coach, group = np.split(
            dual, np.cumsum([self.rows.people, self.rows.hosts, self.rows.coaches])
        )
        return worth_of(solver), self.prices._replace(person=person, coach=coach, group=group)

    def _between(self, new: Prices, drawn: float) -> Prices:
        best = self.prices
        return best._replace(
            person=drawn * best.person + (1 - drawn) * new.person,
            coach=drawn * best.coach + (1 - drawn) * new.coach,
            group=drawn * best.group + (1 - drawn) * new.group,
        )

    def choose(self, size: int, seconds: float, gap: float = 1e-6, *, branched: bool = False) -> bool:
        """The best answer among about `size` fillings, in `chosen` when better; whether it is now proven best.

        `branched`: by our own branching, which is quicker for a few; by HiGHS otherwise, and while a group is short.
        """
        short = self._short()
        apart = max(1e-3 * abs(self.bound) if short else 0.0, self.priced - self.value)
        some, slack, complete = self._candidates(size, apart)
        if self.left <= 0:
            return False
        if branched and not short:
            found = self._branched(some, self.value, time.monotonic() + min(seconds, self.left), gap)
            value, bound, columns = found.value, found.bound, self.chosen
            if found.used is not None:
                columns = _columns(some, found.used)
        else:
            value, bound, columns = self._by_highs(some, min(seconds, self.left), gap)
        if complete:
            # Whoever is worth more than what is priced less the slack consists of what was listed.
            self.bound = min(self.bound, max(bound, self.priced - slack))
        if value > self.value or (short and np.isfinite(value)):
            self.chosen = columns
        return self.open <= gap + 2 * MARGIN

    def _short(self) -> bool:
        """Whether a group stays below its floor."""
        group = self.a.group[self.a.person[self.chosen]]
        own = group >= 0
        got = np.bincount(group[own], self.a.gain[self.chosen][own], minlength=self.rows.groups)
        return bool(np.any(got < self.a.floor - 1e-9))

    def _candidates(self, size: int, apart: float) -> tuple[Fillings, float, bool]:
        """About `size` fillings near their host's best, the slack used, and whether all within it are there."""
        slack, most = apart / 512, int(np.clip(40 * size / max(1, self.rows.hosts), 40, MOST_OF_HOST))
        kept: tuple[Fillings, float, bool, Floats] | None = None
        while kept is None or (kept[1] < apart and self.left > 0):
            some, complete, best = self._within(slack, most)
            if kept is not None and len(some.host) > size:
                break
            kept = some, slack, complete, best
            slack = min(apart + 1e-6, slack * 1.5) if slack < apart else slack
        pool = Pool()
        for part in (kept[0], self._near(kept[1], kept[3]), fillings_of(self.a, self.chosen)):
            pool.add(part)
        return pool.since(0), kept[1], kept[2]

    def _within(self, slack: float, most: int) -> tuple[Fillings, bool, Floats]:
        """Fillings within `slack` of their host's best (at most `most` of a host), whether those are all, and each best."""
        *some, best, _bound, complete = near_best(
            self.a, self.prices, slack, LIMITS[self.level], EFFORT[1], most, WIDE
        )
        return Fillings(*some), complete, best

    def _near(self, slack: float, best: Floats) -> Fillings:
        """Of the fillings listed before: those within `slack` of their host's best."""
        every, profit = self.pool.since(0), profit_of_columns(self.a, self.prices)
        own = np.repeat(np.arange(len(every.host)), np.diff(every.start))
        total = np.bincount(own, profit[every.columns], minlength=len(every.host))
        near = total >= best[every.host] - slack
        pick = near[own]
        start = np.concatenate([[0], np.cumsum(np.diff(every.start)[near])])
        return Fillings(every.columns[pick], start.astype(np.int64), every.host[near])

    def prove(self, seconds: float, gap: float) -> None:
        """The best answer there is, from the bound down: first whether one lies within a small slack of it, among the
        fillings that come within that slack of their host's best; else the bound is lower, and the slack is widened."""
        until = time.monotonic() + min(seconds, self.left)
        apart, part = self.priced - self.value, 1.0
        while not self._short() and self.open > gap + 2 * MARGIN and time.monotonic() < until:
            slack = min(apart * part, self.priced - self.value)
            some, complete, _ = self._within(slack, MOST_OF_HOST)
            if part == 1.0 and not (complete and len(some.host) <= AT_ONCE):
                part = FIRST_SLACK
                continue
            if not complete or len(some.host) > MOST_BRANCHED:
                return
            found = self._branched(some, max(self.value, self.priced - slack), until, gap)
            self.bound = min(self.bound, max(found.bound, self.priced - slack))
            if found.used is not None:
                self.chosen = _columns(some, found.used)
            part *= WIDER

    def _branched(self, some: Fillings, value: float, until: float, gap: float) -> Best:
        """The best choice among these worth more than `value`, by our own branching."""
        apart = gap * (1 + abs(value))
        sharp = self._sharpened(some, value + apart, until)
        found = Branching(sharp.choice).best(value, until, apart)
        used = None if found.used is None else sharp.kept[found.used]
        return Best(found.value, found.bound + MARGIN * (1 + abs(found.bound)), used)

    def _sharpened(self, some: Fillings, least: float, until: float) -> Sharp:
        """The choice among these fillings, as far as it can be worth more than `least`."""
        entries, most = self.rows.entries(self.a, some), self.rows.most(self.a)
        choice = Choice(_worth(self.a, some), entries, most, self.rows.people, some.host)
        return sharpened(choice, asked_of(self.a, some), least, until)

    def _by_highs(self, some: Fillings, seconds: float, gap: float) -> tuple[float, float, Ints]:
        """Value, bound and columns of the best choice among these fillings."""
        # A restart costs as much as it brings here: most of the work is in the first relaxation and its cuts.
        solver = program(
            _worth(self.a, some), self.rows.most(self.a), self.rows.entries(self.a, some), whole=True,
            mip_allow_restart=False, time_limit=max(0.01, seconds), mip_rel_gap=gap,
        )  # fmt: skip
        solver.setSolution(self._first(some))
        solver.run()
        return self._read(solver, some)

    def _first(self, some: Fillings) -> Any:
        """The answer so far, as a start."""
        own = np.repeat(np.arange(len(some.host)), np.diff(some.start))
        inside = np.bincount(own, np.isin(some.columns, self.chosen), minlength=len(some.host))
        there = np.bincount(self.a.host[self.chosen], minlength=self.rows.hosts)
        size = np.diff(some.start)
        first = highspy.HighsSolution()
        first.col_value = list(((inside == size) & (size == there[some.host])).astype(np.float64))
        return first

    def _read(self, solver: Any, some: Fillings) -> tuple[float, float, Ints]:
        info = solver.getInfo()
        bound = -info.mip_dual_bound
        bound += MARGIN * (1 + abs(bound))
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return -np.inf, bound, self.chosen
        columns = _columns(some, np.flatnonzero(np.asarray(solver.getSolution().col_value) > 0.5))
        return float(self.a.worth[columns].sum()), bound, columns
