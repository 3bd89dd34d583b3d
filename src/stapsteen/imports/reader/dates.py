"""Dates as people type them. Belgian order (day first) unless a column shows that it is month first."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal

from stapsteen.imports.reader.text import clip, fold, shown
from stapsteen.imports.reader.workbook import Value

type Order = Literal["dmy", "mdy"]
type Shape = Literal[
    "real", "iso", "full", "short_year", "words", "serial", "compact", "month_first", "impossible", "unclear"
]

MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january janvier janv januar",
            "februari feb febr februar february fevrier fevr fev",
            "maart mrt maa mar march mars",
            "april apr avril avr",
            "mei may mai",
            "juni jun june juin",
            "juli jul july juillet juil",
            "augustus aug august aout",
            "september sep sept septembre",
            "oktober okt oct october octobre",
            "november nov novembre",
            "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}
EXCEL_EPOCH: Final = dt.date(1899, 12, 30)
_YEAR_ONLY: Final = re.compile(r"(?:(?:ca|circa|ong|ongeveer|rond)\.?\s*|[±~]\s*)?((?:19|20)\d\d)\s*\??")
_NUMERIC = re.compile(r"(\d{1,4})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{1,4})\.?")
_WORDS = re.compile(r"(\d{1,2})\s?(?:e|ste|de|er|st|nd|rd|th)?\s([a-z]{3,10})\s(\d{2}|\d{4})")
_WORDS_FIRST = re.compile(r"([a-z]{3,10})\s(\d{1,2})(?:st|nd|rd|th)?\s(\d{4})")
_COMPACT = re.compile(r"\d{8}")
_TIME_TAIL = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d{1,6})?$")
_LEAD = re.compile(
    r"^(sinds|vanaf|op|depuis|le|since|from|tot|geb|ma|di|wo|do|vr|za|zo)\.?\s+(?=\d)", re.IGNORECASE
)
_TAIL = re.compile(r"\s*(\?|\(\?\))\s*$")


@dataclass(frozen=True, slots=True)
class DateRead:
    """`date` is None when the text isn't one; `shape` says how it was written; `sure` whether it was guessed."""

    date: dt.date | None
    shape: Shape
    sure: bool = True


UNCLEAR: Final = DateRead(None, "unclear", False)


def parse_date(
    value: Value, *, today: dt.date, birth: bool = False, order: Order = "dmy", century: int | None = None
) -> DateRead:
    """The date in a cell. `birth` puts a two-digit year in a lifetime (14 to 113 years ago).

    `century` (1900 or 2000) settles a two-digit year, for instance by the national number. Never raises.
    """
    if isinstance(value, dt.datetime):
        return _plausible(value.date(), "real")
    if isinstance(value, dt.date):
        return _plausible(value, "real")
    if isinstance(value, bool) or value is None or isinstance(value, dt.time | dt.timedelta):
        return UNCLEAR
    if isinstance(value, int | float):
        return _number(value)
    return _text(clip(value), today, birth, order, century)


def parse_birth_year(value: Value) -> int | None:
    """A year of birth without a day: 1985, "1985", "ca. 1985", "± 1985?"."""
    found = _YEAR_ONLY.fullmatch(clip(shown(value)).casefold())
    return int(found[1]) if found else None


def month_first(values: list[Value]) -> bool:
    """True when a column can only be month first: a second number above 12 and no first number above 12."""
    pairs = [_day_month(clip(value)) for value in values if isinstance(value, str)]
    firsts = [pair[0] for pair in pairs if pair]
    seconds = [pair[1] for pair in pairs if pair]
    return bool(seconds) and max(seconds) > 12 and max(firsts) <= 12


def _day_month(text: str) -> tuple[int, int] | None:
    found = _NUMERIC.fullmatch(text)
    if not found or len(found[1]) > 2:
        return None
    return int(found[1]), int(found[2])


def _number(value: float) -> DateRead:
    """Excel counts days since 1899-12-30; 20190131 is a date without separators."""
    if value != value or value in (float("inf"), float("-inf")):
        return UNCLEAR
    if 3_000 <= value <= 80_000:
        return DateRead(EXCEL_EPOCH + dt.timedelta(days=int(value)), "serial")
    return _compact(str(int(value))) if 10_000_000 <= value <= 99_999_999 else UNCLEAR


