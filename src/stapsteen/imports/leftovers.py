"""What could not be read, given back as a spreadsheet.

Kept as one encrypted file per row, under the person that the row became: erasing that person erases the row here too
(core.erasure deletes the files of a subject), and after KEEP_DAYS all of them go. The spreadsheet is made when asked.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from stapsteen.core.models import StoredFile
from stapsteen.imports.models import ImportRun
from stapsteen.imports.reader import ImportPlan, LeftoverRow, LeftoverSheet, leftovers_xlsx
from stapsteen.imports.write import Writing

BATCH = 200


def name_of(run: ImportRun | None = None) -> str:
    """The name of this run's kept rows; without a run what all such names begin with."""
    return f"leftover {run.pk if run else ''}"


def keep_leftovers(writing: Writing, *, delete_on: date) -> int:
    """Store the rows that were refused or partly unread; how many. One that waits already isn't offered again."""
    owners, before = _owners(writing), waiting(writing.run)
    files = [
        StoredFile(
            name=name_of(writing.run),
            content_type="application/json",
            content=_content(sheet, row, place, number),
            subject_id=owners.get((row.sheet, row.row)) or _candidate(writing, row),
            delete_on=delete_on,
        )
        for place, sheet in enumerate(writing.plan.leftovers)
        for number, row in enumerate(sheet.rows)
        if row.values not in before
    ]
    StoredFile.objects.bulk_create(files, batch_size=BATCH)
    return len(files)


def waiting(run: ImportRun) -> set[tuple[str, ...]]:
    """The rows, as they were typed, that earlier imports of this service still keep."""
    files = StoredFile.objects.filter(name__startswith=name_of()).exclude(name=name_of(run))
    return {tuple(json.loads(bytes(file.content))["values"]) for file in files}


def waiting_of(run: ImportRun, plan: ImportPlan) -> int:
    """How many leftovers of this plan wait already."""
    rows = [row for sheet in plan.leftovers for row in sheet.rows]
    before = waiting(run) if rows else set()
    return sum(row.values in before for row in rows)


def _content(sheet: LeftoverSheet, row: LeftoverRow, place: int, number: int) -> bytes:
    line = {
        "sheet": sheet.name, "headings": sheet.headings, "place": place, "number": number, "row": row.row,
        "values": row.values, "why": row.why,
    }  # fmt: skip
    return json.dumps(line).encode()


def _owners(writing: Writing) -> dict[tuple[str, int], UUID]:
    """(sheet, row) -> the person that this row, or its hours, became."""
    plan = writing.plan
    found: dict[tuple[str, int], UUID] = {}
    for person in plan.persons:
        found[person.sheet, person.row] = writing.people[person.fingerprint].pk
    for double in plan.duplicates:
        ref = double.of if double.kind == "persons" else getattr(double.record, "person", "")
        if (someone := writing.person(ref)) is not None:
            found[double.sheet, double.row] = someone.pk
    for hours in plan.hours:
        found[hours.sheet, hours.row] = writing.people[hours.person].pk
    return found


def _candidate(writing: Writing, row: LeftoverRow) -> UUID | None:
    """A refused row may be about one of the persons that were proposed: it goes when the first of them goes."""
    for problem in writing.plan.problems:
        if (problem.sheet, problem.row) == (row.sheet, row.row):
            for choice in problem.choices:
                if (someone := writing.person(choice.key)) is not None:
                    return someone.pk
    return None


def kept_rows(run: ImportRun) -> int:
    return StoredFile.objects.filter(name=name_of(run)).count()


def spreadsheet(run: ImportRun) -> bytes:
    """The rows that are still kept, sheet by sheet, each with why."""
    rows = [
        json.loads(bytes(file.content))
        for file in StoredFile.objects.filter(name=name_of(run)).order_by("id")
    ]
    rows.sort(key=lambda row: (row["place"], row["number"]))
    return leftovers_xlsx(_plan(run, rows))


def _plan(run: ImportRun, rows: list[dict[str, Any]]) -> ImportPlan:
    sheets: dict[int, LeftoverSheet] = {}
    for row in rows:
        line = LeftoverRow(row["sheet"], row["row"], tuple(row["values"]), row["why"])
        before = sheets.get(row["place"])
        lines = (*before.rows, line) if before else (line,)
        sheets[row["place"]] = LeftoverSheet(row["sheet"], tuple(row["headings"]), lines)
    empty: Any = ()
    return ImportPlan(
        run.name, "", empty, empty, empty, empty, empty, empty, empty, empty, tuple(sheets.values())
    )
