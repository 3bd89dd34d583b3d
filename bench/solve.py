"""The solver on fresh random problems: value against its proven bound, time, memory, growth; HiGHS on the same problem.

What leaving out pairs costs is measured at size as well: scored regions, the best few tasks per person kept, every possible
pair priced afterwards.

`bench/solve.py [PROBLEM.npz ...]` measures those files instead. Exit code 1 when a mark is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from stapsteen.matching.engine.complete import LOSS, complete  # noqa: E402
from stapsteen.matching.engine.layout import lay_out  # noqa: E402
from stapsteen.matching.engine.milp import Limits, choose  # noqa: E402
from stapsteen.matching.engine.pairs import People, Tasks  # noqa: E402
from stapsteen.matching.engine.problem import Problem, broken, from_arrays, load  # noqa: E402
from stapsteen.matching.engine.score import Columns  # noqa: E402
from stapsteen.matching.engine.search import Search  # noqa: E402
from stapsteen.matching.engine.tests.samples import random_problem  # noqa: E402
from stapsteen.matching.engine.tests.towns import random_model, random_people, random_tasks  # noqa: E402
from stapsteen.matching.engine.warm import warm  # noqa: E402

SEED = 20_261
LIMIT_GROWTH, LIMIT_MEGABYTES = 1.2, 2_000
REGIONS, PRUNING_SECONDS = ((500, 600, 6), (5_000, 4_000, 30), (20_000, 15_000, 110)), 300.0
"""People, tasks and towns where the loss by leaving out pairs is measured, and the time for it."""


@dataclass(frozen=True)
class Case:
    """A size, the seconds it may take, the share of the bound to reach in them, and the seconds that HiGHS gets."""

    people: int
    tasks: int
    per_person: int
    seconds: float
    share: float
    highs: float = 0.0


CASES = (
    Case(50, 80, 25, 1, 1 - 1e-4, 10),
    Case(100, 120, 25, 1, 1 - 1e-4, 10),
    Case(500, 600, 100, 10, 0.998, 60),
    Case(500, 600, 100, 60, 0.998),
    Case(5_000, 4_000, 60, 7, 0.98),
    Case(5_000, 4_000, 60, 60, 0.99, 60),
    Case(20_000, 15_000, 60, 35, 0.98),
)
GROWTH = ((5_000, 4_000, 7.0), (20_000, 15_000, 35.0))
"""The two sizes whose time to the same share gives the growth."""


@dataclass(frozen=True)
class Told:
    """What the command said of one problem, and what it took."""

    value: float
    bound: float
    seconds: float
    megabytes: float
    faults: int

    @property
    def share(self) -> float:
        return self.value / self.bound if self.bound else 1.0


def solved(problem: Path, seconds: float) -> Told:
    """The command, from start to end, and its answer held against every limit."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.npz"
        words = ["solve", str(problem), "--out", str(answer), "--seconds", str(seconds), "--json"]
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "stapsteen.cli", *words],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        assert process.stdout is not None
        told = json.loads(process.stdout.read())
        _, _, used = os.wait4(process.pid, 0)
        spent = time.perf_counter() - begin
        with np.load(answer) as stored:
            faults = len(list(broken(load(problem), stored["column"].astype(np.int64))))
        return Told(told["value"], told["bound"], spent, used.ru_maxrss / 1024, faults)


def highs(problem: Path, seconds: float) -> str:
    """What HiGHS finds by itself on the strengthened problem."""
    layout = lay_out(load(problem))
    a, begin = layout.arrays, time.perf_counter()
    found = choose(a, np.arange(len(a.worth)), Limits.whole(a), np.zeros(0, np.int64), seconds)
    spent, unit = time.perf_counter() - begin, layout.worth_unit
    bound = f"{found.bound * unit:.4f}" if np.isfinite(found.bound) else "none"
    return f"value {a.worth[found.columns].sum() * unit:.4f} bound {bound} in {spent:.1f} s"


