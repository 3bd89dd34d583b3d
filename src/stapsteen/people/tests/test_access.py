"""Who reaches which person, note and sensitive fact; who may be a double."""

from __future__ import annotations

from typing import Any

import pytest

from stapsteen.core.access import RULES
from stapsteen.core.scope import Actor
from stapsteen.pathways.tests.factories import make_pathway, make_referral
from stapsteen.people.actions import add_note, record_sensitive_fact
from stapsteen.people.models import Person
from stapsteen.people.queries import current_address, town_of
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import actor_of, inside, make_staff

pytestmark = pytest.mark.django_db
RULE_NAMES = (
    "person.view", "person.list", "person.erase", "person.own", "note.view", "sensitive.view", "sensitive.person",
)  # fmt: skip


def reach(name: str, actor: Actor) -> Any:
    """How many objects the rule gives; None for nothing at all."""
    answer = RULES[f"people.{name}"].find(actor)
    return answer if answer is None or answer is True else answer.count()


def test_everyone_reaches_what_their_rule_says(
    service: Any, coach: Any, intake: Any, coordinator: Any
) -> None:
    participant, desk = make_staff(service, "participant"), make_staff(service, "desk")
    with inside(service) as system:
        for person in (make_pathway(coach).person, make_referral().person, make_person()):
            add_note(person=person, actor=system, text="x")
            record_sensitive_fact(person=person, actor=system, kind="health", text="x", purpose="y")
        Person.objects.filter(pk=person.pk).update(user_id=participant.user_id)
        staff = {
            "coach": coach,
            "intake": intake,
            "coordinator": coordinator,
            "participant": participant,
            "desk": desk,
        }
        actors = {"system": system, **{who: actor_of(colleague) for who, colleague in staff.items()}}
        found = {name: {who: reach(name, actor) for who, actor in actors.items()} for name in RULE_NAMES}
    nobody = dict.fromkeys(actors)
    persons = {**nobody, "system": 3, "coach": 1, "intake": 1, "coordinator": 3}
    in_the_case = {**nobody, "system": 3, "coach": 1, "intake": 1}
    assert found == {
        "person.view": persons,
        "person.list": {**nobody, "system": True, "coach": True, "intake": True, "coordinator": True},
        "person.erase": {**nobody, "system": 3, "coordinator": 3},
        "person.own": {**nobody, "participant": 1},
        "note.view": persons,
        "sensitive.view": in_the_case,
        "sensitive.person": in_the_case,
    }


def test_what_a_host_sees_of_a_name_and_where_someone_lives(service: Any) -> None:
    with inside(service):
        person = make_person()
        assert (person.initial_name, make_person(last_name="").initial_name) == ("Amina P.", "Amina")
        assert (town_of(current_address(person)), town_of(None)) == ("Turnhout", "")


def test_a_calendar_opens_with_its_secret_address_only(service: Any, coordinator: Any) -> None:
    with inside(service):
        assert RULES["people.calendar.feed"].find(actor_of(coordinator)) is None
