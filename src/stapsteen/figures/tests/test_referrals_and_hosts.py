"""The funnel of document 000, placements that last, and the hosts of document 001."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from stapsteen.figures import queries
from stapsteen.figures.queries import ALL, Lasting, Period, Step
from stapsteen.figures.tests.conftest import World, make_world
from stapsteen.figures.tests.pages import Reader
from stapsteen.hosts.models import Host, Organisation, Task
from stapsteen.pathways.actions import note_talk, receive_referral, start_pathway, take_in_referral
from stapsteen.pathways.models import Pathway
from stapsteen.people.models import Person
from stapsteen.placements.models import Placement
from stapsteen.testing.world import inside, programme_of

pytestmark = pytest.mark.django_db
YEAR = Period(date(2019, 1, 1), date(2019, 12, 31))


@pytest.fixture
def vinac(db: None) -> World:
    return make_world("vinac", "vinac")


def refer(world: World, actor: Any, number: int, referrer: Organisation, day: date) -> Any:
    return receive_referral(
        actor=actor,
        programme=programme_of(world.service, "vinac"),
        by="helper",
        question="Wil graag buiten komen.",
        person={"first_name": f"P{number}"},
        helper_phone="014 00 00 00",
        referrer=referrer,
        received_on=day,
    )


def talk(actor: Any, referral: Any, kind: str = "talk", *, reached: bool = True) -> None:
    take_in_referral(referral=referral, actor=actor)
    note_talk(referral=referral, actor=actor, kind=kind, held_on=date(2019, 5, 2), reached=reached)


def twelve_referrals(world: World) -> None:
    """Document 000: twelve from OCMW, VDAB and GTB; four had talks, two of those started."""
    with inside(world.service) as actor:
        names = ["OCMW Turnhout"] * 5 + ["OCMW Beerse"] * 2 + ["VDAB Kempen"] * 3 + ["GTB Turnhout"] * 2
        known = {
            name: Organisation.objects.create(network=world.service.network, name=name, roles=["referrer"])
            for name in sorted(set(names))
        }
        referrals = [
            refer(world, actor, n, known[name], date(2019, 1 + n % 4, 10)) for n, name in enumerate(names)
        ]
        for referral in (referrals[0], referrals[5], referrals[7], referrals[10]):
            talk(actor, referral)
        talk(actor, referrals[1], kind="attempt", reached=False)
        for referral in (referrals[0], referrals[10]):
            start_pathway(
                person=referral.person, actor=actor, coach=world.coach, programme=referral.programme,
                starts_on=date(2019, 6, 3), aim="end_in_itself", segment=_segment(referral), referral=referral,
            )  # fmt: skip


def _segment(referral: Any) -> str:
    return str(referral.programme.rules.wheel.segments[0].id)


def test_the_funnel_of_vinac(vinac: World) -> None:
    twelve_referrals(vinac)
    with inside(vinac.service):
        found = queries.funnel(YEAR, today=date(2019, 12, 31))
        assert found == {
            "ocmw": Step(7, 2, 1),
            "vdab": Step(3, 1, 0),
            "gtb": Step(2, 1, 1),
            ALL: Step(12, 4, 2),
        }
        assert queries.funnel(YEAR, today=date(2019, 6, 2))[ALL] == Step(12, 4, 0)
        assert queries.funnel(Period(date(2020, 1, 1), date(2020, 12, 31)), today=date(2020, 12, 31)) == {
            ALL: Step()
        }
    page = Reader(vinac.get("coordinator", "?jaar=2019").content.decode())
    assert "12 mensen werden aangemeld. 4 hadden een gesprek. 2 startten." in page.text
    assert page.tables["Van aanmelding tot start"] == [
        ["Doorverwijzer", "Aangemeld", "Gesprek gehad", "Gestart"],
        ["GTB", "2", "1", "1"],
        ["OCMW", "7", "2", "1"],
        ["VDAB", "3", "1", "0"],
        ["Alle, iedereen één keer", "12", "4", "2"],
    ]


def test_each_referrer_counts_and_a_person_once_in_all(vinac: World) -> None:
    with inside(vinac.service) as actor:
        two = [
            Organisation.objects.create(network=vinac.service.network, name=name, roles=["referrer"])
            for name in ("OCMW Beerse", "OCMW Vosselaar")
        ]
        first = refer(vinac, actor, 1, two[0], date(2019, 1, 5))
        for referrer, day in ((two[1], date(2019, 2, 5)), (two[1], date(2019, 3, 5))):
            again = refer(vinac, actor, 2, referrer, day)
            again.person = first.person
            again.save()
        assert queries.funnel(YEAR, today=YEAR.last) == {"ocmw": Step(2, 0, 0), ALL: Step(1, 0, 0)}


# Placements -----------------------------------------------------------------------------------------------------------


def place(
    world: World, host: Host, sector: str, first: date, last: date | None = None, state: str = "active"
) -> None:
    """A placement as rows: this room only counts them."""
    task = Task.objects.create(organisation=host.organisation, title="Helpen", sector=sector)
    person = Person.objects.create(first_name="P")
    pathway = Pathway.objects.create(person=person, coach=world.coach, starts_on=first)
    row = Placement.objects.create(
        person=person, pathway=pathway, host=host, task=task, starts_on=first, ends_on=last
    )
    for step in {
        "proposed": (),
        "active": ("active",),
        "ended": ("active", "ended"),
        "cancelled": ("cancelled",),
    }[state]:
        row.state = step
        row.save()


def make_host(world: World, name: str, umbrella: Organisation | None = None) -> Host:
    network = world.service.network
    organisation = Organisation.objects.create(network=network, name=name, roles=["host"], umbrella=umbrella)
    return Host.objects.create(organisation=organisation)


def test_a_placement_lasts_when_it_is_there_six_months_later(vinac: World) -> None:
    rows = [
        (date(2019, 1, 15), date(2019, 7, 15), "ended"),  # lasted: its last day is the day itself
        (date(2019, 1, 15), date(2019, 7, 14), "ended"),  # a day short
        (date(2019, 8, 31), None, "active"),  # lasted: the 29th of February stands for the 31st
        (date(2019, 8, 31), date(2020, 2, 28), "ended"),  # a day short
        (date(2019, 9, 2), None, "active"),  # too young on the 1st of March
        (date(2019, 9, 2), date(2019, 9, 2), "ended"),  # one day
        (date(2019, 2, 1), None, "proposed"),
        (date(2019, 2, 1), None, "cancelled"),
        (date(2018, 12, 31), None, "active"),
    ]
    with inside(vinac.service):
        host = make_host(vinac, "De Wending")
        for first, last, state in rows:
            place(vinac, host, "social", first, last, state)
        found = queries.lasting_placements(YEAR, today=date(2020, 3, 1))
        assert found == Lasting(began=6, lasted=2, stopped_sooner=3)
        assert found.too_young == 1
        assert queries.lasting_placements(YEAR, today=date(2020, 2, 28)).lasted == 1
    with time_machine.travel("2020-03-01 12:00:00+01:00"):
        page = Reader(vinac.get("coach", "?jaar=2019").content.decode())
    assert "40 % van deze plekken was er na zes maanden nog." in page.text
    assert page.tables["Plekken die blijven"][1:] == [
        ["Na zes maanden nog bezig", "2"],
        ["Eerder gestopt", "3"],
        ["Nog geen zes maanden bezig", "1"],
        ["Alle plekken die begonnen", "6"],
    ]


UMBRELLAS = {
    "Zorgbedrijf: woon- en zorgcentra": (10, "25 %"),
    "Samenlevingsopbouw Antwerpen Stad": (4, "10 %"),
    "Zorgbedrijf: dienstencentra": (4, "10 %"),
    "CAW's": (3, "7,5 %"),
    "RVT's": (2, "5 %"),
}
"""Document 001, slide 17, on 40 hosts."""


def test_hosts_per_umbrella_and_sector(empty_world: World) -> None:
    world = empty_world
    with inside(world.service):
        for name, (count, _) in UMBRELLAS.items():
            umbrella = Organisation.objects.create(
                network=world.service.network, name=name, roles=["umbrella"]
            )
            for number in range(count):
                place(world, make_host(world, f"{name} {number}", umbrella), "social", date(2010, 3, 1))
        for number in range(17):
            place(
                world,
                make_host(world, f"Los {number}"),
                "animals",
                date(2009, 1, 1),
                date(2010, 1, 1),
                "ended",
            )
        busy = Host.objects.get(organisation__name="Los 0")
        place(world, busy, "catering", date(2010, 12, 31))
        gone = make_host(world, "Vroeger")
        place(world, gone, "animals", date(2009, 1, 1), date(2009, 12, 31), "ended")
        place(world, gone, "animals", date(2010, 1, 1), state="proposed")
        found = queries.hosts(Period(date(2010, 1, 1), date(2010, 12, 31)))
        assert (found.hosts, found.placements) == (40, 41)
        assert found.sectors == {"social": (23, 23), "animals": (17, 17), "catering": (1, 1)}
        assert found.umbrellas == {"": (17, 18)} | {name: (n, n) for name, (n, _) in UMBRELLAS.items()}
    page = Reader(world.get("coordinator", "?jaar=2010").content.decode())
    rows = {row[0]: row[1:] for row in page.tables["Gastorganisaties per koepel"][1:]}
    assert rows == {
        **{name: [str(count), share, str(count)] for name, (count, share) in UMBRELLAS.items()},
        "Geen koepel": ["17", "42,5 %", "18"],
        "Alle": ["40", "100 %", "41"],
    }
    assert ["Horeca", "1", "2,5 %", "1"] in page.tables["Gastorganisaties per sector"]
