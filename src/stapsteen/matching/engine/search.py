"""The search for larger problems: learn prices, make an answer from them, improve it, lower the bound meanwhile."""

from __future__ import annotations

import threading
import time

import numpy as np

from stapsteen.matching.engine import dual, local
from stapsteen.matching.engine.dual import Prices
from stapsteen.matching.engine.hostfill import days_price
from stapsteen.matching.engine.jit import kernel
from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.master import Master
from stapsteen.matching.engine.pieces import CLOSE, WHOLE, Improver
from stapsteen.matching.engine.problem import HALF_DAYS, Floats, Ints

ROUNDS = 400
LEARN = (0.03, 0.002)
"""How many steps of learning prices; the first and the last, in scaled units of value."""
EARLY = np.geomspace(0.01, 0.0006, 60)
LATE = np.geomspace(0.003, 0.0001, 240)
"""Steps of lowering the bound with whole hosts: before the first answer, and beside its improvement."""
STEPS, LAST_STEPS = 40, 4000
"""Search steps per host while learning, and for the bound that is given out."""
SHARE = 0.3
"""Part of the time left that each of the two kinds of learning may take."""
PASSES = 30
GENERATE = 20.0
"""Seconds that column generation takes for 5,000 people; it grows with the power 1.5."""
RAISES = 8
"""How often the weight of a group that stays below its floor is raised."""
ALMOST = 1e-9


@kernel
def reduced_costs(a: Arrays, p: Prices, reduced: Floats) -> None:
    """How much worse each column is than its person's best, after all prices."""
    for i in range(len(a.support)):
        hour, extra = p.coach[a.coach[i]], dual.weight_of(a, p.group, i)
        for q in range(a.person_start[i], a.person_start[i + 1]):
            c = a.by_person[q]
            h = a.host[c]
            left = a.worth[c] + extra * a.gain[c] - p.seat[a.task[c]] - p.support[h] * a.support[i]
            left -= hour * a.hours[c] + days_price(a.days[c], p.day[h])
            reduced[c] = max(0.0, p.person[i] - left)


