"""Fillings of hosts: all that are near the best are listed, none over a limit; the bound they give holds."""

from __future__ import annotations

import itertools
import threading
import time
from typing import Any

import numpy as np
import pytest

from stapsteen.matching.engine import dual
from stapsteen.matching.engine import master as master_module
from stapsteen.matching.engine.fillings import near_best, profit_of_columns
from stapsteen.matching.engine.layout import Arrays, lay_out
from stapsteen.matching.engine.master import WIDE, Master
from stapsteen.matching.engine.milp import Limits, choose
from stapsteen.matching.engine.pieces import carved
from stapsteen.matching.engine.problem import Ints, from_arrays
from stapsteen.matching.engine.search import Search
from stapsteen.matching.engine.tests.samples import random_problem

NONE = np.zeros(0, np.int64)


def arrays_of(people: int, tasks: int, per_person: int, seed: int, **other: Any) -> Arrays:
    return lay_out(from_arrays(random_problem(people, tasks, per_person, seed) | other)).arrays


def some_prices(a: Arrays, seed: int) -> dual.Prices:
    chance, prices = np.random.default_rng(seed), dual.no_prices(a)
    prices.person[:], prices.coach[:] = (
        chance.uniform(0, 1, len(a.support)),
        chance.uniform(0, 0.1, len(a.coach_room)),
    )
    prices.seat[:], prices.day[:] = (
        chance.uniform(0, 0.2, len(a.seats)),
        chance.uniform(0, 0.1, a.places.shape),
    )
    return prices


def fits(a: Arrays, columns: Ints) -> bool:
    """Whether these columns of one host are a filling."""
    host, person = a.host[columns[0]], a.person[columns]
    days = [(a.days[columns] >> d & 1).sum() <= a.places[host, d] for d in range(10)]
    seats = np.bincount(a.task[columns], minlength=len(a.seats)) <= a.seats
    return (
        len(set(person)) == len(person)
        and a.support[person].sum() <= a.room[host]
        and all(days)
        and bool(seats.all())
    )


def is_needless(a: Arrays, columns: Ints) -> bool:
    """Whether a column can be swapped for one of the same person and task that asks no more and is worth as much."""
    for c in columns:
        for e in np.flatnonzero((a.person == a.person[c]) & (a.task == a.task[c])):
            no_more = a.days[e] & a.days[c] == a.days[e] and a.hours[e] <= a.hours[c]
            if e != c and no_more and a.worth[e] >= a.worth[c] and (e < c or a.worth[e] > a.worth[c]):
                return True
    return False


@pytest.mark.parametrize("seed", range(6))
def test_every_filling_near_the_best_is_listed_and_no_other(seed: int) -> None:
    a, slack = arrays_of(9, 4, 4, seed), 0.4
    p = some_prices(a, seed)
    columns, start, host, best, bound, everything = near_best(a, p, slack, 10_000, 10_000, 5_000, WIDE)
    listed = {tuple(columns[b:e]) for b, e in itertools.pairwise(start)}
    assert everything
    profit, total = profit_of_columns(a, p), p.person.sum() + (p.coach * a.coach_room).sum()
    for h in range(len(a.room)):
        own = np.arange(a.host_start[h], a.host_start[h + 1])
        every = [
            np.array(some)
            for size in range(1, 5)
            for some in itertools.combinations(own, size)
            if fits(a, np.array(some))
        ]
        most = max([0.0, *(profit[some].sum() for some in every)])
        near = {
            tuple(some)
            for some in every
            if profit[some].sum() >= most - slack + 1e-9 and not is_needless(a, some)
        }
        mine = {some for some in listed if a.host[some[0]] == h}
        assert best[h] == pytest.approx(most)
        assert near <= mine
        assert mine <= {tuple(some) for some in every}
        assert set(host) <= set(range(len(a.room)))
        total += most
    assert bound == pytest.approx(total)


