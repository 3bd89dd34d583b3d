"""Rows that every whole choice of fillings meets and a mix of them may not: branching has less left to do.

Two kinds. What the persons of one coach fit together within the coach's hours (knapsack rows that cut off a given mix, found
exactly: E. A. Boyd, Operations Research Letters 14, 1993), and fillings that hold two of the same three persons or hosts
(see hours.triples).
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from stapsteen.matching.engine.branch import WHOLE, Choice
from stapsteen.matching.engine.hours import best_set, lifted, triples
from stapsteen.matching.engine.problem import Floats, Ints
from stapsteen.matching.engine.program import ENDLESS, Sparse, is_solved, program, worth_of

CELLS, FINE = 6_000, 4_000
"""Cells of a coach's time: up to so many where all hours are a whole number of them, else so many."""
EFFORT, FEWEST = 30_000_000, 500
"""Cells times items times items that widening a row may take (about a fiftieth of a second). A coach of so many persons that
fewer cells are left gets no rows: in cells that long next to nothing is cut off."""
NEARLY = 1e-3
"""Hours so near (in cells) to a whole number are one."""
ROUNDS, IDLE, LOWERS = 40, 3, 0.01
"""Rounds at most; rounds in a row that lower what is open by less than this share."""
ABOVE, HOURS_ABOVE = 0.02, 1e-3
"""So much a mix must break a row before it is worth having."""
LIVE, TRIPLES, AT_ONCE = 160, 20_000, 60
"""Persons and hosts that triples are sought among; triples looked at; rows that join at once."""
SETS = 60
"""Sets of persons that one row of hours may take to find."""


class Asked(NamedTuple):
    """What fillings ask of coaches. An item is a person with so many hours; they are ordered by coach, then person."""

    filling: Ints  # E: filling[e] holds item[e]
    item: Ints  # E
    person: Ints  # I
    coach: Ints  # I
    hours: Floats  # I
    room: Floats  # k


class Sharp(NamedTuple):
    """The choice with more rows and without the fillings that can't be in a better answer; `kept`: numbers of the others."""

    choice: Choice
    kept: Ints


class Row(NamedTuple):
    """Sum of part * filling <= most."""

    filling: Ints
    part: Floats
    most: float


class _Coach(NamedTuple):
    """Items of one coach in cells of time."""

    span: slice
    weight: Ints
    person: Ints
    cells: int


def sharpened(choice: Choice, asked: Asked, least: float, deadline: float) -> Sharp:
    """Rows are added until `deadline` (time.monotonic()) while they help; an answer worth `least` or less is not sought."""
    return _Sharpener(choice, asked, least, deadline).run()


