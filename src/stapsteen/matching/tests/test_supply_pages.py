"""Supply and demand: the same numbers on the page and in the files, few enough told to whoever guides nobody."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from stapsteen.core import halfdays
from stapsteen.hosts import actions as hosts
from stapsteen.hosts.tests.factories import make_host, make_organisation, make_task
from stapsteen.matching.supply import Supply
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import update_person
from stapsteen.people.cells import HIDDEN
from stapsteen.people.tests.factories import make_person
from stapsteen.placements.tests.factories import make_placement
from stapsteen.testing.world import client_of, inside, make_municipality, make_service, make_staff

pytestmark = pytest.mark.django_db
URL = "/vinac/vraag-en-aanbod/"
MONDAY, FRIDAY = halfdays.bit(0, 0), halfdays.bit(4, 1)


def wait(coach: Any, actor: Any, **fields: Any) -> Any:
    """Somebody with a running pathway and no place, in Turnhout."""
    person = make_person()
    if fields:
        update_person(person=person, actor=actor, **fields)
    return make_pathway(coach, person=person)


def found(who: Any, **query: str) -> Supply:
    told = client_of(who).get(URL, query).context["found"]
    assert isinstance(told, Supply)
    return told


def pairs(told: Any) -> dict[str, tuple[Any, Any]]:
    return {pair.label: (pair.people, pair.places) for pair in told}


@pytest.fixture
def town(service: Any) -> Any:
    return make_municipality()


def test_who_waits_beside_what_is_free(service: Any, coach: Any, town: Any) -> None:
    with inside(service) as actor:
        wait(
            coach,
            actor,
            sectors=["animals", "care"],
            half_days=MONDAY,
            dutch_speaking="1.2",
            support=["rest"],
        )
        wait(
            coach,
            actor,
            sectors=["animals"],
            half_days=MONDAY | FRIDAY,
            dutch_speaking="2",
            dutch_listening="1.1",
        )
        wait(coach, actor)
        make_placement(coach)
        host = make_host("Dinamo", places=2, municipality=town)
        make_task(
            host.organisation, "Koeien", sector="animals", half_days=MONDAY, seats=1, dutch_speaking="2"
        )
        make_task(host.organisation, "Soep", sector="catering", half_days=0, seats=6)
    told = found(coach)
    assert (told.people, told.seats) == (3, 8)
    assert pairs(told.sectors) == {
        "Dieren": (2, 1), "Horeca": (0, 2), "Zorg": (1, 0), "Andere": (0, 1), "Nog niet gevraagd": (1, None),
    }  # fmt: skip
    assert pairs(told.moments)["maandag voormiddag"] == (2, 3), "a task at any moment counts on Monday too"
    assert pairs(told.moments)["Nog niet gevraagd"] == (1, None)
    assert pairs(told.dutch)["1.1 (A1)"] == (1, 3)
    assert pairs(told.dutch)["1.2 (A2)"] == (1, 3)
    assert pairs(told.dutch)["Nog niet gekend"] == (1, None)
    assert pairs(told.support) == {"rustige plek en rustig tempo": (1, 0)}
    assert told.support[0].asked == 2, "two organisations with room weren't asked about a calm place"
    assert pairs(told.towns) == {"Turnhout": (3, 2), "Nog niet gekend": (0, 1)}


def test_a_moment_leads_to_its_places_and_says_when_they_are_too_few(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        for _number in range(2):
            wait(coach, actor, half_days=MONDAY | FRIDAY)
        organisation = make_host("Dinamo", places=9).organisation
        make_task(organisation, "Koeien", half_days=MONDAY, seats=1)
        make_task(organisation, "Soep", half_days=FRIDAY, seats=5)
    found_rows = client_of(coach).get(URL).context["moments"]["rows"]
    rows = {row[0]: next(cell for cell in row[1:] if isinstance(cell, dict)) for row in found_rows}
    assert (rows["maandag"]["text"], rows["maandag"]["sub"]) == ("1 plaats", "2 mensen, te weinig plaatsen")
    assert (rows["vrijdag"]["text"], rows["vrijdag"]["sub"]) == ("5 plaatsen", "2 mensen")
    assert all(
        f"moment={bit}" in rows[day]["href"] for day, bit in (("maandag", MONDAY), ("vrijdag", FRIDAY))
    )


def test_seats_count_as_far_as_guidance_goes(service: Any, coach: Any) -> None:
    """Six seats with guidance for two are two places; a pause, a no and silence are none."""
    with inside(service) as actor:
        carries = make_organisation("Draagt", places=2)
        for title in ("Een", "Twee"):
            make_task(carries, title, seats=3, sector="care")
        make_task(make_organisation("Zwijgt", places=None), seats=4, sector="care")
        pauses = make_organisation("Pauze", places=3)
        make_task(pauses, seats=5, sector="care")
        hosts.state_capacity(organisation=pauses, actor=actor, places=3, paused=True)
        refuses = make_organisation("Weigert", places=3)
        make_task(refuses, seats=1, sector="care")
        hosts.record_refusal(organisation=refuses, actor=actor)
    told = found(coach)
    assert (told.places, told.seats) == (2, 16)
    assert pairs(told.sectors) == {"Zorg": (0, 2)}
    assert "Nog 14 plaatsen hebben nu geen begeleiding." in client_of(coach).get(URL).text


def test_room_for_a_kind_of_support_is_what_was_said_within_seats_and_guidance(
    service: Any, coach: Any
) -> None:
    with inside(service) as actor:
        said = make_organisation("Zei het", places=None)
        hosts.state_capacity(organisation=said, actor=actor, places=5, supports={"rest": 4, "language": 0})
        make_task(said, seats=2)
        make_task(make_organisation("Met de taak", places=3), seats=6, support=["rest"])
    told = {pair.key: (pair.people, pair.places, pair.asked) for pair in found(coach).support}
    assert told == {"rest": (0, 5, 0)}, (
        "two seats where four could come, guidance for three where six could sit"
    )


def test_an_easier_part_opens_a_task_for_less_dutch(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        task = make_task(make_organisation(), dutch_listening="3", dutch_speaking="3", seats=1)
        wait(coach, actor, dutch_listening="1.1", dutch_speaking="1.1")
        assert pairs_of_dutch(coach, service) == (1, 0)
        hosts.keep_subtask(
            task=task, subtask=None, actor=actor, title="Plooien", lifts=["dutch_listening", "dutch_speaking"]
        )
    assert pairs(found(coach).dutch)["1.1 (A1)"] == (1, 1)


def pairs_of_dutch(coach: Any, service: Any) -> tuple[Any, Any]:
    """Before the part is there, counted without a page: a scope is open."""
    from django.utils import timezone

    from stapsteen.matching.supply import Choice, supply

    told, _towns = supply(timezone.localdate(), Choice(), protect=False)
    return pairs(told.dutch)["1.1 (A1)"]


def test_the_sentences_say_what_is_short_most(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        for _one in range(3):
            wait(coach, actor, sectors=["animals"], support=["language"], half_days=MONDAY)
        make_task(make_organisation(places=5), sector="animals", seats=1, half_days=MONDAY)
    assert client_of(coach).get(URL).context["short"] == [
        "3 mensen willen werk in “Dieren”. Er is 1 vrije plaats.",
        "3 mensen vragen deze steun: hulp met de taal. Er is geen vrije plaats.",
        "3 mensen kunnen op maandag voormiddag. Er is 1 vrije plaats.",
    ]


def test_filters_stand_in_the_address_and_reach_the_list_of_tasks(
    service: Any, coach: Any, town: Any
) -> None:
    with inside(service) as actor:
        wait(coach, actor, sectors=["animals"])
        wait(coach, actor, sectors=["care"])
        make_task(make_organisation(municipality=town), sector="animals", seats=2)
        make_task(
            make_organisation(municipality=make_municipality("13004", "Beerse", ("2340",))), sector="care"
        )
    told = found(coach, sector="animals")
    assert (told.people, told.places) == (1, 2)
    assert pairs(told.sectors) == {"Dieren": (1, 2), "Zorg": (1, 2)}, "its own table leaves its filter out"
    assert pairs(told.towns)["Turnhout"] == (1, 2)
    told = found(coach, gemeente=str(town.pk))
    assert (told.people, told.places) == (2, 2)
    assert pairs(told.towns)["Beerse"] == (0, 2)
    page = client_of(coach).get(URL, {"sector": "animals"}).text
    assert "/vinac/taken/?sector=animals&amp;vrij=on" in page
    assert "uitvoer.xlsx?sector=animals" in page
    assert found(coach, soort="care_work").empty
    assert "Wis de filters" in client_of(coach).get(URL, {"soort": "care_work"}).text


@pytest.mark.parametrize("query", [{"sector": "mining"}, {"soort": "x"}, {"gemeente": "weg\0"}])
def test_a_filter_that_is_no_choice_counts_as_none(service: Any, coach: Any, query: dict[str, str]) -> None:
    with inside(service) as actor:
        wait(coach, actor, sectors=["animals"])
    assert found(coach, **query).people == 1


def test_policy_and_desk_see_no_small_numbers_of_people(service: Any, coach: Any, town: Any) -> None:
    """And they can't filter: two filtered pages would tell what is hidden. Places are no persons."""
    with inside(service) as actor:
        for number in range(8):
            wait(coach, actor, sectors=["animals"] if number < 6 else ["care"], half_days=MONDAY)
        make_task(make_organisation(municipality=town, places=3), sector="care", seats=3)
    for role in ("policy", "desk"):
        who = make_staff(service, role)
        told = found(who, sector="care")
        assert (told.people, told.hides) == (8, True)
        assert pairs(told.sectors) == {"Dieren": (6, 0), "Zorg": (HIDDEN, 3)}
        client = client_of(who)
        page = client.get(URL)
        assert ("Kleine getallen zijn verborgen" in page.text, 'name="sector"' in page.text) == (True, False)
        assert page.context["short"][0] == "6 mensen willen werk in “Dieren”. Er is geen vrije plaats."
        assert ["Soort werk", "Zorg", "verborgen", "3"] in lines(client)
        assert ("/vinac/taken/" in page.text) == (role == "desk"), "policy can't open the list of tasks"
    assert pairs(found(coach).sectors)["Zorg"] == (2, 3)