def test_too_many_fillings_of_a_host_are_cut_to_the_nearest() -> None:
    a = arrays_of(30, 6, 5, 3, host_support=np.full(2, 30, np.float32), task_seats=np.full(6, 5, np.int16))
    p = some_prices(a, 3)
    columns, start, host, best, _bound, everything = near_best(a, p, 2.0, 10_000, 10_000, 20, WIDE)
    assert not everything
    assert np.bincount(host).max() <= 21
    profit = profit_of_columns(a, p)
    assert all(
        profit[columns[b:e]].sum() >= best[h] - 2.0 - 1e-9
        for (b, e), h in zip(itertools.pairwise(start), host, strict=True)
    )


def master_of(a: Arrays, seconds: float = 60) -> Master:
    search = Search(a, time.monotonic() + seconds)
    search.learn()
    search.first_answer()
    return Master(a, search.fill_prices, search.chosen, time.monotonic() + seconds, threading.Event())


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_holds_and_the_answer_is_the_best(seed: int) -> None:
    a = arrays_of(40, 40, 8, seed)
    exact = choose(a, np.arange(len(a.worth)), Limits.whole(a), NONE, 30)
    master, best = master_of(a), float(a.worth[exact.columns].sum())
    master.converge(time.monotonic() + 20)
    assert master.bound >= best - 1e-6
    for size in (50, 500, 5_000, 50_000):
        proven = master.choose(size, 20)
        assert master.value <= best + 1e-6
        assert master.bound >= best - 1e-6
        if proven:
            break
    assert proven
    assert master.value == pytest.approx(best, rel=2e-6)


@pytest.mark.parametrize("at_once", [0, 1_500])
@pytest.mark.parametrize("seed", range(4))
def test_from_the_bound_down_the_best_is_proven(
    seed: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All fillings at once, or step by step: between two steps the bound holds as well."""
    monkeypatch.setattr(master_module, "AT_ONCE", at_once)
    a = arrays_of(40, 40, 8, seed)
    exact = choose(a, np.arange(len(a.worth)), Limits.whole(a), NONE, 30)
    master, best = master_of(a), float(a.worth[exact.columns].sum())
    master.converge(time.monotonic() + 20)
    bounds, branched = [], master._branched

    def watched(*words: Any) -> Any:
        bounds.append(master.bound)
        return branched(*words)

    monkeypatch.setattr(master, "_branched", watched)
    master.prove(30, 1e-6)
    assert master.open <= 1e-5
    assert master.value == pytest.approx(best, rel=2e-6)
    assert min([*bounds, master.bound]) >= best - 1e-6
    assert bounds == sorted(bounds, reverse=True)
    assert at_once == 0 or len(bounds) == 1


def test_learning_prices_brings_the_bound_below_the_relaxation() -> None:
    a = arrays_of(200, 200, 15, 2)
    from stapsteen.matching.engine.milp import relax

    master, relaxed = master_of(a), relax(a, np.arange(len(a.worth)), 60)
    master.converge(time.monotonic() + 30)
    assert relaxed is not None
    assert master.value <= master.bound <= relaxed.bound


def test_it_stops_when_asked() -> None:
    master = master_of(arrays_of(200, 200, 15, 2))
    master.stop.set()
    master.converge(time.monotonic() + 30)
    before = master.chosen.copy()
    assert not master.choose(1000, 30)
    assert np.array_equal(master.chosen, before)


def test_a_piece_leaves_alone_what_stays() -> None:
    """Chosen in the piece and kept outside fit together."""
    arrays = random_problem(120, 100, 10, seed=5)
    problem = from_arrays(arrays)
    layout = lay_out(problem)
    a = layout.arrays
    whole = choose(a, np.arange(len(a.worth)), Limits.whole(a), NONE, 20).columns
    piece = np.arange(len(a.room)) % 3 == 0
    stay = whole[~piece[a.host[whole]]]
    part = carved(a, dual.no_prices(a), piece, stay)
    b = part.arrays
    assert np.array_equal(np.sort(b.by_person), np.arange(len(b.worth)))
    assert not set(a.person[part.columns]) & set(a.person[stay])
    found = choose(b, np.arange(len(b.worth)), Limits.whole(b), NONE, 20).columns
    together = np.concatenate([stay, part.columns[found]])
    assert float(a.worth[together].sum()) >= float(a.worth[whole].sum()) - 1e-6
    from stapsteen.matching.engine.problem import broken

    assert list(broken(problem, layout.source[together])) == []
