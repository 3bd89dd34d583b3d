"""After a merge: an address and a status of the double that held too are shown, chosen from, and come back when undone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import merge_persons, record_status, undo_merge
from stapsteen.people.models import Address, Merge, Person, Status
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db
BEGAN = timezone.localdate() - timedelta(days=40)


@pytest.fixture
def merged(service: Any, coach: Any, coordinator: Any) -> Person:
    """Two records with each its own open address and benefit, made one."""
    with inside(service):
        kept = make_person(street="Kerkstraat 1", town="Turnhout", on=BEGAN)
        double = make_person(street="Markt 2", town="Mol", on=BEGAN)
        make_pathway(coach, person=kept)
    with inside(service, coach) as actor:
        record_status(person=kept, actor=actor, value="leefloon", starts_on=BEGAN)
    with inside(service) as actor:
        record_status(person=double, actor=actor, value="sickness", starts_on=BEGAN)
        merge_persons(kept=kept, double=double, actor=actor)
    return kept


def page(person: Person) -> str:
    return f"/vinac/mensen/{person.pk}/?deel=profiel"


def known(client: Any, person: Person) -> list[Any]:
    found: list[Any] = client.get(page(person)).context["also_known"]
    return found


def open_rows(service: Any, person: Person) -> tuple[list[str], list[str]]:
    with inside(service):
        homes = [row.street for row in Address.objects.filter(person=person, ends_on=None)]
        return homes, [row.value for row in Status.objects.filter(person=person, ends_on=None)]


def test_what_held_in_the_double_is_shown_and_chosen(service: Any, coach: Any, merged: Person) -> None:
    client = client_of(coach)
    shown = known(client, merged)
    assert (shown[0].words, bool(shown[0].now)) == ("Markt 2, Mol", True)
    assert len(shown) == 2
    assert "Ook bekend" in client.get(page(merged)).text
    settle = reverse("people.double_settle", kwargs={"service": "vinac", "person": merged.pk})
    for one, choice in zip(shown, ("geldt", "niet"), strict=True):
        sent = {"row": str(one.row.pk), "actie": choice}
        assert client.post(settle, sent).headers["Location"] == page(merged)
        assert client.post(settle, sent).status_code == 422  # it was chosen already
    assert known(client, merged) == []
    assert open_rows(service, merged) == (["Markt 2"], ["leefloon"])


def test_the_statuses_double_can_hold_and_undoing_gives_it_back(
    service: Any, coach: Any, merged: Person
) -> None:
    client = client_of(coach)
    address, status = known(client, merged)
    settle = reverse("people.double_settle", kwargs={"service": "vinac", "person": merged.pk})
    client.post(settle, {"row": str(status.row.pk), "actie": "geldt"})
    client.post(settle, {"row": str(address.row.pk), "actie": "geldt"})
    assert open_rows(service, merged) == (["Markt 2"], ["sickness"])
    with inside(service) as actor:
        double = undo_merge(merge=Merge.objects.get(), actor=actor)
    assert open_rows(service, double) == (["Markt 2"], ["sickness"])
    assert known(client, merged) == []


def test_a_mere_coordinator_sees_the_address_alone(service: Any, merged: Person) -> None:
    client = client_of(make_staff(service, "coordinator", email="mere@example.org"))
    assert [one.words for one in known(client, merged)] == ["Markt 2, Mol"]


def test_a_choice_is_one_of_two_and_waits_for_an_undo_in_its_order(
    service: Any, coach: Any, merged: Person
) -> None:
    """Undoing locks the merge, then the persons: the other way round, both would wait for each other for ever."""
    client = client_of(coach)
    row = str(known(client, merged)[0].row.pk)
    settle = reverse("people.double_settle", kwargs={"service": "vinac", "person": merged.pk})
    assert client.post(settle, {"row": row, "actie": "misschien"}).status_code == 404
    assert client.post(settle, {"row": "x", "actie": "geldt"}).status_code == 422
    with CaptureQueriesContext(connection) as queries:
        assert client.post(settle, {"row": row, "actie": "niet"}).status_code == 302
    locks = [
        re.findall(r'FROM "(\w+)"', query["sql"])[0] for query in queries if "FOR UPDATE" in query["sql"]
    ]
    assert locks == ["people_merge", "people_person"]
