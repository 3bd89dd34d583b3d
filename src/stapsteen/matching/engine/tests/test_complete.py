"""Adding what the prices ask for: nothing that is left out can be worth much, held against every pair there is."""

from __future__ import annotations

import numpy as np
import pytest

from stapsteen.matching.engine import complete as module
from stapsteen.matching.engine.complete import complete
from stapsteen.matching.engine.pairs import Model, People, Tasks
from stapsteen.matching.engine.problem import Problem, from_arrays
from stapsteen.matching.engine.score import Columns, score
from stapsteen.matching.engine.solve import solve
from stapsteen.matching.engine.tests.towns import random_model, random_people, random_tasks

N, M = 60, 80
World = tuple[People, Tasks, Model]


@pytest.fixture(params=[1, 2, 3])
def world(request: pytest.FixtureRequest) -> World:
    seed = request.param
    return random_people(N, M, seed, towns=2), random_tasks(M, seed, towns=2), random_model(M, seed)


def caseload(world: World, columns: Columns) -> Problem:
    people, tasks, _ = world
    hosts, coaches = int(tasks.host.max()) + 1, 4
    room, chance = np.zeros(hosts), np.random.default_rng(1)
    room[tasks.host] = tasks.host_support
    return from_arrays(
        {
            "person": columns.person,
            "task": columns.task,
            "halfdays": columns.halfdays,
            "value": columns.value,
            "coach_hours": columns.coach_hours,
            "support": people.support,
            "coach": chance.integers(0, coaches, N),
            "task_host": tasks.host,
            "task_seats": tasks.seats,
            "host_support": room,
            "host_halfdays": chance.choice([1, 2], (hosts, 10)),
            "coach_capacity": np.full(coaches, 30.0),
        }
    )


def test_what_is_left_out_is_proven_to_matter_little(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST", 3)
    found = complete(*world, lambda columns: caseload(world, columns))
    everything = score(*world, keep=M)
    assert found.share <= module.LOSS
    assert found.rounds > 1
    best, kept = (solve(caseload(world, columns), 20) for columns in (everything, found.columns))
    assert best.value <= found.bound + 1e-6
    assert kept.value >= best.value - found.loss - (found.bound - found.loss - kept.value) - 1e-6
    assert kept.value >= 0.97 * best.value


def test_added_columns_are_pairs_that_can_be_and_are_worth_what_they_were_scored(world: World) -> None:
    found = complete(*world, lambda columns: caseload(world, columns), most=0.0)
    everything = score(*world, keep=M)
    worth = {(i, j): v for i, j, v in zip(everything.person, everything.task, everything.value, strict=True)}
    c = found.columns
    for i, j, days, value in zip(c.person, c.task, c.halfdays, c.value, strict=True):
        assert value == pytest.approx(worth[i, j])
        both = int(world[0].half_days[i]) & int(world[1].half_days[j])
        assert int(days) & both == int(days)
        assert int(days).bit_count() == world[1].days[j]
    keys = set(zip(c.person, c.task, c.halfdays, strict=True))
    assert len(keys) == len(c.person)


def test_without_time_it_says_what_could_be_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST", 1)
    found = complete(*world, lambda columns: caseload(world, columns), seconds=0.0)
    assert found.rounds == 1
    assert found.share > module.LOSS
