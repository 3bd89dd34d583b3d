"""The best filling of ONE host: who, at which task, on which half-days, within its seats, guidance and places.

A depth-first search with bounds. A host holds few people (about three), so this is nearly always exact; where it
isn't within `limit` steps, the bound returned with the answer stays valid. It is what makes the engine's bound tighter
than the linear relaxation: the limits of a host are kept whole, only persons and coaches get a price
(Dantzig-Wolfe decomposition by host, as in G. B. Dantzig and P. Wolfe, Operations Research 8, 1960).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stapsteen.matching.engine.jit import inlined, inner
from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.problem import HALF_DAYS, Floats, Ints

TINY = 1e-12


class Desk(NamedTuple):
    """Room to work in, made once, used for every host. A *set* is the columns of one person at the host."""

    column: Ints  # candidates, set by set
    start: Ints  # first candidate of each set
    best: Floats  # per set: highest reduced profit
    weight: Floats  # per set: guidance needed
    top: Ints  # per set: the candidate with the highest reduced profit
    key: Floats
    reduced: Floats  # per candidate: profit less the prices of seat and half-days
    owner: Ints  # per candidate, in order: its set
    pick: Ints  # the answer: columns
    at: Ints  # per depth of the search: next candidate
    room: Floats
    bound: Floats
    value: Floats
    chosen: Ints
    days_used: Floats  # 10
    seats_used: Floats  # per task of the host


@inner
def make_desk(a: Arrays) -> Desk:
    size, tasks = 2, 1
    for h in range(len(a.room)):
        size = max(size, a.host_start[h + 1] - a.host_start[h] + 2)
        tasks = max(tasks, a.task_start[h + 1] - a.task_start[h])
    whole, real = np.zeros((7, size), np.int64), np.zeros((7, size))
    return Desk(
        whole[0], whole[1], real[0], real[1], whole[2], real[2], real[3], whole[3], whole[4], whole[5],
        real[4], real[5], real[6], whole[6], np.zeros(HALF_DAYS), np.zeros(tasks),
    )  # fmt: skip


@inner
def has_places(days: int, places: Ints) -> bool:
    k = 0
    while days:
        if days & 1 and places[k] <= 0:
            return False
        days >>= 1
        k += 1
    return True


@inner
def move_places(days: int, places: Ints, by: int) -> None:
    k = 0
    while days:
        if days & 1:
            places[k] += by
        days >>= 1
        k += 1


@inner
def days_price(days: int, price: Floats) -> float:
    total, k = 0.0, 0
    while days:
        if days & 1:
            total += price[k]
        days >>= 1
        k += 1
    return total


@inlined
def is_beaten(a: Arrays, profit: Floats, desk: Desk, first: int, n: int, c: int) -> bool:
    """Whether a candidate of the same person at the same task asks fewer half-days and brings as much."""
    for q in range(first, n):
        e = desk.column[q]
        if a.task[e] == a.task[c] and a.days[e] & a.days[c] == a.days[e] and profit[e] >= profit[c]:
            return True
    return False


@inlined
def gather(a: Arrays, profit: Floats, h: int, desk: Desk) -> int:
    """Lay the columns that could do any good on the desk, a set per person; how many sets."""
    sets, n, c, end = 0, 0, a.host_start[h], a.host_start[h + 1]
    places = a.places[h]
    while c < end:
        i, first = a.person[c], n
        weight = a.support[i]
        while c < end and a.person[c] == i:
            open_seat = profit[c] > TINY and weight <= a.room[h] and a.seats[a.task[c]] > 0
            if open_seat and has_places(a.days[c], places) and not is_beaten(a, profit, desk, first, n, c):
                desk.column[n] = c
                n += 1
            c += 1
        if n > first:
            desk.start[sets] = first
            desk.weight[sets] = weight
            sets += 1
    desk.start[sets] = n
    return sets


@inlined
def reduce(a: Arrays, profit: Floats, sets: int, desk: Desk, day_price: Floats, seat_price: Floats) -> None:
    """Profit less the prices of seat and half-days, and each set's best of it per unit of guidance."""
    for g in range(sets):
        best = -1e300
        for q in range(desk.start[g], desk.start[g + 1]):
            c = desk.column[q]
            left = profit[c] - seat_price[a.task[c]] - days_price(a.days[c], day_price)
            desk.reduced[q] = left
            if left > best:
                best = left
                desk.top[g] = q
        desk.best[g] = best
        weight = desk.weight[g]
        desk.key[g] = -best / weight if weight > 0 else (-1e30 if best > 0 else 1e30)


@inlined
def relaxed(a: Arrays, h: int, desk: Desk, order: Ints) -> float:
    """Value of the fractional knapsack of sets in this order; notes which half-days and seats it uses."""
    total, room = 0.0, a.room[h]
    desk.days_used[:] = 0
    desk.seats_used[:] = 0
    for g in order:
        if desk.best[g] <= 0 or room < 0 or (room == 0 and desk.weight[g] > 0):
            break
        part = 1.0 if desk.weight[g] <= room else room / desk.weight[g]
        room -= part * desk.weight[g]
        total += part * desk.best[g]
        c = desk.column[desk.top[g]]
        desk.seats_used[a.task[c] - a.task_start[h]] += part
        days, k = a.days[c], 0
        while days:
            if days & 1:
                desk.days_used[k] += part
            days >>= 1
            k += 1
    return total