def _text(text: str, today: dt.date, birth: bool, order: Order, century: int | None) -> DateRead:
    unsure = bool(_TAIL.search(text))
    text = _TAIL.sub("", _LEAD.sub("", _TIME_TAIL.sub("", text)))
    read = UNCLEAR
    if found := _NUMERIC.fullmatch(text):
        read = _numeric(found[1], found[2], found[3], today, birth, order, century)
    elif _COMPACT.fullmatch(text):
        read = _compact(text)
    elif text.isascii() and text.isdigit() and len(text) == 5:
        read = _number(int(text))
    else:
        read = _words(fold(text), today, birth, century)
    return DateRead(read.date, read.shape, read.sure and not unsure)


def _numeric(
    first: str, second: str, third: str, today: dt.date, birth: bool, order: Order, century: int | None
) -> DateRead:
    if len(first) == 4:
        return _make(int(first), int(second), int(third), "iso")
    if len(first) == 3 or len(third) in (1, 3):
        return UNCLEAR
    year, sure = _year(third, today, birth, century)
    shape: Shape = "full" if len(third) == 4 else "short_year"
    day, month = (int(first), int(second)) if order == "dmy" else (int(second), int(first))
    if order == "mdy":
        shape = "month_first"
    if month > 12 >= day:
        return DateRead(_make(year, day, month, "month_first").date, "month_first", False)
    read = _make(year, month, day, shape)
    return DateRead(read.date, read.shape, sure and read.sure)


def _words(text: str, today: dt.date, birth: bool, century: int | None) -> DateRead:
    if (found := _WORDS.fullmatch(text)) and found[2] in MONTHS:
        year, sure = _year(found[3], today, birth, century)
        read = _make(year, MONTHS[found[2]], int(found[1]), "words")
        return DateRead(read.date, read.shape, sure)
    if (found := _WORDS_FIRST.fullmatch(text)) and found[1] in MONTHS:
        return _make(int(found[3]), MONTHS[found[1]], int(found[2]), "words")
    return UNCLEAR


def _compact(text: str) -> DateRead:
    """20190131 or 31012019."""
    front = _make(int(text[:4]), int(text[4:6]), int(text[6:]), "compact")
    if front.date and 1900 <= front.date.year <= 2100:
        return front
    return _make(int(text[4:]), int(text[2:4]), int(text[:2]), "compact")


def _year(text: str, today: dt.date, birth: bool, century: int | None) -> tuple[int, bool]:
    """A two-digit year in full, and whether only one reading is possible."""
    year = int(text)
    if len(text) == 4:
        return year, True
    if century is not None:
        return century + year, True
    if not birth:
        return 2000 + year, True
    young, old = today.year - (2000 + year), today.year - (1900 + year)
    return (2000 + year, old > 100) if young >= 14 else (1900 + year, True)


def _make(year: int, month: int, day: int, shape: Shape) -> DateRead:
    try:
        return _plausible(dt.date(year, month, day), shape)
    except ValueError:
        return DateRead(None, "impossible", False)


def _plausible(date: dt.date, shape: Shape) -> DateRead:
    return DateRead(date, shape) if 1900 <= date.year <= 2100 else DateRead(None, "impossible", False)


def parse_month(value: Value) -> tuple[int | None, int | None]:
    """(year, month) that a heading or cell names: 'jan', 'mrt 26', '2026-01', '01/2026', a date; else None."""
    if isinstance(value, dt.date):
        return value.year, value.month
    if not isinstance(value, str):
        return None, None
    words = fold(clip(value)).split()
    months = {MONTHS[word] for word in words if word in MONTHS}
    years = [full_year(word) for word in words if full_year(word)]
    if len(months) == 1 and len(words) <= 3 and len(words) - len(years) <= 2:
        return (years[0] if years else None), months.pop()
    return _numeric_month(words)


def _numeric_month(words: list[str]) -> tuple[int | None, int | None]:
    if len(words) == 2 and all(word.isdigit() for word in words):
        first, second = words
        if len(first) == 4 and 1 <= int(second) <= 12:
            return int(first), int(second)
        if len(second) == 4 and 1 <= int(first) <= 12:
            return int(second), int(first)
    return None, None


def full_year(word: str) -> int | None:
    """A year between 2000 and 2100 from '2026' or '26'."""
    if len(word) == 4 and word.isascii() and word.isdigit() and 2000 <= int(word) <= 2100:
        return int(word)
    return 2000 + int(word) if len(word) == 2 and word.isascii() and word.isdigit() else None