def load_now() -> str:
    """How busy the machine is, where the system tells."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def measure(name: str, problem: Path, seconds: float) -> Told:
    """Prints a line."""
    told = solved(problem, seconds)
    print(
        f"{name:16} {seconds:4.0f} s given {told.seconds:6.1f} s used {told.megabytes:6.0f} MB value {told.value:11.4f} "
        f"bound {told.bound:11.4f} share {told.share:.5f}, limits broken {told.faults} (load {load_now()})",
        flush=True,
    )
    return told


def misses(case: Case, told: Told) -> list[str]:
    """Which marks this case missed."""
    marks = {
        f"share {case.share}": told.share < case.share,
        "time": told.seconds > 1.1 * case.seconds + 0.5,
        "memory": told.megabytes > LIMIT_MEGABYTES,
        "a limit": told.faults > 0,
    }
    return [
        f"{case.people} x {case.tasks} in {case.seconds:.0f} s: {name}"
        for name, missed in marks.items()
        if missed
    ]


def cases(folder: Path) -> list[str]:
    missed = []
    for case in CASES:
        path = folder / f"{case.people}.npz"
        if not path.exists():
            np.savez(path, **random_problem(case.people, case.tasks, case.per_person, SEED))
        missed += misses(case, measure(f"{case.people} x {case.tasks}", path, case.seconds))
        if case.highs:
            print(f"{'':16} HiGHS by itself: {highs(path, case.highs)}", flush=True)
    return missed


def growth(folder: Path) -> list[str]:
    """Processor time until prices and a first answer, which is about 0.98 of the bound, at two sizes."""
    spent = []
    for people, tasks, seconds in GROWTH:
        layout, busy = lay_out(load(folder / f"{people}.npz")), time.process_time()
        search = Search(
            layout.arrays, time.monotonic() + 20 * seconds
        )  # time enough: the rounds are what counts
        search.learn()
        search.first_answer()
        spent.append(time.process_time() - busy)
        share = float(layout.arrays.worth[search.chosen].sum()) / search.bound
        print(f"{people} x {tasks}: share {share:.4f} after {spent[-1]:.1f} s of processor time", flush=True)
    power = float(np.log(spent[1] / spent[0]) / np.log(GROWTH[1][0] / GROWTH[0][0]))
    print(f"growth of processor time with people: exponent {power:.2f}", flush=True)
    return ["growth"] if power > LIMIT_GROWTH else []


def pruning() -> list[str]:
    """What leaving out pairs can cost at most once the prices ask for no more of them, by size."""
    missed = []
    for people, tasks, towns in REGIONS:
        who, what, model = (
            random_people(people, tasks, 1, towns),
            random_tasks(tasks, 1, towns),
            random_model(tasks, 1),
        )
        begin = time.perf_counter()
        found = complete(who, what, model, partial(caseload, who, what), PRUNING_SECONDS)
        columns = found.columns
        print(
            f"{people} x {tasks}: {len(columns.person) / people:.0f} columns a person of {columns.possible.mean():.0f} pairs "
            f"after {found.rounds} rounds, {time.perf_counter() - begin:.0f} s; over all pairs at most {found.bound:.2f}, "
            f"loss at most {found.share:.3%} (load {load_now()})",
            flush=True,
        )
        missed += [f"pruning at {people} people"] if found.share > LOSS else []
    return missed


def caseload(who: People, what: Tasks, columns: Columns) -> Problem:
    """The problem of these columns, with some limits around it."""
    hosts, coaches, chance = int(what.host.max()) + 1, max(1, len(who.x) // 30), np.random.default_rng(SEED)
    room = np.zeros(hosts)
    room[what.host] = what.host_support
    return from_arrays(
        {
            "person": columns.person, "task": columns.task, "halfdays": columns.halfdays, "value": columns.value,
            "coach_hours": columns.coach_hours, "support": who.support, "coach": chance.integers(0, coaches, len(who.x)),
            "task_host": what.host, "task_seats": what.seats, "host_support": room,
            "host_halfdays": chance.choice([1, 1, 2, 3], (hosts, 10)), "coach_capacity": chance.uniform(22, 48, coaches),
        }
    )  # fmt: skip


def main(paths: list[str]) -> int:
    warm()
    if paths:
        for path in paths:
            for seconds in (7.0, 10.0, 60.0):
                measure(Path(path).stem, Path(path), seconds)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        missed = [*cases(Path(folder)), *growth(Path(folder)), *pruning()]
    print(f"marks missed: {'; '.join(missed) or 'none'}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
