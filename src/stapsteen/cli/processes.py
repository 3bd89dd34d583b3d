"""Start, watch and stop the processes of the demo. They end with us, even when we are killed."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stapsteen.cli.console import Refused
from stapsteen.cli.paths import ROOT

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_SECONDS = 8


def _end_with_parent() -> Callable[[], None] | None:
    """What a child runs first, so that it gets SIGTERM when its parent is gone. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask


@dataclass
class Child:
    """A process of ours that writes to a log file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self, number: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-number:])

    def check(self) -> None:
        """Raise Refused with the end of its log when the process has stopped."""
        if self.process.poll() is not None:
            raise Refused(f"the {self.name} process stopped (log: {self.log}):\n{self.last_lines()}")


def start_child(name: str, command: list[str], environment: dict[str, str], logs: Path) -> Child:
    """Start in a session of its own, so that Ctrl-C reaches only us and we stop things in order."""
    logs.mkdir(mode=0o700, exist_ok=True)
    log = logs / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent(),
        )
    return Child(name, process, log)


def stop_children(children: list[Child]) -> None:
    """Ask all, wait, then kill what is left of their process groups."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


class Stopped(Exception):
    """Somebody asked us to stop: Ctrl-C or SIGTERM."""


def raise_when_asked_to_stop() -> None:
    """From here SIGINT, SIGTERM and SIGHUP raise Stopped, so that `finally` blocks do the cleaning."""

    def stop(_signal: int, _frame: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping must not be interrupted half-way
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
