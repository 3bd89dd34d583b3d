"""Import a service's own spreadsheet without the web: the same path, the same rules.

Exit codes: 0 read (and imported), 1 the file is refused or a row could not be written (nothing is then imported),
2 wrong usage: an unknown service or an unreadable path.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import translation

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import open_scope, system
from stapsteen.imports import actions, work
from stapsteen.imports.models import ImportRun
from stapsteen.imports.reader import ImportRefused, open_workbook, report
from stapsteen.imports.reading import plans_of, read_for_service
from stapsteen.imports.write import RowBroken
from stapsteen.network.models import Service

NAME = "import_caseload"
USAGE, REFUSED = 2, 1
MOST_SKIPPED = 100


class Command(BaseCommand):
    help = "Import a service's own spreadsheet: persons, organisations, tasks, hours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the spreadsheet (.xlsx or .csv)")
        parser.add_argument(
            "--service", required=True, help="the short name of the service, as in its address"
        )
        parser.add_argument("--dry-run", action="store_true", help="only look: every count and every problem")
        parser.add_argument("--json", action="store_true", help="the result as JSON")

    def handle(self, **options: Any) -> None:
        path: Path = options["file"]
        service = find_service(options["service"])
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"can't read {path}: {error.strerror}", returncode=USAGE) from error
        with translation.override("nl"):
            result = (
                look(service, path.name, data) if options["dry_run"] else bring_in(service, path.name, data)
            )
        self.say(result, as_json=options["json"])
        if "refused" in result:
            sys.exit(REFUSED)

    def say(self, result: dict[str, Any], *, as_json: bool) -> None:
        """JSON on one document, or a few lines for people."""
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))
        elif "refused" in result:
            self.stderr.write(result["message"])
        else:
            for line in lines(result):
                self.stdout.write(line)


def find_service(slug: str) -> Service:
    """CommandError with the services that there are; or, on an empty database, with what to do first."""
    try:
        known = {service.slug: service for service in Service.objects.order_by("slug")}
    except DatabaseError as error:
        raise CommandError(
            "the database isn't ready: start ./stapsteen demo or serve once", returncode=USAGE
        ) from error
    if slug not in known:
        raise CommandError(f"unknown service {slug}; known: {', '.join(known) or 'none'}", returncode=USAGE)
    return known[slug]


def look(service: Service, name: str, data: bytes) -> dict[str, Any]:
    """What importing would do. Nothing is written."""
    with open_scope(service.pk, actor=system(NAME), purpose=NAME):
        try:
            actions.refuse_file(name, data)
            workbook = open_workbook(data, name)
            plan = read_for_service(workbook, plans_of(workbook, {}), {})
        except actions.Refused as refusal:
            return refused(refusal)
        except ImportRefused as refusal:
            return {"refused": refusal.code, "message": refusal.message_nl}
    return {"dry_run": True, **report(plan)}


def bring_in(service: Service, name: str, data: bytes) -> dict[str, Any]:
    """Upload, read with every suggestion accepted, write; each step in a transaction of its own, as on the web.

    A row that a rule refuses only while writing isn't a good row: everything is taken back, and tried without it.
    """
    actor = system(NAME)
    try:
        with open_scope(service.pk, actor=actor, purpose=NAME):
            run = actions.upload_workbook(actor=actor, name=name, data=data, read_later=False)
    except actions.Refused as refusal:
        return refused(refusal)
    broken: RuleBroken | RowBroken
    for _attempt in range(MOST_SKIPPED):
        try:
            return read_and_write(service, run)
        except RowBroken as row:
            skip(service, run, row)
            broken = row
        except RuleBroken as rule:
            broken = rule
            break
    return give_up(service, run, broken)


def read_and_write(service: Service, run: ImportRun) -> dict[str, Any]:
    actor = system(NAME)
    with open_scope(service.pk, actor=actor, purpose=NAME):
        told = look_at(actions.read_run(run=run, actor=actor))
    with open_scope(service.pk, actor=actor, purpose=NAME):
        start(run, actor)
    with open_scope(service.pk, actor=actor, purpose=NAME):
        run = actions.write_run(run=ImportRun.objects.get(pk=run.pk), actor=actor)
    return {"dry_run": False, **told, "imported": run.counts["made"]}


def skip(service: Service, run: ImportRun, row: RowBroken) -> None:
    actor = system(NAME)
    with open_scope(service.pk, actor=actor, purpose=NAME):
        failure, place = actions.failure_text(row), (row.sheet, row.row)
        actions.undo_start(run=run, actor=actor, failure=failure, place=place)
    with open_scope(service.pk, actor=actor, purpose=NAME):
        actions.skip_broken(run=run, actor=actor)


def look_at(run: ImportRun) -> dict[str, Any]:
    if run.state == "refused":
        raise RuleBroken(run.refusal)
    told: dict[str, Any] = work.load(run)["report"]
    return told


def start(run: ImportRun, actor: Any) -> None:
    coach, programme = actions.default_options(actor)
    if coach is None or programme is None:
        raise RuleBroken("Deze dienst heeft nog geen begeleider of geen programma. Voeg die eerst toe.")
    actions.start_import(run=run, actor=actor, coach=coach, programme=programme, write_later=False)


def refused(refusal: actions.Refused) -> dict[str, Any]:
    return {"refused": refusal.code, "message": str(refusal.message)}


def give_up(service: Service, run: ImportRun, broken: RuleBroken | RowBroken) -> dict[str, Any]:
    """Nothing is imported; the file isn't kept."""
    told = actions.failure_text(broken) if isinstance(broken, RowBroken) else str(broken.message)
    with open_scope(service.pk, actor=system(NAME), purpose=NAME):
        run = ImportRun.objects.get(pk=run.pk)
        if run.state == "importing":
            run = actions.undo_start(run=run, actor=system(NAME), failure=told)
        if run.state in ("uploaded", "preview"):
            actions.cancel_run(run=run, actor=system(NAME))
    return {"refused": "row" if isinstance(broken, RowBroken) else "rule", "message": told}


def lines(result: dict[str, Any]) -> list[str]:
    """The counts per sheet, and how many problems of each kind."""
    told = [
        f"{sheet['sheet']} ({sheet['kind']}): {sheet['read']} read, {sheet['ready']} ready "
        f"({sheet['repaired']} repaired), {sheet['refused']} refused, {sheet['duplicate']} duplicate"
        for sheet in result["sheets"]
    ]
    told += [
        f"  {problem['sheet']} {problem['cell'] or problem['row'] or ''}: {problem['problem']} {problem['suggestion']}"
        for problem in result["problems"]
        if problem["severity"] == "refused"
    ]
    told.append(f"{len(result['problems'])} problems in all; --json gives every one")
    if "imported" in result:
        told.append("imported: " + ", ".join(f"{count} {name}" for name, count in result["imported"].items()))
    return told
