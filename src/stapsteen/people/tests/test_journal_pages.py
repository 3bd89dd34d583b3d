"""The journal: kind, place, reached, minutes; filtered, printed, as a spreadsheet. Notes on the way come in once."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event, History
from stapsteen.core.scope import system
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import add_note, correct_note, plan_appointment
from stapsteen.people.models import Note, Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db


def url(service: Any, name: str, **keys: Any) -> str:
    return reverse(name if "." in name else f"people.{name}", kwargs={"service": service.slug, **keys})


@pytest.fixture
def person(service: Any, coach: Any) -> Person:
    with inside(service):
        found: Person = make_pathway(coach).person
    return found


def write(service: Any, coach: Any, person: Person, text: str, **more: Any) -> None:
    with inside(service, coach) as actor:
        add_note(person=person, actor=actor, text=text, **more)


def test_a_visit_with_place_and_minutes(service: Any, coach: Any, person: Person) -> None:
    sent = {
        "kind": "visit",
        "happened_on": timezone.localdate(),
        "place": "home",
        "text": "Fijn.",
        "minutes": "40",
    }
    assert client_of(coach).post(url(service, "note_add", person=person.pk), sent).status_code == 302
    with inside(service):
        note = Note.objects.get()
        assert (note.kind, note.place, note.minutes, note.reached, note.author) == (
            "visit",
            "home",
            40,
            True,
            coach.name,
        )


def test_an_attempt_needs_no_words_and_has_its_own_line(service: Any, coach: Any, person: Person) -> None:
    client, here = client_of(coach), url(service, "note_add", person=person.pk)
    sent = {"kind": "contact", "happened_on": timezone.localdate(), "place": "phone"}
    assert client.post(here, {**sent, "text": "  "}).status_code == 422
    assert client.post(here, {**sent, "missed": "on"}).status_code == 302
    with inside(service):
        assert Note.objects.get().reached is False
        assert Event.objects.order_by("at", "id").last().kind == "person.attempt"  # type: ignore[union-attr]
    shown = client.get(url(service, "portals.person", person=person.pk) + "?deel=notities").content.decode()
    assert "niet bereikt" in shown


@pytest.mark.parametrize(
    "wrong", [{"minutes": "601"}, {"place": "maan"}, {"kind": "import"}, {"happened_on": "31/12/2099"}]
)
def test_a_wrong_note_comes_back(service: Any, coach: Any, person: Person, wrong: dict[str, str]) -> None:
    sent = {"kind": "note", "happened_on": timezone.localdate(), "text": "Blijft staan", **wrong}
    answer = client_of(coach).post(url(service, "note_add", person=person.pk), sent)
    assert answer.status_code == 422
    assert "Blijft staan" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("", ["Belde de bakker", "Bezoek met café", "Uit de lijst"]), ("soort=visit", ["Bezoek met café"]),
     ("soort=attempt", []), ("wie=Els", ["Uit de lijst"]), ("q=CAFE", ["Bezoek met café"]), ("q=de+bak", ["Belde de bakker"]),
     ("q=zzz", []), ("soort=onzin", ["Belde de bakker", "Bezoek met café", "Uit de lijst"])],
)  # fmt: skip
def test_the_filters_hold_for_list_paper_and_spreadsheet(
    service: Any, coach: Any, person: Person, query: str, found: list[str]
) -> None:
    write(service, coach, person, "Belde de bakker", kind="contact")
    write(service, coach, person, "Bezoek met café", kind="visit")
    write(service, coach, person, "Uit de lijst", kind="import", author="Els")
    client = client_of(coach)
    side = client.get(url(service, "portals.person", person=person.pk) + f"?deel=notities&{query}")
    paper = client.get(url(service, "note_print", person=person.pk) + f"?{query}")
    book = client.get(url(service, "note_export", person=person.pk) + f"?{query}")
    rows = list(load_workbook(io.BytesIO(book.content)).active.iter_rows(min_row=2, values_only=True))
    assert sorted(line["text"] for line in side.context["notes"]) == found
    assert sorted(line["text"] for line in paper.context["notes"]) == found
    assert sorted(row[6] for row in rows) == found
    assert str(person) not in book.headers["Content-Disposition"]


def test_another_coach_gets_no_note(service: Any, coach: Any, person: Person) -> None:
    stranger = client_of(make_staff(service, "coach", email="other@example.org"))
    for name in ("note_add", "note_print", "note_export"):
        assert stranger.get(url(service, name, person=person.pk)).status_code == 404


# On the way ----------------------------------------------------------------------------------------------------------


def sent_note(**more: Any) -> dict[str, Any]:
    return {
        "sent_as": str(uuid4()),
        "kind": "visit",
        "happened_on": timezone.localdate(),
        "text": "Onderweg",
        **more,
    }


def test_a_note_comes_in_once_however_often_it_is_sent(service: Any, coach: Any, person: Person) -> None:
    client, here, note = client_of(coach), url(service, "offline_send", person=person.pk), sent_note()
    answers = [client.post(here, note) for _time in range(3)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (201, {"new": True}),
        (200, {"new": False}),
        (200, {"new": False}),
    ]
    with inside(service):
        assert [(row.text, row.author) for row in Note.objects.all()] == [("Onderweg", coach.name)]


def test_what_is_wrong_is_said_and_a_lost_person_is_404(service: Any, coach: Any, person: Person) -> None:
    client = client_of(coach)
    wrong = client.post(url(service, "offline_send", person=person.pk), sent_note(text=""))
    assert (wrong.status_code, wrong.json()) == (422, {"errors": ["Schrijf eerst iets in de notitie."]})
    no_key = client.post(url(service, "offline_send", person=person.pk), sent_note(sent_as="x"))
    assert no_key.status_code == 422
    with inside(service):
        other = make_person(first_name="Vreemd")
    assert client.post(url(service, "offline_send", person=other.pk), sent_note()).status_code == 404


def test_the_shell_names_nobody_and_the_list_only_first_names(
    service: Any, coach: Any, person: Person
) -> None:
    client = client_of(coach)
    with inside(service, coach) as actor:
        twin = make_pathway(
            coach, person=make_person(first_name=person.first_name, last_name="Zomers")
        ).person
        alone = make_pathway(coach, person=make_person(first_name="Bilal", last_name="Haddad")).person
        noon = timezone.localtime().replace(hour=12, minute=0)
        plan_appointment(person=alone, actor=actor, staff=coach, starts_at=noon, place="home")
    shell = client.get(url(service, "offline")).content.decode()
    for word in (person.first_name, "Bilal", "csrfmiddlewaretoken", coach.name):
        assert word not in shell
    given = client.get(url(service, "offline_list")).json()
    names = [(row["name"], row["when"], row["place"]) for row in given["people"]]
    assert names == [("Bilal", "12.00", "home"), (person.initial_name, "", ""), (twin.initial_name, "", "")]
    assert {row["id"] for row in given["people"]} == {str(one.pk) for one in (person, twin, alone)}


def test_each_colleague_has_a_key_of_the_own_that_stays_after_a_new_login(
    service: Any, coach: Any, coordinator: Any
) -> None:
    lists = [client_of(who).get(url(service, "offline_list")).json() for who in (coach, coach, coordinator)]
    assert lists[0]["keys"] == lists[1]["keys"]
    assert lists[0]["keys"] != lists[2]["keys"]
    assert lists[0]["owner"] != lists[2]["owner"]


def test_the_worker_reaches_only_its_own_page(service: Any, coach: Any) -> None:
    answer = client_of(coach).get(url(service, "offline_worker"))
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Service-Worker-Allowed" not in answer.headers
    assert url(service, "offline_worker").startswith(url(service, "offline"))


def test_the_list_costs_the_same_for_three_as_for_one(service: Any, coach: Any, person: Person) -> None:
    client, counts = client_of(coach), []
    for number in (0, 2):
        with inside(service):
            for _one in range(number):
                make_pathway(coach)
        client.get(url(service, "offline_list"))
        with CaptureQueriesContext(connection) as found:
            client.get(url(service, "offline_list"))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_only_the_author_corrects_a_note_and_the_history_keeps_it(service: Any, coach: Any) -> None:
    client, boss = client_of(coach), client_of(make_staff(service, "coordinator"))
    with inside(service, coach) as actor:
        person = make_pathway(coach).person
        add_note(person=person, actor=actor, text="Belde niet op", reached=True, minutes=10)
        add_note(person=person, actor=actor, text="Uit het oude bestand", kind="import", author="Coach oud")
        note, old = Note.objects.get(minutes=10), Note.objects.get(kind="import")
    url = reverse("people.note_correct", kwargs={"service": service.slug, "note": note.pk})
    theirs = reverse("people.note_correct", kwargs={"service": service.slug, "note": old.pk})
    assert (boss.get(url).status_code, client.get(theirs).status_code) == (404, 404)
    page = f"/{service.slug}/mensen/{person.pk}/?deel=notities"
    assert [line["action"]["url"] for line in client.get(page).context["notes"] if line["action"]["url"]] == [
        url
    ]
    assert [line["action"]["url"] for line in boss.get(page).context["notes"]] == ["", ""]
    form = client.get(url).context["form"]
    assert (form["text"].value(), form["minutes"].value(), form["missed"].value()) == (
        "Belde niet op",
        10,
        False,
    )
    given = {
        "kind": "contact",
        "happened_on": form["happened_on"].value().isoformat(),
        "text": "Belde net op",
        "minutes": "10",
    }
    assert client.post(url, {**given, "text": ""}).status_code == 422
    assert client.post(url, given).headers["Location"] == page
    with inside(service, coach):
        kept = Note.objects.get(pk=note.pk)
        assert (kept.text, kept.kind, kept.author, kept.corrected_on) == (
            "Belde net op", "contact", coach.name, timezone.localdate(),
        )  # fmt: skip
        assert History.objects.filter(table="people_note", row_id=note.pk, action="update").count() == 1
    assert "verbeterd op" in boss.get(page).text
    assert client.post(url.replace(str(note.pk), str(old.pk)), given).status_code == 404


def test_line_ends_of_a_browser_are_no_correction(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        note = add_note(person=make_pathway(coach).person, actor=actor, text="Belde.\nNiemand thuis.")
    client = client_of(coach)
    url = reverse("people.note_correct", kwargs={"service": service.slug, "note": note.pk})
    given = {"kind": "note", "happened_on": note.happened_on.isoformat(), "text": "Belde.\r\nNiemand thuis."}
    assert client.post(url, given).status_code == 302
    with inside(service, coach):
        kept = Note.objects.get(pk=note.pk)
        assert (kept.text, kept.corrected_on) == ("Belde.\nNiemand thuis.", None)


def test_a_note_that_is_saved_unchanged_isnt_corrected(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        person = make_pathway(coach).person
        note = add_note(person=person, actor=actor, text="Belde")
        same = correct_note(note=note, actor=actor, text="Belde", kind="note")
        assert same.corrected_on is None
        with pytest.raises(RuleBroken):
            correct_note(note=note, actor=system("test"), text="Anders", kind="note")
