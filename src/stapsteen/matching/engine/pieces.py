"""Improve an answer piece by piece: take neighbouring hosts, solve them exactly together, leave the rest as it is.

A piece holds the columns with the lowest reduced cost at the learned prices (E. Angelelli, R. Mansini, M. G. Speranza,
"Kernel search", Computers & Operations Research 37, 2010; P. Shaw, "large neighbourhood search", CP 1998).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.milp import Limits, choose
from stapsteen.matching.engine.problem import Floats, Ints

PLACED = 200
"""Persons placed in a piece of a large problem."""
WHOLE = 900
"""So many persons are still one piece."""
BUDGETS = (6, 10, 16, 26, 42, 68, 110)
"""Columns per person placed that a piece holds, first and later rounds."""
NODES, LONGEST = 60, 6.0
"""Branching steps and seconds that one piece of several may take."""
CLOSE = 1e-7
"""So near to the proven bound nothing is left to gain."""
ENOUGH = 1e-4
"""A round of pieces that gains less than this share goes on to the next budget."""


@dataclass
class Improver:
    """An answer that only gets better. `chosen`: the columns, sorted."""

    a: Arrays
    reduced: Floats  # C: reduced cost, >= 0, low is promising
    chosen: Ints
    deadline: float  # time.monotonic()
    rank: Callable[[Ints], tuple[float, float]]  # higher is better: floors first, then value
    bound: float  # no answer is worth more
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

    def run(self) -> None:
        """Until the deadline, or until even the largest budget brings nothing."""
        people = int(np.count_nonzero(np.diff(self.a.person_start)))
        for budget in BUDGETS:
            gained = np.inf
            while gained > ENOUGH * self.value and self.left > 0.05:
                before = self.value
                self._round(budget, whole=people <= WHOLE)
                gained = self.value - before if people > WHOLE else 0.0
            if self.bound - self.value <= CLOSE * self.value:
                break
            if budget * people >= len(self.a.worth):
                break

    def _round(self, budget: int, *, whole: bool) -> None:
        hosts = len(self.a.room)
        todo = np.diff(self.a.host_start) > 0
        while todo.any() and self.left > 0.05:
            seed = int(self.random.choice(np.flatnonzero(todo)))
            piece = np.ones(hosts, bool) if whole else self._around(seed, todo)
            todo &= ~piece
            self._solve(piece, budget)

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
            if placed[inside].sum() >= PLACED:
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

    def _solve(self, piece: NDArray[np.bool_], budget: int) -> None:
        a = self.a
        inside = piece[a.host[self.chosen]]
        stay, start = self.chosen[~inside], self.chosen[inside]
        free = np.ones(len(a.support), bool)
        free[a.person[stay]] = False
        open_columns = self.order[piece[a.host[self.order]] & free[a.person[self.order]]]
        size = budget * max(len(start), int(piece.sum()) // 2)
        k = np.union1d(open_columns[:size], start)
        whole = bool(piece.all())
        seconds = max(0.05, self.left) if whole else min(max(0.05, self.left), LONGEST)
        gap = 1e-6 if whole else 3e-4
        found = choose(a, k, Limits.whole(a).without(a, stay), start, seconds, gap, 0 if whole else NODES)
        self._accept(np.sort(np.concatenate([stay, found.columns])))

    def _accept(self, columns: Ints) -> None:
        if self.rank(columns) > self.rank(self.chosen):
            self.chosen = columns
