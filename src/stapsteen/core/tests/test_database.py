"""Guarantee 1 in the live catalogue."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.db.models import TextField

from stapsteen.core import database
from stapsteen.core.management.commands.migrate import missing_columns
from stapsteen.people.models import Person

HERE = "stapsteen.core.management.commands.migrate"
pytestmark = pytest.mark.django_db


def test_nothing_breaks_tenancy_in_models_or_catalogue() -> None:
    assert database.audit() == []


def test_tables_of_another_version_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_columns() == []
    new = TextField()
    new.set_attributes_from_name("remade")
    monkeypatch.setattr(Person._meta, "local_concrete_fields", [*Person._meta.local_concrete_fields, new])
    assert missing_columns() == ["people_person.remade"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            DatabaseError('relation "x" does not exist\nLINE 1'),
            'up to date: relation "x" does not exist (more',
        ),
        (None, "made by another version: there is no a.b, c.d, e.f, ..."),
    ],
)
def test_a_migrate_that_fails_says_why_in_one_line(
    monkeypatch: pytest.MonkeyPatch, settings: Any, fault: Exception | None, told: str
) -> None:
    def migrate(*_: Any, **__: Any) -> None:
        if fault:
            raise fault

    settings.AS_OWNER = True
    monkeypatch.setattr(f"{HERE}.Migrate.handle", migrate)
    monkeypatch.setattr(f"{HERE}.missing_columns", lambda: ["a.b", "c.d", "e.f", "g.h"])
    with pytest.raises(CommandError) as caught:
        call_command("migrate", skip_checks=True)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
