"""`./stapsteen check`: the quick checks. All of them run, then the first failing one decides."""

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from stapsteen.cli.console import plain
from stapsteen.cli.environment import django_environment, manage_command
from stapsteen.cli.paths import ROOT

# Every string must be translated to French and English.
TRANSLATIONS_COMPLETE = True


@dataclass(frozen=True)
class Step:
    """One check: its heading and command line, run in the checkout."""

    name: str
    command: list[str]


def tool(name: str, *words: str) -> list[str]:
    """A program of the virtual environment."""
    return [str(Path(sys.executable).parent / name), *words]


def scripts() -> list[str]:
    """Every shell script of ours."""
    found = [ROOT / "stapsteen", ROOT / ".ci/run", *(ROOT / "deploy").glob("*")]
    return [str(path) for path in found if path.is_file() and path.read_bytes().startswith(b"#!")]


def steps() -> list[Step]:
    found = [
        Step("mypy: types", tool("mypy", "--no-error-summary")),  # first: the others are done meanwhile
        Step("ruff: lint", tool("ruff", "check", "--quiet", ".")),
        Step("ruff: format", tool("ruff", "format", "--check", "--quiet", ".")),
        Step("import-linter: order of the rooms", tool("lint-imports", "--no-logo")),
        Step("migrations: present", manage_command("makemigrations", "--check", "--dry-run")),
        Step("migrations: safe", [sys.executable, "tools/lint_migrations.py"]),
        Step("djlint: templates", tool("djlint", "--lint", "--quiet", "templates", "src")),
        Step("shellcheck: scripts", ["shellcheck", *scripts()]),
    ]
    if TRANSLATIONS_COMPLETE:
        found.append(Step("translations: complete", [sys.executable, "tools/check_messages.py"]))
    return found


def run_step(step: Step, environment: dict[str, str]) -> int:
    """Run one step, with its heading and its seconds. Its output is shown."""
    plain(f"== {step.name}")
    sys.stderr.flush()
    started = time.monotonic()
    try:
        code = subprocess.run(step.command, cwd=ROOT, env=environment).returncode
    except FileNotFoundError:
        plain(f"{step.command[0]} is not installed")
        code = 127
    plain(f"-- {step.name}: {told(code)}, {time.monotonic() - started:.1f} s")
    return code


def told(code: int) -> str:
    return "ok" if code == 0 else f"FAILED ({code})"


def run_quietly(step: Step, environment: dict[str, str]) -> tuple[int, str, float]:
    """Its code, what it printed, and its seconds."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            step.command,
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except FileNotFoundError:
        return 127, f"{step.command[0]} is not installed\n", 0.0
    return done.returncode, done.stdout, time.monotonic() - started


def run_all(environment: dict[str, str]) -> int:
    """Every quick check, two at a time; the exit code of the first that failed, and a list of all that did."""
    results = []
    with ThreadPoolExecutor(2) as pool:
        wanted = steps()
        for step, done in zip(
            wanted, pool.map(lambda one: run_quietly(one, environment), wanted), strict=True
        ):
            code, output, seconds = done
            plain(f"== {step.name}")
            print(output, end="", flush=True)
            plain(f"-- {step.name}: {told(code)}, {seconds:.1f} s")
            results.append((step, code))
    failed = [(step, code) for step, code in results if code]
    if failed:
        plain(
            f"stapsteen: {len(failed)} of {len(results)} checks failed: {', '.join(step.name for step, _ in failed)}"
        )
    return failed[0][1] if failed else 0


def options(_parser: argparse.ArgumentParser) -> None:
    """None: the quick checks are quick."""


def run(_args: argparse.Namespace) -> int:
    with django_environment() as environment:
        return run_all(environment)
