"""One person and one task: which pairs may be, what each is worth, and the loops that ask this of all of them.

Hard rules delete a pair, they never cost points. The value of what is left is the estimated chance to last, as gain
over the person's own baseline (so that whoever is easy to place isn't placed first), plus what waiting adds. Everything is
additive in log-odds, so that each part can be told as a reason. Machine code (engine/jit.py); `score` calls it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from stapsteen.matching.engine.jit import inlined, inner, kernel
from stapsteen.matching.engine.problem import Floats, Ints

DAYS = 21
"""Bits of half-days here: mornings, afternoons and evenings of a week. A price list may know fewer; the others are free."""
SKILLS, MODES = 4, 4
"""Listening, speaking, reading, writing; foot, bike, public transport, car."""
LEVELS = 8
"""Steps of a language are 0 (nothing) to 6; a person's level of 7 says that nobody knows yet."""
MOST = 3
"""Steps of Dutch above what is asked, and guidance left: more makes nobody a better match (engine/learning.py)."""
SMALLEST = 0.01
"""A possible pair is never worth nothing: somebody who may go somewhere counts."""
TINY = 1e-9


class Rule(IntEnum):
    """Why a pair can't be. Bit number in the marks of `failing`."""

    SEATS = 0  # no free seat
    HAZARD = 1  # something at the task that this person must avoid (allergy, no-go)
    LANGUAGE = 2  # the task asks more of one of the four skills
    SUPPORT = 3  # the host has less guidance free than the person needs, or none of that kind
    HALF_DAYS = 4  # too few half-days on which both can
    DISTANCE = 5  # no way to get there within what the person can travel
    REFUSED = 6  # somebody said no: no is no


class Part(IntEnum):
    """What the chance is made of, each in log-odds."""

    PERSON = 0  # the same everywhere for this person
    DISTANCE = 1
    LANGUAGE = 2  # what the person knows above what is asked, in the skill that is tightest
    WISH = 3  # a sector that the person asked for
    SUPPORT = 4  # guidance that the host has left with this person there
    SUBTASK = 5  # a part of a task, not the whole
    START = 6  # weeks until somebody can begin
    HOST = 7  # how this host's placements fared, shrunk towards the mean
    HOST_NEED = 8  # the same for this need


class People(NamedTuple):
    """n persons."""

    x: Floats  # km east
    y: Floats  # km north
    reach: Floats  # n x MODES, km; 0 for a way that isn't used
    language: Ints  # n x SKILLS, level
    avoid: Ints  # bits: what they must not meet
    wish: Ints  # bits: sectors asked for
    half_days: Ints  # bits: free
    support: Floats  # guidance needed
    kinds: Ints  # bits: of these kinds
    need: Ints  # kind of need, row in the model
    ease: Floats  # log-odds: Part.PERSON
    waiting: Floats  # what waiting adds to the value
    hours: Floats  # coach hours a week that a placement costs
    refused_start: Ints  # n + 1: refused tasks are refused[refused_start[i]:refused_start[i + 1]]
    refused: Ints


class Tasks(NamedTuple):
    """m tasks."""

    x: Floats
    y: Floats
    modes: Ints  # bits: ways to get there
    language: Ints  # m x SKILLS, level asked
    hazards: Ints  # bits
    sector: Ints
    half_days: Ints  # bits: on offer
    days: Ints  # how many of them somebody does, 1-3
    seats: Ints
    host: Ints
    host_support: Floats  # free guidance at the host
    full: Ints  # bits: kinds of support that the host can't give
    part: Ints  # 1 for a part of a task, else 0
    weeks: Floats  # until somebody can begin


class Model(NamedTuple):
    """Weights, log-odds."""

    intercept: float
    per_km: float
    per_level: float
    wish: float
    per_support: float
    part: float
    per_week: float
    host: Floats  # hosts
    host_need: Floats  # hosts x needs
    no_creaming: float  # 0: rank by chance; 1: by gain over the person's own baseline


