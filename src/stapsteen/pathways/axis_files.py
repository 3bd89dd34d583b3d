"""Axes from a file: TOML or CSV, read strictly, so that whoever made the file learns which line is wrong.

CSV: a heading line with `naam` and, where wanted, `laag`, `hoog`, `laagste`, `hoogste`, `domein`; comma or semicolon.
TOML: `name`, perhaps `source`, and `[[axes]]` with `name`, `low`, `high`, `lowest`, `highest`, `domain`.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken
from stapsteen.pathways.actions.evoluator import WIDEST

MOST_AXES, LARGEST, LONGEST = 24, 200_000, 120
HEADINGS = {
    "naam": "name", "as": "name", "name": "name", "laag": "low", "low": "low", "hoog": "high", "high": "high",
    "laagste": "lowest", "lowest": "lowest", "hoogste": "highest", "highest": "highest", "domein": "domain",
    "domain": "domain",
}  # fmt: skip
KEYS = ("name", "low", "high", "lowest", "highest", "domain")


@dataclass(frozen=True)
class AxisFile:
    """What a file held: its own name ('' for CSV), where it comes from, and its axes as AxisTemplate keeps them."""

    name: str
    source: str
    axes: list[dict[str, Any]]


def read_axes(name: str, content: bytes) -> AxisFile:
    """Axes out of an uploaded file. RuleBroken says what is wrong and on which line or axis."""
    if len(content) > LARGEST:
        raise _wrong(_("Dit bestand is te groot voor een lijst met assen."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(_("Dit bestand is geen tekst in UTF-8. Bewaar het als CSV (UTF-8) of TOML.")) from None
    ending = name.rsplit(".", 1)[-1].lower()
    if ending == "toml":
        return _from_toml(text)
    if ending == "csv":
        return AxisFile("", "", check_axes(_from_csv(text)))
    raise _wrong(_("Kies een bestand dat eindigt op .toml of .csv."))


def _from_toml(text: str) -> AxisFile:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(_("Dit TOML-bestand klopt niet: %(why)s.") % {"why": _place(error, text)}) from error
    if unknown := found.keys() - {"name", "source", "axes"}:
        raise _wrong(_("Onbekend in dit bestand: %(what)s.") % {"what": ", ".join(sorted(unknown))})
    rows = found.get("axes")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong(_("Dit bestand heeft geen lijst [[axes]]."))
    name, source = str(found.get("name", "")).strip(), str(found.get("source", "")).strip()
    return AxisFile(name[:LONGEST], source[:200], check_axes(_with_lines(text, rows)))


def _with_lines(text: str, rows: list[Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """Each axis with where it stands: its number, and its line when it begins with [[axes]] on a line of its own."""
    begins = [
        at for at, line in enumerate(text.splitlines(), 1) if line.split("#")[0].split() == ["[[axes]]"]
    ]
    for number, row in enumerate(rows, 1):
        where = _("As %(n)s") % {"n": number}
        if len(begins) == len(rows):
            where = _("As %(n)s (regel %(line)s)") % {"n": number, "line": begins[number - 1]}
        yield where, row


def _place(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Line and character, in the reader's language; Python says '(at line 1, column 8)', or that the document ended."""
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    line, column = found.groups() if found else (len(text.splitlines()), 1)
    if str(error).startswith("Invalid value"):
        return _("Regel %(line)s, teken %(column)s: hier hoort een waarde") % {"line": line, "column": column}
    return _("Regel %(line)s, teken %(column)s") % {"line": line, "column": column}


def _from_csv(text: str) -> Iterable[tuple[str, dict[str, Any]]]:
    lines = text.splitlines()
    separator = ";" if lines and lines[0].count(";") >= lines[0].count(",") and ";" in lines[0] else ","
    table = list(csv.reader(lines, delimiter=separator))
    if not table:
        raise _wrong(_("Dit bestand is leeg."))
    heads = [HEADINGS.get(cell.strip().lower(), "") for cell in table[0]]
    if "" in heads:
        unknown = table[0][heads.index("")].strip() or _("(leeg)")
        raise _wrong(
            _("Onbekende kolom: %(what)s. Gebruik naam, laag, hoog, laagste, hoogste, domein.")
            % {"what": unknown}
        )
    if "name" not in heads:
        raise _wrong(_("De kolom “naam” ontbreekt."))
    for number, row in enumerate(table[1:], 2):
        where = _("Regel %(n)s") % {"n": number}
        if any(cell.strip() for cell in row):
            if len(row) > len(heads):
                raise _wrong(_("%(where)s: er zijn meer vakken dan kolommen.") % {"where": where})
            yield where, dict(zip(heads, row, strict=False))


def check_axes(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The rows as an AxisTemplate keeps them: text stripped, scale complete or absent. `where` names each in errors."""
    axes = [_axis(where, row) for where, row in rows]
    if not axes:
        raise _wrong(_("Er staat geen enkele as in."))
    if len(axes) > MOST_AXES:
        raise _wrong(_("Meer dan %(n)s assen past op geen enkele spin.") % {"n": MOST_AXES})
    return axes


def _axis(where: str, row: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := row.keys() - set(KEYS):
        raise _wrong(f"{where}: " + _("onbekend: %(what)s.") % {"what": ", ".join(sorted(unknown))})
    words = {key: str(row.get(key) or "").strip() for key in ("name", "low", "high", "domain")}
    if not words["name"]:
        raise _wrong(f"{where}: " + _("de naam ontbreekt."))
    if any(len(text) > LONGEST for text in words.values()):
        raise _wrong(f"{where}: " + _("een tekst is langer dan %(n)s tekens.") % {"n": LONGEST})
    ends = [_number(where, row.get(key)) for key in ("lowest", "highest")]
    if ends == [None, None]:
        return words
    lowest, highest = (1 if ends[0] is None else ends[0]), (5 if ends[1] is None else ends[1])
    if lowest < 0 or not 2 <= highest - lowest <= WIDEST:
        raise _wrong(f"{where}: " + _("een schaal heeft 3 tot 11 punten, bijvoorbeeld 1 tot 5 of 0 tot 10."))
    return {**words, "lowest": lowest, "highest": highest}


def _number(where: str, value: Any) -> int | None:
    if value is None or str(value).strip() == "":
        return None
    if isinstance(value, bool) or not str(value).strip().isdecimal():
        raise _wrong(f"{where}: " + _("“%(what)s” is geen geheel getal.") % {"what": str(value)[:20]})
    return int(value)


def _wrong(message: str) -> RuleBroken:
    return RuleBroken(message, field="file")
