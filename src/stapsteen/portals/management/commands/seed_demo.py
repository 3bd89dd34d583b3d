"""`manage.py seed_demo`: fill an empty installation with the five services of the demo.

Making half a year of work through the actions takes a while, so networks that share nothing are made side by side, each
in its own process and transaction. They commit together: a part waits for the word, and takes everything back without it.
The parts are forks of this process, so that all is imported once; the matching engine's loops are compiled once too,
before the first part looks for places.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from structlog.testing import capture_logs

from stapsteen.network.models import Service
from stapsteen.portals.demo.build import Say, import_pages, keep_logins, seal, seed
from stapsteen.portals.demo.services import SERVICES

PARTS = (("vinac", "begeleid-vrijwilligen", "vrijwilligersnetwerk"), ("sociale-activering", "link"))
"""Services of one network stand in one part: they share organisations."""
COMPILED, READY, GO = "vertaald", "klaar", "ga"
COMPILE = (sys.executable, "-c", "from stapsteen.matching.engine.warm import warm; warm()")
"""In a process of its own: the solver keeps threads, which don't come along into a fork."""
type Logins = list[dict[str, str]]
type Link = Connection[Any, Any]


class Command(BaseCommand):
    help = "Fills an empty installation with five services and invented people. Does nothing when there are services."
    requires_system_checks = ()  # each costs a second, and nothing of the code is told by the data

    def add_arguments(self, parser: CommandParser) -> None:
        choices = [plan.slug for plan in SERVICES]
        parser.add_argument("--only", action="append", default=[], choices=choices, help="only this service")
        parser.add_argument("--compiled", action="store_true", help="the engine's loops are compiled already")

    def handle(self, *args: Any, only: list[str], compiled: bool, **options: Any) -> None:
        if Service.objects.exists():
            self.stdout.write("al gevuld")
            return
        say = self.stderr.write
        logins = seed(tuple(only), say) if only else side_by_side(say, compiled=compiled)
        with capture_logs():  # the first anchors of a demo say nothing to who starts it
            seal()
        keep_logins(logins)
        self.stdout.write(
            f"gevuld: {len({login['service'] for login in logins})} diensten, {len(logins)} logins"
        )


def side_by_side(say: Say, *, compiled: bool) -> Logins:
    """All parts at once; the logins in the order of the services."""
    import_pages()
    connections.close_all()  # two processes can't share one
    gc.freeze()  # what is imported by now stays: no part has to look through it for what may go
    gc.set_threshold(50_000, 20, 100)
    kind = get_context("fork")
    pipes = [kind.Pipe() for _part in PARTS]
    parts = [kind.Process(target=make, args=(number, pipes, say)) for number in range(len(PARTS))]
    try:
        for part, (_ours, theirs) in zip(parts, pipes, strict=True):
            part.start()
            theirs.close()
        found = lead([ours for ours, _theirs in pipes], compiled=compiled)
    except BaseException:
        for part in parts:
            if part.pid:
                part.kill()
        raise
    for part in parts:
        part.join()
    if any(part.exitcode for part in parts):
        raise CommandError("the demo is filled in part only; start again with --reset")
    order = [plan.slug for plan in SERVICES]
    return sorted(found, key=lambda login: order.index(login["service"]))


def lead(parts: list[Link], *, compiled: bool) -> Logins:
    """Tell all parts when the engine is compiled, and to commit when each has made all; gives their logins."""
    if not compiled:
        subprocess.run(COMPILE, env={**os.environ, "PYTHONPATH": str(settings.ROOT / "src")}, check=True)
    try:
        for part in parts:
            part.send(COMPILED)
        if [part.recv() for part in parts] != [READY] * len(parts):
            raise CommandError("the demo could not be filled; nothing was kept")
        for part in parts:
            part.send(GO)
        return [login for part in parts for login in part.recv()]
    except (EOFError, OSError) as error:
        raise CommandError("the demo could not be filled; nothing was kept") from error


def make(number: int, pipes: list[tuple[Link, Link]], say: Say) -> None:
    """One part, in a process of its own. When the leader is gone no word comes, and nothing is kept."""
    mine = pipes[number][1]
    for ours, theirs in pipes:  # a pipe ends only when nobody else holds its ends
        ours.close()
        if theirs is not mine:
            theirs.close()

    def hear(word: str) -> None:
        if mine.recv() != word:
            raise CommandError("another part failed: nothing was kept")

    def before_commit() -> None:
        mine.send(READY)
        hear(GO)

    mine.send(seed(PARTS[number], say, before_search=lambda: hear(COMPILED), before_commit=before_commit))
