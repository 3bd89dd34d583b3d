"""Random people and tasks around towns, as the scoring wants them."""

from __future__ import annotations

import numpy as np

from stapsteen.matching.engine.pairs import Model, People, Tasks

NEEDS, SECTORS, KINDS = 5, 12, 7


def random_people(people: int, tasks: int, seed: int, towns: int = 60) -> People:
    chance = np.random.default_rng(seed)
    x, y = _places(chance, people, towns, seed)
    refused = chance.integers(0, 3, people)
    return People(
        x=x,
        y=y,
        reach=np.outer(
            chance.choice([5.0, 10.0, 15.0, 25.0], people, p=[0.4, 0.35, 0.2, 0.05]), [0.3, 1, 1, 0]
        ),
        language=np.minimum(chance.integers(0, 8, people)[:, None] + chance.integers(0, 2, (people, 4)), 7),
        avoid=(1 << chance.integers(0, 12, people)) * (chance.random(people) < 0.4),
        wish=(1 << chance.integers(0, SECTORS, people)) | (1 << chance.integers(0, SECTORS, people)),
        half_days=chance.integers(1, 1024, people),
        support=chance.choice([1.0, 2.0, 3.0], people),
        kinds=(1 << chance.integers(0, KINDS, people)) * (chance.random(people) < 0.6),
        need=chance.integers(0, NEEDS, people),
        ease=chance.normal(0, 0.7, people),
        waiting=chance.exponential(0.1, people),
        hours=chance.choice([0.92, 1.2, 1.76, 2.6], people),
        refused_start=np.concatenate([[0], np.cumsum(refused)]),
        refused=chance.integers(0, max(1, tasks), int(refused.sum())),
    )


def random_tasks(tasks: int, seed: int, towns: int = 60) -> Tasks:
    chance = np.random.default_rng(seed + 1)
    x, y = _places(chance, tasks, towns, seed)
    hosts = max(1, int(tasks * 0.4))
    host = chance.integers(0, hosts, tasks)
    return Tasks(
        x=x,
        y=y,
        modes=chance.choice([15, 7, 2], tasks, p=[0.7, 0.2, 0.1]),
        language=chance.integers(0, 6, (tasks, 1)) * (chance.random((tasks, 4)) < [0.9, 0.8, 0.3, 0.2]),
        hazards=chance.integers(0, 1 << 12, tasks) & chance.integers(0, 1 << 12, tasks),
        sector=chance.integers(0, SECTORS, tasks),
        half_days=chance.integers(1, 1024, tasks),
        days=chance.integers(1, 4, tasks),
        seats=chance.choice([0, 1, 2, 3], tasks, p=[0.1, 0.6, 0.2, 0.1]),
        host=host,
        host_support=np.ceil(chance.pareto(2.0, hosts) * 2)[host],
        full=((1 << chance.integers(0, KINDS, hosts)) * (chance.random(hosts) < 0.3))[host],
        part=(chance.random(tasks) < 0.2).astype(np.int64),
        weeks=chance.integers(0, 6, tasks).astype(float),
    )


def random_model(tasks: int, seed: int, no_creaming: float = 0.7) -> Model:
    chance, hosts = np.random.default_rng(seed + 2), max(1, int(tasks * 0.4))
    host_need = chance.normal(0, 0.2, (hosts, NEEDS))
    host = chance.normal(0, 0.4, hosts)
    return Model(0.2, -0.05, 0.1, 0.8, 0.2, -0.1, -0.05, host, host_need, no_creaming)


def _places(chance: np.random.Generator, size: int, towns: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Around the same towns for the same seed: a strip of 200 by 80 km, large towns and small."""
    fixed = np.random.default_rng(seed + 3)
    where = fixed.random((towns, 2)) * [200, 80]
    share = fixed.pareto(1.2, towns) + 0.2
    town = chance.choice(towns, size, p=share / share.sum())
    return tuple((where[town] + chance.normal(0, 4, (size, 2))).T)  # type: ignore[return-value]
