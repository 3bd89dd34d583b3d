"""Rows added to a choice: no answer that is sought is lost, and a mix of fillings is."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stapsteen.matching.engine.branch import Branching, Choice
from stapsteen.matching.engine.hours import best_set, lifted, triples
from stapsteen.matching.engine.program import Sparse, program, worth_of
from stapsteen.matching.engine.sharpen import (
    CELLS,
    EFFORT,
    FINE,
    HOURS_ABOVE,
    Asked,
    _coaches,
    cell_of,
    row_of_hours,
    sharpened,
)

SEEDS = st.integers(0, 10_000)


def items(seed: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Weights and persons of up to eight items of a coach, ordered by person, and the cells there are."""
    chance = np.random.default_rng(seed)
    person = np.sort(chance.integers(0, 5, chance.integers(2, 9)))
    weight = chance.integers(1, 12, len(person))
    return weight, person, int(chance.integers(weight.min(), weight.sum() + 2))


def sets_within(weight: np.ndarray, person: np.ndarray, cells: int) -> list[list[int]]:
    """Every set of items that fits, one of a person."""
    every = (
        list(some) for k in range(len(weight) + 1) for some in itertools.combinations(range(len(weight)), k)
    )
    return [s for s in every if weight[s].sum() <= cells and len(set(person[s].tolist())) == len(s)]


@given(SEEDS)
def test_the_best_set_is_the_best_of_all(seed: int) -> None:
    weight, person, cells = items(seed)
    part = np.random.default_rng(seed).uniform(-0.2, 1, len(weight))
    worth, taken = best_set(weight, person, part, cells)
    assert worth == pytest.approx(max(part[s].sum() for s in sets_within(weight, person, cells)))
    assert worth == pytest.approx(part[taken].sum())
    assert sorted(taken.tolist()) in sets_within(weight, person, cells)


@given(SEEDS)
def test_a_widened_row_holds_for_every_set(seed: int) -> None:
    """Also when it began among a few items only, with others taken as chosen."""
    weight, person, cells = items(seed)
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(weight))
    inside = np.array([k for n, k in enumerate(order) if person[k] not in person[order[:n]]][:1], np.int64)
    assume(weight[inside].sum() <= cells)
    begun = np.array([k for k in order if person[k] not in person[inside]][:2], np.int64)
    part = np.zeros(len(weight))
    part[begun] = chance.uniform(0.2, 1, len(begun))
    outside = np.setdiff1d(np.arange(len(weight)), np.concatenate([inside, begun]))
    most = lifted(weight, person, part, inside, outside, cells)
    assert most == pytest.approx(max(part[s].sum() for s in sets_within(weight, person, cells)))


@given(SEEDS)
def test_a_row_of_hours_cuts_off_the_mix_and_no_set(seed: int) -> None:
    weight, person, cells = items(seed)
    chance, allowed = np.random.default_rng(seed), sets_within(weight, person, cells)
    used = chance.dirichlet(np.ones(3)) @ np.array(
        [[k in allowed[i] for k in range(len(weight))] for i in chance.integers(0, len(allowed), 3)], float
    )
    assert row_of_hours(weight, person, cells, used) is None  # a mix of sets that fit can't be cut off
    more = np.minimum(1.0, used + chance.uniform(0, 0.5, len(weight)))
    row = row_of_hours(weight, person, cells, more)
    if row is not None:
        assert row @ more > 1 + HOURS_ABOVE
        assert max(row[s].sum() for s in allowed) <= 1 + 1e-9


def test_two_halves_of_persons_who_do_not_fit_together_are_cut_off() -> None:
    """Three persons of two cells each in three cells: one and a half of them was a mix, one is what fits."""
    weight, person = np.array([2, 2, 2]), np.array([0, 1, 2])
    row = row_of_hours(weight, person, 3, np.array([0.5, 0.5, 0.5]))
    assert row is not None
    assert row.tolist() == pytest.approx([1, 1, 1])


@pytest.mark.parametrize(
    ("hours", "room", "cell"),
    [
        ([0.92, 1.2, 1.76, 2.6], 33.4, 0.04),
        ([1.5, 2.0, 3.0], 20.0, 0.5),
        ([2.0, 2.0], 20.0, 2.0),
        ([1.0, 2**0.5], 20.0, 20.0 / FINE),
        ([1.0, 1.003], 20.0, 20.0 / FINE),
    ],
)
def test_a_cell_measures_all_hours(hours: list[float], room: float, cell: float) -> None:
    kept = np.array(hours, np.float32).astype(np.float64)  # as files hold them
    assert cell_of(kept, room) == pytest.approx(cell, rel=1e-5)
    assert cell_of(kept, room) >= room / CELLS


