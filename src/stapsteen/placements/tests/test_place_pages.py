"""Choosing a place, the place itself, start, end and cancel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stapsteen.core import halfdays
from stapsteen.hosts import actions as host_actions
from stapsteen.hosts.tests.factories import SYSTEM, make_host, make_task
from stapsteen.pathways.actions import suspend_pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.tests.factories import make_person
from stapsteen.placements import compose
from stapsteen.placements.actions import cancel_placement
from stapsteen.placements.models import Placement
from stapsteen.placements.terms import read_terms
from stapsteen.placements.tests.factories import (
    MONDAY_MORNING,
    make_active_placement,
    make_agreement,
    make_placement,
    sign_all,
)
from stapsteen.testing.world import client_of, inside, make_municipality, make_staff

pytestmark = pytest.mark.django_db
FRIDAY_EVENING = halfdays.bit(4, 2)


def pick_url(pathway: Any) -> str:
    return f"/vinac/trajecten/{pathway.pk}/plek/"


def shown(answer: Any) -> dict[str, list[str]]:
    """Light -> titles, in order."""
    return {group["light"]: [one["title"] for one in group["options"]] for group in answer.context["groups"]}


def reasons(answer: Any) -> dict[str, list[tuple[str, str]]]:
    """Title -> its reasons."""
    return {
        one["title"]: [(reason.light, reason.text) for reason in one["reasons"]]
        for group in answer.context["groups"]
        for one in group["options"]
    }


def days(number: int) -> Any:
    return timezone.localdate() + timedelta(days=number)


# Choosing


def test_every_task_says_what_fits_and_what_doesnt(service, coach):
    with inside(service):
        person = make_person(half_days=MONDAY_MORNING, dutch_listening="1.2", dutch_speaking="1.1")
        pathway = make_pathway(coach, person=person)
        host = make_host("Dinamo", places=2)
        make_task(host.organisation, "Fits", half_days=MONDAY_MORNING | FRIDAY_EVENING, dutch_level="1.1")
        make_task(host.organisation, "Language", dutch_level="2")
        part = make_task(host.organisation, "Part", dutch_level="2")
        host_actions.keep_subtask(task=part, actor=SYSTEM, title="Poetsen", lifts=["dutch_speaking"])
        make_task(host.organisation, "Moment", half_days=FRIDAY_EVENING)
        make_task(host.organisation, "Any", half_days=0)
    answer = client_of(coach).get(pick_url(pathway))
    assert shown(answer) == {"green": ["Any", "Fits"], "orange": ["Language", "Part"], "red": ["Moment"]}
    assert reasons(answer) == {
        "Fits": [
            ("green", "2 plaatsen vrij"),
            ("green", "De organisatie kan nog iemand begeleiden"),
            ("green", "Past op maandag voormiddag"),
            ("green", "Genoeg Nederlands"),
        ],
        "Any": [
            ("green", "2 plaatsen vrij"),
            ("green", "De organisatie kan nog iemand begeleiden"),
            ("green", "Kan op elk moment"),
            ("green", "Nederlands maakt niet uit"),
        ],
        "Language": [
            ("green", "2 plaatsen vrij"),
            ("green", "De organisatie kan nog iemand begeleiden"),
            ("green", "Past op maandag voormiddag"),
            ("orange", "Vraagt Nederlands 2. Bespreek het"),
        ],
        "Part": [
            ("green", "2 plaatsen vrij"),
            ("green", "De organisatie kan nog iemand begeleiden"),
            ("green", "Past op maandag voormiddag"),
            ("orange", "Vraagt Nederlands 2. Een deeltaak kan misschien wel"),
        ],
        "Moment": [
            ("green", "2 plaatsen vrij"),
            ("green", "De organisatie kan nog iemand begeleiden"),
            ("red", "Geen halve dag die past"),
            ("green", "Nederlands maakt niet uit"),
        ],
    }


def test_what_isnt_known_is_a_question(service, coach):
    with inside(service):
        pathway = make_pathway(coach, person=make_person(half_days=0, dutch_listening="unknown"))
        make_task(make_host().organisation, "Koffie", dutch_level="1.2")
    assert reasons(client_of(coach).get(pick_url(pathway)))["Koffie"][2:] == [
        ("orange", "We weten niet wanneer de persoon kan"),
        ("orange", "Vraagt Nederlands 1.2. Vraag hoeveel de persoon kent"),
    ]


def test_native_speakers_know_enough(service, coach):
    with inside(service):
        person = make_person(half_days=MONDAY_MORNING, dutch_listening="native", dutch_speaking="native")
        pathway = make_pathway(coach, person=person)
        make_task(make_host().organisation, "Koffie", dutch_level="4")
    assert shown(client_of(coach).get(pick_url(pathway))) == {"green": ["Koffie"]}


def test_full_paused_refused_and_had_cant_be_proposed(service, coach):
    with inside(service) as actor:
        pathway = make_pathway(coach, person=make_person(half_days=halfdays.ALL))
        full = make_host("A vol", places=1)
        make_placement(coach, host=full, task=make_task(full.organisation, "Seats", seats=1))
        make_task(full.organisation, "Guidance")
        make_task(make_host("B stil", places=None).organisation, "Unknown")
        no = make_host("C nee")
        cancel_placement(
            placement=make_placement(coach, pathway=pathway, host=no), actor=actor, code="host_no"
        )
        make_task(no.organisation, "Refused")
        here = make_host("D hier")
        make_placement(coach, pathway=pathway, host=here, task=make_task(here.organisation, "Had"))
        make_task(make_host("E prospect", active=False).organisation, "Prospect")
        closed = make_task(here.organisation, "Closed")
        host_actions.close_task(task=closed, actor=actor)
    answer = client_of(coach).get(pick_url(pathway))
    blocked = {one["title"]: one["blocked"] for group in answer.context["groups"] for one in group["options"]}
    texts = reasons(answer)
    assert blocked.keys() >= {"Seats", "Guidance", "Unknown", "Refused", "Had"}
    assert all(blocked[title] for title in ("Seats", "Guidance", "Unknown", "Refused", "Had"))
    assert {"Prospect", "Closed"}.isdisjoint(blocked)
    assert texts["Seats"][0] == ("red", "Alle plaatsen zijn bezet of gepland")
    assert texts["Guidance"][1][1].startswith("Deze organisatie is vol op")
    assert texts["Unknown"][1][1].startswith("Vraag eerst hoeveel mensen")
    assert texts["Refused"][0] == ("red", "De organisatie zei al nee voor deze persoon")
    assert texts["Had"][0] == ("red", "Deze persoon heeft deze taak al")


def test_half_days_that_are_taken_are_no_longer_free(service, coach):
    with inside(service):
        pathway = make_pathway(coach, person=make_person(half_days=MONDAY_MORNING | FRIDAY_EVENING))
        make_placement(coach, pathway=pathway)
        other = make_host()
        make_task(other.organisation, "Monday", half_days=MONDAY_MORNING)
        make_task(other.organisation, "Friday", half_days=FRIDAY_EVENING)
    found = reasons(client_of(coach).get(pick_url(pathway)))
    assert found["Monday"][2] == ("red", "Geen halve dag die past")
    assert found["Friday"][2] == ("green", "Past op vrijdag avond")


def test_filters_stand_in_the_address(service, coach):
    with inside(service):
        town = make_municipality()
        pathway = make_pathway(coach, person=make_person(half_days=halfdays.ALL))
        one, other = make_host("Een", municipality=town), make_host("Twee")
        make_task(one.organisation, "Koffie", sector="catering", half_days=MONDAY_MORNING)
        make_task(other.organisation, "Tuin", sector="environment", half_days=FRIDAY_EVENING)
    client, url = client_of(coach), pick_url(pathway)
    assert shown(client.get(url, {"sector": "catering"})) == {"green": ["Koffie"]}
    assert shown(client.get(url, {"gemeente": str(town.pk)})) == {"green": ["Koffie"]}
    assert shown(client.get(url, {"moment": str(FRIDAY_EVENING)})) == {"green": ["Tuin"]}
    assert shown(client.get(url, {"q": "kofie"})) == {"green": ["Koffie"]}
    assert "Geen taak gevonden" in client.get(url, {"q": "zzz"}).text


def test_choosing_costs_the_same_for_one_and_three(service, coach):
    client = client_of(coach)
    with inside(service):
        pathway = make_pathway(coach)
        make_task(make_host().organisation)
    client.get(pick_url(pathway))
    with CaptureQueriesContext(connection) as one:
        client.get(pick_url(pathway))
    with inside(service):
        make_placement(coach)
        make_task(make_host().organisation)
        make_task(make_host().organisation)
    with CaptureQueriesContext(connection) as three:
        client.get(pick_url(pathway))
    assert len(three) == len(one)


def test_no_tasks_yet(service, coach):
    with inside(service):
        pathway = make_pathway(coach)
    assert "Nog geen taken bij actieve gastorganisaties" in client_of(coach).get(pick_url(pathway)).text


def test_another_coachs_pathway_isnt_reached(service, coach):
    stranger = make_staff(service, "coach", email="ander@vinac.example.org")
    with inside(service):
        pathway = make_pathway(coach)
        placement = make_placement(coach)
    client = client_of(stranger)
    assert client.get(pick_url(pathway)).status_code == 404
    for part in ("", "start/", "stoppen/", "niet-door/", "nota/"):
        assert client.get(f"/vinac/plekken/{placement.pk}/{part}").status_code == 404


# Proposing


def propose_data(**fields: Any) -> dict[str, Any]:
    return {
        "starts_on": days(3).isoformat(),
        "minutes_per_half_day": "150",
        "weight": "2",
        "half_days_0": "on",
        **fields,
    }


def test_proposing_reserves_and_leads_to_the_place(service, coach):
    with inside(service):
        pathway = make_pathway(coach, person=make_person(half_days=MONDAY_MORNING))
        task = make_task(make_host().organisation, half_days=MONDAY_MORNING | FRIDAY_EVENING)
    client, url = client_of(coach), f"{pick_url(pathway)}{task.pk}/"
    form = client.get(url).context["form"]
    assert form.initial["half_days"] == MONDAY_MORNING
    assert "maandag voormiddag, vrijdag avond" in client.get(url).text
    saved = client.post(url, propose_data())
    with inside(service):
        placement = Placement.objects.select_related("use").get()
        assert saved.url == f"/vinac/plekken/{placement.pk}/"
        assert (placement.half_days, placement.minutes_per_half_day, placement.use.weight) == (
            MONDAY_MORNING,
            150,
            2,
        )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"half_days_0": ""}, "half_days"),
        ({"half_days_20": "on"}, "half_days"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"minutes_per_half_day": "7"}, "minutes_per_half_day"),
        ({"weight": "9"}, "weight"),
    ],
)
def test_a_proposal_that_fails_comes_back_filled_in(service, coach, fields, field):
    with inside(service):
        pathway = make_pathway(coach)
        task = make_task(make_host().organisation)
    answer = client_of(coach).post(f"{pick_url(pathway)}{task.pk}/", propose_data(**fields))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_full_host_says_so_on_the_form(service, coach):
    with inside(service):
        pathway = make_pathway(coach)
        host = make_host(places=1)
        task = make_task(host.organisation)
        make_placement(coach, host=host, task=task)
    answer = client_of(coach).post(f"{pick_url(pathway)}{task.pk}/", propose_data())
    assert answer.status_code == 422
    assert "Ze beschermt zo haar begeleiding" in answer.context["form"].non_field_errors()[0]


def test_a_task_of_no_active_host_isnt_found(service, other_service, coach):
    with inside(service):
        pathway = make_pathway(coach)
        task = make_task(make_host(active=False).organisation)
    with inside(other_service):
        stranger = make_task(make_host().organisation)
    for key in (task.pk, stranger.pk):
        assert client_of(coach).get(f"{pick_url(pathway)}{key}/").status_code == 404


def test_a_paused_pathway_takes_no_place(service, coach):
    with inside(service, coach) as actor:
        pathway = make_pathway(coach)
        make_task(make_host().organisation, "Koffie")
        suspend_pathway(pathway=pathway, actor=actor, starts_on=days(0))
    answer = client_of(coach).get(pick_url(pathway))
    assert "Dit traject loopt nu niet" in answer.text
    assert "Stel deze plek voor" not in answer.text


# The place


def url_of(placement: Placement, part: str = "") -> str:
    return f"/vinac/plekken/{placement.pk}/{part}"


def step_states(answer: Any) -> list[str]:
    return [step["state"] for step in answer.context["steps"]]


def test_the_place_says_what_still_has_to_happen(service, coach):
    with inside(service):
        placement = make_placement(coach, host=make_host(insured_for=None))
    client = client_of(coach)
    fresh = client.get(url_of(placement))
    assert step_states(fresh) == ["done", "current", "next", "next", "next", "next"]
    assert "Verzekering nog niet ingevuld" in fresh.text
    assert "Maak de nota" in fresh.text
    with inside(service):
        agreement = make_agreement(placement)
    out = client.get(url_of(placement))
    assert step_states(out)[:4] == ["done", "done", "done", "current"]
    assert "Nog niet: de vrijwilliger, de gastorganisatie, de dienst" in out.text
    with inside(service):
        sign_all(agreement)
    signed = client.get(url_of(placement))
    assert signed.context["can_start"]
    assert step_states(signed) == ["done", "done", "done", "done", "current", "next"]


def test_starting_from_the_page(service, coach):
    with inside(service):
        placement = make_placement(coach, starts_on=days(5))
    client = client_of(coach)
    early = client.post(url_of(placement, "start/"), {"on": days(0).isoformat()})
    assert "Laat eerst de afsprakennota tekenen." in early.context["form"].non_field_errors()
    with inside(service):
        sign_all(make_agreement(placement))
    assert client.get(url_of(placement, "start/")).context["form"].initial["on"] == days(0)
    assert client.post(url_of(placement, "start/"), {"on": days(0).isoformat()}).url == url_of(placement)
    with inside(service):
        assert Placement.objects.get().state == "active"
    assert "Stop de plek" in client.get(url_of(placement)).text


def test_stopping_from_the_page(service, coach):
    with inside(service):
        placement = make_active_placement(coach)
    client = client_of(coach)
    failed = client.post(url_of(placement, "stoppen/"), {"on": days(0).isoformat(), "code": ""})
    assert (failed.status_code, list(failed.context["form"].errors)) == (422, ["code"])
    assert client.get(url_of(placement, "stoppen/")).status_code == 200
    data = {"on": days(0).isoformat(), "code": "change_by_host", "reason": "Verbouwing"}
    assert client.post(url_of(placement, "stoppen/"), data).status_code == 302
    page = client.get(url_of(placement)).text
    assert "Andere plek, op vraag van de organisatie" in page
    assert "Verbouwing" in page


def test_a_no_from_the_page(service, coach):
    with inside(service):
        placement = make_placement(coach)
    client = client_of(coach)
    assert client.get(url_of(placement, "niet-door/")).status_code == 200
    assert client.post(url_of(placement, "niet-door/"), {"code": "host_no"}).status_code == 302
    page = client.get(url_of(placement))
    assert "De organisatie zegt nee" in page.text
    assert "Maak de nota" not in page.text


def test_the_place_costs_the_same_with_more_versions(service, coach):
    from stapsteen.placements.actions import replace_agreement

    client = client_of(coach)
    with inside(service):
        placement = make_placement(coach)
        agreement = make_agreement(placement)
    client.get(url_of(placement))
    with CaptureQueriesContext(connection) as one:
        client.get(url_of(placement))
    with inside(service) as actor:
        second = replace_agreement(agreement=agreement, actor=actor, terms={"other": "2"})
        replace_agreement(agreement=second, actor=actor, terms={"other": "3"})
    with CaptureQueriesContext(connection) as three:
        client.get(url_of(placement))
    assert len(three) == len(one)


def test_a_part_of_the_task_is_chosen_shown_and_agreed(service: Any, coach: Any) -> None:
    with inside(service):
        pathway, host = make_pathway(coach), make_host("Dinamo", places=2)
        task, other = make_task(host.organisation, "Koken"), make_task(host.organisation, "Balie")
        part = host_actions.keep_subtask(
            task=task, actor=SYSTEM, title="Groenten snijden", lifts=["dutch_reading"]
        )
        elsewhere = host_actions.keep_subtask(
            task=other, actor=SYSTEM, title="Bellen", lifts=["dutch_reading"]
        )
    client = client_of(coach)
    page = client.get(f"{pick_url(pathway)}{task.pk}/")
    assert [label for _key, label in page.context["form"].fields["part"].choices] == [
        "De hele taak",
        "Groenten snijden",
    ]
    odd = client.post(f"{pick_url(pathway)}{task.pk}/", propose_data(part=str(elsewhere.pk)))
    assert (odd.status_code, set(odd.context["form"].errors)) == (422, {"part"})
    answer = client.post(f"{pick_url(pathway)}{task.pk}/", propose_data(part=str(part.pk)), follow=True)
    assert ("Deel van de taak", "Groenten snijden") in answer.context["facts"]
    with inside(service):
        placement = Placement.objects.get()
        assert placement.part == part
        document = compose.compose(placement, read_terms({}), 1, timezone.now())
        assert [one.title for one in document.tasks] == ["Groenten snijden"]
    note = client.get(f"/vinac/plekken/{placement.pk}/nota/")
    assert note.context["form"]["tasks"].value() == "Groenten snijden"
