"""Somebody of whom no surname, address or birthday is known, only a first name and perhaps a year: nothing stops on that."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stapsteen.imports.reader.tests.books import book
from stapsteen.imports.tests.test_actions import imported
from stapsteen.pathways import public_forms
from stapsteen.pathways.models import Pathway, Referral
from stapsteen.pathways.tests.factories import days_ago, make_pathway
from stapsteen.people.models import Address, Person
from stapsteen.people.tests.factories import make_person
from stapsteen.placements.tests.factories import make_agreement, make_placement
from stapsteen.testing.world import client_of, inside, make_service, make_staff

pytestmark = pytest.mark.django_db
YEAR = 1985
SIDES = ("", "profiel", "notities", "afspraken", "uren", "evaluaties", "tijdlijn", "groepen", "samen")


def known_by_first_name(name: str = "Noor") -> Person:
    found: Person = make_person(first_name=name, last_name="", birth_date=None, birth_year=YEAR, town="")
    return found


@pytest.fixture
def pathway(service: Any, coach: Any) -> Pathway:
    with inside(service):
        return make_pathway(coach, person=known_by_first_name())


def pages_of(pathway: Pathway, *names: str) -> list[str]:
    keys = {"person": pathway.person_id, "pathway": pathway.pk}
    return [
        reverse(name, kwargs={"service": "vinac", which: keys[which]})
        for name in names
        for which in ("person" if name.startswith("people") else "pathway",)
    ]


def test_from_the_form_to_a_running_pathway(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form needs neither surname, street nor birthday; the town only, since the region is a condition."""
    monkeypatch.setattr(public_forms, "LEAST_SECONDS", -1)
    service = make_service("link", "link")
    coach, intake = make_staff(service, "coach"), make_staff(service, "intake")
    filled = {
        "town": "Turnhout", "birth": str(YEAR), "residence_document": "yes", "employment_contract": "no",
        "first_name": "Noor", "last_name": "", "phone": "0470 12 34 56", "reach_by": "call", "question": "Buiten komen.",
        "begun": public_forms.begin(),
    }  # fmt: skip
    sent = Client().post("/link/aanmelden/?door=self", {"go": "send", **filled})
    assert (sent.status_code, sent.context and sent.context["form"].errors) == (302, None)
    with inside(service):
        referral = Referral.objects.select_related("person").get()
        person = referral.person
        assert (person.last_name, person.birth_date, person.birth_year) == ("", None, YEAR)
        assert [row.street for row in Address.objects.all()] == [""]
    client = client_of(intake)
    queue = client.get(reverse("pathways.intake_queue", kwargs={"service": "link"}))
    assert "Noor" in queue.text
    keys = {"service": "link", "referral": referral.pk}
    detail = client.get(reverse("pathways.referral_detail", kwargs=keys))
    assert (detail.status_code, "None" in detail.text) == (200, False)
    conditions = client.get(reverse("pathways.conditions_edit", kwargs=keys)).context["form"]
    asked = {name: field.choices[0][0] for name, field in conditions.fields.items()}
    assert client.post(reverse("pathways.conditions_edit", kwargs=keys), asked).status_code == 302
    taken = client.post(reverse("pathways.referral_take_in", kwargs=keys))
    assert taken.status_code == 302
    today = timezone.localdate().isoformat()
    talk = {"kind": "talk", "held_on": today, "reached": "on", "text": "Wij dronken koffie."}
    assert client.post(reverse("pathways.talk_add", kwargs=keys), talk).status_code == 302
    assert client.post(reverse("pathways.yes_record", kwargs=keys), {"on": today}).status_code == 302
    form = client.get(reverse("pathways.referral_accept", kwargs=keys)).context["form"]
    start = {
        "programme": str(referral.programme_id), "coach": str(coach.pk), "starts_on": today,
        "aim": form.fields["aim"].choices[0][0], "segment": form.fields["segment"].choices[1][0],
        "reason": "We spreken de rest nog door.",
    }  # fmt: skip
    answer = client.post(reverse("pathways.referral_accept", kwargs=keys), start)
    assert (answer.status_code, answer.context and answer.context["form"].errors) == (302, None)
    with inside(service):
        assert Pathway.objects.get().person_id == person.pk


def test_every_page_of_the_person_stands(service: Any, coach: Any, pathway: Pathway) -> None:
    """No empty brackets, no None, no second space where a name should be."""
    client = client_of(coach)
    base = f"/vinac/mensen/{pathway.person_id}/"
    urls = [f"{base}?deel={side}" for side in SIDES] + pages_of(
        pathway, "people.person_edit", "people.address_move", "people.situation", "people.supporters",
        "people.consents", "people.note_add", "people.appointment_plan", "pathways.wheel", "pathways.goals",
        "placements.place_pick",
    )  # fmt: skip
    for url in urls:
        answer = client.get(url)
        assert (url, answer.status_code) == (url, 200)
        assert [word for word in (">None<", "None ", "()", "(None") if word in answer.text] == [], url
    assert str(YEAR) in client.get(f"{base}?deel=profiel").text


def test_the_list_sorts_by_the_name_there_is_and_search_finds_it(
    service: Any, coach: Any, pathway: Pathway
) -> None:
    """Without a surname the first name stands in its place: Noor between Maes and Peeters, not before everybody."""
    with inside(service):
        for first, last in (("Amina", "Maes"), ("Bart", "Peeters")):
            make_pathway(coach, person=make_person(first_name=first, last_name=last))
    client = client_of(coach)
    rows = client.get("/vinac/mensen/").context["rows"]
    assert [row[0]["text"] for row in rows] == ["Amina Maes", "Noor", "Bart Peeters"]
    for url in ("/vinac/mensen/?q=noor", "/vinac/mensen/?q=nor", "/vinac/zoeken/?q=noor"):
        assert "Noor" in client.get(url).text, url


def test_the_agreement_is_made_of_what_is_known(service: Any, coach: Any, pathway: Pathway) -> None:
    with inside(service):
        agreement = make_agreement(make_placement(coach, pathway=pathway))
    url = reverse("placements.agreement_pdf", kwargs={"service": "vinac", "agreement": agreement.pk})
    answer = client_of(coach).get(url)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_a_row_of_a_file_without_surname_or_birthday_comes_in(
    service: Any, coach: Any, coordinator: Any
) -> None:
    rows = [["Naam", "Voornaam", "geb.datum", "start"], ["", "Noor", YEAR, days_ago(9)]]
    with inside(service, coordinator) as actor:
        imported(actor, book({"Klanten": rows}))
        found = Person.objects.get()
        assert (found.first_name, found.last_name, found.birth_date, found.birth_year) == (
            "Noor",
            "",
            None,
            YEAR,
        )
        assert Address.objects.count() == 0
