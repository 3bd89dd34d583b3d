"""The search for places in the application: one person's list, who wished for a task, and the joint proposal as a job.

Waiting people and open tasks of one service, twice as many each time: seconds, and how they grow.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
import time
from datetime import date, timedelta
from typing import Any

from _database import scratch_database

SIZES, ROUNDS = (125, 250, 500), 7
LIMIT_LIST, LIMIT_SEARCH, LIMIT_GROWTH = 0.5, 60.0, 1.3
TOWNS = ((51.32, 4.94), (51.19, 5.12), (51.17, 4.83), (51.31, 4.66), (51.24, 4.99))


def fill(service: Any, coaches: list[Any], size: int) -> None:
    """People with a running pathway and no place; a task for each of them, over a third as many organisations."""
    from stapsteen.testing.world import inside

    chance = random.Random(size)
    with inside(service):
        towns = [town(number, where) for number, where in enumerate(TOWNS)]
        fill_people(coaches, size, towns, chance)
        fill_tasks(service, size, towns, chance)


def town(number: int, where: tuple[float, float]) -> Any:
    from stapsteen.network.models import Municipality

    found, _made = Municipality.objects.get_or_create(
        nis=f"9900{number}",
        defaults={"name": f"Dorp {number}", "latitude": where[0], "longitude": where[1]},
    )
    return found


def fill_people(coaches: list[Any], size: int, towns: list[Any], chance: random.Random) -> None:
    from django.utils import timezone

    from stapsteen.hosts.models import SECTORS
    from stapsteen.pathways.models import Pathway, PathwayProgramme
    from stapsteen.people.models import SUPPORT, Address, Person
    from stapsteen.testing.world import programme_of

    today, programme = timezone.localdate(), programme_of(coaches[0].service)
    people = Person.objects.bulk_create(
        Person(
            first_name="Noor",
            last_name=f"Peeters {number}",
            half_days=chance.randrange(1, 1 << 15),
            dutch_speaking=chance.choice(("1.1", "1.2", "2", "3", "native")),
            mobility=["bike"],
            travel_minutes=chance.choice((30, 45, 60)),
            support=chance.sample(list(SUPPORT), chance.randrange(3)),
            sectors=chance.sample(list(SECTORS), 2),
        )
        for number in range(size)
    )
    begun = [today - timedelta(days=chance.randrange(20, 400)) for _ in people]
    Address.objects.bulk_create(
        Address(person=person, municipality=chance.choice(towns), starts_on=date(2020, 1, 1))
        for person in people
    )
    pathways = Pathway.objects.bulk_create(
        Pathway(person=person, coach=coaches[n % len(coaches)], starts_on=day)
        for n, (person, day) in enumerate(zip(people, begun, strict=True))
    )
    PathwayProgramme.objects.bulk_create(
        PathwayProgramme(
            person_id=one.person_id,
            pathway=one,
            programme=programme,
            kind=programme.kind,
            starts_on=one.starts_on,
        )
        for one in pathways
    )


def fill_tasks(service: Any, size: int, towns: list[Any], chance: random.Random) -> None:
    from stapsteen.hosts.models import SECTORS, GuidanceCapacity, Host, Organisation, Task

    made = Organisation.objects.bulk_create(
        Organisation(
            network=service.network,
            name=f"Huis {n}",
            roles=["host"],
            municipality=chance.choice(towns),
            asks_per_month=20,
        )
        for n in range(size // 3)
    )
    GuidanceCapacity.objects.bulk_create(
        GuidanceCapacity(organisation=one, places=chance.randrange(1, 6), starts_on=date(2020, 1, 1))
        for one in made
    )
    Host.objects.bulk_create(Host(organisation=one) for one in made)
    Host.objects.update(state="active")
    Task.objects.bulk_create(
        Task(
            organisation=chance.choice(made),
            title=f"Taak {n}",
            sector=chance.choice(list(SECTORS)),
            half_days=chance.randrange(1, 1 << 15),
            seats=chance.choice((1, 1, 2)),
            dutch_speaking=chance.choice(("", "1.1", "1.2", "2")),
        )
        for n in range(size)
    )


def seconds(act: Any) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def measured(service: Any, coordinator: Any) -> dict[str, float]:
    """Name -> seconds (median); the search once."""
    from stapsteen.core.scope import system
    from stapsteen.hosts.models import Task
    from stapsteen.matching import actions
    from stapsteen.pathways.models import Pathway
    from stapsteen.testing.world import client_of, inside

    with inside(service):
        pathways = list(Pathway.objects.order_by("pk")[:ROUNDS])
        task = Task.objects.filter(organisation__network=service.network).order_by("title")[0]
        actor = system("bench")
        search = actions.start_search(actor=actor, later=False)
        actions.begin_search(search=search, actor=actor)
    client = client_of(coordinator)
    ask = [f"/{service.slug}/trajecten/{one.pk}/zoek-plek/" for one in pathways]
    client.get(ask[0])

    def run() -> None:
        with inside(service):
            actions.run_search(search=search, actor=actor)

    found = {
        "one person's list": statistics.median(seconds(lambda url=url: client.get(url)) for url in ask),
        "who wished for a task": statistics.median(
            seconds(lambda: client.get(f"/{service.slug}/taken/{task.pk}/wie/")) for _ in range(3)
        ),
        "search for everybody": seconds(run),
        "the board": statistics.median(
            seconds(lambda: client.get(f"/{service.slug}/voorstellen/{search.pk}/")) for _ in range(3)
        ),
    }
    with inside(service):
        search.refresh_from_db()
    share = (search.worth or 0) / (search.bound or 1)
    print(f"{service.slug}: {search.counts} value {share:.3f} of the bound, advice {len(search.advice)}")
    return found


def main() -> int:
    with scratch_database():
        from stapsteen.testing.world import make_service, make_staff

        rows = []
        for slug, size in zip(("vinac", "link", "begeleid"), SIZES, strict=True):
            service = make_service(slug, "volunteering")
            coordinator = make_staff(service, "coordinator")
            fill(
                service,
                [make_staff(service, "coach", email=f"c{n}@{slug}.example.org") for n in range(size // 25)],
                size,
            )
            rows.append(measured(service, coordinator))
    missed = False
    for name in rows[0]:
        growth = math.log(rows[-1][name] / rows[-2][name], 2)
        print(f"{name:24}" + "".join(f"{row[name]:9.2f} s" for row in rows) + f"   exponent {growth:.2f}")
        missed |= name != "search for everybody" and rows[-1][name] > LIMIT_LIST
    return int(missed or rows[-1]["search for everybody"] > LIMIT_SEARCH)


if __name__ == "__main__":
    sys.exit(main())
