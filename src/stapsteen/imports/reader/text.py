"""Small steps that every parser shares: cell to text, folding, splitting."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from stapsteen.imports.reader.workbook import Value
from stapsteen.network.places import fold

__all__ = ["LONGEST_PARSED", "clip", "fold", "shown", "squeeze"]

LONGEST_PARSED: Final = 400  # characters; a longer cell is prose, no parser looks past this
_SPACES = re.compile(r"\s+")


def squeeze(text: str) -> str:
    """Without invisible signs and doubled spaces."""
    return _SPACES.sub(" ", text.replace("\u200b", "").replace("\ufeff", "").replace("\xad", "")).strip()


def clip(text: str) -> str:
    """What a parser may look at."""
    return squeeze(text[: 4 * LONGEST_PARSED])[:LONGEST_PARSED]


def shown(value: Value) -> str:
    """A cell as the spreadsheet's user sees it: whole numbers without '.0', dates as ISO dates."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
        case dt.datetime():
            bare = value.time() == dt.time(0)
            return value.date().isoformat() if bare else value.isoformat(" ", "minutes")
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.strftime("%H:%M")
        case _:
            return squeeze(str(value))
