"""The order of an import: organisations, tasks, persons, hours, what was noted; then what is remembered of each row."""

from __future__ import annotations

from stapsteen.imports.models import ImportedRow
from stapsteen.imports.write.frame import Writing
from stapsteen.imports.write.hours import write_hours
from stapsteen.imports.write.lines import together
from stapsteen.imports.write.organisations import write_organisations
from stapsteen.imports.write.persons import write_persons
from stapsteen.imports.write.savepoints import without_savepoints
from stapsteen.imports.write.tasks import write_tasks
from stapsteen.people import actions as people

BATCH = 1000


def write_plan(writing: Writing) -> None:
    """Everything of the plan, or RowBroken: the caller's transaction then takes all of it back."""
    with without_savepoints(), together():
        write_organisations(writing)
        write_tasks(writing)
        write_persons(writing)
        write_hours(writing)
        people.add_notes(notes=writing.notes, actor=writing.actor)
        people.record_sensitive_facts(facts=writing.facts, actor=writing.actor)
    ImportedRow.objects.bulk_create(unique(writing.rows), batch_size=BATCH)


def unique(rows: list[ImportedRow]) -> list[ImportedRow]:
    """Two rows typed the same give one fingerprint."""
    return list({(row.kind, row.fingerprint): row for row in rows}.values())
