"""The side "Profiel", and what a person's page shows of statuses and of who represents the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stapsteen.hours.tests.factories import SYSTEM, place, some_host
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import add_supporter, record_status, update_person
from stapsteen.people.tests.factories import make_person
from stapsteen.portals.profile import travel_words, week
from stapsteen.testing.world import client_of, inside

pytestmark = pytest.mark.django_db


def shown(client: Any, person: Any, side: str = "profiel") -> str:
    answer = client.get(f"/vinac/mensen/{person.pk}/?deel={side}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_profile_reads_as_one_page(service: Any, coach: Any) -> None:
    with inside(service):
        person = make_pathway(coach, person=make_person(half_days=1)).person
        update_person(
            person=person, actor=SYSTEM, talents="Kan goed luisteren", wishes="Iets met dieren", company="peers",
            own_experience="Was zelf dakloos", mobility=["bike"], travel_minutes=20, dutch_listening="1.2",
            dutch_writing="native", attention_points="Noten", no_gos="Geen nachtwerk", support=["rest"],
            interpreter="Dari", sectors=["animals", "care"], avoid=["lifting", "allergen_food"],
        )  # fmt: skip
        add_supporter(
            person=person, actor=SYSTEM, kind="family", name="Mia", may_call="yes", phone="0470 11 22 33"
        )
        record_status(person=person, actor=SYSTEM, value="leefloon")
    page = shown(client_of(coach), person)
    for text in (
        "Kan goed luisteren", "Iets met dieren", "met mensen die hetzelfde meemaakten", "Was zelf dakloos",
        "met de fiets", "hoogstens 20 minuten", "NT2 1.2, Europees A2", "moedertaal", "Noten", "Geen nachtwerk", "rustige plek",
        "ja: Dari", "Mia", "bellen mag", "leefloon (OCMW)", "Laat het vooraf weten aan het OCMW",
        "Dieren, Zorg", "tillen, noten, gluten of melk",
    ):  # fmt: skip
        assert text in page, text


def test_an_empty_profile_says_so(service: Any, coach: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_pathway(coach, person=make_person(last_name="", town="")).person
        record_status(person=person, actor=SYSTEM, value="no_stay")
    page = shown(client_of(coordinator), person)
    assert page.count("Nog niet gevraagd.") == 2
    assert ("Situatie" in page, "wettig verblijf" in page) == (False, False)
    assert "wettig verblijf" in shown(client_of(coach), person)


def test_who_represents_the_person_stands_on_top(service: Any, coach: Any) -> None:
    with inside(service):
        person = make_pathway(coach).person
        add_supporter(
            person=person,
            actor=SYSTEM,
            kind="representative",
            name="mr. Smets",
            phone="014 11 22 33",
            may_call="yes",
        )
        add_supporter(
            person=person, actor=SYSTEM, kind="budget_manager", organisation="CAW", name="", may_call="no"
        )
        add_supporter(person=person, actor=SYSTEM, kind="friend", name="Jos")
    page = shown(client_of(coach), person, "")
    assert "Bewindvoerder of vertegenwoordiger: mr. Smets, 014 11 22 33" in page
    assert "Budgetbeheerder: CAW (niet bellen)" in page
    assert "Jos" not in page


def test_what_a_status_asks_warns_until_a_place_began_after_it(
    service: Any, coach: Any, coordinator: Any
) -> None:
    today = timezone.localdate()
    with inside(service):
        person = make_pathway(coach).person
        record_status(
            person=person, actor=SYSTEM, value="unemployment", starts_on=today - timedelta(days=300)
        )
        placed = place(coach, *some_host(), starts_on=today - timedelta(days=20)).person
        record_status(
            person=placed, actor=SYSTEM, value="unemployment", starts_on=today - timedelta(days=300)
        )
    client = client_of(coach)
    assert "12 werkdagen" in shown(client, person, "")
    assert "12 werkdagen" not in shown(client_of(coordinator), person, "")
    assert "12 werkdagen" not in shown(client, placed, "")
    with inside(service):
        record_status(person=placed, actor=SYSTEM, value="sickness", starts_on=today - timedelta(days=2))
    assert "adviserend arts" in shown(client, placed, "")
    with inside(service):
        record_status(person=placed, actor=SYSTEM, value="no_stay", starts_on=today - timedelta(days=300))
    assert "Zonder wettig verblijf" in shown(client, placed, "")


def test_the_profile_costs_the_same_with_one_and_with_three_rows(service: Any, coach: Any) -> None:
    with inside(service):
        person = make_pathway(coach).person
    counts = []
    for number, value in enumerate(("leefloon", "contract", "permit")):
        with inside(service):
            record_status(person=person, actor=SYSTEM, value=value)
            add_supporter(person=person, actor=SYSTEM, kind="representative", name=f"A{number}")
        with CaptureQueriesContext(connection) as seen:
            shown(client_of(coach), person)
        counts.append(len(seen))
    assert len(set(counts)) == 1


def test_small_words() -> None:
    assert (travel_words(None), travel_words(1)) == ("", "hoogstens 1 minuut enkele reis")
    assert [(str(row["day"]), row["free"]) for row in week(0b11)["rows"]] == [
        ("maandag", [True, True, False])
    ]
