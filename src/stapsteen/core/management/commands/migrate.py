"""Django's migrate, as the owner, followed by what the guarantees need in the database."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate

from stapsteen.core import database, pages


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.AS_OWNER:
            raise CommandError(
                "migrate runs as the owner: use ./stapsteen manage migrate (sets STAPSTEEN_AS_OWNER=1)"
            )
        super().handle(*args, **options)
        pages.discover()
        database.secure()