class PriceList(NamedTuple):
    """Prices of every limit, in the units of value."""

    seat: Floats  # m
    support: Floats  # H
    day: Floats  # H x 10
    hour: Floats  # n: of the person's coach
    person: Floats  # n: what the person's best kept column leaves


@inner
def count_bits(bits: int) -> int:
    count = 0
    while bits:
        bits &= bits - 1
        count += 1
    return count


@inner
def said_no(refused: Ints, start: int, end: int, task: int) -> bool:
    found = False
    for k in range(start, end):
        found |= refused[k] == task
    return found


@inner
def speaks(language: Ints, i: int, asked: Ints, j: int) -> bool:
    enough = True
    for skill in range(SKILLS):
        enough &= asked[j, skill] <= language[i, skill]
    return enough


@inner
def margin(language: Ints, i: int, asked: Ints, j: int) -> int:
    """Steps above what is asked in the tightest skill, at most MOST; 0 where nothing is asked or nothing is known."""
    least = LEVELS
    for skill in range(SKILLS):
        if asked[j, skill] > 0 and language[i, skill] < LEVELS - 1:
            least = min(least, language[i, skill] - asked[j, skill])
    return 0 if least == LEVELS else min(MOST, least)


@inner
def farthest(reach: Floats, i: int, modes: int) -> float:
    most = 0.0
    for mode in range(MODES):
        if modes >> mode & 1:
            most = max(most, reach[i, mode])
    return most


@inlined
def failing(people: People, tasks: Tasks, i: int, j: int) -> int:
    """Bits of the rules that this pair fails."""
    east, north = tasks.x[j] - people.x[i], tasks.y[j] - people.y[i]
    reach = farthest(people.reach, i, tasks.modes[j])
    short = people.support[i] > tasks.host_support[j] or (people.kinds[i] & tasks.full[j]) != 0
    marks = int(tasks.seats[j] <= 0)
    marks |= int((people.avoid[i] & tasks.hazards[j]) != 0) << 1
    marks |= int(not speaks(people.language, i, tasks.language, j)) << 2
    marks |= int(short) << 3
    marks |= int(count_bits(people.half_days[i] & tasks.half_days[j]) < tasks.days[j]) << 4
    marks |= int(reach <= 0.0 or east * east + north * north > reach * reach) << 5
    marks |= int(said_no(people.refused, people.refused_start[i], people.refused_start[i + 1], j)) << 6
    return marks


@inlined
def log_odds(people: People, tasks: Tasks, model: Model, i: int, j: int, parts: Floats) -> float:
    """The sum of the parts, which are written to `parts` (one for each Part)."""
    need, host = people.need[i], tasks.host[j]
    east, north = tasks.x[j] - people.x[i], tasks.y[j] - people.y[i]
    parts[0] = model.intercept + people.ease[i]
    parts[1] = model.per_km * np.sqrt(east * east + north * north)
    parts[2] = model.per_level * margin(people.language, i, tasks.language, j)
    parts[3] = model.wish if people.wish[i] >> tasks.sector[j] & 1 else 0.0
    parts[4] = model.per_support * min(float(MOST), tasks.host_support[j] - people.support[i])
    parts[5] = model.part * tasks.part[j]
    parts[6] = model.per_week * tasks.weeks[j]
    parts[7] = model.host[host]
    parts[8] = model.host_need[host, need]
    return parts.sum()


@inlined
def value_of(people: People, model: Model, i: int, odds: float) -> float:
    """Chance to last as gain over the person's own baseline, plus waiting."""
    own = 1.0 / (1.0 + np.exp(-(model.intercept + people.ease[i])))
    usual = 1.0 / (1.0 + np.exp(-model.intercept))
    chance = 1.0 / (1.0 + np.exp(-odds))
    return max(SMALLEST, chance + model.no_creaming * (usual - own) + people.waiting[i])


class Grid(NamedTuple):
    """Tasks by square of `size` km: those of square s are start[s]:start[s + 1] in the grid's order."""

    size: float
    west: float
    south: float
    wide: int
    high: int
    start: Ints
    task: Ints  # number of each task before it was ordered


