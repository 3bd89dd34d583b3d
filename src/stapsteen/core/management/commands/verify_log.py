"""Walk the sealed read log of every service and name each edit, deletion or reorder; exit 1 when there is one."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from stapsteen.core.jobs import in_each_service
from stapsteen.core.readlog import seal_entries, verify
from stapsteen.core.scope import current


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            help="SERVICE:SEQUENCE:DIGEST from an earlier run or the log",
        )
        parser.add_argument("--seal", action="store_true", help="first seal what waits")

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = {
            service: (int(seq), digest) for service, seq, digest in (a.split(":") for a in options["anchor"])
        }
        if options["seal"]:
            in_each_service("seal_read_log", seal_entries)
        faults = sum(in_each_service("verify_log", lambda: self.report(anchors)))
        if faults:
            sys.exit(1)

    def report(self, anchors: dict[str, tuple[int, str]]) -> int:
        service = str(current().service_id)
        verdict = verify(anchors.get(service))
        sequence = verdict.sealed
        self.stdout.write(f"{service}:{sequence}:{verdict.digest} waiting={verdict.waiting}")
        for fault in verdict.faults:
            self.stderr.write(f"  {fault}")
        return len(verdict.faults)
