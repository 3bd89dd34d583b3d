"""Which sheet holds what, and which column which field: by headings, then by what stands under them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from stapsteen.imports.reader.content import share
from stapsteen.imports.reader.dates import full_year, parse_month
from stapsteen.imports.reader.fields import FIELDS, KINDS, SHEET_NAMES, Content, Kind, spec, synonyms
from stapsteen.imports.reader.mapping import Mapping, SheetMapping, column_keys, headings_fingerprint
from stapsteen.imports.reader.text import clip, fold, shown
from stapsteen.imports.reader.workbook import Row, Sheet, Value, Workbook, letter

SEARCH_ROWS: Final = 30  # headings stand in the first rows
MAX_HEADER_ROWS: Final = 3
LONGEST_HEADING: Final = 80
SAMPLE: Final = 150  # cells looked at per column
ENOUGH: Final = 0.45  # below this a match isn't proposed
LEAST_SCORE: Final = 1.9  # below this a sheet is ignored
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_BRACKETS = re.compile(r"[(\[][^)\]]{0,60}[)\]]")


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One column: its heading, the field it is read as (None: kept as a note), how sure and why.

    `field` 'month:3' is March; `month` then says the year too ('2026-03') when the heading does.
    """

    index: int
    letter: str
    heading: str
    field: str | None
    confidence: float
    why: str
    month: str = ""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """How one sheet will be read. Rows count from 1; `header_row` 0 means that there is no heading."""

    sheet: str
    kind: Kind
    confidence: float
    why: str
    header_row: int
    header_rows: int
    columns: tuple[ColumnPlan, ...]
    fingerprint: str
    year: int | None = None
    hidden: bool = False

    @property
    def first_data_row(self) -> int:
        return self.header_row + self.header_rows

    def column(self, field: str) -> ColumnPlan | None:
        return next((column for column in self.columns if column.field == field), None)


@dataclass(frozen=True, slots=True)
class _Header:
    """A candidate heading: per column the texts from top to bottom."""

    row: int
    depth: int
    texts: tuple[tuple[str, ...], ...]
    values: tuple[Value, ...]  # the lowest cell: a month may stand there as a date
    lower: tuple[str, ...]  # what stands in the rows under the first


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Kind
    header: _Header
    columns: tuple[ColumnPlan, ...]
    score: float


def recognise(workbook: Workbook, mapping: Mapping | None = None) -> list[SheetPlan]:
    """A plan per sheet. What a user corrected before (`mapping`) goes before what is guessed."""
    return [_recognise_sheet(sheet, mapping or Mapping()) for sheet in workbook.sheets]


def correct(
    workbook: Workbook,
    plan: SheetPlan,
    *,
    kind: Kind | None = None,
    header_row: int | None = None,
    columns: dict[int, str | None] | None = None,
    year: int | None = None,
) -> SheetPlan:
    """The plan with a user's corrections; another kind or header row reads the columns anew.

    `columns` maps a column index to a field name of the kind, or None for 'keep as a note'. Raises
    ValueError for a field that the kind doesn't have.
    """
    sheet = next(item for item in workbook.sheets if item.name == plan.sheet)
    if (kind and kind != plan.kind) or (header_row and header_row != plan.header_row):
        plan = _replan(sheet, plan, kind or plan.kind, header_row)
    return replace(_with_columns(plan, columns or {}, "door jou gekozen"), year=year or plan.year)


def _replan(sheet: Sheet, plan: SheetPlan, kind: Kind, header_row: int | None) -> SheetPlan:
    if kind == "ignored":
        return replace(plan, kind="ignored", why="door jou gekozen", confidence=1.0)
    rows = [header_row] if header_row else None
    found = max(
        (_try(sheet, header, kind) for header in _headers(sheet, rows)), key=lambda f: f.score, default=None
    )
    if found is None:
        return replace(plan, kind=kind, why="door jou gekozen", confidence=1.0)
    return replace(_plan(sheet, found, 1.0, "door jou gekozen"), hidden=sheet.hidden)


