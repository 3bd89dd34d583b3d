"""The exact part: HiGHS on a whole small problem, or on a piece of a large one.

The rows are strengthened (Chvatal-Gomory rounding of the guidance rows: V. Chvatal, Discrete Mathematics 4, 1973), which
brings the relaxation much nearer to what can really be placed. Needs no numba.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.problem import HALF_DAYS, Floats, Ints
from stapsteen.matching.engine.program import Sparse, is_solved, program, worth_of

MARGIN = 1e-6
"""HiGHS works to so much; bounds that come from it are widened by it, relative to their size."""


@dataclass(frozen=True)
class Limits:
    """What a piece may use. Sizes as in Arrays."""

    seats: Ints
    room: Floats
    places: Ints
    coach_room: Floats
    floor: Floats

    @classmethod
    def whole(cls, a: Arrays) -> Limits:
        return cls(a.seats, a.room, a.places, a.coach_room, a.floor)

    def without(self, a: Arrays, columns: Ints) -> Limits:
        """What is left when these columns stay."""
        person, host = a.person[columns], a.host[columns]
        places = self.places.copy()
        for d in range(HALF_DAYS):
            places[:, d] -= np.bincount(host[(a.days[columns] >> d) & 1 == 1], minlength=len(places))
        floor, groups = self.floor.copy(), a.group[person]
        np.subtract.at(floor, groups[groups >= 0], a.gain[columns][groups >= 0])
        return Limits(
            self.seats - np.bincount(a.task[columns], minlength=len(self.seats)),
            self.room - np.bincount(host, a.support[person], minlength=len(self.room)),
            places,
            self.coach_room - np.bincount(a.coach[person], a.hours[columns], minlength=len(self.coach_room)),
            floor,
        )


@dataclass(frozen=True)
class Found:
    """Chosen columns (numbers in the arrays), the proven bound, and whether it is the best there is."""

    columns: Ints
    bound: float
    best: bool
    impossible: bool = False


@dataclass(frozen=True)
class Relaxed:
    """Answer of the linear relaxation: its value and each candidate's reduced cost (<= 0 is good)."""

    bound: float
    reduced: Floats


class _Rows:
    """Sparse rows `sum of part * column <= most`, gathered kind by kind; those that can't bind are left out."""

    def __init__(self) -> None:
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.part: list[Floats] = []
        self.most: list[Floats] = []
        self.kinds: dict[str, tuple[Ints, int]] = {}
        self.count = 0

    def add(self, kind: str, owner: Ints, part: Floats, most: NDArray[Any], people: Ints) -> None:
        """A row per owner. Each person counts once, with the most that they could ask."""
        ask: dict[str, NDArray[Any]] = {"owner": owner, "people": people, "part": part}
        order = np.lexsort((ask["part"], ask["people"], ask["owner"]))
        last = np.ones(len(order), bool)
        last[:-1] = (np.diff(owner[order]) != 0) | (np.diff(people[order]) != 0)
        load = np.bincount(owner[order][last], part[order][last], minlength=len(most))
        self._put(kind, owner, part, np.asarray(most, np.float64), np.flatnonzero(load > most))

    def _put(self, kind: str, owner: Ints, part: Floats, most: Floats, binding: Ints) -> None:
        number = np.full(len(most), -1, np.int64)
        number[binding] = np.arange(len(binding)) + self.count
        used = np.flatnonzero((number[owner] >= 0) & (part != 0))
        self.row.append(number[owner[used]])
        self.column.append(used)
        self.part.append(part[used])
        self.most.append(most[binding])
        self.kinds[kind] = (binding, self.count)
        self.count += len(binding)

    def by_column(self, columns: int) -> Sparse:
        return Sparse.of(
            np.concatenate(self.column), np.concatenate(self.row), np.concatenate(self.part), columns
        )


