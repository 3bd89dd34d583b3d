"""How many statements an import takes: few for each person, and few savepoints; what breaks is still taken back whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.imports.reader.tests.books import book
from stapsteen.imports.tests.test_actions import imported
from stapsteen.imports.write.lines import at_once, together
from stapsteen.imports.write.savepoints import savepoint, without_savepoints
from stapsteen.people.actions import NewFact, NewNote, add_note, add_notes, record_sensitive_facts
from stapsteen.people.models import Note, Person, SensitiveFact
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import inside, make_staff

pytestmark = pytest.mark.django_db
HEADINGS = [
    "Naam",
    "Voornaam",
    "geb.datum",
    "Gemeente",
    "doorverwezen door",
    "aanmelding",
    "aandachtspunten",
    "start",
]
MOST_PER_PERSON = 16
"""Person, referral, pathway, its checks and its state: none for notes, facts, lines, savepoints and first dated rows."""


def people(count: int) -> bytes:
    rows = [
        [f"Maes {chr(65 + n // 26)}{chr(97 + n % 26)}", f"Naam{chr(97 + n)}", date(1980, 1, 1 + n), "Turnhout", "OCMW",
         date(2025, 3, 1), "geen contact met alcohol", date(2025, 4, 1)]
        for n in range(count)
    ]  # fmt: skip
    return book({"Klanten": [HEADINGS, *rows]})


def test_a_person_more_costs_few_statements(service: Any, other_service: Any) -> None:
    spent = []
    for where, count in ((service, 3), (other_service, 13)):
        make_staff(where, "coach", email=f"coach@{where.slug}.example.org")
        coordinator = make_staff(where, "coordinator", email=f"coordinator@{where.slug}.example.org")
        with inside(where, coordinator) as actor, CaptureQueriesContext(connection) as asked:
            made = imported(actor, people(count)).counts["made"]
        assert (made["persons"], made["pathways"], made["facts"]) == (count, count, count)
        spent.append(len(asked))
    assert (spent[1] - spent[0]) / 10 <= MOST_PER_PERSON


def test_a_block_that_is_taken_back_leaves_what_went_before(service: Any) -> None:
    with inside(service) as actor, without_savepoints(), together():
        person = make_person(first_name="Amina")
        with pytest.raises(RuleBroken), savepoint(), together():
            add_note(person=person, actor=actor, text="Weg.")
            add_note(person=person, actor=actor, text=" ")
        add_note(person=person, actor=actor, text="Blijft.")
    with inside(service):
        assert [note.text for note in Note.objects.all()] == ["Blijft."]
        assert Event.objects.filter(kind="person.note").count() == 1
        assert Person.objects.get().addresses.count() == person.addresses.count()


def test_without_savepoints_an_error_takes_everything_back(service: Any) -> None:
    with pytest.raises(RuleBroken), inside(service) as actor, transaction.atomic(), without_savepoints():
        person = make_person()
        add_note(person=person, actor=actor, text="Weg.")
        add_note(person=person, actor=actor, text=" ")
    with inside(service):
        assert (Person.objects.count(), Note.objects.count()) == (0, 0)
    assert connection.features.uses_savepoints


def test_what_is_gathered_is_not_there_yet_and_what_is_asked_at_once_is(service: Any) -> None:
    with inside(service), together():
        make_person()
        assert Event.objects.count() == 0
        with at_once():
            make_person()
        assert Event.objects.filter(kind="person.added").count() == 1
    with inside(service):
        assert Event.objects.filter(kind="person.added").count() == 2


def test_many_notes_and_facts_at_once_all_or_none(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        first, second = make_person(), make_person()
        good = [NewNote(person, "Gebeld.", author="An") for person in (first, second)]
        with CaptureQueriesContext(connection) as asked, together():
            add_notes(notes=good, actor=actor)
            record_sensitive_facts(
                facts=[NewFact(person, "health", "Rug.", "Werk.") for person in (first, second)], actor=actor
            )
        assert sum('INTO "people_' in query["sql"] for query in asked) == 2
        assert [(fact.person_id, fact.text) for fact in SensitiveFact.objects.order_by("id")] == [
            (first.pk, "Rug."), (second.pk, "Rug."),
        ]  # fmt: skip
        with pytest.raises(RuleBroken):
            add_notes(notes=[*good, NewNote(first, " ")], actor=actor)
        assert Note.objects.count() == 2
    with inside(service, coach) as stranger:
        with pytest.raises(RuleBroken):
            add_notes(notes=good, actor=stranger)
        assert Note.objects.count() == 2
