"""`./stapsteen fmt`: format the Python. Templates are left to their writer; `check` lints them."""

import argparse
import subprocess

from stapsteen.cli.check import tool
from stapsteen.cli.paths import ROOT


def options(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_args: argparse.Namespace) -> int:
    commands = [tool("ruff", "check", "--select", "I", "--fix", "--quiet", "."), tool("ruff", "format", ".")]
    return max(subprocess.run(command, cwd=ROOT).returncode for command in commands)
