"""`./stapsteen manage ...`: Django's commands, with the database running."""

import argparse
import signal
import subprocess

from stapsteen.cli.environment import django_environment, manage_command


def options(_parser: argparse.ArgumentParser) -> None:
    """Everything goes to Django as it is."""


def delegate(words: list[str]) -> int:
    """Run one of Django's commands in the foreground; Ctrl-C goes to it, not to us."""
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
