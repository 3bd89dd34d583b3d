"""The lines of an import on the timelines: together, at the end, and none of what failed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stapsteen.core import events
from stapsteen.core.models import Event
from stapsteen.imports.write.lines import together
from stapsteen.testing.world import inside, make_person

pytestmark = pytest.mark.django_db


def numbers() -> list[int]:
    return [row.details["n"] for row in Event.objects.order_by("at", "id")]


def test_together_they_are_one_statement_at_the_end(service: Any) -> None:
    with inside(service):
        person = make_person()
        with CaptureQueriesContext(connection) as captured, together():
            for n in range(3):
                events.record("state.moved", subject_id=person.pk, n=n)
            assert len(captured) == 0
        assert [query["sql"].split()[0] for query in captured] == ["INSERT"]
        events.record("state.moved", subject_id=person.pk, n=3)
        assert numbers() == [0, 1, 2, 3]
        assert {row.service_id for row in Event.objects.all()} == {service.pk}


def test_what_fails_leaves_no_line_and_the_block_around_it_keeps_its_own(service: Any) -> None:
    with inside(service):
        person = make_person()
        with together():
            events.record("state.moved", subject_id=person.pk, n=0)
            with together():
                events.record("state.moved", subject_id=person.pk, n=1)
            with pytest.raises(ZeroDivisionError), together():
                events.record("state.moved", subject_id=person.pk, n=2)
                1 / 0  # noqa: B018
            events.record("state.moved", subject_id=person.pk, n=3)
            assert numbers() == []
        assert numbers() == [0, 1, 3]
        with pytest.raises(ZeroDivisionError), together():
            events.record("state.moved", subject_id=person.pk, n=4)
            1 / 0  # noqa: B018
        assert numbers() == [0, 1, 3]
