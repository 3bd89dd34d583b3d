"""The solver on fresh random problems: value against its proven bound, time, memory, growth; HiGHS on the same problem.

`bench/solve.py [PROBLEM.npz ...]` measures those files instead.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from stapsteen.matching.engine.layout import lay_out  # noqa: E402
from stapsteen.matching.engine.milp import Limits, choose  # noqa: E402
from stapsteen.matching.engine.problem import load  # noqa: E402
from stapsteen.matching.engine.tests.samples import random_problem  # noqa: E402

SEED = 20_261
HIGHS_SECONDS = 60.0
LIMIT_GROWTH, LIMIT_MEGABYTES = 1.2, 2_000


@dataclass(frozen=True)
class Case:
    """A size, the seconds it may take, and the share of the bound to reach in them."""

    people: int
    tasks: int
    per_person: int
    seconds: float
    share: float


CASES = (
    Case(50, 80, 25, 10, 1 - 1e-4),
    Case(500, 600, 100, 10, 0.99),
    Case(500, 600, 100, 60, 0.99),
    Case(5_000, 4_000, 60, 7, 0.97),
    Case(5_000, 4_000, 60, 60, 0.98),
    Case(20_000, 15_000, 60, 35, 0.97),
)


def solved(problem: Path, seconds: float) -> tuple[dict[str, float], float, float]:
    """What the command says, its seconds from start to end, and the most memory it held (MB)."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["solve", str(problem), "--out", f"{folder}/answer.npz", "--seconds", str(seconds), "--json"]
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "stapsteen.cli", *words],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        assert process.stdout is not None
        told = json.loads(process.stdout.read())
        _, _, used = os.wait4(process.pid, 0)
        return told, time.perf_counter() - begin, used.ru_maxrss / 1024


def highs(problem: Path, seconds: float) -> tuple[float, float]:
    """Value that HiGHS finds by itself on the strengthened problem, and its seconds."""
    layout = lay_out(load(problem))
    a, begin = layout.arrays, time.perf_counter()
    found = choose(a, np.arange(len(a.worth)), Limits.whole(a), np.zeros(0, np.int64), seconds)
    return float(a.worth[found.columns].sum()) * layout.worth_unit, time.perf_counter() - begin


def measure(name: str, problem: Path, seconds: float) -> tuple[float, float, float]:
    """Share of the bound, seconds, MB; prints a line."""
    told, spent, megabytes = solved(problem, seconds)
    share = told["value"] / told["bound"] if told["bound"] else 1.0
    print(
        f"{name:16} {seconds:4.0f} s given {spent:6.1f} s used {megabytes:6.0f} MB "
        f"value {told['value']:10.4f} bound {told['bound']:10.4f} share {share:.5f}",
        flush=True,
    )
    return share, spent, megabytes


def compare(problem: Path) -> None:
    value, seconds = highs(problem, HIGHS_SECONDS)
    print(f"{'':16} HiGHS by itself: value {value:.4f} in {seconds:.1f} s", flush=True)


def rounds() -> int:
    """Every case; 1 when a mark is missed."""
    missed, before = 0, None
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            path = Path(folder) / f"{case.people}.npz"
            if fresh := not path.exists():
                np.savez(path, **random_problem(case.people, case.tasks, case.per_person, SEED))
            name = f"{case.people} x {case.tasks}"
            share, spent, megabytes = measure(name, path, case.seconds)
            missed += share < case.share or spent > 1.1 * case.seconds + 0.5 or megabytes > LIMIT_MEGABYTES
            if fresh and case.people <= 5_000:
                compare(path)
            if case.share == CASES[-1].share and before:
                growth = np.log(spent / before[1]) / np.log(case.people / before[0])
                print(f"growth at this share: exponent {growth:.2f} in people")
                missed += growth > LIMIT_GROWTH
            before = (case.people, spent) if case.share == CASES[-1].share else before
    return int(missed > 0)


def main(paths: list[str]) -> int:
    for path in paths:
        for seconds in (7.0, 10.0, 60.0):
            measure(Path(path).stem, Path(path), seconds)
    return 0 if paths else rounds()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