class Search:
    """One problem on its way to an answer. Bound and values in scaled units."""

    def __init__(self, a: Arrays, deadline: float, gap: float = 0.0) -> None:
        self.a, self.deadline, self.stop, self.gap = a, deadline, threading.Event(), max(gap, CLOSE)
        # To fill a host is to book its seats and places for a moment: the thread that does so beside us has its own.
        self.filling = a._replace(seats=a.seats.copy(), places=a.places.copy())
        self.bound, self._lowering = np.inf, threading.Lock()
        self.chosen = np.zeros(0, np.int64)
        self.limit_prices = dual.no_prices(a)
        self.fill_prices = dual.no_prices(a)

    @property
    def people(self) -> int:
        """How many could be placed at all."""
        return int(np.count_nonzero(np.diff(self.a.person_start)))

    @property
    def one_piece(self) -> bool:
        """Whether the problem is improved whole; its bound then comes down with it."""
        return self.people <= WHOLE

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()

    def learn(self) -> None:
        """Price every limit; bound near the linear relaxation."""
        a, now, best = self.a, dual.no_prices(self.a), self.limit_prices
        room, mean = dual.no_left(a), dual.no_left(a)
        steps = np.geomspace(*LEARN, ROUNDS)
        self.bound = dual.learn_prices(a, now, best, room, mean, steps[:1], np.inf)
        began = time.monotonic()
        self.bound = dual.learn_prices(a, now, best, room, mean, steps[1:4], self.bound)
        pace = (time.monotonic() - began) / 3
        rounds = int(np.clip(SHARE * self.left / max(pace, 1e-6), 8, ROUNDS))
        for some in np.array_split(np.geomspace(*LEARN, rounds), max(1, rounds // 20)):
            if self.left < 0:
                break
            self.bound = dual.learn_prices(a, now, best, room, mean, some, self.bound)
        self.fill_prices = dual.copied(best)
        self._now, self._mean = dual.copied(best), dual.no_left(a)

    def tighten(self, steps: Floats, share: float) -> None:
        """These steps with whole hosts, thinned out to what fits in that share of the time left."""
        self._tighten(steps[:1])
        began = time.monotonic()
        self._tighten(steps[:1])
        pace = time.monotonic() - began
        count = int(np.clip(share * self.left / max(pace, 1e-6), 4, len(steps)))
        for k in np.linspace(0, len(steps) - 1, count).astype(np.int64):
            if self.left < 0 or self.stop.is_set():
                return
            self._tighten(steps[k : k + 1])

    def _tighten(self, steps: Floats) -> None:
        a, room = self.filling, dual.no_left(self.a)
        self._lower(dual.tighten(a, self._now, self.fill_prices, room, self._mean, STEPS, steps, self.bound))

    def first_answer(self) -> None:
        """From rough prices at once, then from better ones."""
        began = time.monotonic()
        self._offer(self._descend(self.limit_prices, PASSES // 3))
        pace = (time.monotonic() - began) / (PASSES // 3)
        self.tighten(EARLY, SHARE)
        fitting = int(0.4 * SHARE * self.left / max(pace, 1e-6))
        if fitting >= PASSES // 3:
            self._offer(self._descend(self.fill_prices, min(PASSES, fitting)))
        self._at_start = dual.copied(self.fill_prices)

    def _descend(self, prices: Prices, passes: int) -> Ints:
        """An answer from these prices; groups below their floor weigh more until they are above it."""
        prices = dual.copied(prices)
        for _ in range(RAISES if len(self.a.floor) else 1):
            columns = self._place(prices, passes)
            short = self.shortage(columns) > ALMOST
            if not short.any() or self.left < 0:
                break
            prices.group[short] = prices.group[short] * 1.5 + 0.1
        return columns

    def _place(self, prices: Prices, passes: int) -> Ints:
        a, random = self.a, np.random.default_rng(1)
        orders = np.stack([random.permutation(len(a.room)) for _ in range(passes)])
        chosen, hours = np.full(len(a.support), -1), a.coach_room.copy()
        extra = local.person_weights(a, prices.group)
        local.descend(a, prices, extra, chosen, hours, orders, 1.0, STEPS)
        return np.sort(chosen[chosen >= 0])

    def shortage(self, columns: Ints) -> Floats:
        """How far each group stays below its floor (negative: above)."""
        group = self.a.group[self.a.person[columns]]
        own = group >= 0
        return self.a.floor - np.bincount(group[own], self.a.gain[columns][own], minlength=len(self.a.floor))

    def _rank(self, columns: Ints) -> tuple[float, float]:
        short = float(np.maximum(0, self.shortage(columns) - ALMOST).sum())
        return -short, float(self.a.worth[columns].sum())

    def _offer(self, columns: Ints) -> None:
        if self._rank(columns) > self._rank(self.chosen):
            self.chosen = columns

    def improve(self) -> None:
        """Piece by piece, until the time is over or nothing helps.

        It begins from the prices and the bound proven so far: what comes down beside us depends on who is faster.
        """
        reduced = np.empty(len(self.a.worth))
        reduced_costs(self.a, self.limit_prices, reduced)
        improver = Improver(
            a=self.a,
            prices=self._at_start,
            reduced=reduced,
            chosen=self.chosen,
            deadline=self.deadline - 0.1,
            rank=self._rank,
            bound=self.bound,
            gap=self.gap,
        )
        improver.run()
        self.chosen = improver.chosen
        self._lower(improver.bound)

    def tighten_until_done(self) -> None:
        """For a second thread: the bound by column generation where that fits, else by the rest of the rounds."""
        if self._pays_to_generate():
            master = Master(self.filling, self._at_start, self.chosen, self.deadline - 0.2, self.stop)
            master.converge(self.deadline)
            self._lower(master.bound)
            return
        self.tighten(LATE, 1.0)
        steps, spent = 4 * STEPS, 0.0
        while steps <= LAST_STEPS and not self.stop.is_set() and self.left > 6 * spent:
            began = time.monotonic()
            bound = dual.certified(self.filling, self.fill_prices, dual.no_left(self.a), steps)
            self._lower(bound)
            spent = time.monotonic() - began
            steps *= 5

    def _lower(self, bound: float) -> None:
        with self._lowering:
            self.bound = min(self.bound, bound)

    def _pays_to_generate(self) -> bool:
        return self.left > GENERATE * (self.people / 5_000) ** 1.5

    def price_arrays(self) -> dict[str, Floats]:
        prices = self.limit_prices
        named = {"seat": prices.seat, "support": prices.support, "coach": prices.coach}
        return named | {f"day{d}": prices.day[:, d] for d in range(HALF_DAYS)}