def _with_columns(plan: SheetPlan, wanted: dict[int, str | None], why: str) -> SheetPlan:
    for field in wanted.values():
        if field is not None:
            _check_field(plan.kind, field)
    taken = {field for field in wanted.values() if field}
    columns = []
    for column in plan.columns:
        if column.index in wanted:
            field = wanted[column.index]
            month = column.month if field and field.startswith("month:") else ""
            column = replace(column, field=field, confidence=1.0, why=why, month=month)
        elif column.field in taken:
            column = replace(column, field=None, confidence=0.0, why="een andere kolom is gekozen")
        columns.append(column)
    return replace(plan, columns=tuple(columns))


def _check_field(kind: Kind, field: str) -> None:
    month = field.removeprefix("month:")
    if kind == "hours" and field.startswith("month:") and month in {str(n) for n in range(1, 13)}:
        return
    if field not in {item.name for item in FIELDS[kind]}:
        raise ValueError(f"{kind} has no field {field}")


def _recognise_sheet(sheet: Sheet, mapping: Mapping) -> SheetPlan:
    found = [item for item in _search(sheet) if _complete(item)]
    if not found:
        return _ignored(sheet, "geen bekende kolommen gevonden")
    best = _best(found)
    second = max((f.score for f in found if f.kind != best.kind), default=0.0)
    confidence = round(min(1.0, best.score / 5) * (1 - 0.5 * min(1.0, second / best.score)), 2)
    plan = _plan(sheet, best, confidence, _why(best))
    remembered = mapping.find(plan.fingerprint, column_keys([column.heading for column in plan.columns]))
    if remembered is not None:
        return _remembered(sheet, plan, remembered)
    if sheet.hidden:
        return replace(plan, kind="ignored", why="verborgen blad")
    if best.score < LEAST_SCORE or (_hint(sheet.name, "ignored") and best.score < 6):
        return replace(plan, kind="ignored", why="lijkt geen lijst van personen, organisaties, taken of uren")
    return plan


def _remembered(sheet: Sheet, plan: SheetPlan, old: SheetMapping) -> SheetPlan:
    if old.kind != plan.kind:
        plan = _replan(sheet, plan, old.kind, plan.header_row)
    if old.kind == "ignored":
        return replace(plan, why="zoals vorige keer")
    keys = column_keys([column.heading for column in plan.columns])
    fields = dict(old.columns)
    wanted = {
        column.index: fields[key] or None
        for column, key in zip(plan.columns, keys, strict=True)
        if key in fields
    }
    return replace(_with_columns(plan, wanted, "zoals vorige keer"), confidence=1.0, why="zoals vorige keer")


def _why(found: _Found) -> str:
    known = [
        column.heading for column in found.columns if column.field and not column.field.startswith("month:")
    ]
    months = sum(bool(column.field and column.field.startswith("month:")) for column in found.columns)
    parts = known[:5] + ([f"{months} maanden"] if months else [])
    return "kolommen: " + ", ".join(parts)


def _ignored(sheet: Sheet, why: str) -> SheetPlan:
    return SheetPlan(sheet.name, "ignored", 1.0, why, 0, 0, (), headings_fingerprint([]), hidden=sheet.hidden)


def _plan(sheet: Sheet, found: _Found, confidence: float, why: str) -> SheetPlan:
    headings = [column.heading for column in found.columns]
    return SheetPlan(
        sheet=sheet.name,
        kind=found.kind,
        confidence=confidence,
        why=why,
        header_row=found.header.row,
        header_rows=found.header.depth,
        columns=found.columns,
        fingerprint=headings_fingerprint(headings),
        year=_year(sheet, found.header.row),
        hidden=sheet.hidden,
    )


