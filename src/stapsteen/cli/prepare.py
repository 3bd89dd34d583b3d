"""`./stapsteen prepare`: after it, the checkout needs to write nothing in its own folder any more."""

import argparse

from stapsteen.cli.console import say
from stapsteen.cli.messages import compile_messages


def options(_parser: argparse.ArgumentParser) -> None:
    """None: the script has installed the packages before we run."""


def run(_args: argparse.Namespace) -> int:
    compile_messages()
    say("compiling the matching engine")
    from stapsteen.matching.engine.warm import warm

    warm()
    say("ready")
    return 0
