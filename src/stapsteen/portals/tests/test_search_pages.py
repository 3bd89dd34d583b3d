"""The one search box: three kinds at once, forgiving of spelling, only what the actor may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stapsteen.core.models import ReadEntry
from stapsteen.hosts.actions import move_host
from stapsteen.hosts.tests.factories import SYSTEM, make_host, make_task
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.tests.factories import make_person
from stapsteen.portals.search import SHOWN
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db


def url(service: Any) -> str:
    return reverse("portals.search", kwargs={"service": service.slug})


def found(staff: Any, service: Any, q: str) -> dict[str, list[str]]:
    """Group -> the first words of its lines."""
    answer = client_of(staff).get(url(service), {"q": q})
    assert answer.status_code == 200
    return {group.key: [row[0]["text"] for row in group.rows] for group in answer.context["groups"]}


def test_three_kinds_at_once_however_it_is_spelled(service: Any, coach: Any) -> None:
    with inside(service):
        person = make_person(first_name="Yasmine", last_name="Linden")
        make_pathway(coach, person=person)
        host = make_host("WZC De Linde")
        make_task(host.organisation, "Koffie schenken")
    assert found(coach, service, "linde") == {
        "mensen": ["Yasmine Linden"],
        "organisaties": ["WZC De Linde"],
        "taken": ["Koffie schenken"],
    }
    assert found(coach, service, "Jasmien") == {}
    assert found(coach, service, "jassmine") == {"mensen": ["Yasmine Linden"]}
    assert found(coach, service, "coffie") == {"taken": ["Koffie schenken"]}
    assert found(coach, service, "kofie") == {"taken": ["Koffie schenken"]}


def test_each_group_leads_to_the_same_in_its_list(service: Any, coordinator: Any) -> None:
    with inside(service):
        for number in range(SHOWN + 2):
            make_person(first_name="Amina", last_name=f"Peeters {number:02}")
        host = make_host("Amina vzw")
        move_host(host=host, actor=SYSTEM, action="stop", reason="verhuist")
    client = client_of(coordinator)
    people, hosts = client.get(url(service), {"q": "amina"}).context["groups"]
    assert (len(people.rows), people.count, people.more) == (SHOWN, SHOWN + 2, True)
    assert client.get(people.url).context["found"] == f"{SHOWN + 2} mensen"
    assert (hosts.count, hosts.more) == (1, False)
    assert client.get(hosts.url).context["found"] == "1 organisatie"


def test_only_what_the_role_may_see_and_only_what_is_shown_is_logged(
    service: Any, other_service: Any, coach: Any
) -> None:
    desk, second = make_staff(service, "desk"), make_staff(service, "coach", email="second@example.org")
    with inside(other_service):
        make_person(first_name="Amina", last_name="Anders")
    with inside(service):
        person = make_person(first_name="Amina", last_name="Peeters")
        make_pathway(coach, person=person)
        make_host("Amina vzw")
    assert found(coach, service, "amina") == {"mensen": ["Amina Peeters"], "organisaties": ["Amina vzw"]}
    assert found(second, service, "amina") == {"organisaties": ["Amina vzw"]}
    assert found(desk, service, "amina") == {"organisaties": ["Amina vzw"]}
    with inside(service):
        read = ReadEntry.objects.filter(purpose="portals.search").values_list("subjects", flat=True)
        assert [subjects for subjects in read if subjects] == [[person.pk]]


@pytest.mark.parametrize(
    ("q", "words"), [("", "Wat zoek je?"), ("  ", "Wat zoek je?"), ("qqq", "Niets gevonden")]
)
def test_nothing_asked_and_nothing_found(service: Any, coach: Any, q: str, words: str) -> None:
    shown = client_of(coach).get(url(service), {"q": q}).content.decode()
    assert words in shown
    assert "<title>Zoeken – VINAC</title>" in shown


def test_the_box_stands_on_top_and_keeps_what_was_typed(service: Any, coach: Any) -> None:
    shown = client_of(coach).get(url(service), {"q": 'a"b'}).content.decode()
    assert f'action="{url(service)}"' in shown
    assert 'value="a&quot;b"' in shown


def test_the_number_of_queries_does_not_grow(service: Any, coach: Any) -> None:
    client, counts = client_of(coach), []
    for more in (1, 2):
        with inside(service):
            for number in range(more):
                make_pathway(coach, person=make_person(first_name="Linde", last_name=f"Jans {more}{number}"))
                make_task(make_host(f"De Linde {more}{number}").organisation, "Linde snoeien")
        with CaptureQueriesContext(connection) as captured:
            groups = client.get(url(service), {"q": "linde"}).context["groups"]
        counts.append(len(captured))
    assert [group.count for group in groups] == [3, 3, 3]
    assert counts[0] == counts[1]
