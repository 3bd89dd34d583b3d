"""Improve an answer piece by piece: take neighbouring hosts, solve them exactly together, leave the rest as it is.

First by whole fillings of hosts (master.py), which is best where hosts are small. Then, while time is left, column by column:
a piece then holds the columns with the lowest reduced cost at the learned prices (E. Angelelli, R. Mansini, M. G. Speranza,
"Kernel search", Computers & Operations Research 37, 2010; P. Shaw, "large neighbourhood search", CP 1998).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stapsteen.matching.engine.dual import Prices
from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.master import Master
from stapsteen.matching.engine.milp import MARGIN, Limits, choose
from stapsteen.matching.engine.problem import Floats, Ints

PLACED = 200
"""Persons placed in a piece of a large problem."""
WHOLE, ONE_PIECE, NEAR = 900, 200, 1e-3
"""So many persons are still one piece; so many are never cut; so near (relative) to the bound cutting brings nothing."""
BUDGETS = (6, 10, 16, 26, 42, 68, 110)
"""Columns per person placed that a piece holds, first and later rounds."""
FILLINGS = (3, 9, 27, 80)
"""Fillings per host that a piece chooses among, first and later rounds."""
SIZES = (300, 1_000, 3_000, 9_000, 27_000, 80_000)
"""Fillings that a caseload of one piece chooses among, one after the other."""
FEW, LOOSE, FEW_SECONDS = (150, 300, 600), 1 / 8, 0.2
"""Fillings that a small one begins with, to that part of what is open, and the seconds for each: from a good answer on, little
is left that can be better."""
PROVE, IN_PARTS = 0.7, 0.75
"""Part of the time left in which a small caseload may be proven best, or a larger one is improved in smaller pieces."""
DIRECT, SHORT = 12_000, 0.5
"""Up to so many columns HiGHS tries them all, in this part of the time left."""
BRANCHED = 700, 600
"""Fillings and persons of a piece up to which our own branching is quicker."""
NODES, LONGEST = 60, 6.0
"""Branching steps and seconds that one piece of several may take."""
PIECE_GAP = 3e-4
"""So near (relative) to its best a piece may stop."""
CLOSE = 3e-6
"""So near to the proven bound nothing is left to gain."""
ENOUGH = 1e-4
"""A round of pieces that gains less than this share goes on to the next budget."""


@dataclass(frozen=True)
class Carved:
    """A part of a problem as a problem of its own. `columns`: those of the whole, in the part's order."""

    arrays: Arrays
    prices: Prices
    columns: Ints


def carved(a: Arrays, p: Prices, piece: NDArray[np.bool_], stay: Ints) -> Carved:
    """The hosts of the piece and everybody who could come there, while the columns `stay` use what they use."""
    free = np.ones(len(a.support), bool)
    free[a.person[stay]] = False
    columns = np.flatnonzero(piece[a.host] & free[a.person])
    people, hosts = np.unique(a.person[columns]), np.flatnonzero(piece)
    tasks = np.flatnonzero(piece[np.repeat(np.arange(len(a.room)), np.diff(a.task_start))])
    left = Limits.whole(a).without(a, stay)
    person, host = (np.searchsorted(people, a.person[columns]), np.searchsorted(hosts, a.host[columns]))
    by_person = np.argsort(person, kind="stable")
    arrays = Arrays(
        person=person,
        task=np.searchsorted(tasks, a.task[columns]),
        host=host,
        days=a.days[columns],
        worth=a.worth[columns],
        gain=a.gain[columns],
        hours=a.hours[columns],
        support=a.support[people],
        coach=a.coach[people],
        group=a.group[people],
        seats=left.seats[tasks],
        room=left.room[hosts],
        places=left.places[hosts],
        coach_room=left.coach_room,
        floor=left.floor,
        host_start=np.searchsorted(host, np.arange(len(hosts) + 1)),
        task_start=np.append(0, np.cumsum(np.diff(a.task_start)[hosts])),
        person_start=np.searchsorted(person[by_person], np.arange(len(people) + 1)),
        by_person=by_person,
    )
    prices = Prices(p.support[hosts], p.seat[tasks], p.day[hosts], p.coach, p.group, p.person[people])
    return Carved(arrays, prices, columns)


