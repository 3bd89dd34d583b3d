"""Pages about tasks: the list of the network, and changing one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stapsteen.core import halfdays
from stapsteen.hosts import actions
from stapsteen.hosts.models import Task
from stapsteen.hosts.tests.factories import make_host, make_organisation, make_task
from stapsteen.testing.world import client_of, inside, make_municipality, make_service, make_staff

pytestmark = pytest.mark.django_db
URL = "/vinac/taken/"
MONDAY = halfdays.bit(0, 0)


def titles(answer: Any) -> list[str]:
    return [row[0]["text"] for row in answer.context["rows"]]


def test_the_list_has_the_networks_open_tasks_with_free_seats(service, coach):
    neighbour = make_service("link", network=service.network)
    with inside(service):
        host = make_host("Dinamo", places=9)
        task = make_task(host.organisation, "Koffie", seats=3, dutch_level="1.2")
        actions.take_capacity(task=task, starts_on=actions.today(), weight=2)
    with inside(neighbour) as actor:
        theirs = make_organisation("Van hen")
        make_task(theirs, "Tuin")
        actions.close_task(task=make_task(theirs, "Gesloten"), actor=actor)
    koffie, tuin = client_of(coach).get(URL).context["rows"]
    assert (koffie[0]["text"], koffie[1]["href"], koffie[3]) == (
        "Koffie",
        f"/vinac/gastorganisaties/{host.pk}/",
        {"text": "1.2", "sub": ""},
    )
    assert (koffie[4]["text"], koffie[4]["sub"]) == ("2 vrij", "1 van 3 bezet")
    assert (tuin[0]["text"], tuin[1]["href"]) == ("Tuin", "")


def test_filters_stand_in_the_address(service, coach):
    with inside(service):
        town = make_municipality()
        one, other = make_organisation("Een", municipality=town, places=5), make_organisation("Twee")
        full = make_task(one, "Koffie", sector="catering", half_days=MONDAY, seats=1)
        actions.take_capacity(task=full, starts_on=actions.today(), weight=1)
        make_task(one, "Tuin", half_days=halfdays.bit(4, 2), description="snoeien")
        make_task(other, "Onthaal", half_days=0)
    client = client_of(coach)
    assert titles(client.get(URL)) == ["Koffie", "Tuin", "Onthaal"]
    assert titles(client.get(URL, {"q": "snoein"})) == ["Tuin"]
    assert titles(client.get(URL, {"sector": "catering"})) == ["Koffie"]
    assert titles(client.get(URL, {"gemeente": str(town.pk)})) == ["Koffie", "Tuin"]
    assert titles(client.get(URL, {"moment": str(MONDAY)})) == ["Koffie", "Onthaal"]
    assert titles(client.get(URL, {"vrij": "on"})) == ["Tuin", "Onthaal"]
    assert titles(client.get(URL, {"moment": "nonsense"})) == ["Koffie", "Tuin", "Onthaal"]
    assert "Geen taak gevonden" in client.get(URL, {"q": "zzz"}).text


def test_the_order_stands_in_the_address(service, coach):
    """A task is where its site is, in the order too."""
    with inside(service) as actor:
        one = make_organisation("Een", municipality=make_municipality("13025", "Mol"), places=5)
        two = make_organisation("Twee", municipality=make_municipality("13023", "Merksplas"))
        near = actions.keep_site(
            organisation=one, actor=actor, name="Bos", municipality=make_municipality("13004", "Beerse")
        )
        koffie = make_task(one, "Koffie", seats=1)
        Task.objects.filter(pk=koffie.pk).update(confirmed_on=actions.today() - timedelta(days=90))
        make_task(one, "Tuin", seats=2, site=near)
        make_task(two, "Onthaal", seats=3)
    client = client_of(coach)
    assert titles(client.get(URL)) == ["Koffie", "Tuin", "Onthaal"]
    assert titles(client.get(URL, {"volgorde": "gemeente"})) == ["Tuin", "Onthaal", "Koffie"]
    assert titles(client.get(URL, {"volgorde": "vrij"})) == ["Onthaal", "Tuin", "Koffie"]
    assert titles(client.get(URL, {"volgorde": "oud"}))[0] == "Koffie"
    assert titles(client.get(URL, {"volgorde": "nonsense"})) == ["Koffie", "Tuin", "Onthaal"]


def test_the_list_costs_the_same_for_one_and_three(service, coach):
    client = client_of(coach)
    with inside(service):
        make_task(make_host().organisation)
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    with inside(service):
        make_task(make_host().organisation)
        make_task(make_host().organisation)
    with CaptureQueriesContext(connection) as three:
        client.get(URL)
    assert len(three) == len(one)


def test_an_empty_list_says_what_to_do(service, coach):
    assert "Nog geen taken" in client_of(coach).get(URL).text


def test_another_network_isnt_seen(service, other_service, coach):
    with inside(other_service):
        task = make_task(make_organisation("Ver weg"))
    client = client_of(coach)
    assert titles(client.get(URL)) == []
    assert client.get(f"{URL}{task.pk}/").status_code == 404


def grid(mask: int) -> dict[str, str]:
    return {f"half_days_{day * 3 + part}": "on" for day, part in halfdays.to_pairs(mask)}


def test_a_task_is_changed_with_its_week(service, coach):
    with inside(service):
        host = make_host()
        task = make_task(host.organisation, "Koffie", seats=2)
    client, url = client_of(coach), f"{URL}{task.pk}/"
    shown = client.get(url)
    assert shown.context["form"].initial["half_days"] == task.half_days
    data = {
        "title": "Bar",
        "sector": "catering",
        "seats": "3",
        "guidance": "much",
        "kind": "volunteering",
        "dutch_listening": "2",
        "physical": ["lifting"],
    }
    saved = client.post(url, {**data, **grid(MONDAY), "description": "Eén\nTwee"})
    assert saved.url == f"/vinac/gastorganisaties/{host.pk}/"
    kept = Task.objects.get()
    assert (kept.title, kept.half_days, kept.seats, kept.guidance, kept.dutch_level, kept.heavy) == (
        "Bar",
        MONDAY,
        3,
        "much",
        "2",
        True,
    )
    failed = client.post(url, {**data, "title": ""})
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, ["title"])


def test_seats_that_are_taken_cant_go(service, coach):
    with inside(service):
        task = make_task(make_host().organisation, seats=2)
        for _ in range(2):
            actions.take_capacity(task=task, starts_on=actions.today(), weight=1)
    data = {"title": "Bar", "sector": "catering", "seats": "1", "guidance": "some", "kind": "volunteering"}
    failed = client_of(coach).post(f"{URL}{task.pk}/", data)
    assert list(failed.context["form"].errors) == ["seats"]
    assert Task.objects.get().seats == 2


def test_a_task_closes_and_opens_again(service, coach):
    with inside(service):
        task = make_task(make_organisation())
    client, url = client_of(coach), f"{URL}{task.pk}/"
    assert client.post(url, {"sluit": "1"}).url == URL
    assert Task.objects.get().closed_on == actions.today()
    assert "Deze taak is gesloten" in client.get(url).text
    client.post(url, {"heropen": "1"})
    assert Task.objects.get().closed_on is None


def test_a_new_task_from_the_host(service, coach, intake):
    with inside(service):
        host = make_host()
    data = {"title": "Tuin", "sector": "environment", "seats": "1", "guidance": "none", "kind": "care_work"}
    data |= grid(MONDAY)
    assert client_of(coach).post(f"/vinac/gastorganisaties/{host.pk}/taak/", data).status_code == 302
    assert (Task.objects.get().title, Task.objects.get().half_days) == ("Tuin", MONDAY)
    assert client_of(intake).get(f"{URL}{Task.objects.get().pk}/").status_code == 404
    assert client_of(make_staff(service, "desk")).get(f"{URL}{Task.objects.get().pk}/").status_code == 200
