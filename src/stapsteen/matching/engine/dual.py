"""Prices and the proven bound: what no answer can be worth more than, whatever any heuristic does.

`learn_prices` prices every limit (Lagrangian relaxation; each person then takes the best column left) and comes near
the linear relaxation. `tighten` keeps only the prices of persons and coaches and fills every host exactly (hostfill.py):
a bound below the linear relaxation. Every bound is evaluated at fixed prices >= 0, so it is valid however those were
found (A. M. Geoffrion, Mathematical Programming Study 2, 1974). Steps shrink geometrically, direction averaged.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stapsteen.matching.engine.hostfill import Desk, fill, make_desk, move_places
from stapsteen.matching.engine.jit import inlined, inner, kernel
from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.problem import HALF_DAYS, Floats, Ints

AVERAGE = 0.3
"""Weight of the newest direction."""


class Prices(NamedTuple):
    """What one more unit would be worth, all >= 0, scaled. `person` is what a person's best other place is worth."""

    support: Floats  # H
    seat: Floats  # m
    day: Floats  # H x 10
    coach: Floats  # k
    group: Floats  # g: extra weight of each group's value
    person: Floats  # n


class Left(NamedTuple):
    """How much of each limit is left over by the relaxed answer, averaged; also what a step needs of its own."""

    support: Floats
    seat: Floats
    day: Floats
    coach: Floats
    group: Floats
    person: Floats


def no_prices(a: Arrays) -> Prices:
    h, m, k, g, n = len(a.room), len(a.seats), len(a.coach_room), len(a.floor), len(a.support)
    return Prices(np.zeros(h), np.zeros(m), np.zeros((h, HALF_DAYS)), np.zeros(k), np.zeros(g), np.zeros(n))


def copied(prices: Prices) -> Prices:
    return Prices(*(array.copy() for array in prices))


@inlined
def weight_of(a: Arrays, group_price: Floats, i: int) -> float:
    """How much more than itself the value of person i counts."""
    return group_price[a.group[i]] if a.group[i] >= 0 else 0.0


@inner
def cost_of_limits(a: Arrays, p: Prices) -> float:
    """Every limit times its price: the constant of the bound."""
    total = 0.0
    for h in range(len(a.room)):
        total += p.support[h] * a.room[h]
        for k in range(HALF_DAYS):
            total += p.day[h, k] * a.places[h, k]
    for t in range(len(a.seats)):
        total += p.seat[t] * a.seats[t]
    for k in range(len(a.coach_room)):
        total += p.coach[k] * a.coach_room[k]
    for g in range(len(a.floor)):
        total -= p.group[g] * a.floor[g]
    return total


@inlined
def use(a: Arrays, left: Left, c: int) -> None:
    i, h = a.person[c], a.host[c]
    left.support[h] -= a.support[i]
    left.seat[a.task[c]] -= 1
    left.coach[a.coach[i]] -= a.hours[c]
    if a.group[i] >= 0:
        left.group[a.group[i]] += a.gain[c]
    move_places(a.days[c], left.day[h], -1)


@inner
def everyone_chooses(a: Arrays, p: Prices, left: Left, chosen: Ints) -> float:
    """The bound at these prices; sets p.person, what each limit has left, and each person's column (-1: none).

    Arrays get names before the loop: reading them out of their tuple inside it costs more than the work itself.
    """
    worth, gain, task, host, days, hours = a.worth, a.gain, a.task, a.host, a.days, a.hours
    start, columns, own_price = a.person_start, a.by_person, p.person
    seat_price, support_price, day_price = p.seat, p.support, p.day
    total = cost_of_limits(a, p)
    for i in range(len(own_price)):
        best, choice = 0.0, -1
        weight, hour, extra = a.support[i], p.coach[a.coach[i]], weight_of(a, p.group, i)
        for q in range(start[i], start[i + 1]):
            c = columns[q]
            rest = worth[c] + extra * gain[c] - seat_price[task[c]]
            if rest <= best:
                continue
            rest -= support_price[host[c]] * weight + hour * hours[c]
            bits, k = days[c], 0
            while bits and rest > best:
                if bits & 1:
                    rest -= day_price[host[c], k]
                bits >>= 1
                k += 1
            if rest > best:
                best, choice = rest, c
        own_price[i], chosen[i] = best, choice
        total += best
    left.support[:], left.seat[:], left.day[:], left.coach[:] = a.room, a.seats, a.places, a.coach_room
    left.group[:] = -a.floor
    for c in chosen:
        if c >= 0:
            use(a, left, c)
    return total


