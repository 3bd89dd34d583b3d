"""`./stapsteen e2e [pytest's words]`: the journeys in a real browser."""

import argparse
import subprocess

from stapsteen.cli import machine
from stapsteen.cli.console import Refused
from stapsteen.cli.environment import base_environment
from stapsteen.cli.messages import compile_messages
from stapsteen.cli.paths import ROOT
from stapsteen.cli.testing import pytest, test_environment


def options(_parser: argparse.ArgumentParser) -> None:
    """None: all words are pytest's."""


def run(args: argparse.Namespace) -> int:
    if not (ROOT / "e2e").is_dir():
        raise Refused("this checkout has no folder e2e.")
    machine.install_packages()
    compile_messages()
    words = args.rest or ["-q", "-n", "2"]
    return subprocess.run(
        pytest("e2e", *words), cwd=ROOT, env={**base_environment(), **test_environment()}
    ).returncode