def _year(sheet: Sheet, header_row: int) -> int | None:
    """The year that the sheet's name or the title above the headings says, if it is only one."""
    titles = [
        shown(value)
        for row in sheet.rows[: max(header_row - 1, 0)]
        for value in row
        if isinstance(value, str)
    ]
    for texts in ([sheet.name], titles):
        years = {int(year) for text in texts for year in _YEAR.findall(text)}
        if len(years) == 1:
            return years.pop()
    words = fold(sheet.name).split()
    short = {year for word in words if (year := full_year(word))}
    return short.pop() if len(short) == 1 else None


# --- finding the heading -------------------------------------------------------------------------------------


def _search(sheet: Sheet) -> Iterable[_Found]:
    for header in _headers(sheet, None):
        for kind in KINDS:
            if _quick(header, kind) >= 1.5 and _all_headings(header, kind):
                yield _try(sheet, header, kind)


def _quick(header: _Header, kind: Kind) -> float:
    """The score by headings alone, an upper bound: cheap enough to try every row."""
    total = 0.0
    for column, texts in enumerate(header.texts):
        if kind == "hours" and _month(texts, header.values[column])[1]:
            total += 1.5
        elif matches := _matches(kind, texts):
            total += max(spec(kind, name).weight * score for name, score in matches)
    return total


def _all_headings(header: _Header, kind: Kind) -> bool:
    """A second row belongs to the heading only when most of it is headings by itself, not data."""
    known = sum(
        bool(parse_month(text)[1] or full_year(text) or any(score >= 0.8 for _, score in _match(kind, text)))
        for text in header.lower
    )
    return known >= 0.6 * len(header.lower)


def _headers(sheet: Sheet, rows: Sequence[int] | None) -> Iterable[_Header]:
    """Candidate headings: each of the first rows, alone or with the rows under it."""
    last = min(len(sheet.rows), SEARCH_ROWS)
    for row in rows or range(1, last + 1):
        for depth in range(1, MAX_HEADER_ROWS + 1):
            if row + depth - 1 > len(sheet.rows):
                break
            if not _looks_like_heading(sheet.rows[row + depth - 2], alone=depth == 1):
                break
            yield _header(sheet, row, depth)


def _looks_like_heading(row: Row, *, alone: bool) -> bool:
    """Short texts, months or years; other numbers belong to data."""
    filled = [value for value in row if value is not None]
    if len(filled) < (1 if alone else 2):
        return False
    return all(
        (isinstance(value, str) and len(value) <= LONGEST_HEADING)
        or (isinstance(value, dt.datetime) and value.day == 1)
        or (isinstance(value, int) and 2000 <= value <= 2100)
        for value in filled
    )


def _header(sheet: Sheet, row: int, depth: int) -> _Header:
    lines = [list(sheet.rows[row - 1 + step]) for step in range(depth)]
    for step, line in enumerate(lines[:-1]):
        _spread(line, row + step, lines[step + 1], sheet)
    texts = []
    for column in range(sheet.width):
        parts = [clip(shown(line[column])) for line in lines]
        texts.append(tuple(dict.fromkeys(part for part in parts if part)))
    lower = tuple(clip(shown(value)) for line in lines[1:] for value in line if value is not None)
    return _Header(row, depth, tuple(texts), tuple(lines[-1]), lower)


def _spread(line: list[Value], row: int, below: list[Value], sheet: Sheet) -> None:
    """A group heading counts for all columns under it: by merged cells, else for the blanks to its right."""
    merged = [merge for merge in sheet.merges if merge[0] <= row <= merge[2]]
    for top, left, _, right in merged:
        value = sheet.rows[top - 1][left] if left < sheet.width else None
        for column in range(left, min(right + 1, len(line))):
            line[column] = value
    if merged:
        return
    value = None
    for column, current in enumerate(line):
        value = current if current is not None else value
        if below[column] is not None:
            line[column] = value


# --- matching a heading with a field ---------------------------------------------------------------------------


