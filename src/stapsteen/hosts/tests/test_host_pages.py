"""Pages about hosts: the list, a new one, one host and what can be changed there."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stapsteen.hosts import actions
from stapsteen.hosts.models import GuidanceCapacity, Host, HostContact, HostNote, Organisation, Site
from stapsteen.hosts.tests.factories import make_host, make_organisation, make_task
from stapsteen.testing.world import client_of, inside, make_municipality, make_staff

pytestmark = pytest.mark.django_db
URL = "/vinac/gastorganisaties/"
NEW = f"{URL}nieuw/"
TASK = {"title": "Koken", "sector": "catering", "guidance": "some", "kind": "volunteering"}


def names(answer: Any) -> list[str]:
    """The organisations in the list, in order."""
    return [line["row"].host.organisation.name for line in answer.context["hosts"]]


def cautions(answer: Any) -> list[str]:
    return [caution.text for line in answer.context["hosts"] for caution in line["row"].warnings]


# The list


def test_the_list_shows_room_over_the_network_and_the_contact(service, coach):
    with inside(service):
        host = make_host("Dinamo", places=4, municipality=make_municipality(), sectors=["social", "catering"])
        task = make_task(host.organisation)
        actions.take_capacity(task=task, starts_on=actions.today(), weight=2)
        actions.take_capacity(task=task, starts_on=actions.today() + timedelta(days=3), weight=1)
    (line,) = client_of(coach).get(URL).context["hosts"]
    assert (line["row"].places, line["row"].load.used, line["row"].load.planned) == (4, 2, 1)
    assert (line["sub"], line["state"], line["row"].contact.name) == (
        "Turnhout · Sociaal, Horeca",
        "Actief",
        "An Peeters",
    )
    assert line["row"].room_word == "1 vrij"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dinamo", ["Buurthuis Dinamo"]),
        ("dynamo", ["Buurthuis Dinamo"]),
        ("BUURTHUIS din", ["Buurthuis Dinamo"]),
        ("cafe", ["Café Één"]),
        ("turnhout", ["Café Één"]),
        ("zzz", []),
    ],
)
def test_searching_forgives(service, coach, typed, found):
    with inside(service):
        make_host("Buurthuis Dinamo")
        make_host("Café Één", municipality=make_municipality())
    assert names(client_of(coach).get(URL, {"q": typed})) == found


def test_every_town_where_a_host_works_is_named_and_searched(service, coach):
    """Its own first, then those of its open sites, each once: whoever filters on a town sees why a host is there."""
    with inside(service) as actor:
        turnhout, beerse = make_municipality(), make_municipality("13004", "Beerse")
        host = make_host("Dinamo", municipality=turnhout)
        for name, town, gone in (
            ("Zuid", turnhout, None),
            ("Kaf", beerse, None),
            ("Hal", beerse, None),
            ("Weg", make_municipality("13025", "Mol"), actions.today()),
        ):
            site = actions.keep_site(
                organisation=host.organisation, actor=actor, name=name, municipality=town, address="Markt 1"
            )
            Site.objects.filter(pk=site.pk).update(closed_on=gone)
    client = client_of(coach)
    for query, found in (
        ({"gemeente": str(beerse.pk)}, ["Turnhout, Beerse"]),
        ({"q": "beerse"}, ["Turnhout, Beerse"]),
        ({"q": "mol"}, []),
    ):
        assert [line["sub"] for line in client.get(URL, query).context["hosts"]] == found
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}uitvoer.xlsx").content)).active
    assert book["D2"].value == "Turnhout, Beerse"


def test_filters_stand_in_the_address(service, coach):
    with inside(service) as actor:
        town = make_municipality()
        make_host("Aap", sectors=["animals"], municipality=town, places=1)
        full = make_host("Beer", sectors=["animals"], places=1)
        actions.take_capacity(task=make_task(full.organisation), starts_on=actions.today(), weight=1)
        make_host("Cel", active=False)
        gone = make_host("Duif")
        actions.move_host(host=gone, actor=actor, action="stop", reason="Klaar")
        silent = make_host("Ezel", places=None)
    client = client_of(coach)
    assert names(client.get(URL)) == ["Aap", "Beer", "Cel", "Ezel"]
    assert names(client.get(URL, {"stand": "stopped"})) == ["Duif"]
    assert names(client.get(URL, {"stand": "prospect"})) == ["Cel"]
    assert len(names(client.get(URL, {"stand": "all"}))) == 5
    assert names(client.get(URL, {"stand": "nonsense"})) == ["Aap", "Beer", "Cel", "Ezel"]
    assert names(client.get(URL, {"sector": "animals"})) == ["Aap", "Beer"]
    assert names(client.get(URL, {"gemeente": str(town.pk)})) == ["Aap"]
    assert names(client.get(URL, {"vrij": "on"})) == ["Aap"]
    assert silent.state == "active"


def test_the_order_stands_in_the_address(service, coach):
    """Who pauses or said nothing has no free place."""
    with inside(service) as actor:
        mol, beerse = make_municipality("13025", "Mol"), make_municipality("13004", "Beerse")
        make_host("Aap", places=1, municipality=mol)
        make_host("Beer", places=3, municipality=beerse)
        resting = make_host("Cel", places=5)
        actions.move_host(host=resting, actor=actor, action="pause", reason="Verbouwing")
        make_host("Duif", places=None, municipality=beerse)
    client = client_of(coach)
    assert names(client.get(URL)) == ["Aap", "Beer", "Cel", "Duif"]
    assert names(client.get(URL, {"volgorde": "vrij"})) == ["Beer", "Aap", "Cel", "Duif"]
    assert names(client.get(URL, {"volgorde": "gemeente"})) == ["Beer", "Duif", "Aap", "Cel"]
    assert names(client.get(URL, {"volgorde": "nonsense"})) == ["Aap", "Beer", "Cel", "Duif"]
    assert "Geen organisatie gevonden" not in client.get(URL, {"volgorde": "vrij"}).text


def test_a_filter_finds_what_needs_attention_at_the_same_cost_for_more(service, coach):
    def add(*names: str) -> None:
        with inside(service):
            for name in names:
                make_host(name, insured_for=None, municipality=make_municipality())

    with inside(service):
        make_host("Rustig")
    client, asked = client_of(coach), {"letop": "on", "kaart": "on"}
    add("Aap")
    client.get(URL, asked)
    with CaptureQueriesContext(connection) as one:
        assert names(client.get(URL, asked)) == ["Aap"]
    add("Beer", "Cel")
    with CaptureQueriesContext(connection) as three:
        assert names(client.get(URL, asked)) == ["Aap", "Beer", "Cel"]
    assert len(three) == len(one)
    assert len(names(client.get(URL))) == 4
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}uitvoer.xlsx", asked).content)).active
    assert book.max_row == 4


def test_what_needs_attention(service, coach):
    with inside(service) as actor:
        host = make_host("Dinamo", places=None, contact="", insured_for=None)
    client = client_of(coach)
    assert cautions(client.get(URL)) == [
        "Geen contactpersoon",
        "Verzekering nog niet ingevuld",
        "Draagkracht nog niet gevraagd",
    ]
    with inside(service) as actor:
        organisation = host.organisation
        actions.set_contact(host=host, actor=actor, name="An", phone="1")
        actions.state_capacity(organisation=organisation, actor=actor, places=1)
        actions.take_capacity(task=make_task(organisation), starts_on=actions.today(), weight=1)
        actions.state_capacity(organisation=organisation, actor=actor, places=0)
        actions.set_host_agreement(host=host, actor=actor, talk_wanted="capacity")
    assert cautions(client.get(URL)) == [
        "Gesprek nodig over de draagkracht",
        "Verzekering nog niet ingevuld",
        "Meer mensen dan de organisatie aankan",
    ]


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (-1, "Verzekering verlopen op"),
        (0, "Verzekering loopt tot"),
        (60, "Verzekering loopt tot"),
        (61, None),
    ],
)
def test_insurance_is_warned_sixty_days_ahead(service, coach, days, text):
    """The expiry date is the last covered day."""
    with inside(service):
        host = make_host(insured_for=days)
    shown = cautions(client_of(coach).get(URL))
    until = (actions.today() + timedelta(days=days)).strftime("%d/%m/%Y")
    assert shown == ([f"{text} {until}"] if text else [])
    assert host.state == "active"


def test_the_list_costs_the_same_for_one_and_three(service, coach):
    client = client_of(coach)

    def add(number):
        with inside(service):
            for _ in range(number):
                host = make_host(municipality=make_municipality())
                actions.take_capacity(task=make_task(host.organisation), starts_on=actions.today(), weight=1)

    add(1)
    client.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(URL)
    add(2)
    with CaptureQueriesContext(connection) as three:
        client.get(URL)
    assert len(three) == len(one)


def test_an_empty_list_says_what_to_do(service, coach, intake):
    assert "Nog geen gastorganisatie" in client_of(coach).get(URL).text
    assert NEW in client_of(coach).get(URL).text
    assert NEW not in client_of(intake).get(URL).text
    assert "Geen organisatie gevonden" in client_of(coach).get(URL, {"q": "x"}).text


def test_another_service_of_the_network_doesnt_see_our_contact(service, other_service, coach):
    with inside(service):
        make_host("Dinamo")
    stranger = make_staff(other_service, "coach")
    assert names(client_of(stranger).get("/link/gastorganisaties/")) == []
    assert client_of(stranger).get(URL).status_code == 404


def test_the_spreadsheet_has_the_filtered_list_and_no_formula(service, coach):
    with inside(service):
        make_host("=1+1", places=2)
        make_host("Dinamo")
    answer = client_of(coach).get(f"{URL}uitvoer.xlsx", {"q": "1"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Organisatie", "=1+1"]
    assert sheet["A2"].data_type == "s"
    assert rows[1][9:12] == (2, 0, 0)


# A new host


def new_host(**fields: Any) -> dict[str, Any]:
    return {"name": "Buurthuis Dinamo", "legal_kind": "vzw", **fields}


def test_a_new_organisation_is_usable_at_once(service, coach):
    make_municipality()
    answer = client_of(coach).post(
        NEW,
        new_host(
            sectors=["social"],
            municipality="2300",
            enterprise_number="0471.938.850",
            places="3",
            contact_name="Marc",
            contact_phone="014 1",
        ),
    )
    with inside(service):
        host = Host.objects.select_related("organisation__municipality").get()
        assert answer.url == f"{URL}{host.pk}/"
        organisation = host.organisation
        assert (organisation.municipality.name, organisation.enterprise_number) == ("Turnhout", "0471938850")
        assert GuidanceCapacity.objects.get().places == 3
        assert HostContact.objects.get().name == "Marc"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"enterprise_number": "0471938851"}, "enterprise_number"),
        ({"municipality": "Xyzzyx"}, "municipality"),
        ({"places": "-1"}, "places"),
        ({"contact_name": "Marc"}, "contact_email"),
        ({"contact_phone": "014"}, "contact_name"),
    ],
)
def test_a_form_that_fails_comes_back_filled_in(service, coach, fields, field):
    answer = client_of(coach).post(
        NEW, new_host(address="Dorp 1", **fields) if "name" not in fields else {**new_host(), **fields}
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Organisation.objects.count() == 0


def test_a_double_is_shown_and_can_be_chosen_or_passed(service, coach):
    with inside(service):
        known = make_organisation("Buurthuis Dynamo vzw")
    client = client_of(coach)
    answer = client.post(NEW, new_host())
    assert answer.status_code == 422
    assert [line["organisation"] for line in answer.context["known"]] == [known]
    assert client.post(NEW, {"organisation": str(known.pk)}).status_code == 302
    with inside(service):
        assert Host.objects.get().organisation == known
    other_fault = client.post(NEW, new_host(name="Zwembad", enterprise_number="1", anyway="False"))
    assert "Dit is echt een andere organisatie" not in other_fault.text
    assert client.post(NEW, new_host(anyway="on")).status_code == 302
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("typed", ["dinamo", "0471 938 850", "buurthuis dynamo", "het buurthuis", "dynamo"])
def test_searching_the_network_before_adding(service, coach, typed):
    with inside(service):
        known = make_organisation("Vzw Buurthuis Dinamo", enterprise_number="0471938850")
        make_organisation("Kringwinkel")
    answer = client_of(coach).get(NEW, {"q": typed})
    assert [line["organisation"] for line in answer.context["known"]] == [known]


def test_only_organisations_of_the_own_network_can_be_chosen(service, other_service, coach):
    with inside(other_service):
        stranger = make_organisation("Ver weg")
    client = client_of(coach)
    assert client.post(NEW, {"organisation": str(stranger.pk)}).status_code == 404
    assert client.post(NEW, {"organisation": "nonsense"}).status_code == 404
    assert client.get(NEW, {"q": "Ver weg"}).context["known"] == []


# One host


def test_the_page_of_a_host_shows_numbers_and_no_people(service, coach):
    with inside(service) as actor:
        host = make_host("Dinamo", places=2, note="Parkeren achteraan", contact="")
        actions.set_contact(host=host, actor=actor, name="Rita", phone="1", starts_on=date(2026, 1, 1))
        actions.set_contact(host=host, actor=actor, name="Marc", phone="2", starts_on=date(2026, 3, 1))
        task = make_task(host.organisation, "Cafetaria", description="Koffie\nTafels", seats=1)
        actions.take_capacity(task=task, starts_on=actions.today(), weight=1)
        actions.add_host_note(host=host, actor=actor, text="Fijn team", kind="visit")
    answer = client_of(coach).get(f"{URL}{host.pk}/")
    (line,) = answer.context["tasks"]
    assert (line["row"].taken, line["row"].free, line["parts"]) == (1, 0, [])
    assert line["when"] == "maandag, dinsdag, woensdag, donderdag, vrijdag"
    assert [button["action"] for button in answer.context["buttons"]] == ["pause", "stop"]
    assert answer.context["earlier_contacts"] == ["Rita, tot en met 28/02/2026"]
    for text in ("Marc", "Fijn team", "Parkeren achteraan", "Nog 1 plaats vrij"):
        assert text in answer.text


def test_intake_looks_at_a_host_and_changes_nothing(service, intake):
    with inside(service):
        host = make_host()
    client = client_of(intake)
    answer = client.get(f"{URL}{host.pk}/")
    assert (answer.status_code, answer.context["may_edit"], answer.context["buttons"]) == (200, False, [])
    for part in ("contact", "draagkracht", "afspraken", "gegevens", "stand", "notitie", "taak"):
        assert client.get(f"{URL}{host.pk}/{part}/").status_code == 404


@pytest.mark.parametrize(
    ("part", "data", "wrong", "field"),
    [
        ("contact", {"name": "Bo", "phone": "1", "language": "fr", "starts_on": "@today"}, {"phone": ""}, "email"),
        ("draagkracht", {"places": "5", "starts_on": "@today", "note": "x"}, {"places": ""}, "places"),
        ("afspraken", {"insurance_until": "31/12/2030", "talk_wanted": "wish"}, {"insurance_until": "x"}, "insurance_until"),
        ("gegevens", {"name": "Anders", "legal_kind": "ocmw", "roles": ["host"], "asks_per_month": "4"}, {"name": ""}, "name"),
        ("notitie", {"kind": "visit", "happened_on": "@today", "text": "Goed"}, {"text": ""}, "text"),
        ("taak", {**TASK, "seats": "2"}, {"seats": "0"}, "seats"),
        ("gesprek", {"held_on": "@today", "openness": "open", "team": "yes"}, {"team": ""}, "team"),
        ("terugblik", {"held_on": "@today", "went_well": "Veel", "decision": "go_on"}, {"went_well": ""}, "went_well"),
        ("nee", {"what": "support:language", "starts_on": "@today"}, {"what": ""}, "what"),
        ("sleutelfiguur", {"name": "Rita", "starts_on": "@today"}, {"name": ""}, "name"),
        ("plek", {"name": "Loods", "municipality": "Turnhout"}, {"municipality": ""}, "municipality"),
    ],
)  # fmt: skip
def test_each_form_of_a_host_saves_or_says_why(service, coach, part, data, wrong, field):
    with inside(service):
        host = make_host()
    filled = {
        name: actions.today().isoformat() if value == "@today" else value for name, value in data.items()
    }
    client, url = client_of(coach), f"{URL}{host.pk}/{part}/"
    assert client.get(url).status_code == 200
    failed = client.post(url, {**filled, **wrong})
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, [field])
    assert client.post(url, filled).url == f"{URL}{host.pk}/"


def test_what_the_forms_saved(service, coach):
    with inside(service):
        host = make_host("Dinamo")
    client, url, today = client_of(coach), f"{URL}{host.pk}/", actions.today().isoformat()
    client.post(f"{url}contact/", {"name": "Bo", "email": "bo@x.be", "language": "fr", "starts_on": today})
    client.post(f"{url}draagkracht/", {"places": "7", "paused": "on", "starts_on": today, "note": "Druk"})
    client.post(f"{url}afspraken/", {"insurance_until": "31/12/2030", "talk_wanted": "wish"})
    client.post(
        f"{url}gegevens/",
        {
            "name": "Anders",
            "legal_kind": "ocmw",
            "sectors": ["care"],
            "roles": ["host"],
            "asks_per_month": "4",
        },
    )
    client.post(f"{url}notitie/", {"kind": "visit", "happened_on": today, "text": "Goed"})
    with inside(service):
        kept = Host.objects.select_related("organisation").get()
        said = GuidanceCapacity.objects.get(ends_on=None)
        assert (said.places, said.paused, said.note) == (7, True, "Druk")
        assert (kept.insurance_until.year, kept.talk_wanted, kept.agreement_signed_on) == (2030, "wish", None)
        assert (kept.organisation.name, kept.organisation.legal_kind, kept.organisation.sectors) == (
            "Anders",
            "ocmw",
            ["care"],
        )
        assert HostContact.objects.get(ends_on=None).name == "Bo"
        assert HostNote.objects.get().author == coach.name
    shown = client.get(url)
    assert "De organisatie vraagt een pauze" in shown.text
    assert "An Peeters" not in shown.text  # replaced on the same day: was never the contact


def test_the_next_step_of_the_path_stands_out(service, coach):
    with inside(service):
        hosts = make_host(active=False), make_host()
    client = client_of(coach)
    kinds = [
        {one["action"]: one["kind"] for one in client.get(f"{URL}{host.pk}/").context["buttons"]}
        for host in hosts
    ]
    assert kinds == [
        {"visit": "primary", "talk": "secondary", "activate": "secondary", "stop": "secondary"},
        {"pause": "secondary", "stop": "secondary"},
    ]


def test_the_state_moves_by_its_table_and_asks_why(service, coach):
    with inside(service):
        host = make_host(active=False)
    client, url = client_of(coach), f"{URL}{host.pk}/stand/"
    assert client.get(url).status_code == 404
    asked = client.get(url, {"actie": "stop"})
    assert (asked.status_code, "(mag leeg blijven)" in asked.text) == (200, False)
    assert "(mag leeg blijven)" in client.get(url, {"actie": "pause"}).text
    failed = client.post(url, {"actie": "stop"})
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, ["reason"])
    assert client.post(url, {"actie": "activate"}).status_code == 302
    assert client.post(url, {"actie": "activate"}).status_code == 422
    assert client.post(url, {"actie": "stop", "reason": "Team wil niet"}).status_code == 302
    with inside(service):
        kept = Host.objects.get()
        assert (kept.state, kept.state_reason) == ("stopped", "Team wil niet")
    assert "Team wil niet" in client.get(f"{URL}{host.pk}/").text
