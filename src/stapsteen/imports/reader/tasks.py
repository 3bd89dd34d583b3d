"""Rows of tasks, each with the organisation it belongs to."""

from __future__ import annotations

from dataclasses import replace

from stapsteen.imports.reader.cells import read_count, read_dutch, read_half_days, read_place
from stapsteen.imports.reader.placing import Linker
from stapsteen.imports.reader.plan import Duplicate, TaskRecord
from stapsteen.imports.reader.rows import Row, Run, finish
from stapsteen.imports.reader.text import fold
from stapsteen.imports.reader.values import parse_yes_no


def read_tasks(run: Run, rows: list[Row], linker: Linker) -> list[TaskRecord]:
    """The tasks of a file. One organisation may have two tasks of one name at other times."""
    records: dict[str, TaskRecord] = {}
    for row in rows:
        record = _read(row, linker)
        if record is not None and not row.skipped and row.status == "ready":
            _place(run, row, record, records)
        finish(row)
    return list(records.values())


def _place(run: Run, row: Row, record: TaskRecord, records: dict[str, TaskRecord]) -> None:
    known = run.known(record.fingerprint, record.source_fingerprint)
    if record.fingerprint in records:
        row.problem("double_task", "task", other_row=str(records[record.fingerprint].row))
        row.status = "duplicate"
        run.duplicates.append(
            Duplicate("tasks", row.plan.sheet, row.number, record.fingerprint, "file", record)
        )
    elif known:
        row.status = "duplicate"
        run.duplicates.append(Duplicate("tasks", row.plan.sheet, row.number, known, "known", record))
    else:
        records[record.fingerprint] = record


def _read(row: Row, linker: Linker) -> TaskRecord | None:
    owner = linker.owner(row)
    title = row.text("task")[:200]
    if not fold(title):
        row.problem("task_missing", "task")
    if owner is None or not fold(title):
        return None
    half_days = read_half_days(row, "when")
    seats = read_count(row, "seats")
    dutch = read_dutch(row, "dutch_min")
    place = read_place(row)
    record = TaskRecord(
        fingerprint=row.run.fingerprint("task", linker.print_of(owner), fold(title), fold(row.text("when"))),
        source_fingerprint=row.source_fingerprint(),
        sheet=row.plan.sheet,
        row=row.number,
        organisation=owner.ref,
        organisation_name=owner.name,
        title=title,
        half_days=half_days.mask,
        half_days_sure=half_days.sure,
        half_days_text=row.text("when"),
        seats=seats.value,
        seats_max=seats.high,
        dutch_step="" if dutch.none else dutch.step,
        dutch_cefr="" if dutch.none else dutch.cefr,
        dutch_sure=dutch.sure,
        heavy=_heavy(row),
        guidance=row.text("guidance"),
        sector=row.text("sector"),
        description=row.text("description"),
        municipality_nis=place.nis,
    )
    row.note_rest()
    return replace(record, notes=row.all_notes())


def _heavy(row: Row) -> bool | None:
    value = row.value("heavy")
    if value is None:
        return None
    heavy = parse_yes_no(value)
    if heavy is None:
        row.keep("yesno_unclear", "heavy")
    return heavy
