"""Floors for groups: every group is sure of nine tenths of what the worst-off could have, and they can be met."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from stapsteen.matching.engine import floors as module
from stapsteen.matching.engine.floors import fair_floors
from stapsteen.matching.engine.problem import from_arrays, short_groups
from stapsteen.matching.engine.solve import solve
from stapsteen.matching.engine.tests.samples import random_problem


@pytest.mark.parametrize("seed", range(4))
def test_the_floors_can_be_met_and_lift_the_worst_off(seed: int) -> None:
    problem = from_arrays(random_problem(45, 26, 10, seed, tight=2))
    group = np.arange(45) % 3
    floor = fair_floors(problem, group, 3)
    fair = dataclasses.replace(problem, group=group, group_floor=floor)
    free, met = solve(problem, 30), solve(fair, 60)
    assert short_groups(fair, met.column) == []
    got = [
        np.bincount(group[problem.person[a.column]], problem.value[a.column], 3).min() for a in (free, met)
    ]
    assert got[1] >= min(got[0], floor.min()) - 1e-6
    assert met.value >= 0.9 * free.value
    assert floor.min() > 0


def test_nobody_can_have_more_than_the_floor_says() -> None:
    """One seat for two groups: each can have half of it, so nine tenths of a half."""
    arrays = random_problem(20, 1, 1, seed=1) | {
        "person": np.arange(20, dtype=np.int32),
        "task": np.zeros(20, np.int32),
        "halfdays": np.zeros(20, np.uint16),
        "value": np.ones(20, np.float32),
        "coach_hours": np.zeros(20, np.float32),
        "support": np.zeros(20, np.float32),
        "task_seats": np.array([10], np.int16),
    }
    assert fair_floors(from_arrays(arrays), np.arange(20) % 2, 2) == pytest.approx([4.5, 4.5], rel=1e-3)


def test_a_small_group_gets_no_floor() -> None:
    problem = from_arrays(random_problem(40, 40, 8, 1))
    group = np.where(np.arange(40) < 9, 0, 1)
    floor = fair_floors(problem, group, 3)
    assert floor[0] == floor[2] == 0
    assert floor[1] > 0


def test_what_was_decided_counts() -> None:
    problem = from_arrays(random_problem(40, 40, 8, 1))
    group, chosen = np.zeros(40, np.int64), solve(problem, 10).column
    fixed = np.full(40, -1)
    fixed[problem.person[chosen]] = chosen
    decided = dataclasses.replace(problem, fixed=fixed)
    floor = fair_floors(decided, group, 1)[0]
    assert floor >= 0.9 * problem.value[chosen].sum() - 1e-4


def test_a_large_caseload_looks_at_the_best_columns_only(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = from_arrays(random_problem(60, 60, 20, 1))
    whole = fair_floors(problem, np.arange(60) % 2, 2)
    monkeypatch.setattr(module, "ALL_COLUMNS", 10)
    monkeypatch.setattr(module, "PER_PERSON", 3)
    assert np.all(fair_floors(problem, np.arange(60) % 2, 2) <= whole + 1e-6)


def test_without_columns_or_time_there_is_no_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = random_problem(20, 20, 5, 1)
    arrays |= {n: arrays[n][:0] for n in ("person", "task", "halfdays", "value", "coach_hours")}
    assert fair_floors(from_arrays(arrays), np.zeros(20, np.int64), 1).tolist() == [0]


@pytest.mark.parametrize("group", [np.zeros(3, np.int64), np.full(20, 2), np.full(20, -2)])
def test_a_group_that_is_none_is_refused(group: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a group from -1 to 1"):
        fair_floors(from_arrays(random_problem(20, 20, 5, 1)), group, 2)
