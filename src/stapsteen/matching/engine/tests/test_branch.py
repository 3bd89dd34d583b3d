"""Our own branching over listed fillings: the best there is, and a bound that holds when it is cut short."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stapsteen.matching.engine.branch import Best, Branching, Choice
from stapsteen.matching.engine.program import Sparse


def choice(seed: int, hosts: int = 4, people: int = 6, each: int = 4) -> Choice:
    """Fillings of one to three persons at a few hosts, two of a host often with the same persons; one row of hours."""
    chance = np.random.default_rng(seed)
    sets = [np.sort(chance.choice(people, chance.integers(1, 4), replace=False)) for _ in range(hosts * each)]
    host = np.repeat(np.arange(hosts), each)
    rows = [[*some, people + h, people + hosts] for some, h in zip(sets, host, strict=True)]
    hours = [round(float(chance.uniform(0.5, 2)) * len(some), 2) for some in sets]
    parts = [[1.0] * (len(some) + 1) + [hour] for some, hour in zip(sets, hours, strict=True)]
    return Choice(
        worth=np.array([len(some) * chance.uniform(0.5, 1.5) for some in sets]),
        parts=Sparse(
            np.cumsum([0, *map(len, rows)]),
            np.array([number for row in rows for number in row]),
            np.array([part for some in parts for part in some]),
        ),
        most=np.array([1.0] * (people + hosts) + [chance.uniform(2, 6)]),
        people=people,
        host=host,
    )


def load(c: Choice, used: list[int]) -> np.ndarray:
    """What these fillings ask of every row."""
    total = np.zeros(len(c.most))
    for q in used:
        span = slice(c.parts.start[q], c.parts.start[q + 1])
        total[c.parts.row[span]] += c.parts.part[span]
    return total


def by_trying_all(c: Choice) -> float:
    """At most one filling of each host."""
    best = 0.0
    of_host = [[None, *np.flatnonzero(c.host == h).tolist()] for h in range(int(c.host.max()) + 1)]
    for some in itertools.product(*of_host):
        used = [q for q in some if q is not None]
        if np.all(load(c, used) <= c.most + 1e-9):
            best = max(best, float(c.worth[used].sum()))
    return best


def until(seconds: float) -> float:
    return time.monotonic() + seconds


@given(st.integers(0, 10_000))
def test_it_is_the_best_of_all_choices(seed: int) -> None:
    c = choice(seed)
    found, best = Branching(c).best(0.0, until(60), 1e-7), by_trying_all(c)
    assert found.used is not None
    assert found.value == pytest.approx(best, abs=1e-6)
    assert best <= found.bound <= best + 1e-6
    assert np.all(load(c, found.used.tolist()) <= c.most + 1e-7)


@given(st.integers(0, 10_000), st.floats(-0.5, 0.5))
def test_only_what_is_worth_more_than_asked_is_given(seed: int, apart: float) -> None:
    c = choice(seed)
    best = by_trying_all(c)
    found = Branching(c).best(best + apart, until(60), 1e-6)
    assert (found.used is not None) == (apart < -1e-6)
    assert found.bound >= best - 1e-9


@given(st.integers(0, 10_000), st.integers(0, 12))
def test_a_bound_holds_however_early_it_is_cut_short(seed: int, steps: int) -> None:
    c = choice(seed, hosts=5, people=7)
    tree, clock = Branching(c), iter(range(steps))
    whole = tree._branch
    tree._branch = lambda node: whole(node) if next(clock, None) is not None else pytest.fail("late")  # type: ignore[method-assign]
    tree.late = lambda deadline: clock.__length_hint__() == 0  # type: ignore[method-assign]
    found = tree.best(0.0, until(60), 1e-7)
    assert found.bound >= by_trying_all(c) - 1e-6


def test_a_program_that_failed_closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    c = choice(3)
    tree = Branching(c)
    monkeypatch.setattr(tree, "_relax", lambda *_: setattr(tree, "certain", False))
    found = tree.best(0.0, until(60), 1e-7)
    assert found == Best(0.0, np.inf, None)
