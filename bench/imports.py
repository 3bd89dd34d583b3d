"""How long it takes to bring in a service's own spreadsheet, with 500 persons in it and with 2,000, in one transaction."""

from __future__ import annotations

import io
import random
import sys
import time
from datetime import date, timedelta
from typing import Any

from _database import scratch_database
from _names import FIRST, LAST

SIZES, LIMIT_SECONDS = (500, 2_000), 25
PERSONS_A_HOST = 10
TOWNS = ["Turnhout", "Beerse", "Oud-Turnhout", "Vosselaar", "Merksplas", "Rijkevorsel"]
REFERRERS = ["OCMW Turnhout", "zelf", "CAW", "huisarts", "gevangenis Turnhout", "VDAB"]
DUTCH = ["1.2?", "A2", "2.2", "3", "goed", "moedertaal", None]
AIMS = ["opstap", "mogelijke opstap", "finaliteit", None]
WHEN = ["di/do namiddag", "ma-wo", "vrij", "weekend niet", "ma vm, di vm", None]
MINDS = ["geen contact met alcohol", "kinderen van school halen om 15u30", None, None]
STOPS = ["verhuisd", "werk gevonden", "ziek", "wil niet meer"]
HOURS = [8, 12, "12,5", "4x3u", "12u30", 16, "ziek", None]
MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt"]
HEADINGS = {
    "Klanten": ["Naam", "Voornaam", "geb.datum", "Adres", "Gemeente", "Tel", "mail", "doorverwezen door", "aanmelding",
                "Nederlands", "traject", "beschikbaar", "interesses", "aandachtspunten", "gestart bij", "start", "stop",
                "reden stop"],
    "Organisaties": ["Organisatie", "koepel", "soort", "sector", "gemeente", "contactpersoon", "telefoon", "e-mail",
                     "verzekering BA tot", "max. aantal met begeleiding", "opmerking"],
    "taken": ["organisatie", "taak", "wanneer", "plaatsen", "Nederlands min.", "zwaar werk?", "begeleiding"],
    "uren 2026": ["Naam", *MONTHS],
}  # fmt: skip
Row = list[Any]


def workbook(persons: int) -> bytes:
    """A caseload as services keep it: words, gaps and odd spellings; ten months of hours for half of the persons."""
    import openpyxl

    chance = random.Random(persons)
    hosts = [f"Huis {LAST[n % 10]} {n}" for n in range(persons // PERSONS_A_HOST)]
    people = [person(chance, n, hosts) for n in range(persons)]
    sheets = {
        "Klanten": people,
        "Organisaties": [host(n, name) for n, name in enumerate(hosts)],
        "taken": [task(name, title) for name in hosts for title in ("onthaal", "huisraad sorteren")],
        "uren 2026": [[f"{row[0]} {row[1]}", *chance.choices(HOURS, k=len(MONTHS))] for row in people[::2]],
    }
    book, buffer = openpyxl.Workbook(write_only=True), io.BytesIO()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in [HEADINGS[name], *rows]:
            sheet.append(row)
    book.save(buffer)
    return buffer.getvalue()


def person(chance: random.Random, n: int, hosts: list[str]) -> Row:
    """Six in ten work somewhere, one in ten stopped, the others were only referred."""
    asked = date(2022, 1, 1) + timedelta(days=chance.randrange(1_500))
    born = date(1955, 1, 1) + timedelta(days=chance.randrange(18_000))
    works, stopped = n % 10 < 6, n % 10 == 6
    start = asked + timedelta(days=40) if works or stopped else None
    return [
        f"{LAST[n % 10]} {chr(65 + n // 26 % 26)}{chr(97 + n % 26)}", f"{FIRST[n % 12]}", born,
        f"Kerkstraat {n % 200 + 1}", chance.choice(TOWNS), f"0470 {n // 100 % 100:02} {n % 100:02} 11",
        f"p{n}@example.org", chance.choice(REFERRERS), asked, chance.choice(DUTCH), chance.choice(AIMS),
        chance.choice(WHEN), "dieren", chance.choice(MINDS), chance.choice(hosts) if works else None, start,
        start + timedelta(days=120) if stopped and start else None, chance.choice(STOPS) if stopped else None,
    ]  # fmt: skip


def host(n: int, name: str) -> Row:
    return [
        name, "Zorgbedrijf" if n % 3 else None, "vzw", "sociaal", TOWNS[n % len(TOWNS)], "An Maes", f"014/{n:06}",
        f"info{n}@example.org", date(2027, 6, 1), 60, "bellen kan altijd",
    ]  # fmt: skip


def task(host_name: str, title: str) -> Row:
    return [
        host_name,
        title,
        "ma-vr" if title == "onthaal" else "di/do namiddag",
        20,
        "1.2",
        "nee",
        "beperkt",
    ]


def measure(size: int) -> dict[str, float]:
    """Seconds per step, as the command does them: look at it, read it, write it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from stapsteen.core.scope import open_scope, system
    from stapsteen.imports import actions
    from stapsteen.imports.management.commands import import_caseload as command
    from stapsteen.testing.world import make_service, make_staff, owner_connection

    service, actor = make_service(f"bench-{size}"), system(command.NAME)
    make_staff(service, "coach", email=f"coach@{size}.example.org")
    data, spent = workbook(size), {}

    def step(name: str, work: Any) -> Any:
        begin, own = time.perf_counter(), time.process_time()
        with open_scope(service.pk, actor=actor, purpose=command.NAME):
            made = work()
        spent[name] = time.perf_counter() - begin
        spent["own work"] = spent.get("own work", 0) + time.process_time() - own
        return made

    run = step(
        "upload", lambda: actions.upload_workbook(actor=actor, name="bench.xlsx", data=data, read_later=False)
    )
    run = step("read", lambda: actions.read_run(run=run, actor=actor))
    step("start", lambda: command.start(run, actor))
    with owner_connection(migrating=True) as owner:
        owner.execute("ANALYZE")
    with CaptureQueriesContext(connection) if "--queries" in sys.argv else _nothing() as asked:
        run = step("write", lambda: actions.write_run(run=_again(run), actor=actor))
    if asked is not None:
        print(f"{len(asked)} statements while writing {size} persons", file=sys.stderr)
    made = run.counts["made"]
    if made["persons"] != size:
        raise SystemExit(f"{made['persons']} of {size} persons came in: {run.counts}")
    print(f"{size} persons: " + ", ".join(f"{count} {name}" for name, count in sorted(made.items())))
    spent["in all"] = sum(spent[name] for name in ("upload", "read", "start", "write"))
    return spent


def _nothing() -> Any:
    from contextlib import nullcontext

    return nullcontext()


def _again(run: Any) -> Any:
    from stapsteen.imports.models import ImportRun

    return ImportRun.objects.get(pk=run.pk)


def main() -> int:
    with scratch_database():
        from stapsteen.core import pages

        pages.discover()
        small, large = (measure(size) for size in SIZES)
    print(f"{'':12}{SIZES[0]:>8} persons{SIZES[1]:>8} persons{'ratio':>8}")
    for name, spent in small.items():
        print(f"{name:12}{spent:14.1f} s{large[name]:14.1f} s{large[name] / max(spent, 0.001):8.1f}")
    return 0 if large["in all"] < LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
