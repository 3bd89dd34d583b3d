"""The order of an import: organisations, tasks, persons, hours; then what is remembered of each row."""

from __future__ import annotations

from stapsteen.imports.models import ImportedRow
from stapsteen.imports.write.frame import Writing
from stapsteen.imports.write.hours import write_hours
from stapsteen.imports.write.lines import together
from stapsteen.imports.write.organisations import write_organisations
from stapsteen.imports.write.persons import write_persons
from stapsteen.imports.write.tasks import write_tasks

BATCH = 1000


def write_plan(writing: Writing) -> None:
    """Everything of the plan, or RowBroken: the caller's transaction then takes all of it back."""
    with together():
        write_organisations(writing)
        write_tasks(writing)
        write_persons(writing)
        write_hours(writing)
    ImportedRow.objects.bulk_create(unique(writing.rows), batch_size=BATCH)


def unique(rows: list[ImportedRow]) -> list[ImportedRow]:
    """Two rows typed the same give one fingerprint."""
    return list({(row.kind, row.fingerprint): row for row in rows}.values())
