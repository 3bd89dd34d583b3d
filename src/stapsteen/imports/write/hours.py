"""Hours of former months: a total per person and month (or a day), as lines that came from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.hours.durations import show_minutes
from stapsteen.hours.models import HourLine
from stapsteen.imports.reader import HoursRecord
from stapsteen.imports.write.frame import RowBroken, Writing, at
from stapsteen.imports.write.persons import Kept
from stapsteen.people.models import Person

BATCH = 500
ABSENCES = {"sick": "ziek", "leave": "verlof", "absent": "afwezig"}
WHY = "Stond als reden in een vroegere urenlijst. Nodig om te begrijpen waarom er geen uren zijn."


def write_hours(writing: Writing) -> None:
    """All lines of the file. They have no sheet and no place: an old list says neither who confirmed nor which task."""
    by_person: dict[str, list[HoursRecord]] = defaultdict(list)
    for record in writing.plan.hours:
        by_person[record.person].append(record)
    lines: list[HourLine] = []
    for ref, records in by_person.items():
        with at(records[0]):
            person = writing.person(ref)
            if person is None:
                raise RowBroken(records[0], _("De persoon van deze uren is er niet."))
            made = list(_lines(writing, person, records))
            lines += made
            _tell(writing, person, records)
        if len(made) >= 1:
            writing.step()
    HourLine.objects.bulk_create(lines, batch_size=BATCH)
    writing.made["hour_lines"] += len(lines)


def _lines(writing: Writing, person: Person, records: list[HoursRecord]) -> Iterator[HourLine]:
    for record in records:
        line = HourLine(
            person=person,
            month=first_of(record),
            day=record.day,
            is_month_total=record.day is None,
            minutes=record.minutes,
            source="import",
            entered_by=writing.author,
        )
        writing.remember(record, "hours", line, person)
        if record.minutes:
            yield line


def first_of(record: HoursRecord) -> date:
    year, month = record.month.split("-")[:2]
    return date(int(year), int(month), 1)


def _tell(writing: Writing, person: Person, records: list[HoursRecord]) -> None:
    """A line on the timeline; why there were no hours is a sensitive fact; the rest of the row is a note."""
    months = sorted(first_of(record) for record in records)
    events.record(
        "imports.hours",
        subject_id=person.pk,
        hours=show_minutes(sum(record.minutes for record in records)),
        first=f"{months[0]:%m/%Y}",
        last=f"{months[-1]:%m/%Y}",
    )
    _absences(writing, person, records)
    kept = Kept()
    for record in records:
        kept.notes(tuple(note for note in record.notes))
    for name in sorted({record.host_name for record in records if record.host_name}):
        kept.add(_("uren bij"), name)
    plain = list(dict.fromkeys(kept.plain))
    if plain:
        writing.note(person, "\n".join([writing.origin(records[0]), *plain]))
    if kept.sensitive:
        writing.fact(person, "attention", "\n".join(dict.fromkeys(kept.sensitive)), WHY)


def _absences(writing: Writing, person: Person, records: list[HoursRecord]) -> None:
    away = [record for record in records if record.absence]
    if away:
        told = ", ".join(f"{record.month} {ABSENCES.get(record.absence, record.absence)}" for record in away)
        kind = "health" if any(record.absence == "sick" for record in away) else "attention"
        writing.fact(person, kind, _("Geen uren: %(months)s") % {"months": told}, WHY)
