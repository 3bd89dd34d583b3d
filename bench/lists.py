"""How long a colleague waits for a page with 1,000 persons, organisations and tasks in the service, and with 10,000."""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import date, timedelta
from typing import Any

from _database import scratch_database
from _names import FIRST, LAST

SIZES, ROUNDS, LIMIT_MS = (1_000, 10_000), 5, 1_000
ENDED, SUSPENDED, RUNNING = 55, 60, 90
"""Of each hundred persons: those whose pathway ended, is paused, runs; the others were only referred."""


def fill(service: Any, coaches: list[Any], size: int) -> None:
    """Half the years' work of a large service: rows as the actions leave them, written in bulk."""
    from stapsteen.testing.world import inside

    chance = random.Random(size)
    with inside(service):
        persons = fill_persons(size, chance)
        hosts, tasks = fill_hosts(service, size)
    with inside(service):
        fill_pathways(service, persons, coaches, chance, hosts, tasks)
    with inside(service):
        fill_words(persons)


def fill_persons(size: int, chance: random.Random) -> list[Any]:
    from stapsteen.people.models import Address, Person
    from stapsteen.testing.world import make_municipality

    town = make_municipality()
    named = [
        Person(
            first_name=chance.choice(FIRST),
            last_name=f"{chance.choice(LAST)} {number}",
            birth_date=date(1950, 1, 1) + timedelta(days=chance.randrange(20_000)),
            phone=f"04{number:08}",
        )
        for number in range(size)
    ]
    persons = Person.objects.bulk_create(named, batch_size=2_000)
    Address.objects.bulk_create(
        (
            Address(person=person, town="Turnhout", municipality=town, starts_on=date(2020, 1, 1))
            for person in persons
        ),
        batch_size=2_000,
    )
    return list(persons)


def fill_hosts(service: Any, size: int) -> tuple[list[Any], list[Any]]:
    from stapsteen.core import halfdays
    from stapsteen.hosts.models import GuidanceCapacity, Host, HostContact, Organisation, Task

    made = Organisation.objects.bulk_create(
        (
            Organisation(
                network=service.network,
                name=f"{LAST[n % 10]} {FIRST[n % 12]} {n}",
                roles=["host"],
                sectors=["care"],
            )
            for n in range(size)
        ),
        batch_size=2_000,
    )
    GuidanceCapacity.objects.bulk_create(
        (GuidanceCapacity(organisation=one, places=5, starts_on=date(2020, 1, 1)) for one in made),
        batch_size=2_000,
    )
    week = halfdays.to_mask((day, part) for day in range(5) for part in (0, 1))
    tasks = Task.objects.bulk_create(
        (Task(organisation=one, title=f"Koffie {n}", half_days=week, seats=3) for n, one in enumerate(made)),
        batch_size=2_000,
    )
    hosts = Host.objects.bulk_create((Host(organisation=one) for one in made), batch_size=2_000)
    HostContact.objects.bulk_create(
        (HostContact(host=host, name="An", email=f"an{n}@example.org") for n, host in enumerate(hosts)),
        batch_size=2_000,
    )
    Host.objects.update(state="active")
    return list(hosts), list(tasks)


def fill_pathways(
    service: Any,
    persons: list[Any],
    coaches: list[Any],
    chance: random.Random,
    hosts: list[Any],
    tasks: list[Any],
) -> None:
    from django.utils import timezone

    from stapsteen.pathways.models import Aim, Pathway, PathwayProgramme, Referral, WheelPosition
    from stapsteen.placements.models import Placement
    from stapsteen.testing.world import programme_of

    today, programme = timezone.localdate(), programme_of(service)
    begun = [today - timedelta(days=chance.randrange(30, 2_000)) for _ in persons]
    Referral.objects.bulk_create(
        (
            Referral(person=person, programme=programme, by="helper", question="Graag onder de mensen.",
                     received_on=day - timedelta(days=10))
            for person, day in zip(persons, begun, strict=True)
        ),
        batch_size=1_000,
    )  # fmt: skip
    guided = [
        (person, day, n)
        for n, (person, day) in enumerate(zip(persons, begun, strict=True))
        if n % 100 < RUNNING
    ]
    pathways = Pathway.objects.bulk_create(
        (Pathway(person=person, coach=coaches[n % len(coaches)], starts_on=day) for person, day, n in guided),
        batch_size=2_000,
    )
    rows: dict[Any, list[Any]] = {PathwayProgramme: [], Aim: [], WheelPosition: [], Placement: []}
    for pathway, (person, day, n) in zip(pathways, guided, strict=True):
        link = {"person": person, "pathway": pathway, "starts_on": day}
        rows[PathwayProgramme].append(PathwayProgramme(programme=programme, kind=programme.kind, **link))
        rows[Aim].append(Aim(aim="stepping_stone" if n % 2 else "end_in_itself", **link))
        rows[WheelPosition].append(WheelPosition(segment="few-contacts", **link))
        rows[Placement].append(Placement(host=hosts[n], task=tasks[n], half_days=1, **link))
    for model, made in rows.items():
        model.objects.bulk_create(made, batch_size=2_000)
    settle(persons, today)


