"""Many good fillings of every host, not only its best: what `master.py` chooses among.

A *filling* is what one host takes together: some columns, within its seats, guidance and places. At given prices of persons,
coaches and groups a filling has a profit; `near_best` lists those that come within `slack` of their host's best.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stapsteen.matching.engine.dual import Prices, profits
from stapsteen.matching.engine.hostfill import (
    Desk,
    arrange,
    fill,
    has_places,
    make_desk,
    move_places,
    reduce,
    standing,
    upper,
)
from stapsteen.matching.engine.jit import inlined, inner, kernel
from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.problem import Floats, Ints

HALVINGS = 8
"""How often a host with too many fillings gets half the slack."""


class Fillings(NamedTuple):
    """Q fillings. Columns of filling q, ascending: columns[start[q]:start[q + 1]]."""

    columns: Ints
    start: Ints  # Q + 1
    host: Ints  # Q


@inlined
def is_worse(a: Arrays, profit: Floats, desk: Desk, first: int, n: int, c: int) -> bool:
    """Whether a candidate of the same person at the same task asks nothing more of anybody and is worth as much."""
    for q in range(first, n):
        e = desk.column[q]
        if (
            a.task[e] == a.task[c]
            and a.days[e] & a.days[c] == a.days[e]
            and a.hours[e] <= a.hours[c]
            and a.worth[e] >= a.worth[c]
            and a.gain[e] >= a.gain[c]
        ):
            return True
    return False


@inlined
def gather_all(a: Arrays, profit: Floats, h: int, desk: Desk, slack: float) -> int:
    """Lay every column on the desk that can be in a filling within `slack` of the best; how many sets (of a person each)."""
    sets, n, c, end = 0, 0, a.host_start[h], a.host_start[h + 1]
    places = a.places[h]
    while c < end:
        i, first = a.person[c], n
        weight = a.support[i]
        while c < end and a.person[c] == i:
            can = profit[c] >= -slack and weight <= a.room[h] and a.seats[a.task[c]] > 0
            if can and has_places(a.days[c], places) and not is_worse(a, profit, desk, first, n, c):
                desk.column[n] = c
                n += 1
            c += 1
        if n > first:
            desk.start[sets] = first
            desk.weight[sets] = weight
            sets += 1
    desk.start[sets] = n
    return sets


class Book(NamedTuple):
    """Where a host's fillings are written, each `wide` places."""

    columns: Ints  # most x wide
    size: Ints  # most


@inner
def write_down(desk: Desk, level: int, book: Book, count: int) -> None:
    """Filling `count`: what is chosen on the desk, ascending."""
    for k in range(level):
        c, at = desk.chosen[k], k
        while at > 0 and book.columns[count, at - 1] > c:
            book.columns[count, at] = book.columns[count, at - 1]
            at -= 1
        book.columns[count, at] = c
    book.size[count] = level