def _rows(a: Arrays, k: Ints, limits: Limits, rounded: bool) -> _Rows:
    rows, one, people = _Rows(), np.ones(len(k)), a.person[k]
    weight = a.support[people]
    rows.add("person", people, one, np.ones(len(a.support)), np.arange(len(k)))
    rows.add("seat", a.task[k], one, limits.seats, people)
    rows.add("support", a.host[k], weight, limits.room, people)
    for d in range(HALF_DAYS):
        rows.add(f"day{d}", a.host[k], ((a.days[k] >> d) & 1).astype(np.float64), limits.places[:, d], people)
    rows.add("coach", a.coach[people], a.hours[k], limits.coach_room, people)
    if rounded:
        for unit in _rounding_units(weight):
            whole = np.floor(weight / unit)
            rows.add(f"rounded{unit}", a.host[k], whole, np.floor(limits.room / unit + 1e-9), people)
    if len(limits.floor):
        group = a.group[people]
        own = np.flatnonzero(group >= 0)
        part = np.zeros(len(k))
        part[own] = -a.gain[k][own]
        rows._put("group", np.maximum(group, 0), part, -limits.floor, np.arange(len(limits.floor)))
    return rows


def _rounding_units(weight: Floats) -> list[float]:
    """Units by which rounding a guidance row down says something new: the weights themselves and their halves."""
    kinds = np.unique(weight[weight > 0])
    if not len(kinds) or len(kinds) > 8:
        return []
    return [float(unit) for unit in np.unique(np.concatenate([kinds, kinds / 2])) if unit >= kinds[0]]


def _highs(a: Arrays, k: Ints, rows: _Rows, seconds: float, whole: bool) -> highspy.Highs:
    most = np.concatenate(rows.most)
    return program(a.worth[k], most, rows.by_column(len(k)), whole=whole, time_limit=max(0.01, seconds))


def relax(a: Arrays, k: Ints, seconds: float) -> Relaxed | None:
    """The strengthened linear relaxation over the candidates `k`; None when time was too short."""
    solver = _highs(a, k, _rows(a, k, Limits.whole(a), rounded=True), seconds, whole=False)
    solver.run()
    if not is_solved(solver):
        return None
    value = worth_of(solver)
    return Relaxed(value + MARGIN * (1 + abs(value)), np.asarray(solver.getSolution().col_dual))


def choose(
    a: Arrays, k: Ints, limits: Limits, start: Ints, seconds: float, gap: float = 0.0, nodes: int = 0
) -> Found:
    """The best choice among the candidates `k` within `limits`, begun from the columns `start`.

    `gap`: how far (relative) from the best it may stop. `nodes`: stop after so many, 0 is no end.
    """
    if not len(k):
        return Found(k, 0.0, best=True, impossible=bool(np.any(limits.floor > MARGIN)))
    solver = _highs(a, k, _rows(a, k, limits, rounded=True), seconds, whole=True)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_abs_gap", 1e-9)
    if nodes:
        solver.setOptionValue("mip_max_nodes", nodes)
    if len(start):
        first = highspy.HighsSolution()
        first.col_value = list(np.isin(k, start).astype(np.float64))
        solver.setSolution(first)
    solver.run()
    return _found(solver, k)


def _found(solver: highspy.Highs, k: Ints) -> Found:
    info, status = solver.getInfo(), solver.getModelStatus()
    bound = -info.mip_dual_bound
    best = status == highspy.HighsModelStatus.kOptimal
    impossible = status == highspy.HighsModelStatus.kInfeasible
    nothing = info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible
    value = np.zeros(0) if nothing else np.asarray(solver.getSolution().col_value)
    columns = k[np.flatnonzero(value > 0.5)]
    return Found(columns, bound + MARGIN * (1 + abs(bound)), best and not nothing, impossible)


def plain_prices(a: Arrays, k: Ints, seconds: float) -> dict[str, Floats]:
    """Prices of seats, guidance, half-days and coach hours from the plain linear relaxation, in scaled units."""
    rows = _rows(a, k, Limits.whole(a), rounded=False)
    sizes = {"seat": len(a.seats), "support": len(a.room), "coach": len(a.coach_room)}
    sizes |= {f"day{d}": len(a.room) for d in range(HALF_DAYS)}
    prices = {name: np.zeros(size) for name, size in sizes.items()}
    solver = _highs(a, k, rows, seconds, whole=False)
    solver.run()
    if not is_solved(solver):
        return prices
    dual = -np.asarray(solver.getSolution().row_dual)
    for name, price in prices.items():
        binding, first = rows.kinds[name]
        price[binding] = np.maximum(0, dual[first : first + len(binding)])
    return prices
