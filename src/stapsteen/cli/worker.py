"""`./stapsteen worker`: the process that does the jobs of a real installation (mails, reminders, seals, imports)."""

import argparse

from stapsteen.cli.serve import run_worker


def options(_parser: argparse.ArgumentParser) -> None:
    """None: one worker does every kind of job; start more for more speed."""


def run(_args: argparse.Namespace) -> int:
    run_worker()
