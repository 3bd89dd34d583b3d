"""Start, watch and stop the processes of the demo. They end with us, even when we are killed."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self

from stapsteen.cli.console import Refused
from stapsteen.cli.paths import ROOT

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_SECONDS = 8
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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


class Children:
    """The processes that we started; leaving the block ends them all."""

    def __init__(self) -> None:
        self.all: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, command: list[str], environment: dict[str, str], logs: Path) -> Child:
        """Start in a session of its own, so that Ctrl-C reaches only us and we stop things in order.

        Who asks us to stop meanwhile is heard when the child stands in the list, so that none is left behind.
        """
        logs.mkdir(mode=0o700, exist_ok=True)
        log = logs / f"{name}.log"
        with log.open("wb") as output, _later():
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
            self.all.append(Child(name, process, log))
        return self.all[-1]

    def stop(self) -> None:
        """Ask all, wait, then kill what is left of their process groups."""
        for child in self.all:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.all:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()


class Stopped(Exception):
    """Somebody asked us to stop: Ctrl-C or SIGTERM."""


class _Asked:
    """Whether somebody asked us to stop while that had to wait."""

    waits = False
    meanwhile = False


def raise_when_asked_to_stop() -> None:
    """From here SIGINT, SIGTERM and SIGHUP raise Stopped, so that `finally` blocks do the cleaning."""

    def asked(_signal: int, _frame: object) -> None:
        if _Asked.waits:
            _Asked.meanwhile = True
        else:
            _stop()

    for number in STOPS:
        signal.signal(number, asked)


def _stop() -> NoReturn:
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)  # stopping must not be interrupted half-way
    raise Stopped


@contextlib.contextmanager
def _later() -> Iterator[None]:
    """Who asks us to stop in this block is heard at its end. (To block the signals wouldn't do: another thread gets them.)"""
    _Asked.waits, _Asked.meanwhile = True, False
    try:
        yield
    finally:
        _Asked.waits = False
    if _Asked.meanwhile:
        _stop()
