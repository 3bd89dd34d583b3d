"""How far a job is, seen from outside while its own transaction is still open."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from stapsteen.core.progress import meter
from stapsteen.imports.models import ImportRun
from stapsteen.testing.world import inside, make_service

pytestmark = pytest.mark.django_db(transaction=True)


def seen_from_outside(run: ImportRun) -> int:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT set_config('stapsteen.service', %s, false)", [str(run.service_id)])
            cursor.execute("SELECT progress FROM imports_importrun WHERE id = %s", [run.pk])
            return int(cursor.fetchone()[0])
    finally:
        other.close()


@pytest.fixture
def run() -> Any:
    service = make_service("vinac")
    with inside(service):
        return ImportRun.objects.create(name="lijst.xlsx"), service


def test_the_percentage_is_seen_before_the_job_commits(run: Any) -> None:
    row, service = run
    with inside(service), meter(row) as tell:
        seen = []
        for percent in (2, 5, 7, 60, 100):
            tell(percent)
            seen.append(seen_from_outside(row))
    assert seen == [0, 5, 5, 60, 99]


def test_a_job_that_holds_its_row_goes_on_without_telling(run: Any) -> None:
    row, service = run
    with inside(service), meter(row) as tell:
        ImportRun.objects.select_for_update().get(pk=row.pk)
        tell(50)
        assert seen_from_outside(row) == 0
