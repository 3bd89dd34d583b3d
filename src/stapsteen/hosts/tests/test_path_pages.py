"""A host's own path: visit, intake talk, active, look back; the agreement; and a host that always says yes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stapsteen.core.models import OutgoingMail
from stapsteen.hosts import actions
from stapsteen.hosts.models import Host, HostAgreement, HostReview, KeyPerson, Organisation, Site, Task
from stapsteen.hosts.queries import public_tasks, rows, strained
from stapsteen.hosts.tests.factories import make_host, make_organisation, make_task
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.placements.models import Placement
from stapsteen.testing.world import client_of, inside, make_municipality

pytestmark = pytest.mark.django_db
URL = "/vinac/gastorganisaties/"
TASKS = "/vinac/taken/"


def cautions(host: Host) -> list[str]:
    from stapsteen.hosts.queries import picture

    return [caution.text for caution in picture(host).row.warnings]


def test_a_visit_and_a_talk_move_the_host_and_a_team_that_says_no_ends_it(service, coach):
    with inside(service):
        host = make_host(active=False)
    client, url, today = client_of(coach), f"{URL}{host.pk}/", actions.today().isoformat()
    client.post(f"{url}notitie/", {"kind": "visit", "happened_on": today, "text": "Rondleiding"})
    with inside(service):
        assert Host.objects.get().state == "visited"
    talk = {"held_on": today, "openness": "open", "team": "no", "worries": "Te druk"}
    client.post(f"{url}gesprek/", talk)
    with inside(service):
        assert Host.objects.get().state == "talking"
    refused = client.post(f"{url}stand/", {"actie": "activate"})
    assert (refused.status_code, "Een nee is een nee" in refused.text) == (422, True)
    client.post(f"{url}gesprek/", {**talk, "team": "yes", "openness": "closed"})
    assert client.post(f"{url}stand/", {"actie": "activate"}).status_code == 422
    client.post(f"{url}gesprek/", {**talk, "team": "yes"})
    assert client.post(f"{url}stand/", {"actie": "activate"}).status_code == 302
    shown = client.get(url).text
    assert "Te druk" in shown
    assert "Nee, het team wil dit niet" in shown


def test_after_a_year_the_look_back_is_asked_and_kept_on_one_sheet(service, coach):
    with inside(service):
        host = make_host()
        Host.objects.update(state_since=actions.today() - timedelta(days=366))
        assert cautions(host) == ["Tijd om samen terug te kijken"]
    url = f"{URL}{host.pk}/terugblik/"
    shown = client_of(coach).get(url)
    assert dict(shown.context["stats"])["Kwamen dit jaar"] == "0"
    data = {"held_on": actions.today().isoformat(), "wishes": "Niet meer dan nu", "decision": "change"}
    assert client_of(coach).post(url, data).status_code == 302
    with inside(service):
        assert (HostReview.objects.get().wishes, cautions(host)) == ("Niet meer dan nu", [])


def test_a_host_that_always_says_yes_and_loses_people_is_warned_for_with_the_facts(service, coach):
    with inside(service, coach) as actor:
        host = make_host(places=9)
        task, today = make_task(host.organisation, seats=9), actions.today()
        for number in range(4):
            pathway = make_pathway(coach, actor)
            early = (
                {"state": "ended", "ends_on": today, "end_code": "stopped_by_person"} if number < 2 else {}
            )
            Placement.objects.create(
                person=pathway.person, pathway=pathway, host=host, task=task,
                state="proposed", starts_on=today - timedelta(days=20),
            )  # fmt: skip
            made = Placement.objects.order_by("-id")[:1].get()
            Placement.objects.filter(pk=made.pk).update(state="active")
            Placement.objects.filter(pk=made.pk).update(**early or {"ends_on": None})
        (line,) = rows(with_everything())
        facts = strained([host], today)[host.pk].facts
        assert (facts.came, facts.stopped_early, facts.there, facts.said_no) == (4, 2, 2, 0)
        assert (
            "Zei altijd ja. In een jaar kwamen 4 mensen, 2 stopten snel. Vraag of het niet te veel is."
            in [caution.text for caution in line.warnings]
        )
        actions.record_refusal(organisation=host.organisation, actor=actor, support="rest")
        assert strained([host], today) == {}


def with_everything():
    from stapsteen.hosts.queries import standing, with_capacity

    return with_capacity(
        Host.objects.select_related("organisation").prefetch_related(*standing()), actions.today()
    )


def test_the_agreement_is_drawn_up_mailed_and_signed_from_the_link(service, coach):
    with inside(service):
        host = make_host("Dinamo", insured_for=None)
    client, today = client_of(coach), actions.today()
    url = f"{URL}{host.pk}/afsprakennota/"
    data = {
        "starts_on": today.isoformat(), "ends_on": (today + timedelta(days=30)).isoformat(), "insurer": "Ethias",
        "insurance_until": (today + timedelta(days=365)).isoformat(),
    }  # fmt: skip
    failed = client.post(url, {**data, "insurance_until": (today - timedelta(days=1)).isoformat()})
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, ["insurance_until"])
    detail = client.post(url, data).url
    assert client.get(f"{detail}pdf/").content[:5] == b"%PDF-"
    assert client.post(detail, {"mail": "1"}).status_code == 302
    body = OutgoingMail.objects.get().body
    link = "/" + next(word for word in body.split() if "/gastafspraken/" in word).split("/", 3)[3]
    guest = Client()
    assert "An Peeters" in guest.get(link).text
    unsure = guest.post(link, {"signed_by": "An Peeters"})
    assert unsure.status_code == 422
    assert "Mijn organisatie gaat akkoord. Vink dit aan als je akkoord gaat." in unsure.text
    assert guest.post(link, {"signed_by": "An Peeters", "agree": "on"}).status_code == 302
    signed = guest.get(link).text
    assert "Dit is getekend" in signed
    assert f"An Peeters, {today:%d/%m/%Y}, via een link" in signed
    assert guest.get(f"{link}pdf/").content[:5] == b"%PDF-"
    with inside(service):
        kept, agreement = Host.objects.get(), HostAgreement.objects.get()
        assert (agreement.state, agreement.how, agreement.signed_by) == ("signed", "link", "An Peeters")
        assert (kept.agreement_signed_on, kept.insurance_until) == (today, today + timedelta(days=365))
        assert cautions(host) == [f"Afspraken lopen tot {today + timedelta(days=30):%d/%m/%Y}"]


def test_a_new_version_replaces_what_waits_and_the_signed_one_once_it_is_signed(service, coach):
    with inside(service, coach) as actor:
        host = make_host()
        given = {"host": host, "actor": actor, "starts_on": actions.today()}
        first = actions.draw_up_agreement(**given)
        actions.sign_host_agreement(agreement=first, actor=actor, how="paper", signed_by="An")
        actions.draw_up_agreement(**given)
        third = actions.draw_up_agreement(**given)
        assert [row.state for row in HostAgreement.objects.order_by("version")] == [
            "signed",
            "replaced",
            "out",
        ]
        assert cautions(host) == ["Afspraken nog te tekenen"]
        actions.sign_host_agreement(agreement=third, actor=actor, how="paper", signed_by="An")
        assert [row.state for row in HostAgreement.objects.order_by("version")] == [
            "replaced",
            "replaced",
            "signed",
        ]


def test_key_people_and_sites_come_and_go(service, coach):
    with inside(service):
        host = make_host()
        make_municipality()
    client, url, today = client_of(coach), f"{URL}{host.pk}/", actions.today().isoformat()
    client.post(f"{url}sleutelfiguur/", {"name": "Rita", "phone": "0470", "starts_on": today})
    client.post(f"{url}plek/", {"name": "Loods", "municipality": "Turnhout"})
    shown = client.get(url).text
    assert ("Rita" in shown, "Loods" in shown) == (True, True)
    with inside(service):
        key, site = KeyPerson.objects.get(), Site.objects.get()
    assert client.post(f"{URL}sleutelfiguur/{key.pk}/stopt/").status_code == 302
    assert client.post(f"{URL}sleutelfiguur/{key.pk}/stopt/").status_code == 422
    assert client.post(f"{URL}plek/{site.pk}/", {"name": "Hal", "municipality": "2300"}).status_code == 302
    assert client.post(f"{URL}plek/{site.pk}/", {"weg": "1"}).status_code == 302
    with inside(service):
        assert (Site.objects.get().name, Site.objects.get().closed_on) == ("Hal", actions.today())


def test_the_map_has_a_point_per_town_that_filters_and_costs_the_same_for_more_hosts(service, coach):
    with inside(service):
        town = make_municipality()
        type(town).objects.filter(pk=town.pk).update(latitude=51.3, longitude=4.9)
        make_host("Aap", municipality=town)
    client = client_of(coach)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            shown = client.get(URL, {"kaart": "on", "q": ""})
        spots.append([(spot["point"].name, spot["point"].count) for spot in shown.context["map_points"]])
        return len(captured)

    spots: list[list[tuple[str, int]]] = []
    client.get(URL)
    few = queries()
    with inside(service):
        for name in ("Beer", "Cel"):
            make_task(make_host(name, municipality=town).organisation)
    assert queries() == few
    assert spots == [[("Turnhout", 1)], [("Turnhout", 3)]]
    assert client.get(URL, {"kaart": "on"}).context["map_points"][0]["url"].endswith(f"gemeente={town.pk}")


def test_sites_put_an_organisation_and_its_tasks_on_the_map_where_they_are(service, coach):
    with inside(service) as actor:
        seat, elsewhere = make_municipality(), make_municipality("13025", "Mol", ("2400",))
        for number, town in enumerate((seat, elsewhere)):
            type(town).objects.filter(pk=town.pk).update(latitude=51.3 - number / 10, longitude=4.9)
        organisation = make_host("Aap", municipality=seat).organisation
        sites = [
            actions.keep_site(organisation=organisation, actor=actor, name=name, municipality=elsewhere)
            for name in ("Tuin", "Keuken")
        ]
        make_task(organisation, "Onthaal")
        make_task(organisation, "Snoeien", site=sites[0])
        closed = actions.keep_site(
            organisation=organisation,
            actor=actor,
            name="Dicht",
            municipality=make_municipality("13008", "Geel", ("2440",)),
        )
        actions.close_site(site=closed, actor=actor)
    client, mol = client_of(coach), {"gemeente": str(elsewhere.pk)}

    def spots(url: str) -> list[tuple[str, int]]:
        shown = client.get(url, {"kaart": "on"}).context["map_points"]
        return sorted((spot["point"].name, spot["point"].count) for spot in shown)

    assert spots(URL) == [("Mol", 1), ("Turnhout", 1)]
    assert [card["row"].host.organisation.name for card in client.get(URL, mol).context["hosts"]] == ["Aap"]
    towns = [label for _, label in client.get(URL).context["form"].fields["gemeente"].choices]
    assert "Mol" in towns
    assert "Geel" not in towns
    assert spots(TASKS) == [("Mol", 1), ("Turnhout", 1)]
    shown = client.get(TASKS, mol).text
    assert "Snoeien" in shown
    assert "Onthaal" not in shown


def test_filter_on_support_and_roles_of_an_organisation(service, coach):
    with inside(service) as actor:
        able, _other = make_host("Kan", places=2), make_host("Kan niet", places=2)
        actions.state_capacity(organisation=able.organisation, actor=actor, places=2, supports={"rest": 1})
    client = client_of(coach)
    shown = client.get(URL, {"steun": "rest"}).context["hosts"]
    assert [line["row"].host.organisation.name for line in shown] == ["Kan"]
    data = {"name": "Kan", "legal_kind": "department", "roles": ["host", "partner"], "asks_per_month": "2"}
    assert client.post(f"{URL}{able.pk}/gegevens/", data).status_code == 302
    kept = Organisation.objects.get(pk=able.organisation_id)
    assert (kept.roles, kept.legal_kind, kept.asks_per_month) == (["host", "partner"], "department", 2)


def test_what_needs_attention_leads_to_where_it_is_put_right(service, coach, intake):
    with inside(service):
        host = make_host("Dinamo", places=None, insured_for=None)
        task = make_task(host.organisation, "Koken")
        Task.objects.update(confirmed_on=actions.today() - timedelta(days=200))
    client, page = client_of(coach), f"{URL}{host.pk}/"
    assert [(line["text"], line["url"]) for line in client.get(page).context["cautions"]] == [
        ("Verzekering nog niet ingevuld", f"{page}afspraken/"),
        ("Draagkracht nog niet gevraagd", f"{page}draagkracht/"),
        ("1 taak lang niet nagekeken", "#taken"),
    ]
    assert {line["url"] for line in client_of(intake).get(page).context["cautions"]} == {""}
    confirm = f"/vinac/taken/{task.pk}/klopt/"
    assert confirm in client.get(page).text
    assert client.post(confirm, {"terug": "1"}).url == f"{page}#taken"
    assert client.post(confirm).url == f"/vinac/taken/{task.pk}/"
    assert confirm not in client.get(page).text


def test_a_host_at_rest_has_no_free_place(service, coach):
    with inside(service) as actor:
        paused, stopped = make_host("Aap", places=3), make_host("Beer", places=3)
        actions.move_host(host=paused, actor=actor, action="pause", reason="Verbouwing")
        actions.move_host(host=stopped, actor=actor, action="stop", reason="Verhuis")
    client = client_of(coach)
    shown = client.get(URL, {"stand": "all"})
    assert [line["row"].room_word for line in shown.context["hosts"]] == ["pauzeert", ""]
    for host in (paused, stopped):
        for page in (shown, client.get(f"{URL}{host.pk}/")):
            assert "plaatsen vrij" not in page.text


def test_a_task_of_a_host_at_rest_is_not_offered_as_free(service, coach):
    with inside(service):
        host = make_host("Aap", places=3)
        make_task(host.organisation, "Koffie", seats=2)
    page = f"{URL}{host.pk}/"
    assert "2 plaatsen vrij" in client_of(coach).get(page).text
    with inside(service) as actor:
        actions.move_host(host=host, actor=actor, action="pause", reason="Verbouwing")
    assert "2 plaatsen vrij" not in client_of(coach).get(page).text


def test_parts_members_and_roles_are_on_the_page(service, coach):
    with inside(service):
        whole = make_host("ANA", roles=("host", "umbrella"))
        part = make_host("ANA Tuin", part_of=whole.organisation)
        make_organisation("ANA Atelier", part_of=whole.organisation)
        make_organisation("Lid", umbrella=whole.organisation)
    client, root = client_of(coach), f"{URL}{whole.pk}/"
    shown = client.get(root).context
    address = f"{URL}{part.pk}/"
    assert shown["parts"] == [{"name": "ANA Atelier", "url": ""}, {"name": "ANA Tuin", "url": address}]
    assert shown["members"] == [{"name": "Lid", "url": ""}]
    assert {"term": "In het netwerk", "value": "gastorganisatie, koepel", "href": ""} in shown["facts"]
    assert {"term": "Deelwerking van", "value": "ANA", "href": root} in client.get(address).context["facts"]


def test_a_new_version_comes_up_with_the_insurance_of_the_last(service, coach):
    with inside(service) as actor:
        host = make_host("Dinamo")
        actions.draw_up_agreement(
            host=host,
            actor=actor,
            starts_on=actions.today(),
            insurer="Ethias",
            policy="12.3",
            extra="Sleutel terug",
        )
    form = client_of(coach).get(f"{URL}{host.pk}/afsprakennota/").context["form"]
    assert [form[name].value() for name in ("insurer", "policy", "extra")] == [
        "Ethias",
        "12.3",
        "Sleutel terug",
    ]


def test_a_no_to_a_support_stands_with_the_capacity_too(service, coach):
    with inside(service) as actor:
        host = make_host("Dinamo", places=None)
        state = {"organisation": host.organisation, "actor": actor}
        actions.state_capacity(**state, places=3, supports={"language": 2, "rest": 1, "start": 0})
        actions.record_refusal(**state, support="language")
    shown = client_of(coach).get(f"{URL}{host.pk}/").context["supports"]
    assert [(line["room"].kind, line["no"]) for line in shown] == [
        ("language", True),
        ("rest", False),
        ("start", True),
    ]


def test_a_part_of_a_task_says_what_falls_away(service, coach):
    with inside(service):
        host = make_host("Dinamo")
        task = make_task(
            host.organisation, "Koken", dutch_speaking="2", physical=["lifting"], allergens=["dust"]
        )
    client, url = client_of(coach), f"{TASKS}{task.pk}/deeltaak/"
    assert "(mag leeg blijven)" not in client.get(url).text
    failed = client.post(url, {"title": "Tafels dekken"})
    assert failed.context["form"].errors == {"lifts": ["Kies wat er bij deze deeltaak niet nodig is."]}
    lifts = ["dutch_speaking", "lifting", "allergen_dust"]
    assert client.post(url, {"title": "Tafels dekken", "lifts": lifts}).status_code == 302
    (card,) = client.get(f"{URL}{host.pk}/").context["tasks"]
    assert sorted(card["parts"][0]["lifts"]) == ["Nederlands spreken", "contact met stof", "tillen"]


def test_a_public_task_says_until_when(service, coach):
    with inside(service) as actor:
        host, today = make_host("Dinamo"), actions.today()
        public = {"public_text": "Kom koken.", "public_contact": "Els, 014 1"}
        for title, until in (("A", today), ("B", today - timedelta(days=1)), ("C", None)):
            make_task(host.organisation, title, published_until=until, **(public if until else {}))
        gone = make_task(host.organisation, "D", published_until=today, **public)
        actions.close_task(task=gone, actor=actor)
        listed = [task.title for task in public_tasks(host.organisation.network_id, today)]
    shown = client_of(coach).get(f"{URL}{host.pk}/")
    assert [card["task"].title for card in shown.context["tasks"] if card["public"]] == listed == ["A"]
    assert f"Iedereen mag dit lezen tot en met {today:%d/%m/%Y}." in shown.text
