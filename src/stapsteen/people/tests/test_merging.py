"""Two records become one with everything kept, and two again; erasing the one that stays erases both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from stapsteen.core import erasure, events
from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event, ReadEntry
from stapsteen.people import merging
from stapsteen.people.access import view_person
from stapsteen.people.actions import (
    add_note,
    create_person,
    erase_person,
    merge_persons,
    move_address,
    tell_apart,
    undo_merge,
    update_person,
)
from stapsteen.people.actions.merging import parts
from stapsteen.people.comparing import compare
from stapsteen.people.doubles import doubles_of
from stapsteen.people.models import Address, Note, NotTheSame, Person, Status
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.canary import CANARY, fill, find_canaries
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import actor_of, inside, make_staff, owner_connection

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def ledger(tmp_path: Any) -> Any:
    with override_settings(DATA_DIR=tmp_path):
        yield tmp_path


def two(actor: Any, mine: Any = None, theirs: Any = None) -> tuple[Person, Person]:
    return make_person(actor, **(mine or {})), make_person(actor, **(theirs or {}))


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def counts(person: Person) -> dict[str, int]:
    return {name: len(keys) for name, keys in merging.rows_of(person).items()}


def test_every_row_in_every_table_goes_along_and_comes_back(service: Any) -> None:
    """One row in each place that can hold a person's id; append-only tables too."""
    with inside(service) as actor:
        kept, double = two(actor)
        for model, column in merging.places().values():
            fill(model, word="x", **{column: double.pk})
        before = merging.rows_of(double)
        assert set(before) == set(merging.places())
        mine = merging.rows_of(kept)
        merge = merge_persons(kept=kept, double=double, actor=actor, choices={"address": "kept"})
        left = merging.rows_of(double)
        after = merging.rows_of(kept)
        for name, keys in before.items():
            assert left.get(name, set()) | after.get(name, set()) >= keys, name
        assert set(left) <= {"people_address.person_id"}, "only what holds once stays behind"
        undo_merge(merge=merge, actor=actor)
        back = merging.rows_of(double)
        own = {name: keys - mine.get(name, set()) for name, keys in merging.rows_of(kept).items()}
        assert {name: back[name] & keys for name, keys in before.items()} == before
        assert {name: len(keys) for name, keys in own.items() if keys} == {"core_event.subject_id": 2}


def test_values_are_chosen_per_field_and_nothing_is_lost(service: Any) -> None:
    with inside(service) as actor:
        kept, double = two(
            actor,
            {"last_name": "Peeters", "phone": "0470 11 11 11", "birth_year": 1985, "interests": "Koken"},
            {
                "last_name": "Peters", "phone": "0470 22 22 22", "birth_date": date(1985, 5, 7), "interests": "Tuin",
                "email": "a@example.org",
            },
        )  # fmt: skip
        Person.objects.filter(pk=double.pk).update(mobility=["bike"])
        merge = merge_persons(kept=kept, double=double, actor=actor, choices={"phone": "double"})
        one = again(kept)
        assert (one.last_name, one.phone, one.birth_date, one.email, one.interests, one.mobility) == (
            "Peeters", "0470 22 22 22", date(1985, 5, 7), "a@example.org", "Koken\nTuin", ["bike"],
        )  # fmt: skip
        assert merge.moved["fields"] == {
            "birth": "double", "phone": "double", "email": "double", "interests": "both", "mobility": "double",
        }  # fmt: skip
        assert again(double).phone == "0470 22 22 22"
        update_person(person=one, actor=actor, email="nieuw@example.org")
        undo_merge(merge=merge, actor=actor)
        one, other = again(kept), again(double)
        assert (one.phone, one.birth_date, one.birth_year, one.interests, one.mobility) == (
            "0470 11 11 11", None, 1985, "Koken", [],
        )  # fmt: skip
        assert one.email == "nieuw@example.org", "what a colleague changed since, stays"
        assert (other.phone, other.email, other.merged_into) == ("0470 22 22 22", "a@example.org", None)


