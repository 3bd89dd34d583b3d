"""Rows of hours: a column per month, or a row per day. A row is linked to a person, never by guess."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import replace
from typing import Final

from stapsteen.imports.reader.cells import read_date
from stapsteen.imports.reader.dates import MONTHS, parse_month
from stapsteen.imports.reader.durations import HoursRead, parse_hours
from stapsteen.imports.reader.lookup import People, Someone
from stapsteen.imports.reader.names import read_name, split_name
from stapsteen.imports.reader.persons import name_order
from stapsteen.imports.reader.placing import Linker
from stapsteen.imports.reader.plan import Choice, Duplicate, HoursRecord
from stapsteen.imports.reader.recognise import ColumnPlan
from stapsteen.imports.reader.rows import Row, Run, finish
from stapsteen.imports.reader.text import fold, shown

MANY: Final = 200 * 60  # minutes in a month that deserve a look


def read_hours(run: Run, rows: list[Row], linker: Linker, people: People) -> list[HoursRecord]:
    """The hours of a file, one record per person and month (or day)."""
    records: dict[str, HoursRecord] = {}
    for row in rows:
        found = _read(row, linker, people)
        if row.status == "ready" and not row.skipped:
            _place(run, row, found, records)
        finish(row)
    return list(records.values())


def _read(row: Row, linker: Linker, people: People) -> list[HoursRecord]:
    someone = _person(row, people)
    if someone is None:
        return []
    host = linker.host(row)
    months = [column for column in row.plan.columns if column.field and column.field.startswith("month:")]
    records = [record for column in months if (record := _month_cell(row, column))]
    if "hours" in row.columns:
        records += [record] if (record := _long_cell(row)) else []
    row.note_rest()
    if months:
        _check_sum(row, records)
    named = host.ref if host else someone.host
    shown_host = host.name if host else someone.host_name
    complete = [
        replace(
            record,
            fingerprint=_fingerprint(row.run, someone, record, host.name if host else ""),
            person=someone.ref,
            person_name=f"{someone.surname} {someone.first_name}".strip(),
            host=named,
            host_name=shown_host,
            notes=row.all_notes(),
        )
        for record in records
    ]
    if row.status == "ready":
        _check_period(row, someone, complete, elsewhere=host is not None)
    return [
        replace(
            record,
            source_fingerprint=row.run.fingerprint(
                "hours", record.fingerprint, str(record.minutes), record.absence
            ),
        )
        for record in complete
    ]


def _fingerprint(run: Run, someone: Someone, record: HoursRecord, host: str) -> str:
    born = someone.birth_date.isoformat() if someone.birth_date else someone.identity or someone.ref
    day = record.day.isoformat() if record.day else ""
    name = " ".join(sorted(fold(f"{someone.surname} {someone.first_name}").split()))
    return run.fingerprint("hours", name, born, record.month, day, fold(host))


# --- who -----------------------------------------------------------------------------------------------------------


def _person(row: Row, people: People) -> Someone | None:
    main = "full_name" if "full_name" in row.columns else "surname"
    for code in ("person_several", "person_unknown"):
        if chosen := people.get(row.choice(code, main)):
            return chosen
    if main == "full_name":
        name = split_name(row.text(main), name_order(row.columns[main].heading))
    else:
        name = read_name(row.text("surname"), row.text("first_name"))
    if not fold(name.surname + name.first_name):
        row.problem("person_missing", main)
        return None
    birth = read_date(row, "birth_date", birth=True)
    found = people.named(name.surname, name.first_name, birth)
    if len(found) == 1:
        return found[0]
    if found:
        row.problem("person_several", main, choices=_choices(found), count=str(len(found)))
    else:
        near = people.near(name.surname, name.first_name)
        row.problem("person_unknown", main, choices=_choices(near))
    return None


def _choices(found: list[Someone]) -> tuple[Choice, ...]:
    return tuple(Choice(someone.ref, someone.label) for someone in found[:6])


# --- cells ---------------------------------------------------------------------------------------------------------


def _month_cell(row: Row, column: ColumnPlan) -> HoursRecord | None:
    """The hours of one month column; None when there are none, or the cell can't be read."""
    value = None if column.index in row.noted else row.cells[column.index]
    read = parse_hours(value)
    if read.shape == "none":
        return None
    month = column.month or _month_of(row, int((column.field or "").removeprefix("month:")))
    if not month:
        if all(problem.code != "year_missing" for problem in row.problems):
            row.problem("year_missing", column=column)  # once a row, not once a month
        return None
    return _record(row, column, read, month, None)


def _month_of(row: Row, month: int) -> str:
    year = row.run.context.year or row.plan.year
    return f"{year:04d}-{month:02d}" if year else ""


