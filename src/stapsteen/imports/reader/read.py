"""Read a workbook by its plans: organisations first, then persons, tasks and hours, which refer to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from stapsteen.imports.reader.fields import Kind
from stapsteen.imports.reader.lookup import Host, Hosts, People, Someone
from stapsteen.imports.reader.organisations import read_organisations
from stapsteen.imports.reader.persons import read_persons
from stapsteen.imports.reader.placing import Linker
from stapsteen.imports.reader.plan import (
    ImportContext,
    ImportPlan,
    LeftoverRow,
    LeftoverSheet,
    Problem,
    SheetCounts,
)
from stapsteen.imports.reader.recognise import SheetPlan
from stapsteen.imports.reader.refusal import ImportRefused
from stapsteen.imports.reader.rows import Row, Run, data_rows
from stapsteen.imports.reader.tasks import read_tasks
from stapsteen.imports.reader.text import shown
from stapsteen.imports.reader.workbook import Sheet, Workbook
from stapsteen.imports.reader.worked import read_hours

type Progress = Callable[[int, int], None]
_ORDER: tuple[Kind, ...] = ("organisations", "persons", "tasks", "hours")


def read(
    workbook: Workbook, plans: Sequence[SheetPlan], context: ImportContext, progress: Progress | None = None
) -> ImportPlan:
    """Everything that importing this workbook would do; nothing is stored here.

    `progress` is called with (steps done, steps) between kinds of sheet. Raises ImportRefused when needed
    columns hold formulas without a result.
    """
    refuse_formulas(workbook, plans)
    run = Run(context)
    rows = _rows(run, workbook, plans)
    tell = progress or _silent
    hosts = Hosts()
    for known in context.known_organisations:
        hosts.add(Host(f"known:{known.key}", known.name, known.municipality_nis))
    organisations = read_organisations(run, rows["organisations"], hosts)
    tell(1, 4)
    linker = Linker(hosts, free=not hosts and not rows["organisations"])
    people = People()
    persons = read_persons(run, rows["persons"], linker, people)
    _add_known(context, people)
    tell(2, 4)
    tasks = read_tasks(run, rows["tasks"], linker)
    tell(3, 4)
    hours = read_hours(run, rows["hours"], linker, people)
    tell(4, 4)
    _tell_totals(run, rows)
    counts = tuple(_counts(run, plan, rows[plan.kind] if plan.kind != "ignored" else []) for plan in plans)
    return ImportPlan(
        file=workbook.name,
        digest=workbook.digest,
        persons=tuple(persons),
        organisations=(*organisations, *linker.derived),
        tasks=tuple(tasks),
        hours=tuple(hours),
        duplicates=tuple(run.duplicates),
        actions=tuple(run.actions),
        problems=_sorted(run, plans),
        sheets=counts,
        leftovers=_leftovers(run, plans),
    )


def _silent(done: int, steps: int) -> None:
    """Nobody asked for progress."""
    del done, steps


def refuse_formulas(workbook: Workbook, plans: Sequence[SheetPlan]) -> None:
    """Refuse a file whose needed cells are formulas that were never calculated; we calculate nothing."""
    by_name = {sheet.name: sheet for sheet in workbook.sheets}
    for plan in plans:
        needed = {column.index for column in plan.columns if column.field and column.field != "total"}
        uncached = by_name[plan.sheet].uncached
        for row, column in sorted(uncached) if plan.kind != "ignored" else ():
            wanted = column in needed and row >= plan.first_data_row
            if wanted and not _in_total(by_name[plan.sheet], row):
                raise ImportRefused("formulas", f"{plan.sheet} {row}")
    if all(plan.kind == "ignored" for plan in plans) and any(sheet.uncached for sheet in workbook.sheets):
        raise ImportRefused("formulas")


def _in_total(sheet: Sheet, row: int) -> bool:
    first = (
        next((value for value in sheet.rows[row - 1] if value is not None), None)
        if row <= len(sheet.rows)
        else None
    )
    return isinstance(first, str) and first.strip().casefold().startswith(
        ("tota", "som", "sum", "gemid", "aantal", "subto")
    )


def _rows(run: Run, workbook: Workbook, plans: Sequence[SheetPlan]) -> dict[Kind, list[Row]]:
    by_name = {sheet.name: sheet for sheet in workbook.sheets}
    rows: dict[Kind, list[Row]] = {kind: [] for kind in _ORDER}
    for plan in plans:
        if plan.kind != "ignored" and plan.header_row:
            rows[plan.kind] += data_rows(run, plan, by_name[plan.sheet])
    return rows


def _add_known(context: ImportContext, people: People) -> None:
    """Persons of the service join after those of the file: the same one is not proposed twice."""
    for known in context.known_persons:
        same = people.named(known.surname, known.first_name, known.birth_date)
        if not any(someone.birth_date == known.birth_date for someone in same):
            people.add(
                Someone(f"known:{known.key}", known.surname, known.first_name, known.birth_date, known.town)
            )


def _tell_totals(run: Run, rows: dict[Kind, list[Row]]) -> None:
    """A total is checked against what was read, then left out."""
    for row in run.rows:
        if row.is_total:
            mine = [other for other in rows[row.plan.kind] if other.plan.sheet == row.plan.sheet]
            different = sum(other.status != "duplicate" for other in mine)
            total = next(
                (int(text) for text in map(shown, row.raw) if text.isascii() and text.isdigit()), None
            )
            column = row.plan.columns[0]
            if total is None or row.plan.kind == "hours":
                row.problem("total_row", column=column)
            else:
                row.problem(
                    "total_agrees" if total == different else "total_differs",
                    column=column,
                    total=str(total),
                    read=str(len(mine)),
                    different=str(different),
                )


def _counts(run: Run, plan: SheetPlan, rows: list[Row]) -> SheetCounts:
    mine = [row for row in rows if row.plan.sheet == plan.sheet]
    status = Counter(row.status for row in mine)
    repaired = sum(row.repaired for row in mine if row.status == "ready")
    if status["duplicate"] and (imported := _imported_before(run, mine)):
        run.sheet_problem(plan, "already_imported", count=str(imported))
    return SheetCounts(
        plan.sheet, plan.kind, len(mine), status["ready"], repaired, status["refused"], status["duplicate"]
    )


def _imported_before(run: Run, rows: list[Row]) -> int:
    known = {(duplicate.sheet, duplicate.row) for duplicate in run.duplicates if duplicate.part == "known"}
    return sum((row.plan.sheet, row.number) in known for row in rows if row.status == "duplicate")


def _sorted(run: Run, plans: Sequence[SheetPlan]) -> tuple[Problem, ...]:
    place = {plan.sheet: i for i, plan in enumerate(plans)}
    everything = run.problems + [problem for row in run.rows for problem in row.problems]
    return tuple(
        sorted(everything, key=lambda item: (place[item.sheet], item.row, len(item.cell), item.cell))
    )


def _leftovers(run: Run, plans: Sequence[SheetPlan]) -> tuple[LeftoverSheet, ...]:
    """Rows that were refused, and rows in which something could not be read, as they were typed."""
    sheets = []
    for plan in plans:
        rows = [
            row
            for row in run.rows
            if row.plan.sheet == plan.sheet and (row.status == "refused" or row.unread)
        ]
        if rows:
            headings = tuple(column.heading for column in plan.columns)
            ordered = sorted(rows, key=lambda row: row.number)
            sheets.append(LeftoverSheet(plan.sheet, headings, tuple(_leftover(row) for row in ordered)))
    return tuple(sheets)


def _leftover(row: Row) -> LeftoverRow:
    keep_insz = row.run.context.keep_insz
    values = tuple(
        "" if column.field == "insz" and not keep_insz else shown(row.raw[column.index])
        for column in row.plan.columns
    )
    why = [problem for problem in row.problems if problem.unread or problem.severity == "refused"]
    said = (
        f"{problem.column}: {problem.problem_nl}" if problem.column else problem.problem_nl for problem in why
    )
    return LeftoverRow(row.plan.sheet, row.number, values, " ".join(dict.fromkeys(said)))