def test_sealed_values_come_along(service: Any) -> None:
    with inside(service) as actor:
        kept, double = two(actor)
        double.no_gos = "Geen nachtwerk"
        double.save()
        merge = merge_persons(kept=kept, double=double, actor=actor)
        assert again(kept).no_gos == "Geen nachtwerk"
        undo_merge(merge=merge, actor=actor)
        assert (again(kept).no_gos, again(double).no_gos) == (None, "Geen nachtwerk")


def test_a_list_of_both_holds_nothing_twice_and_comes_apart_again(service: Any) -> None:
    with inside(service) as actor:
        kept, double = two(actor)
        Person.objects.filter(pk=kept.pk).update(mobility=["foot", "bike"])
        Person.objects.filter(pk=double.pk).update(mobility=["bike", "car"])
        merge = merge_persons(kept=kept, double=double, actor=actor, choices={"mobility": "both"})
        assert again(kept).mobility == ["foot", "bike", "car"]
        undo_merge(merge=merge, actor=actor)
        assert (again(kept).mobility, again(double).mobility) == (["foot", "bike"], ["bike", "car"])


def test_what_a_place_cannot_ask_is_of_both_and_comes_apart_again(service: Any) -> None:
    with inside(service) as actor:
        kept, double = two(
            actor,
            {"avoid": ["lifting", "stairs"], "sectors": ["animals"]},
            {"avoid": ["stairs", "allergen_dust"], "sectors": ["care", "animals"]},
        )
        lines = {line.name: (line.mine, line.theirs) for line in compare(kept, double)}
        assert lines["avoid"] == ("tillen, trappen doen", "trappen doen, stof")
        assert lines["sectors"] == ("Dieren", "Dieren, Zorg")
        merge = merge_persons(kept=kept, double=double, actor=actor)
        assert (again(kept).avoid, again(kept).sectors) == (
            ["lifting", "stairs", "allergen_dust"],
            ["animals", "care"],
        )
        undo_merge(merge=merge, actor=actor)
        assert [again(row).avoid for row in (kept, double)] == [
            ["lifting", "stairs"],
            ["stairs", "allergen_dust"],
        ]


def test_a_choice_that_is_none(service: Any) -> None:
    with inside(service) as actor:
        kept, double = two(actor, {"phone": "0470 11 11 11"}, {"phone": "0470 22 22 22"})
        for choice in ({"phone": "both"}, {"phone": "neither"}):
            with pytest.raises(RuleBroken, match="welke waarde"):
                merge_persons(kept=kept, double=double, actor=actor, choices=choice)


@pytest.mark.parametrize(("choice", "town"), [("kept", "Turnhout"), ("double", "Geel")])
def test_one_address_holds_and_the_other_is_kept(service: Any, choice: str, town: str) -> None:
    with inside(service) as actor:
        kept, double = two(actor, {}, {"town": "Turnhout", "on": TODAY() - timedelta(days=90)})
        move_address(person=double, actor=actor, starts_on=TODAY(), town="Geel")
        merge = merge_persons(kept=kept, double=double, actor=actor, choices={"address": choice})
        assert [row.town for row in Address.objects.filter(person=kept, ends_on=None)] == [town]
        assert Address.objects.filter(person=kept).count() == 2
        undo_merge(merge=merge, actor=actor)
        assert [row.town for row in Address.objects.filter(person=kept)] == ["Turnhout"]
        assert Address.objects.filter(person=double).count() == 2


def test_one_status_of_an_area_holds(service: Any) -> None:
    with inside(service) as actor:
        kept, double = two(actor)
        for person, area in ((kept, "benefit"), (double, "benefit"), (double, "work")):
            Status.objects.create(person=person, area=area, value="x", starts_on=TODAY())
        merge_persons(kept=kept, double=double, actor=actor)
        assert sorted(Status.objects.filter(person=kept).values_list("area", flat=True)) == [
            "benefit",
            "work",
        ]
        assert list(Status.objects.filter(person=double).values_list("area", flat=True)) == ["benefit"]


