"""Scoring: seconds per size and how they grow; what pruning costs at most; one person against 15,000 tasks."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from stapsteen.matching.engine.score import rank_for_one, score  # noqa: E402
from stapsteen.matching.engine.tests.towns import random_model, random_people, random_tasks  # noqa: E402

SIZES = ((500, 600, 6), (5_000, 4_000, 30), (20_000, 15_000, 110))
"""People, tasks, towns: as dense everywhere."""
ROUNDS, ASKED = 3, 300
LIMIT_SECONDS, LIMIT_GROWTH, LIMIT_P95, LIMIT_P99 = 1.0, 1.1, 10.0, 50.0


def whole(people: int, tasks: int, towns: int) -> tuple[float, float]:
    """Seconds (best of a few) and possible pairs per person."""
    who, what = random_people(people, tasks, 1, towns), random_tasks(tasks, 1, towns)
    model, spent, columns = random_model(tasks, 1), [], None
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        columns = score(who, what, model, keep=20)
        spent.append(time.perf_counter() - begin)
    assert columns is not None
    return min(spent), float(columns.possible.mean())


def one_by_one() -> tuple[float, float, float]:
    """Milliseconds of one person's ranking, reasons and what almost can included: median, p95, p99."""
    people, tasks, towns = SIZES[-1]
    who, what = random_people(people, tasks, 1, towns), random_tasks(tasks, 1, towns)
    model, spent = random_model(tasks, 1), []
    rank_for_one(who, what, model, 0)
    for i in range(ASKED):
        begin = time.perf_counter()
        rank_for_one(who, what, model, i)
        spent.append((time.perf_counter() - begin) * 1000)
    median, high, highest = np.percentile(spent, [50, 95, 99])
    return float(median), float(high), float(highest)


def main() -> int:
    whole(*SIZES[0])  # compiles
    times = []
    for people, tasks, towns in SIZES:
        seconds, pairs = whole(people, tasks, towns)
        times.append(seconds / max(pairs, 1))
        print(f"{people:>6} x {tasks:<6} {seconds:7.3f} s, {pairs:.0f} possible tasks a person")
        last = seconds
    growth = np.log(times[-1] / times[-2]) / np.log(SIZES[-1][0] / SIZES[-2][0])
    print(f"growth from {SIZES[-2][0]} to {SIZES[-1][0]} people, per possible task: exponent {growth:.2f}")
    median, high, highest = one_by_one()
    print(f"one person against {SIZES[-1][1]} tasks: {median:.2f} ms, p95 {high:.2f}, p99 {highest:.2f}")
    missed = last > LIMIT_SECONDS or growth > LIMIT_GROWTH or high > LIMIT_P95 or highest > LIMIT_P99
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
