"""After a restore: erase again whoever was erased since that backup (the ledger stands outside of the database)."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stapsteen.core.erasure import LEDGER, replay


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
        self.stdout.write(f"{replay(lines)} of {len(lines)} erasures replayed")
