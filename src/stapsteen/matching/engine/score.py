"""From people and tasks to what others work with: the columns of a problem, and the ranking for one person.

Which pairs may be and what each is worth: engine/pairs.py. Here the tasks are laid out by square, so that each person meets
only what is within reach; the best are kept, and what keeping only the best can have cost is certified.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stapsteen.matching.engine.pairs import (
    MODES,
    Grid,
    Model,
    Part,
    People,
    PriceList,
    Rule,
    Spread,
    Tasks,
    finish,
    finish_priced,
    one_person,
    parts_of,
    walk,
)
from stapsteen.matching.engine.problem import HALF_DAYS, Floats, Ints

THREADS = 2


@dataclass(frozen=True)
class Columns:
    """Possible proposals, person by person, best first."""

    person: Ints
    task: Ints
    halfdays: Ints
    value: Floats
    coach_hours: Floats
    possible: Ints  # n: pairs that no rule deletes, before only the best were kept


@dataclass(frozen=True)
class Suggestion:
    """One task for one person: its chance and each part of it in log-odds, by Part."""

    task: int
    chance: float
    parts: dict[Part, float]


@dataclass(frozen=True)
class Almost:
    """Tasks that only this one rule stands in the way of, and the best among them."""

    rule: Rule
    count: int
    best_task: int
    best_chance: float


def lay_grid(tasks: Tasks, size: float = 4.0) -> tuple[Grid, Tasks]:
    """Tasks ordered by square."""
    m = len(tasks.x)
    west, south = (float(a.min()) if m else 0.0 for a in (tasks.x, tasks.y))
    column = ((tasks.x - west) // size).astype(np.int64)
    row = ((tasks.y - south) // size).astype(np.int64)
    wide, high = (int(a.max()) + 1 if m else 1 for a in (column, row))
    square = row * wide + column
    order = np.argsort(square, kind="stable")
    start = np.searchsorted(square[order], np.arange(wide * high + 1))
    return Grid(size, west, south, wide, high, start, order), Tasks._make(array[order] for array in tasks)


def _walk(
    people: People, placed: Tasks, model: Model, grid: Grid, prices: PriceList | None, keep: int
) -> Spread:
    """All pairs, on two threads."""
    n, priced = len(people.x), prices is not None
    out = Spread(np.full((n, keep), -np.inf), np.full((n, keep), -1), np.zeros(n, np.int64), np.zeros(n))
    host = np.ascontiguousarray((model.host[:, None] + model.host_need).T)
    empty, reaches = np.zeros(0), _reaches(people.reach)
    p = prices or PriceList(empty, empty, np.zeros((0, HALF_DAYS)), empty, empty)
    edges = np.linspace(0, n, THREADS + 1).astype(int).tolist()
    with ThreadPoolExecutor(THREADS) as pool:
        parts = [
            pool.submit(walk, people, placed, model, grid, host, p, priced, reaches, a, b, out)
            for a, b in pairwise(edges)
        ]
    for part in parts:
        part.result()
    return out


def _reaches(reach: Floats) -> Floats:
    """n x 16: how far by the best of these ways together."""
    ways = np.arange(1 << MODES)[:, None] >> np.arange(MODES) & 1
    return np.ascontiguousarray((reach[:, None, :] * ways).max(2))


def score(people: People, tasks: Tasks, model: Model, keep: int = 40) -> Columns:
    """The `keep` best possible tasks of every person, as columns of a problem."""
    grid, placed = lay_grid(tasks)
    out = _walk(people, placed, model, grid, None, keep)
    room = np.concatenate([[0], np.cumsum(2 * (out.which >= 0).sum(1))])
    size = int(room[-1])
    person, task, days = (np.full(size, -1) for _ in range(3))
    value, start = np.zeros(size), room[:-1].copy()
    finish(people, placed, model, grid, out.odds, out.which, start, person, task, days, value)
    used = person >= 0
    who = person[used]
    return Columns(who, task[used], days[used], value[used], people.hours[who], out.seen)


def certified_loss(people: People, tasks: Tasks, model: Model, prices: PriceList) -> float:
    """What leaving out pairs can have cost at most: every possible pair priced, not only the kept.

    With the bound B of the kept columns at these prices, no answer over ALL pairs is worth more than B plus this.
    """
    return missing(people, tasks, model, prices, 1)[1]


def missing(
    people: People, tasks: Tasks, model: Model, prices: PriceList, keep: int
) -> tuple[Columns, float]:
    """The `keep` pairs of each person that pass the person's price most, as columns; and what `certified_loss` says."""
    grid, placed = lay_grid(tasks)
    out = _walk(people, placed, model, grid, prices._replace(seat=prices.seat[grid.task]), keep)
    size = int((out.which >= 0).sum())
    person, task, days = (np.full(size, -1) for _ in range(3))
    value = np.zeros(size)
    finish_priced(people, placed, model, grid, prices.day, out.which, person, task, days, value)
    return Columns(person, task, days, value, people.hours[person], out.seen), float(out.over.sum())


def look(people: People, tasks: Tasks, model: Model, i: int) -> tuple[Ints, Floats]:
    """m marks, bit r for rule r that person i fails at the task; m chances, 0 where more than one rule fails."""
    marks, chance = np.zeros(len(tasks.x), np.int64), np.zeros(len(tasks.x))
    one_person(people, tasks, model, i, marks, chance)
    return marks, chance


def rank_for_one(
    people: People, tasks: Tasks, model: Model, i: int, top: int = 20
) -> tuple[list[Suggestion], list[Almost]]:
    """The best tasks for person i with their reasons, and what one rule less would open."""
    marks, chance = look(people, tasks, model, i)
    able = np.flatnonzero(marks == 0)
    best = able[np.argsort(-chance[able], kind="stable")[:top]]
    told = [suggestion(people, tasks, model, i, int(j), float(chance[j])) for j in best]
    return told, [found for rule in Rule if (found := _almost(rule, marks, chance))]


def suggestion(people: People, tasks: Tasks, model: Model, i: int, j: int, chance: float) -> Suggestion:
    """Task j for person i, whose chance is known, with its reasons."""
    parts = parts_of(people, tasks, model, i, j)
    return Suggestion(j, chance, {part: float(parts[part]) for part in Part})


def _almost(rule: Rule, marks: Ints, chance: Floats) -> Almost | None:
    near = np.flatnonzero(marks == 1 << rule)
    if not len(near):
        return None
    best = int(near[chance[near].argmax()])
    return Almost(rule, len(near), best, float(chance[best]))
