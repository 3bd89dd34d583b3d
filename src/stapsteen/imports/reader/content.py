"""What stands under a heading: the share of cells that look like the field's content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from stapsteen.imports.reader.dates import parse_birth_year, parse_date
from stapsteen.imports.reader.durations import parse_hours
from stapsteen.imports.reader.fields import Content
from stapsteen.imports.reader.halfdays import parse_half_days
from stapsteen.imports.reader.text import clip, shown
from stapsteen.imports.reader.values import (
    parse_aim,
    parse_count,
    parse_dutch,
    parse_insz,
    parse_mail,
    parse_phone,
    parse_yes_no,
)
from stapsteen.imports.reader.workbook import Value
from stapsteen.network.places import find_town

_ANY_DAY: Final = dt.date(2026, 1, 1)  # only the form of a date counts here
_VAGUE: Final = frozenset(("goed", "matig", "slecht", "ok", "vlot", "beperkt", "basis", "?"))
LEAST: Final = 3  # fewer cells prove nothing


def _date(value: Value) -> bool:
    return parse_date(value, today=_ANY_DAY).shape not in ("unclear",)


def _birth(value: Value) -> bool:
    if (year := parse_birth_year(value)) is not None:
        return year < _ANY_DAY.year - 8
    read = parse_date(value, today=_ANY_DAY, birth=True)
    return read.shape == "impossible" or (read.date is not None and read.date.year < _ANY_DAY.year - 8)


def _insz(value: Value) -> bool:
    digits = sum(c.isdigit() for c in clip(shown(value)))
    return parse_insz(value) is not None or digits == 11


def _phone(value: Value) -> bool:
    return bool(parse_phone(value).number) or sum(c.isdigit() for c in clip(shown(value))) >= 8


def _town(value: Value) -> bool:
    return isinstance(value, str | int) and bool(find_town(shown(value)))


def _dutch(value: Value) -> bool:
    text = clip(shown(value)).casefold()
    return parse_dutch(value).found or text.startswith("nl") or text in _VAGUE


def _name(value: Value) -> bool:
    return isinstance(value, str) and any(c.isalpha() for c in value)


_LOOKS: Final[dict[Content, Callable[[Value], bool]]] = {
    "date": _date,
    "birth": _birth,
    "insz": _insz,
    "mail": lambda value: "@" in shown(value) or bool(parse_mail(value).address),
    "phone": _phone,
    "town": _town,
    "dutch": _dutch,
    "aim": lambda value: parse_aim(value)[0] is not None,
    "halfdays": lambda value: parse_half_days(value).understood,
    "count": lambda value: parse_count(value).value is not None,
    "yesno": lambda value: parse_yes_no(value) is not None,
    "hours": lambda value: parse_hours(value).shape != "unclear",
    "name": _name,
}


def share(content: Content, values: Sequence[Value]) -> float | None:
    """The share (0-1) of cells that look like `content`; None for free text, or too few cells to tell."""
    looks = _LOOKS.get(content)
    if looks is None or len(values) < LEAST:
        return None
    return sum(looks(value) for value in values) / len(values)
