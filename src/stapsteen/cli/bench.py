"""`./stapsteen bench [NAME]`: run the measurements in `bench/`, each a script that prints what it measured."""

import argparse
import subprocess
import sys

from stapsteen.cli.console import Refused, plain
from stapsteen.cli.environment import django_environment
from stapsteen.cli.paths import ROOT


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="one measurement (default: all)")


def run(args: argparse.Namespace) -> int:
    found = {path.stem: path for path in sorted((ROOT / "bench").glob("[!_]*.py"))}
    if args.name and args.name not in found:
        raise Refused(f"no measurement named {args.name}; there are: {', '.join(found) or 'none yet'}.")
    if not found:
        raise Refused("this checkout has no measurements (folder bench).")
    chosen = [found[args.name]] if args.name else list(found.values())
    with django_environment() as environment:
        for path in chosen:
            plain(f"== {path.stem}")
            if code := subprocess.run([sys.executable, str(path)], cwd=ROOT, env=environment).returncode:
                return code
    return 0