class _Sharpener:
    def __init__(self, choice: Choice, asked: Asked, least: float, deadline: float) -> None:
        self.choice, self.asked, self.least, self.deadline = choice, asked, least, deadline
        self.size, self.kept = len(choice.worth), np.ones(len(choice.worth), bool)
        self.solver = program(
            choice.worth, choice.most, choice.parts, solver="simplex", simplex_strategy=1, presolve="off"
        )
        self.rows: list[Row] = []
        self.prices = np.zeros(len(choice.most))  # of every row; 1 for those not yet tried
        self.seen: set[tuple[int, ...]] = set()
        self.plain = choice.people + int(choice.host.max(initial=-1)) + 1
        own = choice.parts.row < self.plain
        self.near = choice.parts.column[own], choice.parts.row[own]
        self.coaches = list(_coaches(asked))

    def run(self) -> Sharp:
        before, idle = np.inf, 0
        for _ in range(ROUNDS):
            self.solver.run()
            if not is_solved(self.solver):
                break
            value = worth_of(self.solver)
            part = self._leave(value)
            idle = idle + 1 if before - value < LOWERS * (value - self.least) else 0
            before = value
            if value <= self.least or idle >= IDLE or time.monotonic() > self.deadline:
                break
            fresh = [*self._hours(part), *self._triples(part)]
            if not fresh:
                break
            self._add(fresh)
        return self._sharp()

    def _add(self, rows: list[Row]) -> None:
        for filling, part, most in rows:
            self.solver.addRow(-ENDLESS, most, len(filling), filling.astype(np.int32), part)
        self.rows += rows
        self.prices = np.append(self.prices, np.ones(len(rows)))

    def _leave(self, value: float) -> Floats:
        """Leave out the fillings that can't be in a better answer; how much of each is used."""
        answer = self.solver.getSolution()
        part, reduced = np.array(answer.col_value), -np.array(answer.col_dual)
        self.prices = -np.array(answer.row_dual)
        useless = np.flatnonzero(self.kept & (part < WHOLE) & (value + reduced <= self.least))
        if len(useless):
            self.kept[useless] = False
            zero = np.zeros(len(useless))
            self.solver.changeColsBounds(len(useless), useless.astype(np.int32), zero, zero)
        return part

    def _hours(self, part: Floats) -> list[Row]:
        """For each coach a row that this mix breaks, where there is one."""
        k, rows = self.asked, []
        used = np.clip(np.bincount(k.item, part[k.filling], minlength=len(k.person)), 0.0, 1.0)
        for one in self.coaches:
            item = row_of_hours(one.weight, one.person, one.cells, used[one.span])
            if item is None:
                continue
            every = np.zeros(len(k.person))
            every[one.span] = item
            of = np.bincount(k.filling, every[k.item], minlength=self.size)
            some = np.flatnonzero(of)
            rows.append(Row(some, of[some], 1.0))
        return rows

    def _triples(self, part: Floats) -> list[Row]:
        mixed = np.flatnonzero((part > WHOLE) & (part < 1 - WHOLE))
        number = np.full(self.size, -1)
        number[mixed] = np.arange(len(mixed))
        filling, row = self.near
        inside = number[filling] >= 0
        count = np.bincount(row[inside], minlength=self.plain)
        live = np.sort(np.argsort(-count, kind="stable")[: min(LIVE, int(np.count_nonzero(count > 1)))])
        if len(live) < 3:
            return []
        place = np.full(self.plain, -1)
        place[live] = np.arange(len(live))
        both = inside & (place[row] >= 0)
        near = np.zeros((len(live), len(mixed)))
        near[place[row[both]], number[filling[both]]] = 1.0
        found, amount = triples(near, part[mixed], TRIPLES, 1 + ABOVE)
        best = live[found[np.argsort(-amount, kind="stable")]]
        fresh = [three for three in map(tuple, best.tolist()) if three not in self.seen][:AT_ONCE]
        self.seen.update(fresh)
        return [self._triple(three) for three in fresh]

    def _triple(self, three: tuple[int, ...]) -> Row:
        filling, row = self.near
        some = np.flatnonzero(np.bincount(filling[np.isin(row, three)], minlength=self.size) >= 2)
        return Row(some, np.ones(len(some)), 1.0)

    def _sharp(self) -> Sharp:
        """With the rows that hold the last mix."""
        choice, first = self.choice, len(self.choice.most)
        rows = [row for row, price in zip(self.rows, self.prices[first:], strict=True) if price > 0]
        kept = np.flatnonzero(self.kept)
        number = np.full(self.size, -1)
        number[kept] = np.arange(len(kept))
        column = np.concatenate([choice.parts.column, *(row.filling for row in rows)])
        where = [choice.parts.row, *(np.full(len(row.filling), first + n) for n, row in enumerate(rows))]
        part = np.concatenate([choice.parts.part, *(row.part for row in rows)])
        stays = number[column] >= 0
        parts = Sparse.of(number[column[stays]], np.concatenate(where)[stays], part[stays], len(kept))
        most = np.append(choice.most, [row.most for row in rows])
        return Sharp(Choice(choice.worth[kept], parts, most, choice.people, choice.host[kept]), kept)


