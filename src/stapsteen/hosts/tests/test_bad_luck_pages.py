"""Pages of hosts with bad luck or bad intent: someone else's keys, twice the same, odd days, numbers, words."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stapsteen.core import links
from stapsteen.core.errors import RuleBroken
from stapsteen.hosts import actions
from stapsteen.hosts.models import (
    GuidanceCapacity,
    HostAgreement,
    HostAsk,
    HostContact,
    KeyPerson,
    Refusal,
    Site,
    SubTask,
    Task,
)
from stapsteen.hosts.queries import open_tasks, picture, silent_hosts
from stapsteen.hosts.tests.factories import make_host, make_organisation, make_task
from stapsteen.people.models import SUPPORT
from stapsteen.testing.world import client_of, inside, make_municipality, make_service

pytestmark = pytest.mark.django_db
URL = "/vinac/gastorganisaties/"
UNSAID = {f"support_{kind}": "" for kind in SUPPORT}
NASTY = 'O\'Neill & <script>alert(1)</script> "x"'
TASK = {"title": "Koken", "sector": "catering", "seats": "1", "guidance": "some", "kind": "volunteering"}


def everything(service: Any) -> dict[str, Any]:
    """A host of this service with one of each thing that hangs on it."""
    with inside(service) as actor:
        host = make_host(f"Gast van {service.slug}")
        organisation = host.organisation
        task = make_task(organisation, physical=["lifting"])
        return {
            "host": host,
            "organisation": organisation,
            "task": task,
            "subtask": actions.keep_subtask(task=task, actor=actor, title="Deel", lifts=["lifting"]),
            "site": actions.keep_site(
                organisation=organisation, actor=actor, name="Hal", municipality=make_municipality()
            ),
            "refusal": actions.record_refusal(organisation=organisation, actor=actor, support="rest"),
            "key": actions.add_key_person(host=host, actor=actor, name="Rita"),
            "agreement": actions.draw_up_agreement(host=host, actor=actor, starts_on=actions.today()),
        }


def pages_of(theirs: dict[str, Any]) -> list[str]:
    host = f"{URL}{theirs['host'].pk}/"
    parts = (
        "contact", "draagkracht", "afspraken", "gegevens", "stand", "notitie", "nee", "sleutelfiguur", "plek",
        "vraag", "taak", "gesprek", "terugblik", "afsprakennota",
    )  # fmt: skip
    return [
        *(f"{host}{part}/" for part in parts),
        f"{URL}nee/{theirs['refusal'].pk}/terug/",
        f"{URL}sleutelfiguur/{theirs['key'].pk}/stopt/",
        f"{URL}plek/{theirs['site'].pk}/",
        f"{URL}afspraken/{theirs['agreement'].pk}/",
        f"/vinac/taken/{theirs['task'].pk}/",
        f"/vinac/taken/{theirs['task'].pk}/klopt/",
        f"/vinac/taken/{theirs['task'].pk}/deeltaak/",
        f"/vinac/deeltaken/{theirs['subtask'].pk}/",
    ]


def test_keys_of_another_network_open_and_change_nothing(service, other_service, coach):
    theirs = everything(other_service)
    client = client_of(coach)
    bodies = ({"weg": "1"}, {"sluit": "1"}, {"mail": "1"}, {"actie": "stop", "reason": "x"}, {"name": "x"})
    for url in pages_of(theirs):
        assert {client.post(url, body).status_code for body in bodies} == {404}, url
        assert client.get(url).status_code in (404, 405), url
    assert client.post(f"{URL}nieuw/", {"organisation": str(theirs["organisation"].pk)}).status_code == 404
    assert client.post(f"{URL}nieuw/", {"organisation": "geen sleutel"}).status_code == 404
    with inside(other_service):
        assert (Site.objects.get().closed_on, SubTask.objects.count(), Refusal.objects.get().ends_on) == (
            None, 1, None,
        )  # fmt: skip
        assert (Task.objects.get().closed_on, KeyPerson.objects.get().ends_on) == (None, None)


def test_keys_of_a_neighbours_own_rows_are_closed_in_the_same_network(service, coach):
    neighbour = make_service("link", network=service.network)
    theirs = everything(neighbour)
    client = client_of(coach)
    own = [url for url in pages_of(theirs) if str(theirs["host"].pk) in url or "sleutelfiguur" in url]
    own.append(f"{URL}afspraken/{theirs['agreement'].pk}/")
    for url in own:
        assert client.post(url, {"name": "x", "mail": "1"}).status_code == 404, url
    with inside(neighbour):
        assert KeyPerson.objects.get().ends_on is None


def test_keys_in_a_form_are_the_organisations_own(service, other_service, coach):
    far = everything(other_service)
    with inside(service):
        host, near = make_host("Dinamo"), make_task(make_organisation("Buur"))
        site = Site.objects.create(
            organisation=near.organisation, name="Elders", municipality=make_municipality()
        )
    client, url = client_of(coach), f"{URL}{host.pk}/"
    today = actions.today().isoformat()
    for key in (near.pk, far["task"].pk):
        refused = client.post(f"{url}nee/", {"what": f"task:{key}", "starts_on": today})
        assert list(refused.context["form"].errors) == ["what"]
    for key in (site.pk, far["site"].pk):
        assert list(client.post(f"{url}taak/", {**TASK, "site": str(key)}).context["form"].errors) == ["site"]
    edit = {"name": "Dinamo", "legal_kind": "vzw", "roles": ["host"], "asks_per_month": "4"}
    for name in ("part_of", "umbrella"):
        for key in (far["organisation"].pk, host.organisation_id):
            refused = client.post(f"{url}gegevens/", {**edit, name: str(key)})
            assert list(refused.context["form"].errors) == [name]


@pytest.mark.parametrize("number", ["99999", "-1", "1e9", "9" * 40, "", "²"])
def test_odd_numbers_come_back_with_an_error(service, coach, number):
    with inside(service):
        host = make_host("Dinamo")
        contact = HostContact.objects.get()
        said = links.make(actions.SAY, service=service.pk, contact=contact.pk)
    client, url, today = client_of(coach), f"{URL}{host.pk}/", actions.today().isoformat()
    answers = [
        client.post(f"{url}draagkracht/", {**UNSAID, "places": number, "starts_on": today}),
        client.post(f"{url}taak/", {**TASK, "seats": number}),
        Client().post(f"/gastplek/{said}/", {**UNSAID, "places": number}),
        client.post(
            f"{url}gegevens/",
            {"name": "Dinamo", "legal_kind": "vzw", "roles": ["host"], "asks_per_month": number},
        ),
    ]
    assert [answer.status_code for answer in answers] == [422] * 4


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2027-02-29", "2028-02-29", "31/02/2027"])
def test_odd_days_never_break_a_page(service, coach, day):
    with inside(service) as actor:
        host = make_host("Dinamo", places=None)
        agreement = actions.draw_up_agreement(host=host, actor=actor, starts_on=actions.today())
    client, url = client_of(coach), f"{URL}{host.pk}/"
    bodies = {
        "contact/": {"name": "Bo", "phone": "1", "language": "nl", "starts_on": day},
        "draagkracht/": {**UNSAID, "places": "1", "starts_on": day},
        "afspraken/": {"insurance_until": day, "agreement_signed_on": day},
        "notitie/": {"kind": "visit", "happened_on": day, "text": "x"},
        "nee/": {"what": "all", "starts_on": day},
        "sleutelfiguur/": {"name": "Rita", "starts_on": day},
        "gesprek/": {"held_on": day, "openness": "open", "team": "yes"},
        "terugblik/": {"held_on": day, "wishes": "x", "decision": "go_on"},
        "taak/": {**TASK, "starts_on": day, "once": "on", "published_until": day, "public_text": "x", "public_contact": "x"},
    }  # fmt: skip
    for _turn in range(2):
        for part, body in bodies.items():
            assert client.post(f"{url}{part}", body).status_code in (302, 422), part
    client.post(f"{URL}afspraken/{agreement.pk}/", {"signed_by": "An", "signed_on": day})
    client.post(f"{url}afsprakennota/", {"starts_on": day, "ends_on": day, "insurance_until": day})
    newest = client.get(url).context["agreements"][-1]["url"]
    for shown in (
        url,
        URL,
        f"{URL}uitvoer.xlsx",
        "/vinac/taken/",
        f"{url}terugblik/",
        newest,
        f"{newest}pdf/",
    ):
        assert client.get(shown).status_code == 200, shown


def test_words_are_shown_and_never_run(service, coach):
    with inside(service) as actor:
        host = make_host(NASTY, contact=NASTY, note=NASTY, address=NASTY)
        organisation = host.organisation
        task = make_task(organisation, NASTY, description=NASTY, note=NASTY, physical=["lifting"])
        part = actions.keep_subtask(task=task, actor=actor, title=NASTY, lifts=["lifting"])
        site = actions.keep_site(
            organisation=organisation, actor=actor, name=NASTY, municipality=make_municipality()
        )
        actions.record_refusal(organisation=organisation, actor=actor, task=task)
        actions.add_key_person(host=host, actor=actor, name=NASTY)
        actions.add_host_note(host=host, actor=actor, text=NASTY)
        actions.state_capacity(organisation=organisation, actor=actor, places=2, note=NASTY)
        agreement = actions.draw_up_agreement(
            host=host, actor=actor, starts_on=actions.today(), insurer=NASTY, policy=NASTY, extra=NASTY
        )
        contact = HostContact.objects.get()
        said = links.make(actions.SAY, service=service.pk, contact=contact.pk)
        read = links.make(
            "hosts.agreement.read", service=service.pk, agreement=agreement.pk, contact=contact.pk
        )
    client = client_of(coach)
    url = f"{URL}{host.pk}/"
    for path in (
        URL, url, f"{URL}nieuw/?q={organisation.name[:7]}", f"{url}nee/", f"{url}gegevens/", "/vinac/taken/",
        f"/vinac/taken/{task.pk}/", f"/vinac/deeltaken/{part.pk}/", f"{URL}plek/{site.pk}/",
        f"{URL}afspraken/{agreement.pk}/", f"/gastplek/{said}/", f"/gastafspraken/{read}/",
    ):  # fmt: skip
        shown = client.get(path)
        assert shown.status_code == 200, path
        assert "<script>alert" not in shown.text, path
        assert "O&#x27;Neill" in shown.text, path
    assert Client().get(f"/gastafspraken/{read}/pdf/").content[:5] == b"%PDF-"
    assert client.get(f"{URL}uitvoer.xlsx").status_code == 200


def test_very_long_words_come_back_with_an_error(service, coach):
    with inside(service):
        host = make_host("Dinamo")
        make_municipality()
    client, url, today, long = client_of(coach), f"{URL}{host.pk}/", actions.today().isoformat(), "x" * 20_000
    for part, body in {
        "contact/": {"name": long, "phone": long, "language": "nl", "starts_on": today},
        "draagkracht/": {**UNSAID, "places": "1", "note": long, "starts_on": today},
        "notitie/": {"kind": "visit", "happened_on": today, "text": long},
        "sleutelfiguur/": {"name": long, "starts_on": today},
        "gesprek/": {"held_on": today, "openness": "open", "team": "yes", "worries": long},
        "terugblik/": {"held_on": today, "wishes": long, "decision": "go_on"},
        "plek/": {"name": long, "municipality": "2300"},
        "stand/": {"actie": "stop", "reason": long},
        "taak/": {**TASK, "title": long},
    }.items():
        assert client.post(f"{url}{part}", body).status_code == 422, part
    assert client.get(URL, {"q": long[:5000]}).status_code == 200
    assert client.get(f"{URL}nieuw/", {"q": long[:5000] + "\x00"}).status_code == 200


def test_a_word_that_no_font_draws_still_gives_an_answer(service, coach):
    with inside(service) as actor:
        host = make_host("Dinamo 日本 🎉")
        agreement = actions.draw_up_agreement(host=host, actor=actor, starts_on=actions.today())
    answer = client_of(coach).get(f"{URL}afspraken/{agreement.pk}/pdf/")
    assert answer.status_code in (200, 422)


def test_the_link_to_sign_is_the_contacts_and_the_versions_own(service, other_service, coach):
    far = everything(other_service)
    with inside(service) as actor:
        host = make_host("Dinamo")
        contact = HostContact.objects.get()
        first = actions.draw_up_agreement(host=host, actor=actor, starts_on=actions.today())
        other = actions.draw_up_agreement(host=make_host("Ander"), actor=actor, starts_on=actions.today())

    def link(agreement: Any, **more: Any) -> str:
        data = {"service": service.pk, "agreement": agreement.pk, "contact": contact.pk, **more}
        return f"/gastafspraken/{links.make('hosts.agreement.read', **data)}/"

    body = {"signed_by": "An", "agree": "on"}
    for agreement in (other, far["agreement"]):
        assert Client().post(link(agreement), body).status_code == 404
    assert Client().get(link(first)[:-3] + "x/").status_code == 404
    assert Client().post(link(first), body).status_code == 302
    assert Client().post(link(first), {**body, "signed_by": "Een ander"}).status_code == 200
    with inside(service) as actor:
        assert HostAgreement.objects.get(pk=first.pk).signed_by == "An"
        actions.set_contact(host=host, actor=actor, name="Bo", email="bo@x.be")
    assert Client().get(link(first)).status_code == 404
    assert Client().get(f"{link(first)}pdf/").status_code == 404


def test_the_same_form_from_the_host_twice_is_kept_once(service):
    with inside(service):
        host = make_host("Dinamo", places=1)
        task = make_task(host.organisation)
        contact = HostContact.objects.get()
        url = f"/gastplek/{links.make(actions.SAY, service=service.pk, contact=contact.pk)}/"
    body = {**UNSAID, "places": "2", f"task_{task.pk.hex}": "over", "_once": "a"}
    assert [Client().post(url, body).status_code for _turn in range(2)] == [302, 302]
    assert Client().post(url, {**body, "_once": "b"}).status_code == 302
    with inside(service):
        assert (GuidanceCapacity.objects.get(ends_on=None).places, Task.objects.get().closed_on) == (
            2,
            actions.today(),
        )


def test_a_closed_place_can_come_back_under_its_name(service, coach):
    with inside(service) as actor:
        host = make_host("Dinamo")
        site = actions.keep_site(
            organisation=host.organisation, actor=actor, name="Loods", municipality=make_municipality()
        )
        actions.close_site(site=site, actor=actor)
    body = {"name": "Loods", "municipality": "2300", "address": "Kade 1"}
    assert client_of(coach).post(f"{URL}{host.pk}/plek/", body).status_code == 302
    with inside(service):
        kept = Site.objects.get()
        assert (kept.pk, kept.address, kept.closed_on) == (site.pk, "Kade 1", None)


def test_a_task_that_a_colleague_closed_meanwhile_stays_closed(service, coach):
    with inside(service):
        task = make_task(make_host().organisation)
    client, url = client_of(coach), f"/vinac/taken/{task.pk}/"
    assert client.post(url, {"sluit": "1", "_once": "a"}).status_code == 302
    assert client.post(url, {"sluit": "1", "_once": "b"}).status_code == 422
    assert Task.objects.get().closed_on == actions.today()


def test_closed_tasks_come_after_the_open_ones(service):
    with inside(service) as actor:
        host = make_host()
        actions.close_task(task=make_task(host.organisation, "Afwas"), actor=actor)
        make_task(host.organisation, "Zaal")
        assert [row.task.title for row in picture(host).tasks] == ["Zaal", "Afwas"]


def test_a_host_is_asked_whatever_its_earlier_contact_had(service):
    with inside(service) as actor:
        today = actions.today()
        first, none = make_host("Eerst", contact=""), make_host("Zonder", contact="")
        actions.set_contact(
            host=first, actor=actor, name="Bo", phone="1", starts_on=today - timedelta(days=9)
        )
        actions.set_contact(host=first, actor=actor, name="Cel", email="cel@x.be")
        assert silent_hosts(today, today - timedelta(days=30)) == [first]
        assert none.state == "active"


def test_a_task_that_is_over_is_never_asked_about(service):
    with inside(service):
        host, today = make_host(places=None), actions.today()
        last_year = today - timedelta(days=365)
        make_task(host.organisation, once=True, starts_on=last_year)
        make_task(host.organisation, ends_on=last_year)
        Task.objects.update(confirmed_on=last_year)
        assert silent_hosts(today, today - timedelta(days=30)) == []
        assert [c.text for c in picture(host).row.warnings] == ["Draagkracht nog niet gevraagd"]


def test_a_question_about_somebody_is_no_question_about_capacity(service):
    with inside(service) as actor:
        host, today = make_host(), actions.today()
        GuidanceCapacity.objects.update(starts_on=today - timedelta(days=365))
        actions.record_ask(organisation=host.organisation, actor=actor, about="person")
        actions.record_ask(organisation=host.organisation, actor=actor, about="capacity")
        HostAsk.objects.filter(about="capacity").update(asked_on=today - timedelta(days=40))
        assert silent_hosts(today, today - timedelta(days=30)) == [host]
        assert silent_hosts(today, today - timedelta(days=50)) == []


def test_one_rule_says_which_tasks_are_open(service):
    with inside(service):
        organisation, today = make_organisation("Hal"), actions.today()
        before, after = today - timedelta(days=1), today + timedelta(days=1)
        for once, starts, ends, closed in itertools.product(
            (False, True), (before, today, after), (None, before, today, after), (None, before, today, after)
        ):
            if ends is None or ends >= starts:
                task = make_task(organisation, once=once, starts_on=starts, ends_on=ends)
                Task.objects.filter(pk=task.pk).update(closed_on=closed)
        found = set(open_tasks(Task.objects.all(), today).values_list("pk", flat=True))
        assert found == {task.pk for task in Task.objects.all() if task.open_on(today)}
        assert 0 < len(found) < Task.objects.count()


def test_nobody_is_placed_on_a_task_outside_its_days(service):
    with inside(service) as actor:
        today = actions.today()
        day, later = timedelta(days=1), today + timedelta(days=10)
        organisation = make_organisation("Hal", places=9)
        once = make_task(organisation, once=True, starts_on=later)
        between = make_task(organisation, starts_on=today, ends_on=later)
        for task, start, field in (
            (once, later - day, "starts_on"), (once, later + day, "task"),
            (between, today - day, "starts_on"), (between, later + day, "task"),
        ):  # fmt: skip
            with pytest.raises(RuleBroken) as refused:
                actions.take_capacity(task=task, starts_on=start, weight=1)
            assert refused.value.field == field
        use = actions.take_capacity(task=once, starts_on=later, weight=1)
        actions.take_capacity(task=between, starts_on=later, weight=1)
        with pytest.raises(RuleBroken):
            actions.move_use(use=use, starts_on=today)
        assert actor.has("system")


def locked(queries: Any) -> list[str]:
    """The tables of which rows were locked, in that order."""
    return [
        re.findall(r'FROM "(\w+)"', q["sql"])[0]
        for q in queries
        if "FOR UPDATE" in q["sql"] or "FOR NO KEY" in q["sql"]
    ]


def test_who_writes_a_host_at_the_same_moment_waits_and_never_crosses(service):
    """Host, then organisation or agreement, everywhere: two who lock in another order would both be refused."""
    with inside(service) as actor:
        host = make_host("Dinamo")
        contact = HostContact.objects.get()
        agreement = actions.draw_up_agreement(host=host, actor=actor, starts_on=actions.today())
        with CaptureQueriesContext(connection) as signing:
            actions.sign_host_agreement(agreement=agreement, actor=actor, how="paper", signed_by="An")
        with CaptureQueriesContext(connection) as drawing:
            actions.draw_up_agreement(host=host, actor=actor, starts_on=actions.today())
        with CaptureQueriesContext(connection) as saying:
            actions.say_capacity(
                contact=contact, actor=actor, places=1, paused=False, supports={}, tasks={}, call=True
            )
    assert [locked(found)[0] for found in (signing, drawing, saying)] == ["hosts_host"] * 3
    assert locked(signing)[1] == "hosts_hostagreement"
    assert "hosts_organisation" in locked(saying)[1:]
