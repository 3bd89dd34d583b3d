"""Guarantee 4: every change keeps who, when, why and what before; the application can't touch that."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import History, SharedHistory
from stapsteen.core.scope import Actor, open_scope
from stapsteen.hosts.models import GuidanceCapacity, Organisation
from stapsteen.people.models import Address, Person
from stapsteen.testing.world import inside, make_person

pytestmark = pytest.mark.django_db


def test_a_change_keeps_the_old_value_with_who_and_why(service: Any, coach: Any) -> None:
    with inside(service):
        person = make_person()
    actor = Actor("coach", user_id=coach.user_id)
    with open_scope(service.pk, actor=actor, purpose="people.person_edit"):
        Person.objects.filter(pk=person.pk).update(first_name="Nora")
    with inside(service):
        change = History.objects.get(table="people_person", action="update")
        assert (change.old, change.actor, change.why, change.row_id) == (
            {"first_name": "Noor"},
            f"user:{coach.user_id}",
            "people.person_edit",
            person.pk,
        )


def test_a_deleted_row_is_kept_whole_and_no_change_leaves_no_line(service: Any) -> None:
    with inside(service):
        person = make_person()
        Person.objects.filter(pk=person.pk).update(first_name="Noor")
        Person.objects.filter(pk=person.pk).delete()
        rows = [(h.action, h.old.get("first_name")) for h in History.objects.filter(table="people_person")]
        assert sorted(rows) == [("delete", "Noor"), ("insert", None)]


def test_shared_rows_have_their_own_history(service: Any) -> None:
    with inside(service):
        made = Organisation.objects.create(network=service.network, name="WZC De Linde")
        made.name = "WZC Linde"
        made.save()
    change = SharedHistory.objects.get(table="hosts_organisation", action="update")
    assert change.old == {"name": "WZC De Linde"}


def test_a_newer_fact_ends_the_older_and_never_overwrites_it(service: Any) -> None:
    from stapsteen.core.dated import succeed

    with inside(service):
        person = make_person()
        rows = Address.objects.filter(person=person)
        succeed(rows, starts_on=date(2024, 1, 1), person=person, town="Beerse")
        succeed(rows, starts_on=date(2025, 3, 1), person=person, town="Turnhout")
        kept = [(a.town, a.starts_on, a.ends_on) for a in rows.order_by("starts_on")]
        assert kept == [("Beerse", date(2024, 1, 1), date(2025, 2, 28)), ("Turnhout", date(2025, 3, 1), None)]
        assert [a.town for a in rows.on(date(2025, 2, 28))] == ["Beerse"]
        with pytest.raises(RuleBroken):
            succeed(rows, starts_on=date(2024, 6, 1), person=person, town="Mol")


def test_a_fact_replaced_on_its_own_first_day_holds_on_no_day_but_stays(service: Any) -> None:
    from stapsteen.core.dated import succeed

    organisation = Organisation.objects.create(network=service.network, name="X")
    rows = GuidanceCapacity.objects.filter(organisation=organisation)
    succeed(rows, starts_on=date(2025, 1, 1), organisation=organisation, places=2)
    succeed(rows, starts_on=date(2025, 1, 1), organisation=organisation, places=3)
    assert [c.places for c in rows.on(date(2025, 1, 1))] == [3]
    assert rows.count() == 2