def settle(persons: list[Any], today: date) -> None:
    """Decisions, ends, pauses and places that began, by the same ways as the actions."""
    from stapsteen.pathways.models import Aim, Pathway, PathwayProgramme, Referral, WheelPosition
    from stapsteen.placements.models import Placement

    guided = [person.pk for n, person in enumerate(persons) if n % 100 < RUNNING]
    ended = [person.pk for n, person in enumerate(persons) if n % 100 < ENDED]
    paused = [person.pk for n, person in enumerate(persons) if ENDED <= n % 100 < SUSPENDED]
    decided = Referral.objects.filter(person_id__in=guided)
    decided.update(state="in_talks", person_said_yes_on=today)
    decided.update(state="accepted", decided_on=today)
    Placement.objects.filter(person_id__in=guided).update(state="active")
    Placement.objects.filter(person_id__in=ended).update(
        state="ended", ends_on=today, end_code="pathway_ended"
    )
    Pathway.objects.filter(person_id__in=paused).update(state="suspended")
    Pathway.objects.filter(person_id__in=ended).update(state="ended", ends_on=today, end_code="goal_reached")
    for model in (PathwayProgramme, Aim, WheelPosition):
        model.objects.filter(person_id__in=ended).update(ends_on=today)


def fill_words(persons: list[Any]) -> None:
    """Three notes and six lines of a timeline each."""
    from stapsteen.core.models import Event
    from stapsteen.people.models import Note

    Note.objects.bulk_create((Note(person=person, text="Gebeld.", author="An") for person in persons for _ in range(3)),
                             batch_size=2_000)  # fmt: skip
    kinds = ["person.added", "person.updated", "referral.yes"] * 2
    Event.objects.bulk_create(
        (
            Event(subject_id=person.pk, kind=kind, happened_on=date(2025, 3, 1), actor="system:bench")
            for person in persons
            for kind in kinds
        ),
        batch_size=5_000,
    )


def pages(service: Any) -> dict[str, str]:
    """Name -> address of what is asked."""
    from django.urls import reverse

    from stapsteen.pathways.models import Pathway
    from stapsteen.testing.world import inside

    def at(name: str, query: str = "", **keys: Any) -> str:
        return reverse(name, kwargs={"service": service.slug, **keys}) + query

    with inside(service):
        person = Pathway.objects.filter(state="active").order_by("id")[5].person_id
    return {
        "persons": at("people.person_list"),
        "persons, page 20": at("people.person_list", "?pagina=20"),
        "persons, newest first": at("people.person_list", "?sort=newest"),
        "persons, search": at("people.person_list", "?q=ylmaz"),
        "persons, running": at("people.person_list", "?phase=active"),
        "persons, one coach": at("people.person_list", f"?coach={COACH[service.slug]}"),
        "one person": at("portals.person", person=person),
        "intake queue": at("pathways.intake_queue"),
        "organisations": at("hosts.host_list"),
        "organisations, search": at("hosts.host_list", "?q=claes"),
        "tasks": at("hosts.task_list"),
        "evaluations": at("followup.overview"),
        "today": at("portals.today"),
        "search box": at("portals.search", "?q=ylmaz"),
    }  # fmt: skip


COACH: dict[str, Any] = {}


def measure(size: int) -> dict[str, tuple[float, int]]:
    """Median milliseconds and number of queries per page, for a coordinator, who sees everyone."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from stapsteen.testing.world import client_of, make_service, make_staff, owner_connection

    service = make_service(f"bench-{size}")
    coaches = [make_staff(service, "coach", email=f"coach{n}@{size}.example.org") for n in range(20)]
    COACH[service.slug] = coaches[3].pk
    fill(service, coaches, size)
    with owner_connection(migrating=True) as owner:
        owner.execute("ANALYZE")
    client = client_of(make_staff(service, "coordinator"))
    found = {}
    for name, address in pages(service).items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        asked = len(queries)
        found[name] = (median(client, address), asked)
    return found


def median(client: Any, address: str) -> float:
    spent = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        client.get(address)
        spent.append((time.perf_counter() - begin) * 1000)
    return statistics.median(spent)


def main() -> int:
    with scratch_database():
        small, large = (measure(size) for size in SIZES)
    print(f"{'':24}{SIZES[0]:>10} each{SIZES[1]:>10} each{'ratio':>8}{'queries':>9}")
    for name, (spent, _queries) in small.items():
        more, queries = large[name]
        print(f"{name:24}{spent:12.0f} ms{more:12.0f} ms{more / spent:8.1f}{queries:9}")
    return 0 if max(spent for spent, _ in large.values()) < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
