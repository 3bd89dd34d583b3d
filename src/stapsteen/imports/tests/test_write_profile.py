"""What an import writes of the profile, the situation and the people around; and that a second time adds only what misses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from stapsteen.imports.actions import correct_mapping, read_run
from stapsteen.imports.models import ImportRun
from stapsteen.imports.reader.tests.books import book
from stapsteen.imports.tests.test_actions import bring_in, imported, upload
from stapsteen.imports.write.persons import LATER
from stapsteen.network.models import StaffMember
from stapsteen.people.actions import PROFILE, record_status
from stapsteen.people.models import Person
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db
BORN = dt.date(1969, 10, 2)
HEADINGS = [
    "Naam", "Voornaam", "geb.datum", "mobiliteit", "uitkering", "verblijfsstatuut", "bewindvoerder", "talenten",
    "gezondheid", "NL lezen", "bereikbaar via", "ondersteuningsnood",
]  # fmt: skip
ROW = [
    "Maes", "Tine", BORN, "fiets, max 20 min", "leefloon Turnhout", "EU", "mr. Smets, 014 11 22 33", "Koken", "Rugpijn", "A1",
    "sms", "rust",
]  # fmt: skip


def file(headings: list[str] = HEADINGS, row: list[object] = ROW) -> bytes:
    return book({"Klanten": [headings, row]})


def mapped(actor: Any, run: ImportRun, columns: dict[int, str]) -> ImportRun:
    """Somebody says what the columns are; read again."""
    run = correct_mapping(run=run, actor=actor, sheet="Klanten", kind="persons", columns=columns)
    return read_run(run=run, actor=actor)


def known(person: Person) -> dict[str, Any]:
    return {
        "statuses": sorted((row.area, row.value) for row in person.statuses.filter(ends_on=None)),
        "around": [(row.kind, row.name, row.phone, row.may_call) for row in person.supporters.all()],
        "facts": sorted((fact.kind, fact.text) for fact in person.sensitive_facts.all()),
        "notes": [note.text for note in person.notes.all()],
        "mobility": (person.mobility, person.travel_minutes),
        "talents": person.talents,
        "dutch": (person.dutch_listening, person.dutch_reading),
        "reach": person.reach_by,
        "support": (person.support, person.support_note),
    }


FULL = {
    "statuses": [("benefit", "leefloon"), ("residence", "eu")],
    "around": [("representative", "mr. Smets", "014 11 22 33", "ask")],
    "facts": [("health", "Rugpijn")],
    "mobility": (["bike"], 20),
    "talents": "Koken",
    "dutch": ("", "1.1"),
    "reach": "sms",
    "support": (["rest"], "rust"),
}


def test_later_fields_are_fields_of_the_profile() -> None:
    assert set(LATER) <= set(PROFILE)


def test_each_column_gets_its_own_place(service: Any, coach: StaffMember, coordinator: StaffMember) -> None:
    with inside(service, coordinator) as actor:
        run = imported(actor, file())
        found = known(Person.objects.get())
        assert {key: value for key, value in found.items() if key != "notes"} == FULL
        assert found["notes"] == []
        assert (run.counts["made"]["statuses"], run.counts["made"]["around"]) == (2, 1)


def test_the_same_file_again_doubles_nothing(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, file())
        before = known(Person.objects.get())
        imported(actor, file())
        assert known(Person.objects.get()) == before


def test_what_was_kept_as_a_note_gets_its_field_the_second_time(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    """As a file that came in before these fields existed."""
    names = {
        "mobility",
        "benefit",
        "residence",
        "representative",
        "talents",
        "health",
        "dutch_reading",
        "reach_by",
        "support",
    }
    with inside(service, coordinator) as actor:
        run = upload(actor, file())
        run = mapped(actor, run, dict.fromkeys(range(3, 12), ""))
        bring_in(actor, run)
        before = known(Person.objects.get())
        assert (before["statuses"], before["mobility"]) == ([], ([], None))
        assert len(before["notes"]) == 1
        run = upload(actor, file())
        fields = dict(zip(range(3, 12), NAMES, strict=True))
        assert set(NAMES) == names
        run = mapped(actor, run, fields)
        bring_in(actor, run)
        after = known(Person.objects.get())
        assert after["notes"] == before["notes"]
        assert after["facts"] == sorted([*before["facts"], ("health", "Rugpijn")])
        assert {key: after[key] for key in FULL if key != "facts"} == {
            key: FULL[key] for key in FULL if key != "facts"
        }


NAMES = (
    "mobility",
    "benefit",
    "residence",
    "representative",
    "talents",
    "health",
    "dutch_reading",
    "reach_by",
    "support",
)


def test_what_somebody_typed_in_goes_before_the_file(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        imported(actor, file(HEADINGS[:3], ROW[:3]))
        person = Person.objects.get()
    with inside(service) as system:
        record_status(person=person, actor=system, value="pension")
    with inside(service, coordinator) as actor:
        imported(actor, file())
        found = known(Person.objects.get())
        assert found["statuses"] == [("benefit", "pension"), ("residence", "eu")]


def test_someone_without_a_name_is_asked_for(
    service: Any, coach: StaffMember, coordinator: StaffMember
) -> None:
    with inside(service, coordinator) as actor:
        imported(
            actor, file([*HEADINGS[:3], "bewindvoerder", "hulpverlener"], [*ROW[:3], "ja", "Els, OCMW, 12"])
        )
        rows = [
            (row.kind, row.name, row.organisation, row.phone) for row in Person.objects.get().supporters.all()
        ]
        assert rows == [
            ("professional", "Els", "OCMW", ""),
            ("representative", "naam nog na te vragen", "", ""),
        ]