def _long_cell(row: Row) -> HoursRecord | None:
    """One row per day or month: a date, or a month with its year."""
    read = parse_hours(row.value("hours"))
    if read.shape == "none":
        return None
    day = read_date(row, "date") if "date" in row.columns else None
    month = day.strftime("%Y-%m") if day else _month_text(row)
    if not month:
        row.problem(
            "month_unclear",
            "month" if "month" in row.columns else "date" if "date" in row.columns else "hours",
        )
        return None
    return _record(row, row.columns["hours"], read, month, day)


def _month_text(row: Row) -> str:
    """The month of a 'maand' column, else of the sheet's name ('uren januari 2026')."""
    for value in (row.value("month"), row.plan.sheet):
        year, month = parse_month(value)
        if month is None and isinstance(value, int | float) and 1 <= value <= 12:
            month = int(value)
        if month is None:
            month = next((MONTHS[word] for word in fold(shown(value)).split() if word in MONTHS), None)
        if month is not None:
            year = year or _year_cell(row) or row.run.context.year or row.plan.year
            return f"{year:04d}-{month:02d}" if year else ""
    return ""


def _year_cell(row: Row) -> int | None:
    text = row.text("year")
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= 2100 else None


def _record(
    row: Row, column: ColumnPlan, read: HoursRead, month: str, day: dt.date | None
) -> HoursRecord | None:
    if read.shape == "unclear":
        row.keep("hours_unclear", column=column)
        return None
    if _is_future(row, month, day):
        row.keep("hours_future", column=column)
        return None
    _tell_hours(row, column, read)
    if read.minutes is None and not read.absence:
        return None
    return HoursRecord(
        fingerprint="",
        source_fingerprint="",
        sheet=row.plan.sheet,
        row=row.number,
        person="",
        person_name="",
        month=month,
        day=day,
        minutes=read.minutes or 0,
        times=read.times,
        absence=read.absence,
        column=column.heading,
        text=shown(row.raw[column.index]),
    )


def _is_future(row: Row, month: str, day: dt.date | None) -> bool:
    today = row.run.context.today
    return day > today if day else month > today.strftime("%Y-%m")


def _tell_hours(row: Row, column: ColumnPlan, read: HoursRead) -> None:
    said = f"{(read.minutes or 0) / 60:.4g}".replace(".", ",")
    if read.shape == "absence":
        row.problem("hours_absence", column=column)
    elif not read.sure:
        row.problem("hours_guess", column=column, hours=said, suggested=said)
    elif read.shape == "times":
        row.problem("hours_times", column=column, hours=said, suggested=said)
    elif isinstance(row.raw[column.index], str) and read.shape in ("clock", "units"):
        row.problem("hours_text", column=column, hours=said, suggested=said)
    if (read.minutes or 0) > MANY:
        row.problem("hours_many", column=column)


def _check_sum(row: Row, records: list[HoursRecord]) -> None:
    read = parse_hours(row.value("total"))
    total = sum(record.minutes for record in records)
    if read.minutes is not None and abs(read.minutes - total) > 1:
        row.problem("sum_differs", "total", sum=f"{total / 60:.6g}".replace(".", ","))


def _check_period(row: Row, someone: Someone, records: list[HoursRecord], *, elsewhere: bool) -> None:
    """Hours before the start or after the stop, told once per row; not when the row names its own host."""
    if not records:
        row.problem("no_hours")
    if not someone.in_file or not records or (elsewhere and records[0].host != someone.host):
        return
    if someone.start is None:
        row.problem("hours_no_start")
        return
    outside = [record.month for record in records if _outside(record.month, someone.start, someone.stop)]
    if outside:
        row.problem("hours_outside", months=", ".join(dict.fromkeys(outside)))


def _outside(month: str, start: dt.date, stop: dt.date | None) -> bool:
    year, number = int(month[:4]), int(month[5:])
    first, last = dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1])
    return last < start or (stop is not None and first > stop)


# --- double --------------------------------------------------------------------------------------------------------


def _place(run: Run, row: Row, found: list[HoursRecord], records: dict[str, HoursRecord]) -> None:
    """A row whose months are all there already is double; one that says something else is refused."""
    clash = next((r for r in found if r.fingerprint in records and _differs(r, records[r.fingerprint])), None)
    if clash is not None:
        row.problem("hours_twice", month=clash.month)
        return
    new = []
    for record in found:
        if record.fingerprint in records:
            continue
        if known := run.known(record.fingerprint):
            if not run.known(record.source_fingerprint):
                row.problem("hours_changed", column=_column_of(row, record))
            run.duplicates.append(Duplicate("hours", row.plan.sheet, row.number, known, "known", record))
        else:
            new.append(record)
    if found and not new:
        row.status = "duplicate"
    records |= {record.fingerprint: record for record in new}


def _differs(one: HoursRecord, other: HoursRecord) -> bool:
    return (one.minutes, one.absence) != (other.minutes, other.absence)


def _column_of(row: Row, record: HoursRecord) -> ColumnPlan | None:
    return next((column for column in row.plan.columns if column.heading == record.column), None)