@inner
def standing(a: Arrays, h: int, day_price: Floats, seat_price: Floats) -> float:
    """What the host's seats and places cost at these prices."""
    total = 0.0
    for k in range(HALF_DAYS):
        total += day_price[k] * a.places[h, k]
    for t in range(a.task_start[h], a.task_start[h + 1]):
        total += seat_price[t] * a.seats[t]
    return total


@inner
def move_prices(a: Arrays, h: int, desk: Desk, day_price: Floats, seat_price: Floats, step: float) -> None:
    """Dearer where the relaxed answer uses too much, cheaper where too little."""
    for k in range(HALF_DAYS):
        day_price[k] = max(0.0, day_price[k] + step * (desk.days_used[k] - a.places[h, k]))
    first = a.task_start[h]
    for t in range(first, a.task_start[h + 1]):
        seat_price[t] = max(0.0, seat_price[t] + step * (desk.seats_used[t - first] - a.seats[t]))


@inner
def arrange(desk: Desk, sets: int, order: Ints) -> None:
    """Put the sets in this order."""
    n = desk.start[sets]
    column, reduced = desk.column[:n].copy(), desk.reduced[:n].copy()
    start, best, weight = desk.start[: sets + 1].copy(), desk.best[:sets].copy(), desk.weight[:sets].copy()
    k = 0
    for r in range(sets):
        g = order[r]
        desk.best[r], desk.weight[r], desk.start[r] = best[g], weight[g], k
        for q in range(start[g], start[g + 1]):
            desk.column[k], desk.reduced[k], desk.owner[k] = column[q], reduced[q], r
            k += 1
    desk.start[sets] = n


@inlined
def upper(desk: Desk, g: int, sets: int, room: float) -> float:
    """Most that the sets from `g` on can bring in this much guidance: the fractional knapsack."""
    total = 0.0
    while g < sets and desk.best[g] > 0:
        weight = desk.weight[g]
        if weight > room:
            return total + (desk.best[g] * room / weight if room > 0 else 0.0)
        total += desk.best[g]
        room -= weight
        g += 1
    return total


@inner
def open_bound(desk: Desk, sets: int, level: int) -> float:
    """Most that the parts not yet searched can bring."""
    most, n = 0.0, desk.start[sets]
    for deep in range(level + 1):
        q = desk.at[deep]
        if q < n:
            most = max(most, desk.bound[deep] + upper(desk, desk.owner[q], sets, desk.room[deep]))
    return most


@inner
def search(
    a: Arrays, profit: Floats, h: int, desk: Desk, sets: int, fixed_cost: float, limit: int
) -> tuple[float, float, int]:
    """Best value, its bound, how many columns (in desk.pick). Stops after `limit` steps."""
    places, n = a.places[h], desk.start[sets]
    best, most, count, steps, level = 0.0, 0.0, 0, 0, 0
    desk.at[0], desk.room[0], desk.bound[0], desk.value[0] = 0, a.room[h], fixed_cost, 0.0
    while level >= 0:
        q, room = desk.at[level], desk.room[level]
        done = q >= n
        if not done and desk.start[desk.owner[q]] == q:
            done = desk.bound[level] + upper(desk, desk.owner[q], sets, room) <= best + 1e-10
        if not done and steps >= limit and most == 0.0:
            most = open_bound(desk, sets, level)
        if done or steps >= limit:
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
        if desk.value[level] > best:
            best, count = desk.value[level], level
            desk.pick[:level] = desk.chosen[:level]
    return best, max(best, most), count


@inner
def fill(
    a: Arrays,
    profit: Floats,
    h: int,
    desk: Desk,
    day_price: Floats,
    seat_price: Floats,
    limit: int,
    step: float,
) -> tuple[float, float, int]:
    """Best value of host `h` with these profits per column, a bound of it, and how many columns (in desk.pick).

    `day_price` (10) and `seat_price` (m) help to bound; with `step` > 0 they learn: one move of a subgradient.
    """
    sets = gather(a, profit, h, desk)
    if sets == 0:
        return 0.0, 0.0, 0
    reduce(a, profit, sets, desk, day_price, seat_price)
    order = np.argsort(desk.key[:sets])
    fixed_cost = standing(a, h, day_price, seat_price)
    most = fixed_cost + relaxed(a, h, desk, order)
    if step > 0:
        move_prices(a, h, desk, day_price, seat_price, step)
        reduce(a, profit, sets, desk, day_price, seat_price)
        order = np.argsort(desk.key[:sets])
        fixed_cost = standing(a, h, day_price, seat_price)
    arrange(desk, sets, order)
    best, bound, count = search(a, profit, h, desk, sets, fixed_cost, limit)
    return best, max(best, min(bound, most)), count
