"""The host says itself, from a mailed link: what it can carry, and which tasks still stand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from stapsteen.core import links
from stapsteen.core.models import OutgoingMail
from stapsteen.hosts import actions
from stapsteen.hosts.models import GuidanceCapacity, Host, HostAsk, HostContact, Organisation, Task
from stapsteen.hosts.queries import guidance_left, silent_hosts
from stapsteen.hosts.tests.factories import make_host, make_task
from stapsteen.people.models import SUPPORT
from stapsteen.testing.world import client_of, inside

pytestmark = pytest.mark.django_db
UNSAID = {f"support_{kind}": "" for kind in SUPPORT}


def mailed(client: Any, host: Host) -> str:
    """Ask the host by mail; the path of the link in it."""
    assert client.post(f"/vinac/gastorganisaties/{host.pk}/vraag/").status_code == 302
    body = OutgoingMail.objects.order_by("id").last().body
    return "/" + next(word for word in body.split() if "/gastplek/" in word).split("/", 3)[3]


def test_the_host_updates_its_capacity_and_tasks_from_the_link(service, coach):
    with inside(service):
        host = make_host("Dinamo", places=3)
        stays, goes = make_task(host.organisation, "Koffie"), make_task(host.organisation, "Tuin")
        Task.objects.update(confirmed_on=actions.today() - timedelta(days=300))
    url = mailed(client_of(coach), host)
    guest = Client()
    shown = guest.get(url)
    assert (shown.status_code, shown.context["form"].initial["places"]) == (200, 3)
    assert "An Peeters" not in shown.text
    data = {
        **UNSAID, "places": "2", "paused": "", "call": "on", "support_language": "1", "support_rest": "0",
        f"task_{stays.pk.hex}": "stands", f"task_{goes.pk.hex}": "over",
    }  # fmt: skip
    failed = guest.post(url, {**data, "support_language": "3"})
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, ["support_language"])
    assert guest.post(url, data).url == f"{url}?klaar=1"
    assert "Bedankt" in guest.get(url, {"klaar": "1"}).text
    with inside(service):
        said = GuidanceCapacity.objects.get(ends_on=None)
        assert (said.places, said.paused, said.said_by) == (2, False, "link")
        assert said.limits == {"language": 1, "rest": 0}
        kept = {task.title: (task.confirmed_on, task.closed_on) for task in Task.objects.all()}
        today = actions.today()
        assert kept == {"Koffie": (today, None), "Tuin": (today - timedelta(days=300), today)}
        assert Host.objects.get().talk_wanted == "capacity"


def saying_host(service: Any, coach: Any, **supports: int) -> str:
    """A host that said 4 places with these kinds of support; the address where it says anew."""
    with inside(service) as actor:
        host = make_host("Dinamo", places=None)
        actions.state_capacity(
            organisation=host.organisation,
            actor=actor,
            places=4,
            supports=supports,
            starts_on=date(2020, 1, 1),
        )
    return mailed(client_of(coach), host)


def said_now(service: Any) -> tuple[int, dict[str, int]]:
    with inside(service):
        said = GuidanceCapacity.objects.get(ends_on=None)
        return said.places, said.limits


def test_who_lowers_the_whole_neednt_lower_each_kind(service, coach):
    url = saying_host(service, coach, language=4, rest=1, closeness=3)
    same = {**UNSAID, "support_language": "4", "support_rest": "1", "support_closeness": "3"}
    assert Client().post(url, {**same, "places": "2"}).status_code == 302
    assert said_now(service) == (2, {"closeness": 2, "language": 2, "rest": 1})


def test_every_kind_above_the_whole_is_told_at_once(service, coach):
    url = saying_host(service, coach, rest=1)
    failed = Client().post(
        url, {**UNSAID, "places": "1", "support_language": "3", "support_closeness": "2", "support_rest": "1"}
    )
    assert failed.context["form"].errors == {
        name: ["Dit is meer dan 1, het aantal mensen samen."]
        for name in ("support_language", "support_closeness")
    }


def test_not_now_is_no_no_to_each_kind(service, coach):
    """With 0 places nobody comes; what can be with support stands for when there is room again."""
    url = saying_host(service, coach, language=4)
    guest = Client()
    assert guest.post(url, {**UNSAID, "places": "0", "support_language": "4"}).status_code == 302
    assert said_now(service) == (0, {"language": 4})
    with inside(service):
        (left,) = guidance_left([Organisation.objects.get().pk], actions.today()).values()
    assert (left.left, left.support) == (0, {"language": 0})
    assert "Nu even niemand" in guest.get(url, {"klaar": "1"}).text
    empty = guest.post(url, {**UNSAID, "places": ""})
    assert empty.context["form"].errors == {"places": ["Vul een getal in. Nul is ook goed."]}


def test_what_was_said_is_read_back(service, coach):
    url = saying_host(service, coach)
    with inside(service):
        make_task(Organisation.objects.get(), "Koffie schenken")
    guest = Client()
    task = Task.objects.get()
    data = {
        **UNSAID,
        "places": "2",
        "support_language": "1",
        "support_rest": "0",
        f"task_{task.pk.hex}": "stands",
    }
    assert guest.post(url, data).status_code == 302
    assert guest.get(url, {"klaar": "1"}).context["facts"] == [
        ("Mensen samen", "2 mensen"),
        ("Hulp met de taal", "1 mens"),
        ("Rustige plek en rustig tempo", "Nee, dat kan niet"),
        ("Jullie taken", "Koffie schenken"),
    ]
    assert guest.post(url, {**data, "paused": "on"}).status_code == 302
    assert guest.get(url, {"klaar": "1"}).context["facts"][0] == (
        "Mensen samen",
        "Pauze. Er komt nu niemand bij.",
    )


def test_the_link_is_the_contacts_only_and_for_its_own_organisation(service, coach):
    with inside(service) as actor:
        host = make_host("Dinamo")
        url = mailed_url = links.url(
            "hosts.capacity_say", actions.SAY, service=service.pk, contact=HostContact.objects.get().pk
        )
        url = "/" + mailed_url.split("/", 3)[3]
        actions.set_contact(host=host, actor=actor, name="Bo", email="bo@x.be")
    assert Client().get(url).status_code == 404
    assert Client().get(url.replace("gastplek", "gastafspraken")).status_code == 404


def test_an_expired_link_sends_a_new_one_to_the_contact_of_record(service, monkeypatch):
    with inside(service):
        make_host("Dinamo")
        contact = HostContact.objects.get()
        token = links.make(actions.SAY, service=service.pk, contact=contact.pk)
    monkeypatch.setattr(links, "DAYS", -1)
    guest = Client()
    assert guest.get(f"/gastplek/{token}/").status_code == 410
    assert guest.post(f"/gastplek/{token}/").status_code == 410
    assert [mail.to for mail in OutgoingMail.objects.all()] == [contact.email]


def test_asking_stops_at_the_months_number_over_all_services(service, coach):
    with inside(service):
        host = make_host("Dinamo")
        host.organisation.asks_per_month = 2
        host.organisation.save()
    client, url = client_of(coach), f"/vinac/gastorganisaties/{host.pk}/vraag/"
    for _number in range(2):
        assert client.post(url).status_code == 302
    refused = client.post(url)
    assert (refused.status_code, "kreeg deze maand al 2 vragen" in refused.text) == (422, True)
    assert HostAsk.objects.count() == 2
    assert OutgoingMail.objects.count() == 2


def test_a_host_without_address_is_phoned(service, coach):
    with inside(service) as actor:
        host = make_host("Dinamo", contact="")
        actions.set_contact(host=host, actor=actor, name="Bo", phone="1")
    refused = client_of(coach).post(f"/vinac/gastorganisaties/{host.pk}/vraag/")
    assert (refused.status_code, HostAsk.objects.count()) == (422, 0)


def test_each_month_the_silent_are_asked_once(service):
    with inside(service):
        old = make_host("Oud")
        make_host("Vers", places=None)
        prospect = make_host("Mogelijk", active=False)
        today = actions.today()
        long_ago, month_ago = today - timedelta(days=400), today - timedelta(days=30)
        for host in (old, prospect):
            make_task(host.organisation)
        Task.objects.update(confirmed_on=long_ago)
        assert [host.pk for host in silent_hosts(today, month_ago)] == [old.pk]
        assert actions.ask_who_was_silent() == 1
        assert (silent_hosts(today, month_ago), actions.ask_who_was_silent()) == ([], 0)
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["contact@host.example.org"]
