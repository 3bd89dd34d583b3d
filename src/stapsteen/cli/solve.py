"""`./stapsteen solve PROBLEM.npz --out ANSWER.npz`: the best proposals for a caseload, with a proven bound."""

import argparse
import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from stapsteen.cli.console import Refused, plain

if TYPE_CHECKING:
    from stapsteen.matching.engine.problem import Answer

SMALLEST = 1e-4
"""Of a value below this the gap is told beside this: a bound is proven to about as much."""
IMPOSSIBLE = 2
"""Exit code when there is no answer: no such problem, nowhere to write, a decided pair over a limit, a floor out of reach."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM.npz", help="the caseload problem")
    parser.add_argument("--out", type=Path, required=True, metavar="ANSWER.npz", help="where the answer goes")
    parser.add_argument(
        "--seconds", type=_seconds, default=60.0, help="time it may take in all (default: 60)"
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON on stdout")


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number < 1e7:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above zero.")
    return number


def run(args: argparse.Namespace) -> int:
    """0, or 2 with one clear line: the problem or the place of the answer is wrong, or what is asked can't be met."""
    started = _process_start()
    try:
        return _run(args, started)
    except Refused as refused:
        why = str(refused)
    except MemoryError:
        why = f"{args.problem} is too large for this machine's memory."
    plain(f"stapsteen: {why}")
    if args.json:
        print(json.dumps({"error": why}))
    return IMPOSSIBLE


def _run(args: argparse.Namespace, started: float) -> int:
    try:
        _check_places(args.problem, args.out)
    except OSError as error:
        raise Refused(f"cannot use {error.filename}: {error.strerror}.") from error
    # numba loads these where they are installed and needs none of them here: a tenth of a second less.
    with left_out("coverage", "cffi", "yaml"):
        return _solved(args, started)


@contextlib.contextmanager
def left_out(*names: str) -> Iterator[None]:
    """Meanwhile these modules can't be loaded, where they aren't yet."""
    names = tuple(name for name in names if name not in sys.modules)
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)


def _solved(args: argparse.Namespace, started: float) -> int:
    from stapsteen.matching.engine import problem as files
    from stapsteen.matching.engine.solve import solve

    try:
        problem = files.load(args.problem)
        answer = solve(problem, args.seconds, started)
    except files.ProblemError as error:
        raise Refused(str(error)) from error
    except files.CannotBeMet as impossible:
        return _impossible(impossible.reasons, as_json=args.json)
    try:
        files.save(args.out.resolve(), answer)  # a link stays a link: the answer goes where it points
    except OSError as error:
        raise Refused(f"cannot write {args.out}: {error.strerror or error}.") from error
    _tell(answer, people=len(problem.support), as_json=args.json)
    return 0


def _check_places(problem: Path, out: Path) -> None:
    """Before any work: the problem is a file, the answer can be written beside what is there."""
    if not problem.is_file():
        raise Refused(f"there is no file {problem}.")
    if not out.parent.is_dir():
        raise Refused(f"there is no folder {out.parent} for the answer.")
    if out.is_dir():
        raise Refused(f"{out} is a folder; the answer is a file.")
    if out.exists() and not out.is_file():
        raise Refused(f"{out} is a device or a pipe; the answer is a file.")
    if out.exists() and out.samefile(problem):
        raise Refused(f"{out} is the problem itself; give the answer another name.")
    if not os.access(out.parent, os.W_OK):
        raise Refused(f"nothing can be written in {out.parent}.")


def _tell(answer: "Answer", *, people: int, as_json: bool) -> None:
    gap = (answer.bound - answer.value) / max(abs(answer.bound), SMALLEST)
    plain(
        f"stapsteen: {len(answer.column)} of {people} people placed, value {answer.value:.4f}, "
        f"at most {answer.bound:.4f} ({100 * gap:.2f} % above), {answer.seconds:.1f} s"
    )
    if as_json:
        told = {"placed": len(answer.column), "people": people, "value": answer.value, "bound": answer.bound}
        print(json.dumps(told | {"gap": gap, "seconds": answer.seconds}))


def _impossible(reasons: list[str], *, as_json: bool) -> int:
    for reason in reasons:
        plain(f"stapsteen: can't be met: {reason}")
    if as_json:
        print(json.dumps({"impossible": reasons}))
    return IMPOSSIBLE


def _process_start() -> float:
    """When this process began, on time.monotonic()'s clock; now, where the system doesn't tell (not Linux)."""
    now = time.monotonic()
    try:
        ticks = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
        up = float(Path("/proc/uptime").read_text().split()[0])
        return now - max(0.0, up - ticks / os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError):
        return now
