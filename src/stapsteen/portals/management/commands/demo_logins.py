"""`manage.py demo_logins --json`: the logins of the demo, with links that work at the present address."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from stapsteen.portals.demo.build import fresh_logins


class Command(BaseCommand):
    help = "One login per service and role: service, role, and user with password, or link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = fresh_logins()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for login in found:
            way = login.get("link") or f"{login['user']} {login['password']}"
            self.stdout.write(f"{login['service']:24} {login['role']:14} {way}")
