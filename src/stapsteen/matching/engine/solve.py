"""From a problem to an answer: never over a limit, with a bound that holds, within the time.

Small problems: exactly, by HiGHS. Others: prices (dual.py), an answer from the prices (local.py), then better answers
piece by piece (pieces.py) while a second thread brings the bound down.
"""

from __future__ import annotations

import importlib
import threading
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from stapsteen.matching.engine.layout import Arrays, Layout, lay_out
from stapsteen.matching.engine.milp import Found, Limits, choose, plain_prices, relax
from stapsteen.matching.engine.problem import (
    HALF_DAYS,
    Answer,
    CannotBeMet,
    Floats,
    Ints,
    Problem,
    broken,
    short_groups,
)

SMALL_PEOPLE, SMALL_COLUMNS, DIRECT_COLUMNS = 120, 40_000, 2_500
"""Up to here HiGHS may try a problem by itself; below the last, without first thinning out the columns."""
EASY_COLUMNS, TRY, LOADING = 1_800, 0.5, 0.12
"""Up to so many columns that is quicker than loading the machine code; the seconds it gets, and after how many the code is
loaded beside it all the same. With groups' floors it tries larger ones too: it tells when a floor is out of reach."""
SEARCH = "stapsteen.matching.engine.search"
"""Loaded when it is needed: numba takes half a second that easy problems don't need."""
OUTWARD = 1e-9
"""Sums of many numbers lose this much (relative): bounds are given that much higher."""


@dataclass
class Clock:
    """Time from `started` (time.monotonic()), `seconds` in all, less what writing the answer takes."""

    started: float
    seconds: float

    @property
    def used(self) -> float:
        return time.monotonic() - self.started

    @property
    def deadline(self) -> float:
        return self.started + self.seconds * 0.94

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()


@dataclass
class Plan:
    """What the search gives: columns of the arrays, a bound in scaled units, prices in scaled units."""

    columns: Ints
    bound: float
    prices: dict[str, Floats] = field(default_factory=dict)


def solve(problem: Problem, seconds: float = 60.0, started: float | None = None, gap: float = 0.0) -> Answer:
    """Choose at most one column per person. CannotBeMet names what stands in the way.

    `started`: when the clock began (time.monotonic()), for a caller that counts its own start-up.
    `gap`: how far (relative) below the bound is good enough to stop before the time is over.
    """
    clock = Clock(time.monotonic() if started is None else started, seconds)
    layout = lay_out(problem)
    plan = _exact(layout, clock) or _search(layout, clock, gap)
    columns = np.sort(np.concatenate([layout.source[plan.columns], layout.decided])).astype(np.int64)
    if faults := list(broken(problem, columns)):
        raise AssertionError(f"the answer would break a limit: {faults[0]}")
    if short := short_groups(problem, columns):
        raise CannotBeMet([f"{line}; no better was found in {clock.used:.0f} s" for line in short])
    return _answer(layout, plan, columns, clock)


def _answer(layout: Layout, plan: Plan, columns: Ints, clock: Clock) -> Answer:
    value = float(layout.problem.worth[columns].sum())
    bound = plan.bound * layout.worth_unit + layout.decided_worth
    bound += OUTWARD * (1 + abs(bound))
    told = by_file(layout, plan.prices)
    return Answer(
        column=columns,
        value=value,
        bound=max(bound, value),
        seconds=clock.used,
        price_seat=told.seat,
        price_support=told.support,
        price_halfday=told.halfday,
        price_coach=told.coach,
    )


class FilePrices(NamedTuple):
    """Prices by the file's numbers, in its units."""

    seat: Floats  # m
    support: Floats  # H
    halfday: Floats  # H x 10
    coach: Floats  # k


def by_file(layout: Layout, prices: dict[str, Floats]) -> FilePrices:
    """These prices (scaled, by the arrays' numbers) as the file has them; zero for what isn't priced."""
    worth = layout.worth_unit
    day = np.stack([_back(layout.hosts, prices.get(f"day{d}")) for d in range(HALF_DAYS)], axis=1)
    return FilePrices(
        _back(layout.tasks, prices.get("seat")) * worth,
        _back(layout.hosts, prices.get("support")) * worth / layout.support_unit,
        day * worth,
        _back(layout.coaches, prices.get("coach")) * worth / layout.hours_unit,
    )