def lines(client: Any, query: str = "") -> list[list[str]]:
    answer = client.get(f"{URL}uitvoer.csv{query}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_files_hold_what_the_page_shows(service: Any, coach: Any, town: Any) -> None:
    with inside(service) as actor:
        wait(coach, actor, sectors=["animals"], half_days=MONDAY)
        make_task(make_organisation(municipality=town), sector="animals", seats=2, half_days=MONDAY)
    client = client_of(coach)
    assert lines(client)[:2] == [
        ["Tabel", "Wat", "Mensen", "Vrije plaatsen"],
        ["Soort werk", "Dieren", "1", "2"],
    ]
    assert ["Nederlands", "Nog niet gekend", "1", "–"] in lines(client)
    answer = client.get(f"{URL}uitvoer.xlsx")
    book = load_workbook(BytesIO(answer.content))
    assert [tuple(cell.value for cell in row) for row in book["Soort werk"].rows] == [
        ("Soort werk", "Mensen", "Vrije plaatsen"),
        ("Dieren", 1, 2),
    ]
    assert book.sheetnames == [
        "Soort werk",
        "Momenten",
        "Nederlands",
        "Steun",
        "Gemeenten",
        "Soort traject",
    ]
    assert ["Soort werk", "Dieren", "1", "2"] in lines(client, "?sector=animals")


def test_the_page_costs_the_same_for_one_and_three(service: Any, coach: Any, town: Any) -> None:
    client = client_of(coach)

    def one_more() -> None:
        with inside(service) as actor:
            wait(coach, actor, sectors=["animals"], support=["rest"], half_days=MONDAY)
            make_task(make_host(municipality=town).organisation)

    one_more()
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    one_more()
    one_more()
    with CaptureQueriesContext(connection) as three:
        client.get(URL)
    assert len(three) == len(one)


def test_nobody_waits_and_nothing_is_free(service: Any, coach: Any) -> None:
    page = client_of(coach).get(URL).text
    assert "Niemand wacht, en er is geen vrije plaats" in page
    assert len(lines(client_of(coach))) == 1


def test_only_the_own_service_and_its_roles(service: Any, other_service: Any, coach: Any) -> None:
    theirs = make_staff(other_service, "coach")
    with inside(other_service) as actor:
        wait(theirs, actor, sectors=["animals"])
    assert found(coach).people == 0
    for address in ("", "uitvoer.xlsx", "uitvoer.csv"):
        for who in (make_staff(service, "intake"), make_staff(other_service, "coordinator")):
            assert client_of(who).get(URL + address).status_code == 404
        assert client_of(None).get(URL + address).status_code == 302


def test_a_neighbours_people_take_seats_without_showing(service: Any, coach: Any) -> None:
    neighbour = make_service("link", network=service.network)
    with inside(service):
        task = make_task(make_organisation(places=5), seats=3)
    with inside(neighbour):
        hosts.take_capacity(task=task, starts_on=hosts.today() + timedelta(days=3), weight=1)
    assert (found(coach).people, found(coach).places) == (0, 2)
