"""What a coach's hours can hold together: loops over the persons of one coach, in whole cells of time."""

from __future__ import annotations

import numpy as np

from stapsteen.matching.engine.jit import inner, kernel
from stapsteen.matching.engine.problem import Floats, Ints


@inner
def worth_in(
    weight: Ints, person: Ints, part: Floats, without: int, cells: int, best: Floats, new: Floats
) -> float:
    """The most that parts add up to within so many cells, one item of a person, none of person `without`.

    Items are ordered by person. `best` and `new`: room for `cells` + 1 numbers.
    """
    best[: cells + 1] = 0.0
    k, n = 0, len(weight)
    while k < n:
        i, touched = person[k], False
        while k < n and person[k] == i:
            w = weight[k]
            if part[k] > 0 and i != without and w <= cells:
                if not touched:
                    new[: cells + 1] = best[: cells + 1]
                    touched = True
                for c in range(w, cells + 1):
                    total = best[c - w] + part[k]
                    if total > new[c]:
                        new[c] = total
            k += 1
        if touched:
            best[: cells + 1] = new[: cells + 1]
    return best[cells]


@kernel
def best_set(weight: Ints, person: Ints, part: Floats, cells: int) -> tuple[float, Ints]:
    """The most that parts add up to within so many cells, one item of a person; and those items."""
    n = len(weight)
    best, new = np.zeros(cells + 1), np.zeros(cells + 1)
    taken = np.full((n, cells + 1), False)
    k = 0
    while k < n:
        i = person[k]
        first = k
        new[:] = best
        while k < n and person[k] == i:
            w = weight[k]
            if part[k] > 0 and w <= cells:
                for c in range(w, cells + 1):
                    total = best[c - w] + part[k]
                    if total > new[c]:
                        new[c] = total
                        for e in range(first, k):
                            taken[e, c] = False
                        taken[k, c] = True
            k += 1
        best[:] = new
    chosen, count, c, k = np.zeros(n, np.int64), 0, cells, n - 1
    while k >= 0:
        if taken[k, c]:
            chosen[count] = k
            count += 1
            c -= weight[k]
            i = person[k]
            while k >= 0 and person[k] == i:
                k -= 1
        else:
            k -= 1
    return best[cells], chosen[:count].copy()


@kernel
def lifted(weight: Ints, person: Ints, part: Floats, inside: Ints, outside: Ints, cells: int) -> float:
    """Widen a row over some items of a coach to all of them, in `part`; what it may add up to at most.

    `inside`: items that were taken as chosen, `outside`: items that were taken as not chosen, in the order to widen.
    (M. Padberg, Operations Research 23, 1975; E. Zemel, Mathematics of Operations Research 14, 1989.)
    """
    best, new = np.zeros(cells + 1), np.zeros(cells + 1)
    room = cells
    for k in inside:
        room -= weight[k]
    most = worth_in(weight, person, part, -1, room, best, new)
    for k in inside:
        room += weight[k]
        gain = worth_in(weight, person, part, person[k], room, best, new) - most
        part[k] = max(0.0, gain)
        most += part[k]
    for k in outside:
        if weight[k] <= cells:
            other = worth_in(weight, person, part, person[k], cells - weight[k], best, new)
            part[k] = max(0.0, most - other - 1e-9)
    return worth_in(weight, person, part, -1, cells, best, new)


@kernel
def triples(near: Floats, part: Floats, most: int, above: float) -> tuple[Ints, Floats]:
    """Of every three rows: how much of the fillings that are in two of them or more is used. Those above `above`.

    near: L x S, whether filling s is in row l; part: S. Returns three rows each, and the amounts; at most `most`.
    (M. Jepsen, B. Petersen, S. Spoorendonk and D. Pisinger, Operations Research 56, 2008.)
    """
    rows, size = near.shape
    found, amount, count = np.zeros((most, 3), np.int64), np.zeros(most), 0
    both, one = np.zeros(size), np.zeros(size)
    for i in range(rows):
        for j in range(i + 1, rows):
            start = 0.0
            reach = 0.0
            for s in range(size):
                two = near[i, s] + near[j, s]
                both[s] = part[s] if two == 2.0 else 0.0
                one[s] = part[s] if two == 1.0 else 0.0
                start += both[s]
                reach += one[s]
            if start + reach <= above:
                continue
            for k in range(j + 1, rows):
                total = start
                for s in range(size):
                    total += one[s] * near[k, s]
                if total > above and count < most:
                    found[count, 0], found[count, 1], found[count, 2] = i, j, k
                    amount[count] = total
                    count += 1
    return found[:count].copy(), amount[:count].copy()
