"""After a restore: erase again whoever was erased since that backup (the ledger stands outside of the database)."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stapsteen.core.erasure import LEDGER
from stapsteen.core.scope import open_scope, system
from stapsteen.people.actions import clear
from stapsteen.people.models import Person


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ledger", type=Path, default=settings.DATA_DIR / LEDGER)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["ledger"]
        lines = []
        for number, text in enumerate(path.read_text().splitlines() if path.exists() else [], start=1):
            try:
                lines.append(json.loads(text))
            except json.JSONDecodeError as error:
                raise CommandError(f"{path}, line {number}: {error}") from error
        done = sum(erase_again(**line) for line in lines)
        self.stdout.write(f"{done} of {len(lines)} erasures replayed")


def erase_again(*, service: str, subject: str, reason: str, **_: str) -> bool:
    """Erase this person once more, login and all, when the backup brought it back; a scope of its own."""
    with open_scope(UUID(service), actor=system("replay_erasures"), purpose="replay_erasures"):
        person = Person.objects.filter(pk=subject, erased_at=None).first()
        if person:
            clear(person=person, reason=reason)
        return person is not None