def _back(numbers: Ints, price: Floats | None) -> Floats:
    """Prices by the file's numbers."""
    found = np.zeros(len(numbers))
    if price is not None:
        found[numbers] = price
    return found


def _exact(layout: Layout, clock: Clock) -> Plan | None:
    """The best there is, for a small problem; None when it is too large or took too long."""
    a = layout.arrays
    people = int(np.count_nonzero(np.diff(a.person_start)))
    if people > SMALL_PEOPLE or len(a.worth) > (SMALL_COLUMNS if len(a.floor) else EASY_COLUMNS):
        return None
    ready = threading.Timer(LOADING, importlib.import_module, [SEARCH])
    ready.start()
    try:
        found = _best_of_small(a, clock)
    finally:
        ready.cancel()
    if found is not None and found.impossible:
        raise CannotBeMet(_unreachable(layout, clock))
    if found is None or not found.best:
        return None
    prices = plain_prices(a, np.arange(len(a.worth)), max(0.1, clock.left)) if len(a.worth) else {}
    return Plan(found.columns, found.bound, prices)


def _best_of_small(a: Arrays, clock: Clock) -> Found | None:
    everything, limits, none = np.arange(len(a.worth)), Limits.whole(a), np.zeros(0, np.int64)
    seconds = min(TRY, clock.left)
    if len(everything) <= DIRECT_COLUMNS:
        return choose(a, everything, limits, none, seconds * 0.5)
    relaxed = relax(a, everything, seconds * 0.3)
    if relaxed is None:
        return None
    # Columns that cost more than the gap can't be in a better answer: leave them out, still proven.
    kernel = np.sort(np.argsort(relaxed.reduced, kind="stable")[:DIRECT_COLUMNS])
    first = choose(a, kernel, limits, none, seconds * 0.4)
    value = float(a.worth[first.columns].sum())
    rest = np.flatnonzero(relaxed.reduced <= relaxed.bound - value + 1e-6)
    if first.impossible:
        rest = everything
    elif not first.best:
        return None
    elif np.isin(rest, kernel).all():
        return first
    return choose(a, rest, limits, first.columns, seconds * 0.4)


def _unreachable(layout: Layout, clock: Clock) -> list[str]:
    """Which floors can't be met: each alone, else together."""
    a, reasons = layout.arrays, []
    for g in range(len(a.floor)):
        own = np.where(a.group[a.person] == g, a.gain, 0.0)
        alone = a._replace(worth=own, floor=np.full(len(a.floor), -np.inf))
        found = choose(
            alone, np.arange(len(own)), Limits.whole(alone), np.zeros(0, np.int64), max(1, clock.left)
        )
        each = np.zeros(len(a.support))
        np.maximum.at(each, a.person, own)
        bound = min(found.bound, float(each.sum()))
        if bound < a.floor[g]:
            floor = layout.problem.group_floor[g]
            most = floor + (bound - a.floor[g]) * layout.worth_unit
            reasons.append(f"group {g} can reach {most:.4f} at most; its floor is {floor:.4f}")
    return reasons or ["the floors of the groups can't be met together"]


def _search(layout: Layout, clock: Clock, gap: float) -> Plan:
    """Prices, an answer, better answers; the bound comes down beside it."""
    search = importlib.import_module(SEARCH).Search(layout.arrays, clock.deadline, gap)
    search.learn()
    search.first_answer()
    return _finish(layout, clock, search)


def _finish(layout: Layout, clock: Clock, search: Any) -> Plan:
    beside = threading.Thread(target=search.tighten_until_done, name="bound")
    if not search.one_piece:
        beside.start()
    try:
        search.improve()
        if beside.ident:
            beside.join(max(0.0, clock.left))
    finally:
        search.stop.set()
        if beside.ident:
            beside.join()
    return Plan(search.chosen, search.bound, search.price_arrays())