@dataclass
class Improver:
    """An answer that only gets better. `chosen`: the columns, sorted."""

    a: Arrays
    prices: Prices  # with whole hosts
    reduced: Floats  # C: reduced cost, >= 0, low is promising
    chosen: Ints
    deadline: float  # time.monotonic()
    rank: Callable[[Ints], tuple[float, float]]  # higher is better: floors first, then value
    bound: float  # no answer is worth more
    placed: int = PLACED
    gap: float = CLOSE  # so near (relative) to the bound is enough
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))
    order: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.order = np.argsort(self.reduced, kind="stable")

    @property
    def value(self) -> float:
        return float(self.a.worth[self.chosen].sum())

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()

    @property
    def proven(self) -> bool:
        """Whether nothing is left to gain."""
        near = self.bound - self.value <= self.gap * (1 + abs(self.value))
        return near and self.rank(self.chosen)[0] >= 0

    def run(self) -> None:
        """Until the deadline, or until even the largest budget brings nothing."""
        people = int(np.count_nonzero(np.diff(self.a.person_start)))
        if people <= WHOLE:
            self._whole()
        else:
            self._rounds(FILLINGS, self._solve_fillings)
        if not self.proven:
            budgets = [
                b for k, b in enumerate(BUDGETS) if k == 0 or BUDGETS[k - 1] * people < len(self.a.worth)
            ]
            solve = self._solve_columns
            self._rounds(budgets, solve) if people > WHOLE else [solve(self._all(), b) for b in budgets]

    def _all(self) -> NDArray[np.bool_]:
        return np.ones(len(self.a.room), bool)

    def _whole(self) -> None:
        """One piece: the best prices there are, then more and more fillings, until it is proven best.

        Where hosts take very many people fillings are too many: then all columns at once, as they are.
        """
        master = Master(self.a, self.prices, self.chosen, self.deadline, threading.Event())
        master.converge(time.monotonic() + 0.4 * self.left)
        self.bound = min(self.bound, master.bound)
        if not master.suits and self._direct():
            return
        people, gap = int(np.count_nonzero(np.diff(self.a.person_start))), max(1e-6, self.gap / 2)
        if master.suits and people <= ONE_PIECE:
            for size in FEW:
                if master.open > gap + 2 * MARGIN:
                    seconds = min(FEW_SECONDS, 0.25 * self.left)
                    master.choose(size, seconds, max(gap, LOOSE * min(1.0, master.open)), branched=True)
            master.prove(PROVE * self.left, gap)
        for number, size in enumerate(SIZES if master.suits and master.open > gap + 2 * MARGIN else ()):
            seconds = max(2.0, (0.25 if number == 0 else 0.75) * self.left)
            if self.left < 0.05 or master.choose(size, seconds, gap):
                break
            if number == 0:
                self._accept(master.chosen)
                self._in_parts(master)
        self.bound = min(self.bound, master.bound)
        self._accept(master.chosen)

    def _in_parts(self, master: Master) -> None:
        """Where one piece is too much at once: smaller pieces for a part of the time, at the best prices."""
        people, end = np.count_nonzero(np.diff(self.a.person_start)), self.deadline
        if people <= ONE_PIECE or self.bound - self.value <= NEAR * self.bound:
            return
        self.prices, self.placed = master.prices, max(60, len(self.chosen) // 4)
        self.deadline = time.monotonic() + IN_PARTS * self.left
        self._rounds(FILLINGS, self._solve_fillings)
        self.deadline, master.chosen = end, np.sort(self.chosen)

    def _direct(self) -> bool:
        """All columns at once for a part of the time, where they aren't very many; whether that was enough."""
        a, everything = self.a, np.arange(len(self.a.worth))
        if len(everything) > DIRECT:
            return False
        found = choose(a, everything, Limits.whole(a), self.chosen, SHORT * self.left)
        if np.isfinite(found.bound):
            self.bound = min(self.bound, found.bound)
        if len(found.columns):
            self._accept(found.columns)
        return found.best

    def _rounds(self, budgets: Sequence[int], solve: Callable[[NDArray[np.bool_], int], None]) -> None:
        """Every host in some piece, again while that gains enough, then with the next budget."""
        for budget in budgets:
            gained = np.inf
            while gained > ENOUGH * self.value and self.left > 0.05:
                before = self.value
                self._round(budget, solve)
                gained = self.value - before
            if self.proven:
                return

    def _round(self, budget: int, solve: Callable[[NDArray[np.bool_], int], None]) -> None:
        todo = np.diff(self.a.host_start) > 0
        while todo.any() and self.left > 0.05:
            seed = int(self.random.choice(np.flatnonzero(todo)))
            piece = self._around(seed, todo)
            todo &= ~piece
            solve(piece, budget)

    def _around(self, seed: int, todo: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Hosts near `seed`: those that promise most to the same people, first those not yet done."""
        a, near = self.a, self._promising()
        inside, score = np.zeros(len(a.room), bool), np.zeros(len(a.room))
        met = np.zeros(len(a.support), bool)
        placed = np.bincount(a.host[self.chosen], minlength=len(a.room))
        host = seed
        while True:
            inside[host] = True
            here = near[(near >= a.host_start[host]) & (near < a.host_start[host + 1])]
            fresh = np.unique(a.person[here])
            fresh = fresh[~met[fresh]]
            met[fresh] = True
            if placed[inside].sum() >= self.placed:
                return inside
            for i in fresh:
                score[a.host[self._of(i)]] += 1.0 / (1 + len(self._of(i)))
            open_score = np.where(inside, 0, score * np.where(todo, 1.0, 0.5))
            host = int(open_score.argmax())
            if open_score[host] <= 0:
                return inside

    def _promising(self) -> Ints:
        """Columns, sorted by number: on average four a person."""
        if not hasattr(self, "_near"):
            self._near = np.sort(self.order[: 4 * len(self.a.support)])
            person = self.a.person[self._near]
            by_person = np.argsort(person, kind="stable")
            self._near_of = self._near[by_person]
            self._near_start = np.searchsorted(person[by_person], np.arange(len(self.a.support) + 1))
        return self._near

    def _of(self, i: int) -> Ints:
        return self._near_of[self._near_start[i] : self._near_start[i + 1]]

    def _solve_fillings(self, piece: NDArray[np.bool_], budget: int) -> None:
        """Choose anew among so many fillings per host of the piece."""
        stay = self.chosen[~piece[self.a.host[self.chosen]]]
        part = carved(self.a, self.prices, piece, stay)
        start = np.searchsorted(part.columns, np.setdiff1d(self.chosen, stay))
        master = Master(part.arrays, part.prices, start, self.deadline, threading.Event())
        master.converge(time.monotonic() + min(self.left, LONGEST) / 2)
        if not master.suits:
            self._solve_columns(piece, 3 * budget)
            return
        size = budget * int(piece.sum())
        branched = size <= BRANCHED[0] and len(part.arrays.support) <= BRANCHED[1]
        master.choose(size, LONGEST, PIECE_GAP, branched=branched)
        self._accept(np.sort(np.concatenate([stay, part.columns[master.chosen]])))

    def _solve_columns(self, piece: NDArray[np.bool_], budget: int) -> None:
        a = self.a
        if self.left < 0.05:
            return
        inside = piece[a.host[self.chosen]]
        stay, start = self.chosen[~inside], self.chosen[inside]
        free = np.ones(len(a.support), bool)
        free[a.person[stay]] = False
        open_columns = self.order[piece[a.host[self.order]] & free[a.person[self.order]]]
        size = budget * max(len(start), int(piece.sum()) // 2)
        k = np.union1d(open_columns[:size], start)
        whole = bool(piece.all())
        seconds = self.left if whole else min(self.left, LONGEST)
        gap = 1e-6 if whole else PIECE_GAP
        found = choose(a, k, Limits.whole(a).without(a, stay), start, seconds, gap, 0 if whole else NODES)
        if len(k) == len(a.worth) and np.isfinite(found.bound):
            self.bound = min(self.bound, found.bound)
        self._accept(np.sort(np.concatenate([stay, found.columns])))

    def _accept(self, columns: Ints) -> None:
        if self.rank(columns) > self.rank(self.chosen):
            self.chosen = columns