def _coaches(asked: Asked) -> list[_Coach]:
    """Those whose persons could ask more than they have."""
    edges, found = np.searchsorted(asked.coach, np.arange(len(asked.room) + 1)), []
    for c, room in enumerate(asked.room.tolist()):
        span = slice(edges[c], edges[c + 1])
        person, number = np.unique(asked.person[span], return_inverse=True)
        most = np.zeros(len(person))
        np.maximum.at(most, number, asked.hours[span])
        affordable = EFFORT // max(1, len(number)) ** 2
        if most.sum() > room > 0 and affordable >= FEWEST:
            cell = cell_of(asked.hours[span], room, affordable)
            # Rounded down, for the hours of one as for the room of all: whoever fit, fit in cells as well.
            weight = np.floor(asked.hours[span] / cell + NEARLY).astype(np.int64)
            cells = int(np.floor(room / cell + NEARLY * (len(person) + 1)))
            found.append(_Coach(span, weight, asked.person[span].copy(), cells))
    return found


def cell_of(hours: Floats, room: float, most: int = CELLS) -> float:
    """What all hours are a whole number of, when that leaves no more than `most` cells to the room; else a small part of it."""
    cell, least = 0.0, room / min(CELLS, most)
    for one in np.unique(hours).tolist():
        large, small = max(cell, one), min(cell, one)
        while small > least / 2:
            rest = large % small
            large, small = small, 0.0 if small - rest < least / 2 else rest
        cell = large
    longest = float(hours.max())
    cell = longest / max(1, round(longest / cell)) if cell > 0 else 0.0
    if cell < least or np.abs(hours / cell - np.round(hours / cell)).max() > NEARLY:
        return room / min(FINE, most)
    return cell


def row_of_hours(weight: Ints, person: Ints, cells: int, used: Floats) -> Floats | None:
    """Parts of the items of a coach that no set within the cells brings above 1 and that `used` does; None: there are none.

    Sought among the items used in part, with those used wholly taken as chosen; then widened to all items.
    """
    inside, some = np.flatnonzero(used > 1 - WHOLE), np.flatnonzero((used > WHOLE) & (used <= 1 - WHOLE))
    if len(some) and weight[some].max() > cells - weight[inside].sum():
        inside, some = inside[:0], np.flatnonzero(used > WHOLE)
    room = cells - int(weight[inside].sum())
    if not len(some) or weight[some].max() > room:
        return None
    found = _cutting(weight[some], person[some], room, used[some])
    if found is None:
        return None
    part = np.zeros(len(weight))
    part[some] = found
    rest = np.setdiff1d(np.arange(len(weight)), np.concatenate([some, inside]))
    # First the other hours of the same persons, then the longest.
    rest = rest[np.lexsort((-weight[rest], ~np.isin(person[rest], person[some])))]
    most = lifted(weight, person, part, inside[np.argsort(-weight[inside], kind="stable")], rest, cells)
    return part / most if part @ used > most * (1 + HOURS_ABOVE) else None


def _cutting(weight: Ints, person: Ints, cells: int, used: Floats) -> Floats | None:
    """Parts that `used` brings highest above what any set within the cells comes to, which is 1 at most."""
    count, none = len(weight), np.zeros(0)
    empty = Sparse(np.zeros(count + 1, np.int64), np.zeros(0, np.int64), none)
    solver = program(used, none, empty, solver="simplex", presolve="off")
    part = weight / cells
    for _ in range(SETS):
        worth, taken = best_set(weight, person, part, cells)
        if worth <= 1 + WHOLE:
            return np.where(part > WHOLE, part, 0.0)
        solver.addRow(-ENDLESS, 1.0, len(taken), np.sort(taken).astype(np.int32), np.ones(len(taken)))
        solver.run()
        if not is_solved(solver) or worth_of(solver) <= 1 + HOURS_ABOVE:
            return None
        part = np.array(solver.getSolution().col_value)
    return None
