"""Answers of the solver held against the arrays of the file itself, counted here one by one.

The engine's own tests check an answer with the engine's own reading of the problem; a limit that is read wrongly would be
wrong in both. Here nothing of the engine is used but its answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stapsteen.matching.engine import solve as solving
from stapsteen.matching.engine.problem import CannotBeMet, from_arrays
from stapsteen.matching.engine.solve import solve

Raw = dict[str, NDArray[Any]]
SLACK = 1e-4
"""What the format's own checker leaves to sums of float32."""
WEIGHTS = ((1, 2, 3), (0.3,), (0.1, 0.2, 0.7), (0, 1), (1.5, 2.25), (0.3333, 0.6667))
many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 100_000)


def odd_problem(seed: int) -> Raw:
    """Small and lawful, and seldom usual: nobody, no free seat, a host for everybody, broken weights, worthless columns."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.choice([1, 5, 20, 40])), int(chance.choice([1, 4, 15, 30]))
    hosts, coaches = int(chance.choice([1, 3, max(1, m // 2)])), int(chance.choice([1, 3]))
    person = np.repeat(np.arange(n), chance.integers(0, min(m, 8) + 1, n))
    size = len(person)
    value = (chance.random(size), np.ones(size), chance.normal(0, 1, size), chance.random(size) * 1e6)
    return {
        "person": person.astype(np.int32),
        "task": chance.integers(0, m, size).astype(np.int32),
        "halfdays": (chance.integers(0, 1024, size) & chance.integers(0, 1024, size)).astype(np.uint16),
        "value": value[chance.integers(4)].astype(np.float32),
        "coach_hours": chance.choice([0, 0.1, 0.92, 2.6], size).astype(np.float32),
        "support": chance.choice(WEIGHTS[chance.integers(len(WEIGHTS))], n).astype(np.float32),
        "coach": chance.integers(0, coaches, n).astype(np.int32),
        "task_host": chance.integers(0, hosts, m).astype(np.int32),
        "task_seats": chance.choice([0, 1, 2, 500], m, p=[0.1, 0.5, 0.3, 0.1]).astype(np.int16),
        "host_support": chance.choice([0, 0.9, 1, 2.1, 4, 30], hosts).astype(np.float32),
        "host_halfdays": chance.choice([0, 1, 2, 50], (hosts, 10), p=[0.1, 0.4, 0.3, 0.2]).astype(np.int16),
        "coach_capacity": chance.choice([0, 3, 12, 1000], coaches).astype(np.float32),
    }


def passed(arrays: Raw, columns: list[int]) -> Iterator[str]:
    """Each limit that these columns pass, summed from the file's arrays in plain Python."""
    people, seats = Counter[int](), Counter[int]()
    days, guided, hours = (
        Counter[tuple[int, int]](),
        defaultdict[int, float](float),
        defaultdict[int, float](float),
    )
    for c in columns:
        i, j = int(arrays["person"][c]), int(arrays["task"][c])
        host, coach = int(arrays["task_host"][j]), int(arrays["coach"][i])
        people[i] += 1
        seats[j] += 1
        guided[host] += float(arrays["support"][i])
        hours[coach] += float(arrays["coach_hours"][c])
        days.update((host, day) for day in range(10) if int(arrays["halfdays"][c]) >> day & 1)
    yield from (f"person {i}" for i, times in people.items() if times > 1)
    yield from (f"task {j}" for j, taken in seats.items() if taken > arrays["task_seats"][j])
    yield from (f"host {h}" for h, load in guided.items() if load > arrays["host_support"][h] + SLACK)
    yield from (f"half-day {at}" for at, used in days.items() if used > arrays["host_halfdays"][at])
    yield from (f"coach {k}" for k, used in hours.items() if used > arrays["coach_capacity"][k] + SLACK)


def held(arrays: Raw, seconds: float = 20) -> Any:
    """The answer, with its value counted again; it is never above its bound."""
    answer = solve(from_arrays(arrays), seconds)
    columns = answer.column.tolist()
    assert len(set(columns)) == len(columns)
    assert list(passed(arrays, columns)) == []
    worth = sum(float(arrays["value"][c]) for c in columns)
    assert answer.value == pytest.approx(worth, rel=1e-6, abs=1e-6)
    assert worth <= answer.bound + 1e-6 * (1 + abs(worth))
    return answer


@many
@given(seed=seeds)
def test_no_limit_of_the_file_is_passed_however_odd_the_problem(seed: int) -> None:
    held(odd_problem(seed))


@few
@given(seed=seeds)
def test_nor_by_the_search_for_large_caseloads(seed: int) -> None:
    arrays = odd_problem(seed)
    exact = held(arrays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "SMALL_PEOPLE", -1)
        found = held(arrays, 1)
    assert found.value <= exact.bound + 1e-6 * (1 + abs(exact.bound))
    assert exact.value <= found.bound + 1e-6 * (1 + abs(exact.value))


@many
@given(seed=seeds)
def test_nothing_that_could_be_added_is_left_out(seed: int) -> None:
    """An answer that is too careful would also break no limit: no worthwhile column still fits beside the chosen ones."""
    arrays = odd_problem(seed)
    chosen = held(arrays).column.tolist()
    placed = {int(arrays["person"][c]) for c in chosen}
    scale = 1e-4 * (1 + float(np.abs(arrays["value"]).sum()))
    for c in range(len(arrays["person"])):
        if int(arrays["person"][c]) not in placed and arrays["value"][c] > scale:
            assert list(passed(arrays, [*chosen, c])) != [], f"column {c} fits"


@many
@given(seed=seeds, share=st.floats(0, 1))
def test_decided_pairs_stay_or_are_named(seed: int, share: float) -> None:
    arrays = odd_problem(seed)
    chance = np.random.default_rng(seed)
    fixed = np.full(len(arrays["support"]), -1, np.int32)
    for c in np.flatnonzero(chance.random(len(arrays["person"])) < share / 4):
        fixed[arrays["person"][c]] = c
    arrays["fixed"] = fixed
    decided = fixed[fixed >= 0].tolist()
    if list(passed(arrays, decided)):
        with pytest.raises(CannotBeMet, match="decided pairs"):
            solve(from_arrays(arrays), 5)
    else:
        assert set(decided) <= set(held(arrays).column.tolist())