def test_the_double_is_gone_from_lists_and_offers(service: Any, coordinator: Any) -> None:
    with inside(service, coordinator) as actor:
        kept, double = two(actor)
        assert [found.person for found in doubles_of(kept)] == [double]
        merge_persons(kept=kept, double=double, actor=actor)
        assert (doubles_of(kept), list(view_person(actor))) == ([], [kept])
        with pytest.raises(RuleBroken, match="rol"):
            merge_persons(kept=kept, double=double, actor=actor)
        with pytest.raises(RuleBroken, match="rol"):
            add_note(person=double, actor=actor, text="Te laat")


def test_both_are_in_the_read_log(service: Any) -> None:
    with inside(service) as actor:
        kept, double = two(actor)
    with inside(service) as actor:
        merge_persons(
            kept=Person(pk=kept.pk, service=service),
            double=Person(pk=double.pk, service=service),
            actor=actor,
        )
    with inside(service):
        newest = ReadEntry.objects.order_by("-at", "-id").first()
        assert set(newest.subjects) >= {kept.pk, double.pk}


def test_the_login_goes_along_and_back(service: Any) -> None:
    me = make_staff(service, "participant")
    with inside(service) as actor:
        kept, double = two(actor)
        Person.objects.filter(pk=double.pk).update(user_id=me.user_id)
        merge = merge_persons(kept=kept, double=again(double), actor=actor)
        assert (again(kept).user_id, again(double).user_id) == (me.user_id, me.user_id)
        undo_merge(merge=merge, actor=actor)
        assert (again(kept).user_id, again(double).user_id) == (None, me.user_id)


