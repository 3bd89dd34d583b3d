"""`./stapsteen manage ...`: Django's commands, with the database running."""

import argparse
import os
import signal
import subprocess

from stapsteen.cli.environment import django_environment, manage_command
from stapsteen.cli.paths import TABLES, data_folder


def options(_parser: argparse.ArgumentParser) -> None:
    """Everything goes to Django as it is."""


def delegate(words: list[str]) -> int:
    """Run one of Django's commands in the foreground; Ctrl-C goes to it, not to us."""
    if words[:1] == ["migrate"] and not os.environ.get("DATABASE_URL"):
        (data_folder() / TABLES).unlink(missing_ok=True)  # the demo looks again
    with django_environment() as environment:
        process = subprocess.Popen(manage_command(*words), env=environment)
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            code = process.wait()
        finally:
            signal.signal(signal.SIGINT, previous)
    return code if code >= 0 else 128 - code


def run(args: argparse.Namespace) -> int:
    return delegate(args.rest)
