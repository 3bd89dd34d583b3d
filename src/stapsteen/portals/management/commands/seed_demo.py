"""`manage.py seed_demo`: fill an empty installation with the five services of the demo.

Making half a year of work through the actions takes a while, so networks that share nothing are made side by side, each
in its own process and transaction. They commit together: a part waits for the word, and takes everything back without it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from structlog.testing import capture_logs

from stapsteen.network.models import Service
from stapsteen.portals.demo.build import keep_logins, seal, seed
from stapsteen.portals.demo.services import SERVICES

PARTS = (("vinac", "begeleid-vrijwilligen", "vrijwilligersnetwerk"), ("sociale-activering", "link"))
"""Services of one network stand in one part: they share organisations."""
READY, GO = "klaar", "ga"


class Command(BaseCommand):
    help = "Fills an empty installation with five services and invented people. Does nothing when there are services."

    def add_arguments(self, parser: CommandParser) -> None:
        choices = [plan.slug for plan in SERVICES]
        parser.add_argument("--only", action="append", default=[], choices=choices, help="only this service")
        parser.add_argument(
            "--part", action="store_true", help="one of several processes; waits before it commits"
        )

    def handle(self, *args: Any, only: list[str], part: bool, **options: Any) -> None:
        if part:
            self.stdout.write(json.dumps(seed(tuple(only), self.stderr.write, before_commit=self.wait)))
            return
        if Service.objects.exists():
            self.stdout.write("al gevuld")
            return
        logins = seed(tuple(only), self.stderr.write) if only else self.side_by_side()
        with capture_logs():  # the first anchors of a demo say nothing to who starts it
            seal()
        keep_logins(logins)
        self.stdout.write(
            f"gevuld: {len({login['service'] for login in logins})} diensten, {len(logins)} logins"
        )

    def wait(self) -> None:
        """Say that all is made; without the word to commit nothing is kept."""
        self.stdout.write(READY)
        self.stdout.flush()
        if sys.stdin.readline().strip() != GO:
            raise CommandError("another part failed: nothing was kept")

    def side_by_side(self) -> list[dict[str, str]]:
        """All parts at once; the logins in the order of the services."""
        parts = [start(services) for services in PARTS]
        try:
            if [part.stdout.readline().strip() for part in parts if part.stdout] != [READY] * len(parts):
                raise CommandError("the demo could not be filled; nothing was kept")
            found = [login for part in parts for login in json.loads(part.communicate(GO + "\n")[0])]
        finally:
            for part in parts:
                part.kill()
                part.wait()
        if any(part.returncode for part in parts):
            raise CommandError("the demo is filled in part only; start again with --reset")
        order = [plan.slug for plan in SERVICES]
        return sorted(found, key=lambda login: order.index(login["service"]))


def start(services: tuple[str, ...]) -> subprocess.Popen[str]:
    command = [sys.executable, str(settings.ROOT / "manage.py"), "seed_demo", "--part", "--skip-checks"]
    for slug in services:
        command += ["--only", slug]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
