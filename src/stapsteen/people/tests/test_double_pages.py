"""Doubles on their pages: found, compared, merged per field, undone, told apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stapsteen.people.actions.merging import ADDRESS, parts
from stapsteen.people.comparing import LABELS
from stapsteen.people.models import Merge, NotTheSame, Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside

pytestmark = pytest.mark.django_db


def url(name: str, service: Any, person: Any, double: Any = None) -> str:
    more = {"double": double.pk} if double else {}
    return reverse(name, kwargs={"service": service.slug, "person": person.pk, **more})


def test_found_compared_merged_and_undone(service: Any, coordinator: Any) -> None:
    with inside(service):
        kept = make_person(phone="0470 11 22 33", interests="Koken", town="Turnhout")
        double = make_person(
            last_name="Peters", phone="0470 44 55 66", interests="Tuin", town="Geel", email="a@example.org"
        )
    client = client_of(coordinator)
    page = url("people.doubles", service, kept)
    (line,) = client.get(page).context["found"]
    assert (line["name"], line["url"]) == ("Amina Peters", url("people.merge", service, kept, double))
    side = client.get(line["url"])
    assert list(side.context["form"].fields) == ["last_name", "phone", ADDRESS, "interests"]
    assert [side.context["form"].fields[name].initial for name in ("last_name", "interests")] == [
        "kept", "both",
    ]  # fmt: skip
    wrong = client.post(line["url"], {"last_name": "kept"})
    assert (wrong.status_code, "phone" in wrong.context["form"].errors) == (422, True)
    chosen = {
        "last_name": "double",
        "phone": "kept",
        "email": "double",
        "interests": "both",
        ADDRESS: "double",
    }
    person_page = url("portals.person", service, kept)
    assert client.post(line["url"], chosen).headers["Location"] == person_page
    with inside(service):
        one = Person.objects.get(pk=kept.pk)
        assert (one.last_name, one.phone, one.email, one.interests) == (
            "Peters", "0470 11 22 33", "a@example.org", "Koken\nTuin",
        )  # fmt: skip
    assert client.get(url("portals.person", service, double)).status_code == 404
    listed = client.get(reverse("people.person_list", kwargs={"service": service.slug}))
    assert [row[0]["text"] for row in listed.context["rows"]] == ["Amina Peters"]
    after = client.get(page)
    (merge,) = after.context["merges"]
    undone = client.post(url("people.merge_undo", service, kept), {"merge": merge["row"].pk})
    assert undone.headers["Location"] == url("portals.person", service, double)
    assert client.get(page).context["merges"] == []
    with inside(service):
        one = Person.objects.get(pk=kept.pk)
        assert (one.last_name, one.email, one.interests) == ("Peeters", "", "Koken")
        assert Merge.objects.get().undone_at is not None


def test_told_apart_and_looked_up(service: Any, coordinator: Any) -> None:
    with inside(service):
        one, _other = make_person(), make_person()
        make_person(first_name="Bilal", last_name="Zaoui")
    client, page = client_of(coordinator), url("people.doubles", service, one)
    (line,) = client.get(page).context["found"]
    assert client.post(line["apart_url"]).headers["Location"] == page
    shown = client.get(page, {"q": "Bilal"})
    assert (shown.context["found"], [str(row["person"]) for row in shown.context["looked_up"]]) == (
        [],
        ["Bilal Zaoui"],
    )
    assert client.get(page, {"q": "Xyz"}).context["looked_up"] == []
    with inside(service):
        assert NotTheSame.objects.count() == 1
    assert client.get(url("people.merge", service, one, one)).status_code == 404


def test_somebody_whom_a_coach_may_not_see_is_only_said_to_be_there(service: Any, coach: Any) -> None:
    from stapsteen.pathways.tests.factories import make_pathway

    with inside(service):
        mine = make_pathway(coach).person
        other = make_person(phone="0499 99 99 99")
    client = client_of(coach)
    page = client.get(url("people.doubles", service, mine))
    (line,) = page.context["found"]
    assert (line["name"], line["url"], "0499" in page.content.decode()) == ("", "", False)
    assert client.get(url("people.merge", service, mine, other)).status_code == 404


def test_saving_a_profile_says_that_there_may_be_a_double(service: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person(first_name="Samira", last_name="Haddad")
        make_person(first_name="Amina", last_name="Peeters")
    client = client_of(coordinator)
    edit = url("people.person_edit", service, person)
    form = client.get(edit).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    page = client.post(edit, {**data, "first_name": "Amina", "last_name": "Peters"}, follow=True)
    assert "twee keer in de lijst" in page.content.decode()


def test_every_part_has_its_words() -> None:
    assert set(LABELS) == {*parts(), ADDRESS}


def test_constant_queries(service: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person()
    client, counts = client_of(coordinator), []
    for _number in range(3):
        with inside(service):
            make_person()
        with CaptureQueriesContext(connection) as counted:
            client.get(url("people.doubles", service, person))
        counts.append(len(counted))
    assert counts[1] == counts[2]