@inner
def squares(size: float, low: float, high: float, edge: float, most: int) -> tuple[int, int]:
    first, last = int((low - edge) // size), int((high - edge) // size)
    return max(0, first), min(most - 1, last)


@inner
def offer(odds: float, j: int, best: Floats, which: Ints, i: int, count: int) -> int:
    """Keep the highest of row i, unordered, the lowest of them at place 0; how many there are."""
    size = best.shape[1]
    if count == size:
        if odds <= best[i, 0]:
            return count
        best[i, 0], which[i, 0] = odds, j
    else:
        best[i, count], which[i, count] = odds, j
        count += 1
        if count < size:
            return count
    low = 0
    for k in range(1, count):
        if best[i, k] < best[i, low]:
            low = k
    best[i, 0], best[i, low] = best[i, low], best[i, 0]
    which[i, 0], which[i, low] = which[i, low], which[i, 0]
    return count


@inner
def offer_gain(gain: float, j: int, best: Floats, which: Ints, i: int, count: int) -> int:
    """The same, for what is a gain at all."""
    return offer(gain, j, best, which, i, count) if gain > TINY else count


class Spread(NamedTuple):
    """What walking over all pairs writes: K best tasks per person, or how far any pair passes the person's price."""

    odds: Floats  # n x K
    which: Ints  # n x K, -1 where fewer
    seen: Ints  # n: possible pairs
    over: Floats  # n


@kernel
def walk(
    people: People,
    tasks: Tasks,
    model: Model,
    grid: Grid,
    host: Floats,
    p: PriceList,
    priced: bool,
    reaches: Floats,
    first: int,
    end: int,
    out: Spread,
) -> None:
    """Persons first:end against every task within reach. `host`: needs x hosts, log-odds. `p.seat` in the grid's order.
    `reaches`: n x ways together (bits), km.

    Every array gets a name of its own before the loop: reading it out of its tuple inside the loop counts owners each
    time, which costs forty times the work itself.
    """
    px, py, language, avoid = people.x, people.y, people.language, people.avoid
    free, support, needs, wishes = people.half_days, people.support, people.need, people.wish
    kinds, full = people.kinds, tasks.full
    part, weeks, modes = tasks.part, tasks.weeks, tasks.modes
    tx, ty, asked, hazards, sectors = tasks.x, tasks.y, tasks.language, tasks.hazards, tasks.sector
    offered, days, seats, hosts, room = (
        tasks.half_days,
        tasks.days,
        tasks.seats,
        tasks.host,
        tasks.host_support,
    )
    start, number = grid.start, grid.task
    refused_start, refused = people.refused_start, people.refused
    seat_price, support_price, day_price = p.seat, p.support, p.day
    for i in range(first, end):
        count, found, most = 0, 0, 0.0
        by_modes = reaches[i]
        reach = by_modes[-1]
        base, aside = (
            model.intercept + people.ease[i],
            p.hour[i] * people.hours[i] + p.person[i] if priced else 0.0,
        )
        left, right = squares(grid.size, px[i] - reach, px[i] + reach, grid.west, grid.wide)
        low, high = squares(grid.size, py[i] - reach, py[i] + reach, grid.south, grid.high)
        for row in range(low, high + 1 if right >= left else low):
            for j in range(start[row * grid.wide + left], start[row * grid.wide + right + 1]):
                far = (tx[j] - px[i]) ** 2 + (ty[j] - py[i]) ** 2
                way = by_modes[modes[j]]
                if way <= 0.0 or far > way * way or avoid[i] & hazards[j] or kinds[i] & full[j]:
                    continue
                if support[i] > room[j] or seats[j] <= 0 or count_bits(free[i] & offered[j]) < days[j]:
                    continue
                if not speaks(language, i, asked, j):
                    continue
                if said_no(refused, refused_start[i], refused_start[i + 1], number[j]):
                    continue
                found += 1
                odds = base + model.per_km * np.sqrt(far) + model.per_level * margin(language, i, asked, j)
                odds += model.wish * (wishes[i] >> sectors[j] & 1) + host[needs[i], hosts[j]]
                odds += model.per_support * min(float(MOST), room[j] - support[i])
                odds += model.part * part[j] + model.per_week * weeks[j]
                if not priced:
                    count = offer(odds, j, out.odds, out.which, i, count)
                    continue
                rest = (
                    value_of(people, model, i, odds)
                    - aside
                    - seat_price[j]
                    - support_price[hosts[j]] * support[i]
                )
                if rest > TINY:
                    rest -= cheapest_days(free[i] & offered[j], days[j], day_price, hosts[j])[0]
                    most = max(most, rest)
                    count = offer_gain(rest, j, out.odds, out.which, i, count)
        out.seen[i], out.over[i] = found, most


@inner
def cheapest_days(days: int, wanted: int, price: Floats, host: int) -> tuple[float, int]:
    """The least that so many of these half-days can cost, and which they are."""
    total, chosen = 0.0, 0
    for _ in range(wanted):
        best, at = 1e300, -1
        for k in range(DAYS):
            asked = price[host, k] if k < price.shape[1] else 0.0
            if days >> k & 1 and asked < best:
                best, at = asked, k
        if at < 0:
            break
        days &= ~(1 << at)
        chosen |= 1 << at
        total += best
    return total, chosen


@kernel
def finish(
    people: People,
    tasks: Tasks,
    model: Model,
    grid: Grid,
    odds: Floats,
    which: Ints,
    start: Ints,
    person: Ints,
    task: Ints,
    days: Ints,
    value: Floats,
) -> None:
    """Write the kept pairs as columns: one with the first half-days that both can, one with the last if that differs."""
    for i in range(len(which)):
        at = start[i]
        for k in np.argsort(-odds[i]):
            j = which[i, k]
            if j < 0:
                continue
            both = people.half_days[i] & tasks.half_days[j]
            early, late = some_days(both, tasks.days[j], False), some_days(both, tasks.days[j], True)
            worth = value_of(people, model, i, odds[i, k])
            person[at], task[at], days[at], value[at] = i, grid.task[j], early, worth
            at += 1
            if late != early:
                person[at], task[at], days[at], value[at] = i, grid.task[j], late, worth
                at += 1
        start[i] = at


@kernel
def finish_priced(
    people: People,
    tasks: Tasks,
    model: Model,
    grid: Grid,
    day_price: Floats,
    which: Ints,
    person: Ints,
    task: Ints,
    days: Ints,
    value: Floats,
) -> None:
    """Write the kept pairs as columns, each on its cheapest half-days."""
    at, parts = 0, np.empty(9)
    for i in range(len(which)):
        for j in which[i]:
            if j < 0:
                continue
            both = people.half_days[i] & tasks.half_days[j]
            days[at] = cheapest_days(both, tasks.days[j], day_price, tasks.host[j])[1]
            person[at], task[at] = i, grid.task[j]
            value[at] = value_of(people, model, i, log_odds(people, tasks, model, i, j, parts))
            at += 1


@inner
def some_days(days: int, wanted: int, late: bool) -> int:
    """The first (or last) so many of these half-days."""
    chosen = 0
    for k in range(DAYS):
        bit = 1 << (DAYS - 1 - k if late else k)
        if wanted > 0 and days & bit:
            chosen |= bit
            wanted -= 1
    return chosen


@kernel
def one_person(people: People, tasks: Tasks, model: Model, i: int, marks: Ints, chance: Floats) -> None:
    """For every task the rules it fails; its chance where at most one fails."""
    parts = np.empty(9)
    for j in range(len(tasks.x)):
        mark = failing(people, tasks, i, j)
        marks[j] = mark
        if mark & (mark - 1) == 0:
            chance[j] = 1.0 / (1.0 + np.exp(-log_odds(people, tasks, model, i, j, parts)))


@kernel
def parts_of(people: People, tasks: Tasks, model: Model, i: int, j: int) -> Floats:
    parts = np.empty(9)
    log_odds(people, tasks, model, i, j, parts)
    return parts