@inner
def shift(price: Floats, average: Floats, left: Floats, step: float, fresh: float) -> None:
    """One move of flat arrays: average what is left over, lower the price by it, never below zero."""
    for k in range(len(price)):
        average[k] += fresh * (left[k] - average[k])
        price[k] = max(0.0, price[k] - step * average[k])


@inner
def shift_scaled(
    price: Floats, average: Floats, left: Floats, size: Floats, step: float, fresh: float
) -> None:
    """The same for limits of many units: a step is a share of the whole limit."""
    for k in range(len(price)):
        average[k] += fresh * (left[k] - average[k])
        price[k] = max(0.0, price[k] - step * average[k] / (abs(size[k]) + 1))


@inner
def keep(best: Prices, now: Prices) -> None:
    best.support[:], best.seat[:], best.day[:], best.coach[:] = now.support, now.seat, now.day, now.coach
    best.group[:], best.person[:] = now.group, now.person


@kernel
def learn_prices(
    a: Arrays, p: Prices, best: Prices, left: Left, mean: Left, steps: Floats, low: float
) -> float:
    """A round per step, on from prices `p`; the best bound, its prices in `best`. `low` is the best bound so far."""
    chosen = np.empty(len(a.support), np.int64)
    for step in steps:
        bound = everyone_chooses(a, p, left, chosen)
        if bound < low:
            low = bound
            keep(best, p)
        shift(p.support, mean.support, left.support, 0.5 * step, AVERAGE)
        shift(p.seat, mean.seat, left.seat, step, AVERAGE)
        shift(p.day.reshape(-1), mean.day.reshape(-1), left.day.reshape(-1), step, AVERAGE)
        shift_scaled(p.coach, mean.coach, left.coach, a.coach_room, step, AVERAGE)
        shift_scaled(p.group, mean.group, left.group, a.floor, step, AVERAGE)
    return low


@inner
def profits(a: Arrays, p: Prices, profit: Floats) -> None:
    """What each column leaves after its person's and coach's price."""
    person, worth, gain, hours = a.person, a.worth, a.gain, a.hours
    own, hour, extra = p.person, np.zeros(len(a.support)), np.zeros(len(a.support))
    for i in range(len(own)):
        hour[i], extra[i] = p.coach[a.coach[i]], weight_of(a, p.group, i)
    for c in range(len(worth)):
        i = person[c]
        profit[c] = worth[c] + extra[i] * gain[c] - own[i] - hour[i] * hours[c]


@inner
def every_host_fills(
    a: Arrays, p: Prices, left: Left, profit: Floats, desk: Desk, limit: int, step: float
) -> float:
    """The bound with whole hosts at these prices of persons and coaches; what persons and coaches have left."""
    profits(a, p, profit)
    left.person[:], left.coach[:], left.group[:] = 1.0, a.coach_room, -a.floor
    total = p.person.sum()
    for k in range(len(a.coach_room)):
        total += p.coach[k] * a.coach_room[k]
    for g in range(len(a.floor)):
        total -= p.group[g] * a.floor[g]
    for h in range(len(a.room)):
        _, bound, count = fill(a, profit, h, desk, p.day[h], p.seat, limit, step)
        total += bound
        for c in desk.pick[:count]:
            i = a.person[c]
            left.person[i] -= 1.0
            left.coach[a.coach[i]] -= a.hours[c]
            if a.group[i] >= 0:
                left.group[a.group[i]] += a.gain[c]
    return total


@kernel
def tighten(
    a: Arrays, p: Prices, best: Prices, left: Left, mean: Left, limit: int, steps: Floats, low: float
) -> float:
    """As `learn_prices`, with whole hosts, a round per step. Needs prices that are already near."""
    desk, profit = make_desk(a), np.empty(len(a.worth))
    for step in steps:
        bound = every_host_fills(a, p, left, profit, desk, limit, 2 * step)
        if bound < low:
            low = bound
            keep(best, p)
        shift(p.person, mean.person, left.person, step, AVERAGE)
        shift_scaled(p.coach, mean.coach, left.coach, a.coach_room, step, AVERAGE)
        shift_scaled(p.group, mean.group, left.group, a.floor, step, AVERAGE)
    return low


@kernel
def certified(a: Arrays, p: Prices, left: Left, limit: int) -> float:
    """The bound at these prices with so many steps per host; nothing moves."""
    return every_host_fills(a, p, left, np.empty(len(a.worth)), make_desk(a), limit, 0.0)


def no_left(a: Arrays) -> Left:
    return Left(*no_prices(a))
