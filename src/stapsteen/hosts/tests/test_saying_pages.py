"""The host says itself, from a mailed link: what it can carry, and which tasks still stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from stapsteen.core import links
from stapsteen.core.models import OutgoingMail
from stapsteen.hosts import actions
from stapsteen.hosts.models import GuidanceCapacity, Host, HostAsk, HostContact, Task
from stapsteen.hosts.queries import silent_hosts
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
