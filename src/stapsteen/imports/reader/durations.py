"""Hours as people note them, in whole minutes: '12u30', '12,5', '4x3u', '45 min', 'ziek', '-'."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal

from stapsteen.imports.reader.text import clip, fold
from stapsteen.imports.reader.workbook import Value

type HoursShape = Literal["plain", "clock", "times", "units", "absence", "none", "unclear"]
type Absence = Literal["sick", "leave", "absent", ""]

_CLOCK_EPOCH: Final = dt.datetime.combine(dt.date(1899, 12, 30), dt.time())
MONTH_MINUTES: Final = 31 * 24 * 60
_ABSENCE_WORDS: Final[tuple[tuple[Absence, str], ...]] = (
    ("sick", "ziek ziekte zk malade maladie sick ill hospitaal ziekenhuis"),
    ("leave", "verlof vakantie v vak conge vacances leave holiday holidays reis verl"),
    ("absent", "afwezig afw absent gekomen noshow gesloten ferme closed feestdag stop gestopt pauze"),
)
ABSENCES: Final[dict[str, Absence]] = {word: kind for kind, words in _ABSENCE_WORDS for word in words.split()}
_NONE = {"", "-", "--", "/", "0", "nihil", "geen", "nvt", "niets", "nul", "none", "neant", "\\", "."}
_UNIT = r"(?:u|uu|uur|uren|h|hr|hrs|hour|hours|heure|heures)"
_DECIMAL = re.compile(rf"(\d{{1,4}})(?:[.,](\d{{1,4}}))?\s?{_UNIT}?\.?")
_CLOCK = re.compile(rf"(\d{{1,3}})\s?(?::|{_UNIT})\s?(\d{{1,2}})(?::00)?\s?(?:min|m|')?")
_MINUTES = re.compile(r"(\d{1,5})\s?(?:min|minuten|minutes|minuut|')\.?")
_TIMES = re.compile(r"(\d{1,2})\s?(?:x|\*|maal|keer|fois|×)\s?(.{1,12})")
_PLUS = re.compile(r"\s?\+\s?")
_APPROX = re.compile(r"^(ca\.?|±|\+/-|ongeveer|circa|env\.?|~)\s?")


@dataclass(frozen=True, slots=True)
class HoursRead:
    """`minutes` None: no hours were noted. `absence` says why, if it was said. `times` counts visits."""

    minutes: int | None
    shape: HoursShape
    absence: Absence = ""
    times: int | None = None
    sure: bool = True


UNCLEAR: Final = HoursRead(None, "unclear", sure=False)


def parse_hours(value: Value) -> HoursRead:
    """The hours in a cell, in minutes; at most what a month holds. Never raises."""
    match value:
        case None:
            return HoursRead(None, "none")
        case bool():
            return UNCLEAR
        case int() | float():
            return _minutes(value * 60, "plain") if value else HoursRead(None, "none")
        case dt.timedelta():
            return _minutes(value.total_seconds() / 60, "clock")
        case dt.time():
            return _minutes(value.hour * 60 + value.minute, "clock")
        case dt.datetime():
            return _clock_cell(value)
        case dt.date():
            return UNCLEAR
        case _:
            return _text(clip(value).casefold())


def _clock_cell(value: dt.datetime) -> HoursRead:
    """Hours over 24 with a clock format come as a moment in the first days of 1900."""
    if value.year > 1900:
        return UNCLEAR
    return _minutes((value - _CLOCK_EPOCH).total_seconds() / 60, "clock")


def _text(text: str) -> HoursRead:
    if text in _NONE:
        return HoursRead(None, "none")
    if absence := _absence(text):
        return HoursRead(None, "absence", absence)
    unsure = text.endswith("?") or bool(_APPROX.match(text))
    bare = _APPROX.sub("", text).rstrip("? ").strip()
    read = _times(bare) or _sum(bare) or _single(bare) or UNCLEAR
    return HoursRead(read.minutes, read.shape, read.absence, read.times, read.sure and not unsure)


def _absence(text: str) -> Absence:
    words = fold(text).split()
    return next((ABSENCES[word] for word in words if word in ABSENCES), "") if len(words) <= 4 else ""


def _single(text: str) -> HoursRead | None:
    if found := _DECIMAL.fullmatch(text):
        hours = float(f"{found[1]}.{found[2] or 0}")
        return _minutes(hours * 60, "plain" if text[-1].isdigit() else "units")
    if found := _CLOCK.fullmatch(text):
        if int(found[2]) > 59:
            return None
        return _minutes(int(found[1]) * 60 + int(found[2]), "clock")
    if found := _MINUTES.fullmatch(text):
        return _minutes(int(found[1]), "units")
    return None


def _times(text: str) -> HoursRead | None:
    found = _TIMES.fullmatch(text)
    each = _single(found[2].strip()) if found else None
    if not found or each is None or each.minutes is None:
        return None
    read = _minutes(int(found[1]) * each.minutes, "times")
    return HoursRead(read.minutes, read.shape, times=int(found[1]), sure=read.sure)


def _sum(text: str) -> HoursRead | None:
    """'4+4+3': visits added up."""
    parts = _PLUS.split(text)
    if not 2 <= len(parts) <= 31:
        return None
    minutes = 0
    for part in parts:
        read = _times(part) or _single(part)
        if read is None or read.minutes is None:
            return None
        minutes += read.minutes
    total = _minutes(minutes, "times")
    return HoursRead(total.minutes, total.shape, times=len(parts), sure=total.sure)


def _minutes(minutes: float, shape: HoursShape) -> HoursRead:
    if not 0 <= minutes <= MONTH_MINUTES:  # also refuses not-a-number
        return UNCLEAR
    return HoursRead(round(minutes), shape) if minutes else HoursRead(None, "none")
