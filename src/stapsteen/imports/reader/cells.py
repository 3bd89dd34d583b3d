"""Cells that several kinds of sheet share: dates, towns, telephone, mail, levels, half-days, counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from stapsteen.imports.reader.dates import DateRead, parse_date
from stapsteen.imports.reader.halfdays import DAYTIME, HalfDays, parse_half_days
from stapsteen.imports.reader.plan import Choice
from stapsteen.imports.reader.rows import Row
from stapsteen.imports.reader.text import fold
from stapsteen.imports.reader.values import (
    DutchRead,
    NumberRead,
    parse_count,
    parse_dutch,
    parse_mail,
    parse_phone,
)
from stapsteen.network.places import Match, find_town, municipality

SURE_ENOUGH: Final = 0.88  # a spelling this near is repaired, a farther one only proposed
CLEAR_LEAD: Final = 0.04
_DATE_CODES: Final = {
    "iso": "date_text",
    "full": "date_text",
    "words": "date_text",
    "compact": "date_text",
    "short_year": "date_short_year",
    "serial": "date_serial",
    "month_first": "date_month_first",
}
_PARTS: Final = ("voormiddag", "namiddag", "avond")
_DAYS: Final = ("ma", "di", "wo", "do", "vr", "za", "zo")


def read_date(row: Row, name: str, *, birth: bool = False, century: int | None = None) -> dt.date | None:
    """The date of a field; how it was written is told, what is no date stays as a note."""
    value = row.value(name)
    if value is None:
        return None
    read = parse_date(value, today=row.run.context.today, birth=birth, order=row.order(name), century=century)
    if read.date is None:
        row.keep("date_impossible" if read.shape == "impossible" else "date_unclear", name)
        return None
    _tell_date(row, name, read)
    return read.date


def _tell_date(row: Row, name: str, read: DateRead) -> None:
    if read.date is None or read.shape == "real" or (read.shape == "iso" and read.sure):
        return
    code = _DATE_CODES[read.shape] if read.sure or read.shape == "month_first" else "date_guess"
    row.problem(code, name, date=belgian(read.date), suggested=read.date.isoformat())


def belgian(date: dt.date) -> str:
    return date.strftime("%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone lives or something is. `locality`: the village, district or former municipality named."""

    nis: str = ""
    name: str = ""
    locality: str = ""
    postal_code: str = ""


def read_place(row: Row, name: str = "town") -> Place:
    """The municipality of a row, from its town and postal code together."""
    text, code = row.text(name), row.text("postal_code") if name == "town" else ""
    if not text and not code:
        return Place()
    matches = find_town(f"{code} {text}" if code else text)
    field = name if text else "postal_code"
    best = _best_place(row, field, text or code, matches)
    if best is None:
        return Place(postal_code=code)
    return Place(best.nis, best.name, best.locality, _postal_code(row, field, code or _code_in(text), best))


def _best_place(row: Row, name: str, text: str, matches: list[Match]) -> Match | None:
    if not matches:
        row.keep("town_unknown", name)
        return None
    best = matches[0]
    choices = tuple(Choice(_label(match), _label(match)) for match in matches)
    if best.how == "fuzzy" and not _clear(matches):
        row.keep("town_unknown", name, suggested=_label(best), choices=choices)
        return None
    if code := _place_code(text, matches):
        suggested = "" if code == "town_several" else _label(best) if code == "town_spelling" else best.name
        row.problem(code, name, suggested=suggested, choices=choices, town=best.name, locality=best.locality)
    return best


def _place_code(text: str, matches: list[Match]) -> str:
    """What there is to say about how the town was named; '' when nothing."""
    best = matches[0]
    bare_code = fold(text).replace(" ", "").isdigit()
    if best.how == "fuzzy" or (best.how == "postal" and not bare_code):
        return "town_spelling"
    if best.how == "former":
        return "town_former"
    if best.how == "locality":
        return "town_several" if len(matches) > 1 and matches[1].how == "locality" else "town_locality"
    return ""


def _clear(matches: list[Match]) -> bool:
    lead = matches[0].score - matches[1].score if len(matches) > 1 else 1.0
    return matches[0].score >= SURE_ENOUGH and lead >= CLEAR_LEAD


def _label(match: Match) -> str:
    return f"{match.locality} ({match.name})" if match.locality else match.name


def _code_in(text: str) -> str:
    return next((word for word in fold(text).split() if len(word) == 4 and word.isdigit()), "")


def _postal_code(row: Row, name: str, code: str, match: Match) -> str:
    town = municipality(match.nis)
    if code and town is not None and code not in town.postal_codes:
        row.problem("town_code_differs", name, town=town.name)
        return code
    if code:
        return code
    return match.postal_codes[0] if len(match.postal_codes) == 1 else ""


def read_phone(row: Row, name: str = "phone") -> str:
    value = row.value(name)
    if value is None:
        return ""
    read = parse_phone(value)
    if not read.number:
        row.keep("phone_unclear", name)
        return ""
    if read.guessed:
        row.problem("phone_guess", name, phone=read.number, suggested=read.number)
    if read.rest:
        row.add_note(row.columns[name].heading, read.rest)
    return read.number


def read_mail(row: Row, name: str = "email") -> str:
    value = row.value(name)
    if value is None:
        return ""
    read = parse_mail(value)
    if read.rest:
        row.add_note(row.columns[name].heading, read.rest)
    if read.address:
        return read.address
    if read.suggestion:
        row.problem("mail_odd", name, mail=read.suggestion, suggested=read.suggestion)
        row.note(name)
    else:
        row.keep("mail_unclear", name)
    return ""


def read_dutch(row: Row, name: str) -> DutchRead:
    value = row.value(name)
    if value is None:
        return DutchRead()
    read = parse_dutch(value)
    if not read.found:
        row.keep("level_vague", name)
    elif not read.sure:
        row.problem(
            "level_unsure", name, level=read.step or "moedertaal", suggested=read.step or "moedertaal"
        )
    return read


def read_half_days(row: Row, name: str) -> HalfDays:
    text = row.text(name)
    if not text:
        return HalfDays(0, True, True)
    read = parse_half_days(text)
    if not read.understood:
        row.keep("halfdays_unclear", name)
    elif not read.sure:
        said = spell_half_days(read.mask)
        row.problem("halfdays_unsure", name, halfdays=said, suggested=said)
    return read


def spell_half_days(mask: int) -> str:
    """'ma voormiddag, do hele dag': in the order of the week; reads back to the same mask."""
    per_day = [(word, mask >> (3 * day) & 7) for day, word in enumerate(_DAYS) if mask >> (3 * day) & 7]
    if all(bits == DAYTIME for _, bits in per_day):
        return ", ".join(word for word, _ in per_day)
    return ", ".join(f"{word} {_spell_parts(bits)}" for word, bits in per_day)


def _spell_parts(bits: int) -> str:
    if bits == DAYTIME:
        return "hele dag"
    return " en ".join(part for i, part in enumerate(_PARTS) if bits >> i & 1)


def read_count(row: Row, name: str) -> NumberRead:
    """A number of seats or people; of a range the lower end, which asks least of a host."""
    value = row.value(name)
    if value is None:
        return NumberRead(None)
    read = parse_count(value)
    if read.value is None:
        row.keep("count_unclear", name)
    elif not read.sure:
        row.problem("count_range", name, count=str(read.value), suggested=str(read.value))
    elif isinstance(value, str) and not value.strip().isdigit():
        row.problem("count_text", name, count=str(read.value), suggested=str(read.value))
    return read
