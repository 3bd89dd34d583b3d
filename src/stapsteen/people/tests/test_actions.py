"""What the actions about persons keep and refuse."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event, History
from stapsteen.core.scope import Actor, UnloggedRead
from stapsteen.network.models import Membership, Service
from stapsteen.people.actions import (
    add_note,
    create_person,
    end_sensitive_fact,
    erase_person,
    move_address,
    municipality_of,
    record_sensitive_fact,
    update_person,
)
from stapsteen.people.models import Address, Note, Person, SensitiveFact
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import actor_of, inside, make_staff, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
RIGHT_INSZ = "85073003328"


def broken(call: Any, **values: Any) -> str | None:
    """The field of the rule that breaks."""
    with pytest.raises(RuleBroken) as caught:
        call(**values)
    return caught.value.field


def test_a_person_with_all_that_is_known(service: Any) -> None:
    with inside(service) as actor:
        person = create_person(
            actor=actor, first_name=" Jan ", last_name="De  Smet", birth_date=date(1992, 2, 29), phone="0470 12 34 56",
            email="jan@example.org", reach_by="sms", half_days=3, dutch_listening="1.2", dutch_speaking="native",
            street="Markt 1", postal_code="2300", town="Turnhout",
        )  # fmt: skip
        person = Person.objects.get(pk=person.pk)
        assert (person.first_name, person.last_name, person.birth_year) == ("Jan", "De Smet", 1992)
        address = person.addresses.get()
        assert (address.street, address.municipality.name, address.starts_on) == (
            "Markt 1",
            "Turnhout",
            TODAY(),
        )
        assert list(Event.objects.filter(subject_id=person.pk).values_list("kind", flat=True)) == [
            "person.added"
        ]


def test_a_first_name_is_enough_and_makes_no_address(service: Any) -> None:
    with inside(service) as actor:
        person = create_person(actor=actor, first_name="Bilal")
        assert (str(person), person.age_on(TODAY()), person.addresses.count()) == ("Bilal", None, 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first_name": "  "}, "first_name"),
        ({"first_name": "x" * 81}, "first_name"),
        ({"birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date"),
        ({"birth_year": 1899}, "birth_year"),
        ({"reach_by": "pigeon"}, "reach_by"),
        ({"email": "geen adres"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"dutch_speaking": "goed"}, "dutch_speaking"),
        ({"dutch_writing": "C2"}, "dutch_writing"),
        ({"interpreter": "x" * 41}, "interpreter"),
        ({"company": "crowd"}, "company"),
        ({"mobility": ["rocket"]}, "mobility"),
        ({"support": ["magic"]}, "support"),
        ({"sectors": ["mining"]}, "sectors"),
        ({"avoid": ["health"]}, "avoid"),
        ({"travel_minutes": 0}, "travel_minutes"),
        ({"travel_minutes": 181}, "travel_minutes"),
        ({"half_days": 1 << 21}, "half_days"),
        ({"insz": RIGHT_INSZ}, "insz"),
    ],
)
def test_what_a_person_cannot_be(service: Any, values: dict[str, Any], field: str) -> None:
    with inside(service) as actor:
        assert broken(create_person, actor=actor, **{"first_name": "Jan", **values}) == field
        assert Person.objects.count() == 0


def test_the_national_number_needs_a_basis_is_right_and_comes_once(service: Any) -> None:
    Service.objects.update(insz_basis="Koninklijk besluit")
    with inside(service) as actor:
        person = make_person(insz="85.07.30-033.28")
        assert Person.objects.get(pk=person.pk).insz == RIGHT_INSZ
        assert broken(make_person, insz="85.07.30-033.29") == "insz"
        assert broken(make_person, insz=RIGHT_INSZ) == "insz"
        update_person(person=person, actor=actor, insz="")
        assert make_person(insz=RIGHT_INSZ).insz_index != ""


def test_the_kinds_of_work_wished_and_what_a_place_cannot_ask(service: Any) -> None:
    """Codes each once, in the order of their list; what can't be is encrypted and nothing says why."""
    with inside(service) as actor:
        person = make_person()
        assert (person.sectors, person.avoid, person.avoids) == ([], None, frozenset())
        update_person(
            person=person, actor=actor, sectors=["animals", "social", "animals"],
            avoid=["allergen_dust", "lifting", "allergen_dust"],
        )  # fmt: skip
        kept = Person.objects.get(pk=person.pk)
        assert (kept.sectors, kept.avoid) == (["social", "animals"], ["lifting", "allergen_dust"])
        assert kept.avoids == {"lifting", "allergen_dust"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT avoid FROM people_person WHERE id = %s", [person.pk])
            assert b"lifting" not in bytes(cursor.fetchone()[0])
        with pytest.raises(UnloggedRead):
            list(Person.objects.values("avoid"))
        update_person(person=person, actor=actor, avoid=[])
        assert Person.objects.get(pk=person.pk).avoid is None
        update_person(person=person, actor=actor, avoid=["lifting"])
        erase_person(person=person, actor=actor, reason="asked")
        erased = Person.objects.get(pk=person.pk)
        assert (erased.avoid, erased.avoids, erased.sectors) == (None, frozenset(), ["social", "animals"])


def test_an_update_keeps_what_stood_there(service: Any) -> None:
    with inside(service) as actor:
        person = make_person(phone="0470 12 34 56")
        changed = update_person(person=person, actor=actor, phone="0470 65 43 21", birth_year=1970)
        assert (changed.phone, changed.birth_year) == ("0470 65 43 21", 1970)
        assert {"phone": "0470 12 34 56", "birth_year": None} in [
            row.old for row in History.objects.filter(row_id=person.pk)
        ]
        assert Event.objects.filter(subject_id=person.pk, kind="person.updated").count() == 1
        update_person(person=person, actor=actor, phone="0470 65 43 21")
        assert Event.objects.filter(subject_id=person.pk, kind="person.updated").count() == 1
        with pytest.raises(TypeError, match="shoe_size"):
            update_person(person=person, actor=actor, shoe_size=42)


def test_a_stranger_changes_nothing(service: Any, coach: Any) -> None:
    with inside(service):
        person = make_person()
        fact = record_sensitive_fact(
            person=person,
            actor=Actor("system:x", roles=frozenset({"system"})),
            kind="health",
            text="Rug",
            purpose="Geen zwaar werk",
        )
        stranger = actor_of(coach)
        for call, values in [
            (update_person, {"phone": "0470 12 34 56"}),
            (move_address, {"starts_on": TODAY(), "town": "Beerse"}),
            (add_note, {"text": "x"}),
            (record_sensitive_fact, {"kind": "health", "text": "x", "purpose": "y"}),
            (erase_person, {"reason": "asked"}),
        ]:
            with pytest.raises(RuleBroken, match="rol"):
                call(person=person, actor=stranger, **values)
        with pytest.raises(RuleBroken, match="rol"):
            end_sensitive_fact(fact=fact, actor=stranger)


def test_a_move_ends_the_former_address_the_day_before(service: Any) -> None:
    with inside(service) as actor:
        person = make_person(town="Turnhout", on=TODAY() - timedelta(days=100))
        moved = TODAY() - timedelta(days=10)
        move_address(person=person, actor=actor, starts_on=moved, postal_code="2340", town="Beerse")
        rows = [(row.town, row.ends_on) for row in Address.objects.order_by("starts_on")]
        assert rows == [("Turnhout", moved - timedelta(days=1)), ("Beerse", None)]
        assert (
            broken(move_address, person=person, actor=actor, starts_on=moved - timedelta(days=1), town="X")
            == "starts_on"
        )
        assert (
            broken(move_address, person=person, actor=actor, starts_on=TODAY() + timedelta(days=1), town="X")
            == "starts_on"
        )
        assert broken(move_address, person=person, actor=actor, starts_on=TODAY()) == "town"


def test_a_municipality_is_found_only_when_it_is_certain(service: Any) -> None:
    assert municipality_of("2300 Turnhout").name == "Turnhout"
    assert municipality_of("Turnhou") is None
    assert municipality_of("") is None
    assert municipality_of("Hofstade") is None  # a village of Zemst, and one of Aalst


def test_a_note_has_text_a_kind_a_day_and_an_author(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        person = make_person()
        note = add_note(person=person, actor=actor, text=" Belde terug. ", kind="contact")
        assert (Note.objects.get().text, note.author, note.happened_on) == (
            "Belde terug.",
            coordinator.name,
            TODAY(),
        )
        assert broken(add_note, person=person, actor=actor, text=" ") == "text"
        assert broken(add_note, person=person, actor=actor, text="x", kind="rumour") == "kind"
        assert (
            broken(add_note, person=person, actor=actor, text="x", happened_on=date(2999, 1, 1))
            == "happened_on"
        )
        assert Note.objects.count() == 1


def test_a_sensitive_fact_needs_a_purpose(service: Any) -> None:
    with inside(service) as actor:
        person = make_person()
        given = {
            "person": person,
            "actor": actor,
            "kind": "health",
            "text": "Rug",
            "purpose": "Geen zwaar werk",
        }
        fact = record_sensitive_fact(**given)
        assert SensitiveFact.objects.get().text == "Rug"
        for field, value in [("kind", "gossip"), ("text", " "), ("purpose", "")]:
            assert broken(record_sensitive_fact, **{**given, field: value}) == field
        assert broken(record_sensitive_fact, **given, starts_on=date(2999, 1, 1)) == "starts_on"
        assert end_sensitive_fact(fact=fact, actor=actor).ends_on == TODAY()
        with pytest.raises(RuleBroken, match="afgesloten"):
            end_sensitive_fact(fact=fact, actor=actor)


def test_erasing_clears_the_person_and_cuts_the_login(service: Any, coordinator: Any) -> None:
    user = make_user("deelnemer@example.org")
    Membership.objects.create(user=user, service=service, role="participant")
    with inside(service, coordinator) as actor:
        person = make_person(phone="0470 12 34 56")
        add_note(person=person, actor=actor, text="Kanarie")
        Person.objects.filter(pk=person.pk).update(user=user)
        assert broken(erase_person, person=person, actor=actor, reason="zomaar") == "reason"
        erase_person(person=person, actor=actor, reason="asked")
        erased = Person.objects.get(pk=person.pk)
        assert (erased.first_name, erased.phone, erased.user_id, str(erased)) == (
            "",
            "",
            None,
            "Gewiste persoon",
        )
        assert erased.erased_at is not None
        assert Note.objects.get().text == ""
        assert not Membership.objects.filter(user=user).exists()


def test_who_also_works_here_keeps_the_login(service: Any, coordinator: Any) -> None:
    user = make_user("deelnemer@example.org")
    for role in ("participant", "desk"):
        Membership.objects.create(user=user, service=service, role=role)
    with inside(service, coordinator) as actor:
        person = make_person()
        Person.objects.filter(pk=person.pk).update(user=user)
        erase_person(person=person, actor=actor, reason="asked")
        assert Person.objects.get().user_id is None
    user.refresh_from_db()
    held = Membership.objects.filter(user=user).values_list("role", flat=True)
    assert (user.email, user.is_active, list(held)) == ("deelnemer@example.org", True, ["desk"])


def test_a_birthday_on_29_february_counts_from_1_march_in_a_common_year() -> None:
    person = Person(first_name="Leap", birth_date=date(2008, 2, 29))
    assert [person.age_on(day) for day in (date(2024, 2, 28), date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 1))] == [
        15, 16, 17, 18,
    ]  # fmt: skip


def test_a_participant_may_change_the_own_contact(service: Any) -> None:
    participant = make_staff(service, "participant")
    with inside(service):
        person = make_person()
        Person.objects.filter(pk=person.pk).update(user_id=participant.user_id)
        assert (
            update_person(person=person, actor=actor_of(participant), phone="0470 12 34 56").phone
            == "0470 12 34 56"
        )