def _matches(kind: Kind, texts: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """(field, score 0-1) for a heading of one or more lines, best first."""
    if not texts:
        return ()
    joined = _match(kind, " ".join(texts))
    if len(texts) == 1 or (joined and joined[0][1] >= 0.95):
        return joined
    scores: dict[str, float] = dict(joined)
    for name, score in _match(kind, texts[-1]):
        scores[name] = max(scores.get(name, 0.0), 0.97 * score)
    return tuple(sorted(scores.items(), key=lambda item: -item[1]))


@lru_cache(maxsize=20_000)
def _match(kind: Kind, text: str) -> tuple[tuple[str, float], ...]:
    known = synonyms(kind)
    bare = fold(_BRACKETS.sub(" ", text[:LONGEST_HEADING])) or fold(text[:LONGEST_HEADING])
    if bare in known:
        return tuple((name, 1.0) for name in known[bare])
    scores: dict[str, float] = {}
    for synonym, score in _near(bare, known):
        for name in known[synonym]:
            scores[name] = max(scores.get(name, 0.0), score)
    return tuple(sorted(scores.items(), key=lambda item: -item[1]))


def _near(bare: str, known: dict[str, tuple[str, ...]]) -> Iterable[tuple[str, float]]:
    """Synonyms that the heading holds, shortens or nearly spells, with a score below 1."""
    for synonym in known:
        if len(synonym) > 2 and f" {synonym} " in f" {bare} ":
            yield synonym, 0.5 + 0.4 * len(synonym) / len(bare)
        elif _abbreviates(bare, synonym):
            yield synonym, 0.82
    if len(bare) >= 4:
        for synonym, ratio, _ in process.extract(
            bare, list(known), scorer=fuzz.ratio, limit=3, score_cutoff=84
        ):
            yield synonym, 0.88 * ratio / 100


def _abbreviates(heading: str, synonym: str) -> bool:
    """'datum aanm' for 'datum aanmelding', 'verzek' for 'verzekering': word by word, at least three letters."""
    if heading[:3] != synonym[:3] or len(heading) < 4:
        return False
    short, full = heading.split(), synonym.split()
    return len(short) == len(full) and all(
        one == other or (len(one) >= 3 and other.startswith(one))
        for one, other in zip(short, full, strict=True)
    )


def _month(texts: tuple[str, ...], value: Value) -> tuple[int | None, int | None]:
    if isinstance(value, dt.date):
        return value.year, value.month
    return parse_month(" ".join(texts)) if texts else (None, None)


def _try(sheet: Sheet, header: _Header, kind: Kind) -> _Found:
    options: list[tuple[float, int, str, str]] = []
    columns: dict[int, ColumnPlan] = {}
    for index, texts in enumerate(header.texts):
        values = _sample(sheet, header, index)
        heading = " ".join(texts) or (letter(index) if values else "")
        if not heading:
            continue
        columns[index] = ColumnPlan(index, letter(index), heading, None, 0.0, "geen veld: blijft als nota")
        year, month = _month(texts, header.values[index]) if kind == "hours" else (None, None)
        if month:
            columns[index] = _month_column(columns[index], year, month)
        else:
            options += _options(kind, index, texts, values)
    _assign(columns, options)
    ordered = _names(kind, tuple(columns[index] for index in sorted(columns)))
    score = sum(spec(kind, column.field).weight * column.confidence for column in ordered if column.field)
    score += 0.2 * sum(bool(column.month) for column in ordered)  # a month that says its year is better
    return _Found(
        kind, header, ordered, score + (1.5 if _hint(sheet.name, kind) else 0.0) - 0.3 * (header.depth - 1)
    )


def _month_column(column: ColumnPlan, year: int | None, month: int) -> ColumnPlan:
    known = f"{year:04d}-{month:02d}" if year else ""
    return replace(column, field=f"month:{month}", confidence=1.0, why="maand", month=known)


def _options(
    kind: Kind, index: int, texts: tuple[str, ...], values: list[Value]
) -> list[tuple[float, int, str, str]]:
    """(confidence, column, field, why): the heading's matches, weighed with what stands under it."""
    options = []
    for name, score in _matches(kind, texts):
        fits = share(spec(kind, name).content, values)
        confidence = score if fits is None else score * (0.35 + 0.65 * min(1.0, fits * 1.4))
        if confidence >= ENOUGH:
            options.append(
                (round(confidence, 3), index, name, "titel" if score == 1 else "lijkt op de titel")
            )
    return options or [(0.6, index, name, "inhoud van de kolom") for name in _by_content(kind, values)]


def _by_content(kind: Kind, values: list[Value]) -> list[str]:
    """Without a usable heading only columns that can't be anything else are recognised."""
    names = {item.name for item in FIELDS[kind]}
    if len(values) < 3 or kind == "hours":
        return []
    certain: tuple[tuple[str, Content], ...] = (("insz", "insz"), ("email", "mail"))
    return [name for name, content in certain if name in names and (share(content, values) or 0) >= 0.8]


def _assign(columns: dict[int, ColumnPlan], options: list[tuple[float, int, str, str]]) -> None:
    """Best match first; each field once, each column once."""
    taken: set[str] = set()
    for confidence, index, name, why in sorted(options, key=lambda option: (-option[0], option[1])):
        if columns[index].field is None and name not in taken:
            columns[index] = replace(columns[index], field=name, confidence=confidence, why=why)
            taken.add(name)


def _names(kind: Kind, columns: tuple[ColumnPlan, ...]) -> tuple[ColumnPlan, ...]:
    """'Naam' is the surname beside 'Voornaam', and the whole name when it stands alone."""
    columns = _without_row_numbers(columns)
    if kind not in ("persons", "hours"):
        return columns
    fields = {column.field: column for column in columns if column.field}
    if "first_name" in fields and "full_name" in fields and "surname" not in fields:
        return _rename(columns, "full_name", "surname")
    if "surname" in fields and "first_name" not in fields and "full_name" not in fields:
        return _rename(columns, "surname", "full_name")
    return columns


def _without_row_numbers(columns: tuple[ColumnPlan, ...]) -> tuple[ColumnPlan, ...]:
    """A column 'Nr' is a house number only right after the street; elsewhere it counts the rows."""
    streets = {column.index for column in columns if column.field == "street"}
    return tuple(
        replace(column, field=None, confidence=0.0, why="geen veld: blijft als nota")
        if column.field == "house_number" and column.index - 1 not in streets
        else column
        for column in columns
    )


def _rename(columns: tuple[ColumnPlan, ...], old: str, new: str) -> tuple[ColumnPlan, ...]:
    return tuple(replace(column, field=new) if column.field == old else column for column in columns)


def _sample(sheet: Sheet, header: _Header, index: int) -> list[Value]:
    start = header.row + header.depth - 1
    found: list[Value] = []
    for row in sheet.rows[start : start + 4 * SAMPLE]:
        if row[index] is not None:
            found.append(row[index])
        if len(found) == SAMPLE:
            break
    return found


# --- which kind --------------------------------------------------------------------------------------------------


def _hint(name: str, kind: Kind) -> bool:
    return bool(set(fold(name).split()) & SHEET_NAMES[kind])


def _complete(found: _Found) -> bool:
    """Without these columns a sheet can't be of this kind."""
    fields = {column.field for column in found.columns if column.field}
    named = bool(fields & {"surname", "full_name"})
    match found.kind:
        case "persons":
            return named and len(fields) >= 2
        case "organisations":
            return "name" in fields and len(fields) >= 2
        case "tasks":
            return "task" in fields
        case _:
            months = any(field.startswith("month:") for field in fields)
            return named and (months or "hours" in fields)


def _best(found: list[_Found]) -> _Found:
    """The highest score; of equal ones the upper row and the shallower heading."""
    return max(found, key=lambda item: (round(item.score, 2), -item.header.row, -item.header.depth))
