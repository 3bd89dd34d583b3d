"""What the commands say. Everything for people goes to stderr, so that `--json` keeps stdout to itself."""

import sys
import time
from typing import NoReturn

STARTED = time.monotonic()


class Refused(Exception):
    """The command can't go on. The text is one line: what is wrong and what to do."""


def say(text: str) -> None:
    """One line on stderr with the seconds since the start."""
    print(f"stapsteen: {text} ({time.monotonic() - STARTED:.1f} s)", file=sys.stderr, flush=True)


def plain(text: str = "") -> None:
    """One line on stderr, as it is."""
    print(text, file=sys.stderr, flush=True)


def refuse(text: str) -> NoReturn:
    raise Refused(text)