@pytest.mark.parametrize("people", [10, 100, 240, 300, 3_000])
def test_a_coach_of_very_many_costs_no_more(people: int) -> None:
    """Cells grow longer with more persons; of too many nothing is tried. Whoever fit, fit in cells as well."""
    none, hours = np.zeros(people, np.int64), np.resize([0.92, 1.2, 2.6], people)
    asked = Asked(none, np.arange(people), np.arange(people), none, hours, np.array([hours.sum() / 2]))
    found = _coaches(asked)
    assert bool(found) == (people <= 240)
    for one in found:
        assert one.cells * people**2 <= EFFORT * 1.01
        order = np.cumsum(hours)
        fitting = int(np.searchsorted(order, asked.room[0]))
        assert one.weight[:fitting].sum() <= one.cells


@given(SEEDS)
def test_triples_are_those_that_the_mix_breaks(seed: int) -> None:
    chance = np.random.default_rng(seed)
    near, part = chance.integers(0, 2, (5, 8)).astype(float), chance.uniform(0, 0.5, 8)
    found, amount = triples(near, part, 100, 1.02)
    share = {
        three: part[near[list(three)].sum(0) >= 2].sum() for three in itertools.combinations(range(5), 3)
    }
    assert {tuple(three) for three in found.tolist()} == {
        three for three, much in share.items() if much > 1.02
    }
    assert amount.tolist() == pytest.approx([share[tuple(three)] for three in found.tolist()])
    assert len(triples(near, part, 1, 0.0)[0]) <= 1


def choice(seed: int, hosts: int = 5, people: int = 7, each: int = 5) -> tuple[Choice, Asked]:
    """Fillings of one to three persons; two coaches, whose persons take short or long at a host."""
    chance = np.random.default_rng(seed)
    host = np.repeat(np.arange(hosts), each)
    sets = [np.sort(chance.choice(people, chance.integers(1, 4), replace=False)) for _ in host]
    coach = np.arange(people) * 2 // people
    long = [[bool(chance.integers(2)) for _ in some] for some in sets]
    hours = np.array([[0.92, 1.76], [1.2, 2.6]])[np.arange(people) % 2]
    room = chance.uniform(2, 6, 2)
    column, row, part, entries = [], [], [], []
    for q, some in enumerate(sets):
        asked = [0.0, 0.0]
        for i, is_long in zip(some.tolist(), long[q], strict=True):
            asked[coach[i]] += hours[i, int(is_long)]
            entries.append((q, 2 * i + int(is_long)))
        rows = {**dict.fromkeys(some.tolist(), 1.0), people + int(host[q]): 1.0}
        rows |= {people + hosts + c: much for c, much in enumerate(asked) if much}
        column += [q] * len(rows)
        row += list(rows)
        part += list(rows.values())
    worth = np.array([len(some) * chance.uniform(0.5, 1.5) for some in sets])
    most = np.concatenate([np.ones(people + hosts), room])
    parts = Sparse.of(np.array(column), np.array(row), np.array(part), len(sets))
    filling, item = np.array(entries).T
    person = np.repeat(np.arange(people), 2)
    return Choice(worth, parts, most, people, host), Asked(
        filling, item, person, coach[person], hours.reshape(-1), room
    )


def highest(c: Choice) -> float:
    """Of any mix of fillings."""
    solver = program(c.worth, c.most, c.parts)
    solver.run()
    return worth_of(solver)


def soon() -> float:
    return time.monotonic() + 60


@given(SEEDS, st.floats(0.0, 0.5))
def test_no_better_answer_is_lost(seed: int, apart: float) -> None:
    c, asked = choice(seed)
    plain = Branching(c).best(0.0, soon(), 1e-7)
    sharp = sharpened(c, asked, plain.value - apart - 1e-6, soon())
    found = Branching(sharp.choice).best(plain.value - apart - 1e-6, soon(), 1e-7)
    assert found.used is not None
    assert found.value == pytest.approx(plain.value, abs=1e-6)
    assert float(c.worth[sharp.kept[found.used]].sum()) == pytest.approx(plain.value, abs=1e-6)


def test_the_mix_is_worth_less_with_the_rows() -> None:
    """In many of these choices, and never more."""
    lower = 0
    for seed in range(40):
        c, asked = choice(seed)
        sharp = sharpened(c, asked, 0.0, soon())
        assert highest(sharp.choice) <= highest(c) + 1e-7
        lower += highest(sharp.choice) < highest(c) - 1e-3
    assert lower >= 10


def test_cut_short_it_is_the_choice_itself() -> None:
    c, asked = choice(3)
    sharp = sharpened(c, asked, -np.inf, 0.0)
    assert len(sharp.kept) == len(c.worth)
    assert sharp.choice.most.tolist() == c.most.tolist()
    assert highest(sharp.choice) == pytest.approx(highest(c))


def test_what_cannot_be_done_stays_as_it_was() -> None:
    """A row that no mix meets: the linear program has no answer to learn from."""
    c, asked = choice(3)
    most = c.most.copy()
    most[-1] = -1.0
    sharp = sharpened(c._replace(most=most), asked, 0.0, soon())
    assert len(sharp.kept) == len(c.worth)
    assert len(sharp.choice.most) == len(most)
