"""Random problems in the file format, small to large, with every kind of limit binding now and then."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PEOPLE_PER_COACH = 30


def random_problem(
    people: int, tasks: int, per_person: int, seed: int, tight: float = 1.0
) -> dict[str, NDArray[Any]]:
    """Arrays of a problem: people and hosts on a square, columns to near hosts, host sizes skewed."""
    chance = np.random.default_rng(seed)
    hosts, coaches = max(1, int(tasks * 0.4)), max(1, people // PEOPLE_PER_COACH)
    task_host = chance.integers(0, hosts, tasks)
    at_host, at_home = chance.random((hosts, 2)), chance.random((people, 2))
    person, task = _near(chance, at_home, at_host[task_host], per_person)
    fit = chance.normal(0, 0.6, len(person)) + chance.normal(0, 0.5, tasks)[task]
    chance_to_last = 1 / (1 + np.exp(-fit))
    need = chance.choice([0.2, 0.5, 0.9], people)
    size = 1 + chance.pareto(2.2, hosts)
    return {
        "person": person.astype(np.int32),
        "task": task.astype(np.int32),
        "halfdays": _patterns(chance, len(person)),
        "value": (chance_to_last * (0.6 + need[person])).astype(np.float32),
        "coach_hours": chance.choice([0.92, 1.2, 1.76, 2.6], len(person)).astype(np.float32),
        "support": chance.choice([1, 2, 3], people, p=[0.38, 0.47, 0.15]).astype(np.float32),
        "coach": chance.integers(0, coaches, people).astype(np.int32),
        "task_host": task_host.astype(np.int32),
        "task_seats": chance.choice([1, 1, 2, 3], tasks).astype(np.int16),
        "host_support": np.ceil(1.6 * size / tight).astype(np.float32),
        "host_halfdays": chance.choice([1, 1, 2, 3], (hosts, 10)).astype(np.int16),
        "coach_capacity": (chance.uniform(22, 48, coaches) / tight).astype(np.float32),
    }


def _near(
    chance: np.random.Generator, homes: NDArray[np.float64], places: NDArray[np.float64], per_person: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """About so many columns per person, to the nearest of a random draw of tasks; some people get none."""
    tasks = len(places)
    wanted = chance.poisson(per_person, len(homes)) * (chance.random(len(homes)) > 0.03)
    drawn = np.minimum(tasks, 6 * per_person)
    person, task = [], []
    for i, count in enumerate(np.minimum(wanted, drawn)):
        some = chance.integers(0, tasks, drawn)
        far = np.abs(places[some] - homes[i]).sum(1)
        task.append(some[np.argsort(far, kind="stable")[:count]])
        person.append(np.full(count, i))
    return np.concatenate(person).astype(np.int64), np.concatenate(task).astype(np.int64)


def _patterns(chance: np.random.Generator, size: int) -> NDArray[np.uint16]:
    """One to three half-days each."""
    bits = np.zeros(size, np.uint16)
    for _ in range(3):
        bits |= np.where(chance.random(size) < 0.6, 1 << chance.integers(0, 10, size), 0).astype(np.uint16)
    return np.where(bits == 0, 1, bits).astype(np.uint16)