def test_who_may_and_twice_the_same(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        kept, double = two(actor)
        with pytest.raises(RuleBroken, match="twee keer"):
            merge_persons(kept=kept, double=kept, actor=actor)
        with pytest.raises(RuleBroken, match="twee keer"):
            tell_apart(person=kept, other=kept, actor=actor)
        for act in (merge_persons, tell_apart):
            names = ("kept", "double") if act is merge_persons else ("person", "other")
            with pytest.raises(RuleBroken, match="rol"):
                act(**dict(zip(names, (kept, double), strict=True)), actor=actor_of(coach))
        merge = merge_persons(kept=kept, double=double, actor=actor)
        with pytest.raises(RuleBroken, match="rol"):
            undo_merge(merge=merge, actor=actor_of(coach))
        undo_merge(merge=merge, actor=actor)
        with pytest.raises(RuleBroken, match="al ongedaan"):
            undo_merge(merge=merge, actor=actor)


def test_undo_in_the_order_of_then(service: Any) -> None:
    with inside(service) as actor:
        kept, double = two(actor)
        third = make_person(actor)
        first = merge_persons(kept=kept, double=double, actor=actor)
        second = merge_persons(kept=third, double=kept, actor=actor)
        with pytest.raises(RuleBroken, match="later zelf"):
            undo_merge(merge=first, actor=actor)
        undo_merge(merge=second, actor=actor)
        undo_merge(merge=first, actor=actor)
        assert [again(each).merged_into_id for each in (kept, double, third)] == [None, None, None]


def test_who_was_erased_does_not_come_apart(service: Any, ledger: Any) -> None:
    with inside(service) as actor:
        kept, double = two(actor)
        merge = merge_persons(kept=kept, double=double, actor=actor)
        erase_person(person=kept, actor=actor, reason="asked")
        told = refused(undo_merge, merge=merge, actor=actor)
        assert told == (None, "Je mag dit niet doen met jouw rol.")
        assert again(double).merged_into_id == kept.pk


def test_said_to_be_different_once_and_remembered(service: Any) -> None:
    with inside(service) as actor:
        one, other = two(actor)
        assert (
            tell_apart(person=one, other=other, actor=actor).pk
            == tell_apart(person=other, other=one, actor=actor).pk
        )
        assert (NotTheSame.objects.count(), doubles_of(one), doubles_of(other)) == (1, [], [])
        merge_persons(kept=one, double=other, actor=actor)
        said = NotTheSame.objects.get()
        assert {said.person_id, said.other_id} == {one.pk, other.pk}


def test_not_from_another_service_and_not_by_another_table(service: Any, other_service: Any) -> None:
    with inside(service) as actor:
        person = make_person(actor)
    with (
        inside(other_service),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT stapsteen_move(%s, %s, %s, '{}')", [service.pk, person.pk, person.pk])


@pytest.mark.django_db(transaction=True)
def test_erasing_the_one_that_stays_erases_both(service: Any, ledger: Any) -> None:
    with inside(service) as actor:
        kept, double, deeper = (create_person(actor=actor, first_name=CANARY) for _ in range(3))
        for model, column in merging.places().values():
            fill(model, **{column: double.pk})
        add_note(person=deeper, actor=actor, text=CANARY, author=CANARY)
        _end_what_runs()
        merge_persons(kept=double, double=deeper, actor=actor)
        merge_persons(kept=kept, double=double, actor=actor, choices={"first_name": "double"})
    with inside(service) as actor:
        erase_person(person=again(kept), actor=actor, reason="asked")
        assert Person.objects.filter(erased_at=None).count() == 0
    with owner_connection(migrating=True) as owner:
        assert find_canaries(owner) == []
    assert len((ledger / erasure.LEDGER).read_text().splitlines()) == 3


def _end_what_runs() -> None:
    """What canaries opened, closed as its machine would: a running pathway or open referral isn't erased."""
    from stapsteen.pathways.models import Pathway, Referral

    Pathway.objects.update(state="ended")
    Referral.objects.update(state="withdrawn")


def test_every_part_of_a_person_has_a_choice() -> None:
    columns = [column for names in parts().values() for column in names]
    beside = {"id", "service_id", "created_at", "erased_at", "user_id", "merged_into_id"}
    assert sorted(columns) == sorted({field.attname for field in Person._meta.local_fields} - beside)


# What came after --------------------------------------------------------------------------------------------------


def test_what_was_added_since_goes_back_with_what_it_hangs_on(service: Any, coach: Any) -> None:
    from stapsteen.followup.models import Evaluation
    from stapsteen.pathways.tests.factories import make_pathway

    with inside(service) as actor:
        kept, double = two(actor)
        pathway = make_pathway(coach, person=double)
        merge = merge_persons(kept=kept, double=double, actor=actor)
        later = Evaluation.objects.create(person=kept, pathway=pathway, due_on=TODAY())
        events.record("person.note", subject_id=kept.pk, object_id=later.pk, what="note")
        beside = add_note(person=again(kept), actor=actor, text="Van de fiche die bleef")
        undo_merge(merge=merge, actor=actor)
        assert Evaluation.objects.get().person_id == double.pk
        assert Event.objects.get(object_id=later.pk).subject_id == double.pk
        assert Note.objects.get(pk=beside.pk).person_id == kept.pk


def test_what_hangs_on_both_is_refused_in_words(service: Any, coach: Any) -> None:
    from stapsteen.pathways.models import Handover
    from stapsteen.pathways.tests.factories import make_pathway, make_referral

    with inside(service) as actor:
        kept = make_pathway(coach).person
        referral = make_referral()
        double = referral.person
        merge = merge_persons(kept=kept, double=double, actor=actor)
        Handover.objects.create(person=kept, referral=referral, pathway=kept.pathways.get(), to_name="CAW")
        with pytest.raises(RuleBroken, match="aan beide"):
            undo_merge(merge=merge, actor=actor)
        assert again(double).merged_into_id == kept.pk


def test_two_running_pathways_of_a_kind_are_no_merge(service: Any, coach: Any) -> None:
    from stapsteen.pathways.tests.factories import make_pathway

    with inside(service) as actor:
        kept, double = make_pathway(coach).person, make_pathway(coach).person
        with pytest.raises(RuleBroken, match="dezelfde soort"):
            merge_persons(kept=kept, double=double, actor=actor)