@inner
def list_host(
    a: Arrays, p: Prices, profit: Floats, h: int, desk: Desk, cut: float, slack: float, limit: int, book: Book
) -> tuple[int, bool]:
    """Fillings of host h with a profit of at least `cut`: how many, and whether that is all of them.

    The walk is that of hostfill.search, written out: with its steps as functions of their own this loop took 27 times as long.
    """
    sets = gather_all(a, profit, h, desk, slack)
    if sets == 0:
        return 0, True
    reduce(a, profit, sets, desk, p.day[h], p.seat)
    arrange(desk, sets, np.argsort(desk.key[:sets]))
    places, n = a.places[h], desk.start[sets]
    most, wide = book.columns.shape
    count, steps, level, all_of_them = 0, 0, 0, True
    desk.at[0], desk.room[0], desk.value[0] = 0, a.room[h], 0.0
    desk.bound[0] = standing(a, h, p.day[h], p.seat)
    while level >= 0:
        q, room = desk.at[level], desk.room[level]
        done = q >= n
        if not done and desk.start[desk.owner[q]] == q:
            done = desk.bound[level] + upper(desk, desk.owner[q], sets, room) < cut
        if not done and (level >= wide or steps >= limit or count >= most):
            done, all_of_them = True, False
        if done:
            level -= 1
            if level >= 0:
                a.seats[a.task[desk.chosen[level]]] += 1
                move_places(a.days[desk.chosen[level]], places, 1)
            continue
        desk.at[level] = q + 1
        c, weight = desk.column[q], desk.weight[desk.owner[q]]
        if weight > room or a.seats[a.task[c]] <= 0 or not has_places(a.days[c], places):
            continue
        steps += 1
        a.seats[a.task[c]] -= 1
        move_places(a.days[c], places, -1)
        desk.chosen[level] = c
        level += 1
        desk.room[level] = room - weight
        desk.bound[level] = desk.bound[level - 1] + desk.reduced[q]
        desk.value[level] = desk.value[level - 1] + profit[c]
        desk.at[level] = desk.start[desk.owner[q] + 1]
        if desk.value[level] >= cut:
            write_down(desk, level, book, count)
            count += 1
    return count, all_of_them


@inner
def longer(numbers: Ints, size: int) -> Ints:
    """The same numbers with room for `size`, doubled until it fits."""
    if size <= len(numbers):
        return numbers
    new = np.zeros(max(size, 2 * len(numbers)), np.int64)
    new[: len(numbers)] = numbers
    return new


@kernel
def near_best(
    a: Arrays, p: Prices, slack: float, limit: int, effort: int, most: int, wide: int
) -> tuple[Ints, Ints, Ints, Floats, float, bool]:
    """At prices `p` of persons, coaches and groups: every host's best filling, and those within `slack` of it.

    At most `most` of a host (else with half the slack, and so on), of at most `wide` columns; `limit` search steps per host
    for the best one, `effort` for the others.
    Returns columns, start and host (see Fillings), the best profit per host, a proven bound of any answer, and whether
    every filling within the slack is there.
    """
    desk, profit, best = make_desk(a), np.empty(len(a.worth)), np.zeros(len(a.room))
    book = Book(np.zeros((most, wide), np.int64), np.zeros(most, np.int64))
    columns, start, host = np.zeros(1024, np.int64), np.zeros(1024, np.int64), np.zeros(1024, np.int64)
    used, number, everything = 0, 0, True
    profits(a, p, profit)
    total = p.person.sum() + (p.coach * a.coach_room).sum() - (p.group * a.floor).sum()
    for h in range(len(a.room)):
        best[h], bound, count = fill(a, profit, h, desk, p.day[h], p.seat, limit, 0.0)
        total += bound
        everything &= bound <= best[h] + 1e-9
        columns, host = longer(columns, used + count), longer(host, number + 1)
        start = longer(start, number + 2)
        if count:
            columns[used : used + count] = np.sort(desk.pick[:count])
            used, host[number], number = used + count, h, number + 1
            start[number] = used
        narrow = slack
        found, whole = list_host(a, p, profit, h, desk, best[h] - slack, slack, effort, book)
        for _ in range(HALVINGS):
            if whole:
                break
            everything, narrow = False, narrow / 2
            found, whole = list_host(a, p, profit, h, desk, best[h] - narrow, narrow, effort, book)
        everything &= whole
        columns, host = longer(columns, used + int(book.size[:found].sum())), longer(host, number + found)
        start = longer(start, number + found + 1)
        for k in range(found):
            size = book.size[k]
            columns[used : used + size] = book.columns[k, :size]
            used, host[number], number = used + size, h, number + 1
            start[number] = used
    return columns[:used].copy(), start[: number + 1].copy(), host[:number].copy(), best, total, everything


@kernel
def profit_of_columns(a: Arrays, p: Prices) -> Floats:
    """C: what each column leaves after its person's and coach's price."""
    profit = np.empty(len(a.worth))
    profits(a, p, profit)
    return profit
