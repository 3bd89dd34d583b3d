"""Profile, address, note, sensitive facts, erasing: each page filled in right and wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from stapsteen.network.models import Service
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import record_sensitive_fact
from stapsteen.people.forms import Birth, BirthField, read_birth
from stapsteen.people.models import Note, Person, SensitiveFact
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def person(service: Any, coach: Any) -> Person:
    with inside(service):
        return make_pathway(coach, person=make_person(half_days=3)).person


def url(page: str, person: Person) -> str:
    return reverse(f"people.{page}", kwargs={"service": "vinac", "person": person.pk})


def profile(**values: Any) -> dict[str, Any]:
    return {"first_name": "Amina", "last_name": "Peeters", "reach_by": "sms", **values}


def test_the_profile_comes_filled_in_and_is_kept(service: Any, coach: Any, person: Person) -> None:
    client = client_of(coach)
    form = client.get(url("person_edit", person)).context["form"]
    assert (form["first_name"].value(), "insz" in form.fields) == ("Amina", False)
    answer = client.post(url("person_edit", person), profile(birth="29/02/1992", interpreter="Dari"))
    assert answer.headers["Location"] == f"/vinac/mensen/{person.pk}/?deel=profiel"
    with inside(service):
        kept = Person.objects.get(pk=person.pk)
        assert (kept.birth_date, kept.reach_by, kept.interpreter) == (date(1992, 2, 29), "sms", "Dari")
    client.post(url("person_edit", person), profile(birth="1992"))
    with inside(service):
        kept = Person.objects.get(pk=person.pk)
        assert (kept.birth_date, kept.birth_year, kept.half_days) == (None, 1992, 3)


PARTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "talents_edit",
        {
            "talents": "Luistert goed",
            "interests": "Tuin",
            "wishes": "Dieren",
            "sectors": ["care", "animals"],
            "company": "peers",
            "own_experience": "x",
        },
        {
            "talents": "Luistert goed",
            "interests": "Tuin",
            "wishes": "Dieren",
            "sectors": ["animals", "care"],
            "company": "peers",
            "own_experience": "x",
        },
    ),
    (
        "days_edit",
        {"half_days_0": "on", "half_days_4": "on", "mobility": ["transit", "foot"], "travel_minutes": "30"},
        {"half_days": 17, "mobility": ["foot", "transit"], "travel_minutes": 30},
    ),
    (
        "dutch_edit",
        {"dutch_listening": "2", "dutch_speaking": "1.2", "dutch_reading": "1.1", "dutch_writing": "0"},
        {"dutch_listening": "2", "dutch_speaking": "1.2", "dutch_reading": "1.1", "dutch_writing": "0"},
    ),
    (
        "care_edit",
        {
            "attention_points": "Noten",
            "no_gos": " ",
            "avoid": ["allergen_dust", "lifting"],
            "support": ["rest", "language"],
            "support_note": "Eerst tonen",
        },
        {
            "attention_points": "Noten",
            "no_gos": None,
            "avoid": ["lifting", "allergen_dust"],
            "support": ["language", "rest"],
            "support_note": "Eerst tonen",
        },
    ),
]


@pytest.mark.parametrize(("page", "given", "kept"), PARTS)
def test_each_part_of_the_profile_is_kept(
    service: Any, coach: Any, person: Person, page: str, given: dict[str, Any], kept: dict[str, Any]
) -> None:
    """Requirement C1. What stands in another part stays as it was."""
    client = client_of(coach)
    assert client.get(url(page, person)).status_code == 200
    assert client.post(url(page, person), given).status_code == 302
    with inside(service):
        after = Person.objects.get(pk=person.pk)
        assert {name: getattr(after, name) for name in kept} == kept
        assert after.first_name == "Amina"
    shown = client.get(f"/vinac/mensen/{person.pk}/?deel=profiel")
    assert shown.status_code == 200


@pytest.mark.parametrize(
    ("page", "given", "field"),
    [
        ("talents_edit", {"company": "nobody", "talents": "Zingt"}, "company"),
        ("days_edit", {"mobility": ["rocket"]}, "mobility"),
        ("days_edit", {"travel_minutes": "1000"}, "travel_minutes"),
        ("dutch_edit", {"dutch_reading": "9"}, "dutch_reading"),
        ("care_edit", {"support": ["magic"], "no_gos": "Honden"}, "support"),
        ("care_edit", {"avoid": ["health"], "no_gos": "Honden"}, "avoid"),
        ("talents_edit", {"sectors": ["mining"], "talents": "Zingt"}, "sectors"),
    ],
)
def test_a_wrong_part_comes_back_filled_in(
    coach: Any, person: Person, page: str, given: dict[str, Any], field: str
) -> None:
    answer = client_of(coach).post(url(page, person), given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    for text in ("Zingt", "Honden"):
        assert (text in answer.content.decode()) == (text in given.values())


def test_two_who_write_at_once_both_see_it(service: Any, coach: Any, person: Person) -> None:
    """Neither text is lost: another field is kept beside it, the same field comes back with both texts."""
    client, page = client_of(coach), url("talents_edit", person)
    opened = client.get(page).context["form"]["_seen"].value()
    assert client.post(page, {"talents": "Van de collega", "wishes": "", "_seen": opened}).status_code == 302
    answer = client.post(page, {"talents": "", "wishes": "Met dieren", "_seen": opened})
    assert answer.status_code == 302
    with inside(service):
        kept = Person.objects.get(pk=person.pk)
        assert (kept.talents, kept.wishes) == ("Van de collega", "Met dieren")
    answer = client.post(page, {"talents": "Van mij", "wishes": "Met dieren", "_seen": opened})
    shown = answer.content.decode()
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["talents"])
    assert ("Van mij" in shown, "“Van de collega”" in shown) == (True, True)
    again = answer.context["form"]["_seen"].value()
    assert (
        client.post(page, {"talents": "Van ons samen", "wishes": "Met dieren", "_seen": again}).status_code
        == 302
    )
    with inside(service):
        assert Person.objects.get(pk=person.pk).talents == "Van ons samen"


@pytest.mark.parametrize("seen", ["", "geen json", "[]", '{"talents": 3}'])
def test_a_page_without_readable_marks_is_simply_kept(
    service: Any, coach: Any, person: Person, seen: str
) -> None:
    answer = client_of(coach).post(url("talents_edit", person), {"talents": "Zingt", "_seen": seen})
    assert answer.status_code == (422 if "3" in seen else 302)


def test_the_profile_of_someone_of_whom_only_a_first_name_is_known(service: Any, coach: Any) -> None:
    """No surname, no address, no birth date: every page works."""
    with inside(service):
        person = make_pathway(coach, person=make_person(last_name="", town="")).person
    client = client_of(coach)
    for page in ("person_edit", "talents_edit", "days_edit", "dutch_edit", "care_edit", "situation", "supporters",
                 "address_move", "sensitive", "note_add"):  # fmt: skip
        assert client.get(url(page, person)).status_code == 200, page
    for side in ("", "profiel", "tijdlijn", "uren", "evaluaties", "notities"):
        assert client.get(f"/vinac/mensen/{person.pk}/?deel={side}").status_code == 200, side
    assert client.get("/vinac/mensen/").status_code == 200
    assert (
        client.post(url("person_edit", person), {"first_name": "Jo", "reach_by": "call"}).status_code == 302
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"birth": "29/02/1991"}, "birth"),
        ({"birth": "vorig jaar"}, "birth"),
        ({"birth": "2999"}, "birth"),
        ({"birth": "1/1/2999"}, "birth"),
        ({"phone": "1"}, "phone"),
        ({"email": "x"}, "email"),
        ({"reach_by": "duif"}, "reach_by"),
    ],
)
def test_a_wrong_profile_comes_back_filled_in(
    coach: Any, person: Person, values: dict[str, str], field: str
) -> None:
    answer = client_of(coach).post(url("person_edit", person), profile(language="Arabisch", **values))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Arabisch" in answer.content.decode()


def test_the_national_number_is_asked_where_there_is_a_basis(
    service: Any, coach: Any, person: Person
) -> None:
    Service.objects.update(insz_basis="Koninklijk besluit")
    client = client_of(coach)
    assert "insz" in client.get(url("person_edit", person)).context["form"].fields
    assert client.post(url("person_edit", person), profile(insz="123")).context["form"].errors.keys() == {
        "insz"
    }
    assert client.post(url("person_edit", person), profile(insz="85.07.30-033.28")).status_code == 302
    with inside(service):
        assert Person.objects.get(pk=person.pk).insz == "85073003328"


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("1990", Birth(None, 1990)),
        ("31/12/1990", Birth(date(1990, 12, 31), 1990)),
        ("1-2-1990", Birth(date(1990, 2, 1), 1990)),
        ("1990-02-01", Birth(date(1990, 2, 1), 1990)),
        ("29.02.2000", Birth(date(2000, 2, 29), 2000)),
    ],
)
def test_births_as_people_write_them(text: str, birth: Birth) -> None:
    assert read_birth(text) == birth
    assert read_birth(str(BirthField().prepare_value(birth))) == birth


def test_a_new_address(service: Any, coach: Any, person: Person) -> None:
    client = client_of(coach)
    assert "Turnhout" in client.get(url("address_move", person)).content.decode()
    given = {"starts_on": TODAY().isoformat(), "street": "Markt 1", "postal_code": "2340", "town": "Beerse"}
    assert client.post(url("address_move", person), {**given, "town": ""}).status_code == 422
    assert client.post(url("address_move", person), {**given, "starts_on": "31/31/2020"}).status_code == 422
    assert client.post(url("address_move", person), given).status_code == 302
    with inside(service):
        assert person.addresses.get(ends_on=None).town == "Beerse"


def test_a_note(service: Any, coach: Any, person: Person) -> None:
    client = client_of(coach)
    assert client.get(url("note_add", person)).status_code == 200
    given = {"kind": "contact", "happened_on": TODAY().strftime("%d/%m/%Y"), "text": "Belde zelf."}
    wrong = client.post(url("note_add", person), {**given, "happened_on": "01/01/2999"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["happened_on"])
    assert "Belde zelf." in wrong.content.decode()
    assert client.post(url("note_add", person), given).status_code == 302
    with inside(service):
        note = Note.objects.get()
        assert (note.kind, note.text, note.author, note.happened_on) == (
            "contact",
            "Belde zelf.",
            coach.name,
            TODAY(),
        )


def test_sensitive_facts(service: Any, coach: Any, coordinator: Any, person: Person) -> None:
    client = client_of(coach)
    page = url("sensitive", person)
    assert "Niets genoteerd" in client.get(page).content.decode()
    given = {
        "kind": "health",
        "text": "Rugpijn",
        "purpose": "Taak zonder tillen",
        "starts_on": TODAY().isoformat(),
    }
    assert client.post(page, {**given, "purpose": ""}).status_code == 422
    assert client.post(page, given).status_code == 302
    assert "Rugpijn" in client.get(page).content.decode()
    assert client_of(coordinator).get(page).status_code == 404
    with inside(service):
        fact = SensitiveFact.objects.get()
    assert client.post(url("sensitive_end", person), {"fact": str(fact.pk)}).status_code == 302
    assert client.post(url("sensitive_end", person), {"fact": str(fact.pk)}).status_code == 422
    answer = client.get(page)
    assert (answer.context["facts"], [row.pk for row in answer.context["former"]]) == ([], [fact.pk])


def test_erasing_asks_why_and_whether_it_is_sure(service: Any, coach: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person()
        running = make_pathway(coach).person
    client = client_of(coordinator)
    assert client.get(url("person_erase", person)).status_code == 200
    assert client.post(url("person_erase", person), {"reason": "asked"}).status_code == 422
    assert client.post(url("person_erase", running), {"reason": "asked", "sure": "on"}).status_code == 422
    answer = client.post(url("person_erase", person), {"reason": "asked", "sure": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/vinac/mensen/")
    assert client.get(url("person_edit", person)).status_code == 404
    assert client_of(coach).get(url("person_erase", running)).status_code == 404


def test_a_fact_of_another_person_is_not_ended_here(service: Any, coach: Any, person: Person) -> None:
    with inside(service) as actor:
        other = make_person()
        fact = record_sensitive_fact(person=other, actor=actor, kind="health", text="x", purpose="y")
    assert client_of(coach).post(url("sensitive_end", person), {"fact": str(fact.pk)}).status_code == 404
