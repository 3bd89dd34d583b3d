"""From prices to an answer: every host in turn takes the people it is worth most with, the rest makes way.

While `trust` falls from 1 to 0, taking somebody costs first that person's price (what others would have), at the end
what the person is worth where they are now: from the relaxed answer to one that only improves. Limits hold at every moment.
"""

from __future__ import annotations

import numpy as np

from stapsteen.matching.engine.dual import Prices, weight_of
from stapsteen.matching.engine.hostfill import Desk, fill, make_desk
from stapsteen.matching.engine.jit import inlined, inner, kernel
from stapsteen.matching.engine.layout import Arrays
from stapsteen.matching.engine.problem import Floats, Ints


@inner
def price_host(
    a: Arrays,
    p: Prices,
    extra: Floats,
    h: int,
    chosen: Ints,
    coach_room: Floats,
    trust: float,
    profit: Floats,
) -> float:
    """Profit of each column of host h, given where everybody is; returns that of the people who are there now."""
    now, c, end = 0.0, a.host_start[h], a.host_start[h + 1]
    while c < end:
        i = a.person[c]
        at, weight = chosen[i], extra[i]
        cost, room, hour = trust * p.person[i], coach_room[a.coach[i]], trust * p.coach[a.coach[i]]
        if at >= 0:
            room += a.hours[at]
            if a.host[at] != h:
                cost += (1 - trust) * (a.worth[at] + weight * a.gain[at])
            else:
                now += a.worth[at] + weight * a.gain[at] - cost - hour * a.hours[at]
        while c < end and a.person[c] == i:
            fits = a.hours[c] <= room
            profit[c] = a.worth[c] + weight * a.gain[c] - cost - hour * a.hours[c] if fits else -1.0
            c += 1
    return now


@inner
def empty(a: Arrays, h: int, chosen: Ints, coach_room: Floats) -> None:
    for c in range(a.host_start[h], a.host_start[h + 1]):
        i = a.person[c]
        if chosen[i] == c:
            coach_room[a.coach[i]] += a.hours[c]
            chosen[i] = -1


@inlined
def seat(a: Arrays, c: int, chosen: Ints, coach_room: Floats) -> None:
    """Put the person of column c there, out of where they are; nowhere when the coach's hours don't allow it."""
    i = a.person[c]
    k = a.coach[i]
    if chosen[i] >= 0:
        coach_room[k] += a.hours[chosen[i]]
        chosen[i] = -1
    if a.hours[c] <= coach_room[k]:
        coach_room[k] -= a.hours[c]
        chosen[i] = c


@inner
def refill(
    a: Arrays,
    p: Prices,
    extra: Floats,
    chosen: Ints,
    coach_room: Floats,
    order: Ints,
    trust: float,
    limit: int,
    desk: Desk,
) -> int:
    """One pass over the hosts in this order; how many changed."""
    profit, changed = np.empty(len(a.worth)), 0
    for h in order:
        now = price_host(a, p, extra, h, chosen, coach_room, trust, profit)
        best, _, count = fill(a, profit, h, desk, p.day[h], p.seat, limit, 0.0)
        if best <= now + 1e-9:
            continue
        changed += 1
        empty(a, h, chosen, coach_room)
        for c in desk.pick[:count]:
            seat(a, c, chosen, coach_room)
    return changed


@inner
def total(a: Arrays, extra: Floats, chosen: Ints) -> float:
    value = 0.0
    for i in range(len(chosen)):
        if chosen[i] >= 0:
            value += a.worth[chosen[i]] + extra[i] * a.gain[chosen[i]]
    return value


@kernel
def descend(
    a: Arrays,
    p: Prices,
    extra: Floats,
    chosen: Ints,
    coach_room: Floats,
    orders: Ints,
    first: float,
    limit: int,
) -> None:
    """Passes with falling trust, one per row of `orders`; the last fifth only improves."""
    desk, rounds = make_desk(a), len(orders)
    for k in range(rounds):
        trust = first * max(0.0, 1 - k / (0.8 * rounds))
        changed = refill(a, p, extra, chosen, coach_room, orders[k], trust, limit, desk)
        if trust == 0.0 and changed == 0:
            break


@kernel
def person_weights(a: Arrays, group_price: Floats) -> Floats:
    """n: how much more than itself each person's value counts."""
    extra = np.zeros(len(a.support))
    for i in range(len(extra)):
        extra[i] = weight_of(a, group_price, i)
    return extra
