"""What a note and a sensitive fact refuse; a note that comes in from two sides at once is kept once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from stapsteen.core.models import Event
from stapsteen.people.actions import add_note, add_notes, offline, receive_note, record_sensitive_fact
from stapsteen.people.models import Note, Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import actor_of, inside

pytestmark = pytest.mark.django_db
KEY = UUID(int=7)
FUTURE = (date(2999, 1, 1), "Deze dag moet nog komen. Kies vandaag of vroeger.")
MINUTES = ("minutes", "Kies tussen 1 en 600 minuten.")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "song"}, ("kind", "Kies wat voor notitie dit is.")),
        ({"text": " "}, ("text", "Schrijf eerst iets in de notitie.")),
        ({"place": "moon"}, ("place", "Kies een plaats uit de lijst.")),
        ({"minutes": 0}, MINUTES),
        ({"minutes": 601}, MINUTES),
        ({"happened_on": FUTURE[0]}, ("happened_on", FUTURE[1])),
    ],
)
def test_a_note_that_cannot_be(service: Any, given: dict[str, Any], told: tuple[str, str]) -> None:
    with inside(service) as actor:
        values = {"person": make_person(), "actor": actor, "text": "Belde", **given}
        assert refused(add_note, **values) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "song"}, ("kind", "Kies waarover dit gaat.")),
        ({"text": " "}, ("text", "Schrijf eerst wat je wilt bewaren.")),
        (
            {"purpose": " "},
            ("purpose", "Schrijf waarvoor je dit nodig hebt. Zonder doel bewaar je het niet."),
        ),
        ({"starts_on": FUTURE[0]}, ("starts_on", FUTURE[1])),
    ],
)
def test_a_fact_that_cannot_be(service: Any, given: dict[str, Any], told: tuple[str, str]) -> None:
    with inside(service) as actor:
        values = {
            "person": make_person(),
            "actor": actor,
            "kind": "health",
            "text": "Rug",
            "purpose": "Taken",
        }
        assert refused(record_sensitive_fact, **{**values, **given}) == told


def test_who_may_not_see_the_person_writes_nothing(service: Any, coach: Any) -> None:
    with inside(service):
        values = {"person": make_person(), "actor": actor_of(coach), "text": "Belde"}
        rights = (None, "Je mag dit niet doen met jouw rol.")
        assert refused(add_note, **values) == rights
        assert refused(record_sensitive_fact, **values, kind="health", purpose="Taken") == rights


def test_no_notes_are_no_work(service: Any, coach: Any) -> None:
    with inside(service):
        assert add_notes(notes=[], actor=actor_of(coach)) == []
        assert Event.objects.count() == 0


def sent(service: Any, person: Person) -> bool:
    """The phone sends the same note again; True when it was new."""
    with inside(service) as actor:
        return receive_note(
            person=person, actor=actor, sent_as=KEY, kind="visit", happened_on=timezone.localdate(), text="Onderweg"
        )  # fmt: skip


def sent_elsewhere(service: Any, person: Person) -> bool:
    """The same, through another connection."""
    try:
        return sent(service, person)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_the_same_note_from_two_sides_at_once_is_kept_once(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both found nothing; the other one is kept before mine is written."""
    with inside(service):
        person = make_person()
    others: list[bool] = []

    def after_the_other(**values: Any) -> Note:
        monkeypatch.setattr(offline, "add_note", add_note)
        with ThreadPoolExecutor(1) as other:
            others.append(other.submit(sent_elsewhere, service, person).result())
        return add_note(**values)

    monkeypatch.setattr(offline, "add_note", after_the_other)
    assert (sent(service, person), others) == (False, [True])
    with inside(service):
        assert [note.text for note in Note.objects.all()] == ["Onderweg"]


def test_another_fault_of_the_database_is_no_note_that_we_have(
    service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """False would make the phone forget a note that is nowhere."""

    def broken(**_values: Any) -> Note:
        raise IntegrityError("another constraint")

    with inside(service):
        person = make_person()
    monkeypatch.setattr(offline, "add_note", broken)
    with pytest.raises(IntegrityError, match="another constraint"):
        sent(service, person)
    with inside(service):
        assert Note.objects.count() == 0
