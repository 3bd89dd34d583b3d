"""Small workbooks for the tests, made the way people make them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

from stapsteen.imports.reader import ImportContext, ImportPlan, open_workbook, read, recognise

SAMPLE = Path(__file__).with_name("samples") / "caseload-a.xlsx"
TODAY = dt.date(2026, 11, 22)

PEOPLE = [
    ["Naam", "Voornaam", "geb.datum", "Gemeente"],
    ["Peeters", "Piotr", dt.date(1987, 2, 5), "Beerse"],
    ["Maes", "Tine", dt.date(1969, 10, 2), "Turnhout"],
]


def moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """A moment as a cell holds it: without a time zone."""
    return dt.datetime.combine(dt.date(year, month, day), dt.time(hour, minute))


def book(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    merges: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merges or {}).get(name, ()):
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def context(**changes: object) -> ImportContext:
    return ImportContext(today=TODAY, **changes)


def plan_of(data: bytes | Path, name: str = "lijst.xlsx", **changes: object) -> ImportPlan:
    workbook = open_workbook(data, name)
    return read(workbook, recognise(workbook), context(**changes))


def codes(plan: ImportPlan, row: int) -> set[str]:
    return {problem.code for problem in plan.problems if problem.row == row}


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one more part, or another content for an existing one."""
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return buffer.getvalue()
