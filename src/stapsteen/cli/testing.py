"""`./stapsteen test`: everything that CI runs. Quick checks, then pytest, then the browser; pytest's line is last."""

import argparse
import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from stapsteen.cli import cluster, machine
from stapsteen.cli.check import Step, run_all, run_step
from stapsteen.cli.console import Refused, say
from stapsteen.cli.demo import COMPILE
from stapsteen.cli.environment import base_environment
from stapsteen.cli.messages import compile_messages
from stapsteen.cli.paths import ROOT, data_folder

CLUSTER = "ci"
BRANCHES_ARE_CHEAP = (3, 14)
"""Before, Python tells its lines for almost nothing, and its branches at more than half of the time again."""


def options(_parser: argparse.ArgumentParser) -> None:
    """None: the same for everybody. For a part: ./stapsteen check, ./stapsteen e2e, .venv/bin/pytest PATH."""


def pytest(*words: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "pytest",
        "--color=no" if not sys.stdout.isatty() else "--color=yes",
        *words,
    ]


def measured(*words: str) -> list[str]:
    """pytest, with what it runs of the core, rules and actions written down (pyproject.toml says which files)."""
    branches = ["--branch"] if sys.version_info >= BRANCHES_ARE_CHEAP else []
    return [sys.executable, "-m", "coverage", "run", *branches, *pytest(*words)[1:]]


def test_environment() -> dict[str, str]:
    """Where the tests find the browser and the HTML validator."""
    return {"STAPSTEEN_CHROMIUM": machine.chromium() or "", "STAPSTEEN_VNU_JAR": str(machine.vnu_jar())}


@contextlib.contextmanager
def test_server(folder: Path) -> Iterator[dict[str, str]]:
    """A fast server of our own, so that somebody's pytest beside us is not disturbed; removed afterwards."""
    if os.environ.get("DATABASE_URL"):
        yield {}
        return
    with (folder / "ci.running").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("./stapsteen test is already running in this folder.") from None
        running = cluster.start(folder, name=CLUSTER, fast=True)
        try:
            yield running.environment
        finally:
            if running.stop():
                cluster.remove(folder, CLUSTER)


@contextlib.contextmanager
def compiling() -> Iterator[None]:
    """The engine's loops, once, beside the quick checks: else both workers compile the same ones on a new machine."""
    process = subprocess.Popen(COMPILE, cwd=ROOT, env=base_environment())
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def run(_args: argparse.Namespace) -> int:
    machine.install_packages()
    found = test_environment()
    compile_messages()
    with compiling(), test_server(data_folder()) as database:
        environment = {**base_environment(), **found, **database}
        say("quick checks")
        if code := run_all(environment):
            return code
        workers = str(max(2, min(8, os.cpu_count() or 2)))
        for old in ROOT.glob(".coverage*"):
            old.unlink()
        parts = [
            Step(
                "pytest: pages, actions, rules", measured("-q", "-n", workers, "--dist", "worksteal", "src")
            ),
            Step("coverage: core, rules, actions", [sys.executable, "tools/check_coverage.py"]),
        ]
        if (ROOT / "e2e").is_dir():
            parts.append(Step("pytest: browser journeys", pytest("-q", "-n", "2", "e2e")))
        for part in parts[:-1]:
            if code := run_step(part, environment):
                return code
        say(parts[-1].name)
        return run_last(parts[-1], environment)


def run_last(step: Step, environment: dict[str, str]) -> int:
    """The last step prints nothing after pytest's closing line."""
    return subprocess.run(step.command, cwd=ROOT, env=environment).returncode
