"""Django's migrate, as the owner, followed by what the guarantees need in the database."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory

from stapsteen.core import database, pages


def missing_columns() -> list[str]:
    """Columns that the models have and the database hasn't, as table.column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        there = set(cursor.fetchall())
    wanted = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
    ]
    return sorted(f"{table}.{column}" for table, column in wanted if (table, column) not in there)


def _demand_columns() -> None:
    """A migration that was remade under its own name counts as done: then columns are missing."""
    if missing := missing_columns():
        names = ", ".join(missing[:3]) + (", ..." if missing[3:] else "")
        raise CommandError(f"the tables were made by another version: there is no {names}")


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.AS_OWNER:
            raise CommandError(
                "migrate runs as the owner: use ./stapsteen manage migrate (sets STAPSTEEN_AS_OWNER=1)"
            )
        try:
            super().handle(*args, **options)
        except (InconsistentMigrationHistory, DatabaseError) as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"the tables can't be brought up to date: {reason} (more: --traceback)"
            ) from error
        if not (options["app_label"] or options["plan"] or options["check_unapplied"]):
            _demand_columns()
        pages.discover()
        database.secure()
