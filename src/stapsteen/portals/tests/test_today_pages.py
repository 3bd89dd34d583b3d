"""Today: each role sees what concerns it; each line ends in the action."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.core.models import ReadEntry
from stapsteen.hosts.actions import set_host_agreement
from stapsteen.hours import actions as hours
from stapsteen.hours.models import SheetPerson, Timesheet
from stapsteen.hours.tests.factories import SYSTEM, last_month, make_entered, place, some_host
from stapsteen.pathways.actions import open_group, plan_sessions, take_in_referral
from stapsteen.pathways.tests.factories import make_pathway, make_referral
from stapsteen.people.actions import plan_appointment
from stapsteen.people.models import Person
from stapsteen.people.tests.factories import make_person
from stapsteen.placements.actions import propose_placement
from stapsteen.portals.today import SHOWN
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db


def url(service: Any) -> str:
    return reverse("portals.today", kwargs={"service": service.slug})


def shown(client: Any, service: Any) -> dict[str, list[str]]:
    """Section -> titles of its lines."""
    response = client.get(url(service))
    assert response.status_code == 200
    return {section.key: [item.title for item in section.items] for section in response.context["sections"]}


@pytest.mark.parametrize("role", ["coach", "intake", "coordinator", "desk", "administrator", "policy"])
def test_nothing_to_do(service: Any, role: str) -> None:
    response = client_of(make_staff(service, role)).get(url(service))
    assert "Alles gedaan" in response.content.decode()


@pytest.mark.parametrize("role", ["participant", "referrer", "expert", "host_contact"])
def test_not_for_who_is_no_staff(service: Any, role: str) -> None:
    assert client_of(make_staff(service, role)).get(url(service)).status_code == 404


def test_intake_sees_new_referrals_and_the_own_talks(service: Any, intake: Any, coach: Any) -> None:
    other = make_staff(service, "intake", email="second@example.org")
    with inside(service):
        make_referral(SYSTEM, person={"first_name": "Nieuw"})
    with inside(service, intake) as actor:
        take_in_referral(referral=make_referral(SYSTEM, person={"first_name": "Mijn"}), actor=actor)
    with inside(service, other) as actor:
        take_in_referral(referral=make_referral(SYSTEM, person={"first_name": "Ander"}), actor=actor)
    assert shown(client_of(intake), service) == {"received": ["Nieuw Peeters"], "in_talks": ["Mijn Peeters"]}
    assert shown(client_of(coach), service) == {}


def test_a_coach_sees_the_own_people_and_a_coordinator_all(
    service: Any, coach: Any, coordinator: Any
) -> None:
    other = make_staff(service, "coach", email="second@example.org")
    with inside(service):
        make_pathway(coach)
        make_pathway(other, person=make_person(SYSTEM, first_name="Bilal"))
    assert shown(client_of(coach), service) == {"no_place": ["Amina Peeters"]}
    both = client_of(coordinator).get(url(service)).context["sections"][0]
    assert {(item.title, item.text) for item in both.items} == {
        ("Amina Peeters", coach.name),
        ("Bilal Peeters", other.name),
    }


def test_a_place_in_preparation_says_what_it_waits_for(service: Any, coach: Any) -> None:
    with inside(service):
        host, task = some_host()
        pathway = make_pathway(coach)
        propose_placement(
            pathway=pathway, actor=SYSTEM, host=host, task=task, starts_on=timezone.localdate(), half_days=1
        )
    section = client_of(coach).get(url(service)).context["sections"][0]
    assert (section.key, section.items[0].action) == ("places", "Maak de nota")
    assert section.items[0].text == "WZC De Linde. Er is nog geen afsprakennota."


def test_sheets_to_confirm_late_ones_and_calls(service: Any, coach: Any) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=8)), inside(service):
        place(coach, *some_host("Stil"))
    with inside(service):
        hours.make_sheets(month=last_month(), actor=SYSTEM)
        Timesheet.objects.update(state="asked", asked_on=timezone.localdate() - timedelta(days=8))
        sheet = make_entered(coach, "Bilal")
        entry = SheetPerson.objects.get(timesheet=sheet)
        hours.tell_coach(entry=entry, actor=SYSTEM, remark="", call=True)
    assert shown(client_of(coach), service) == {
        "calls": ["WZC De Linde vraagt om te bellen"],
        "entered": ["WZC De Linde"],
        "silent": ["Stil"],
    }


def test_evaluations_standing_still_and_insurance(service: Any, coach: Any) -> None:
    today = timezone.localdate()
    with time_machine.travel(timezone.now() - timedelta(days=150)), inside(service):
        host, task = some_host()
        place(coach, host, task, starts_on=today - timedelta(days=150))
        set_host_agreement(host=host, actor=SYSTEM, insurance_until=today + timedelta(days=10))
    found = shown(client_of(coach), service)
    assert found == {
        "evaluations": ["Amina Peeters"],
        "still": ["Amina Peeters"],
        "insurance": ["WZC De Linde"],
    }
    assert shown(client_of(make_staff(service, "desk")), service) == {"insurance": ["WZC De Linde"]}
    assert shown(client_of(make_staff(service, "coach", email="x@example.org")), service) == {}


def test_a_long_list_is_cut_and_says_how_many_more(service: Any, coach: Any) -> None:
    with inside(service):
        for number in range(SHOWN + 2):
            make_pathway(coach, person=make_person(SYSTEM, first_name=f"P{number}"))
    response = client_of(coach).get(url(service))
    section = response.context["sections"][0]
    assert (len(section.items), section.rest, response.context["count"]) == (SHOWN, 2, SHOWN + 2)
    assert "Nog 2" in response.content.decode()


def test_the_read_log_holds_the_persons_of_the_lines_and_nobody_else(
    service: Any, coordinator: Any, coach: Any
) -> None:
    today, long_ago = timezone.localdate(), timezone.now() - timedelta(days=150)
    with time_machine.travel(long_ago), inside(service):
        host, task = some_host()
        for number in range(SHOWN + 2):
            place(coach, host, task, first_name=f"P{number}", starts_on=today - timedelta(days=150))
    with inside(service):
        for number in range(SHOWN + 2):
            make_referral(SYSTEM, person={"first_name": f"Nieuw{number}", "last_name": "X"})
    sections = client_of(coordinator).get(url(service)).context["sections"]
    assert {section.key: section.rest for section in sections} == {
        "received": 2,
        "evaluations": 2,
        "still": 2,
    }
    titles = {item.title for section in sections for item in section.items}
    with inside(service):
        entry = ReadEntry.objects.get(purpose="portals.today")
        assert {str(person) for person in Person.objects.filter(pk__in=entry.subjects)} == titles


def test_as_many_queries_for_three_as_for_one(service: Any, coordinator: Any, coach: Any) -> None:
    def fill(name: str) -> None:
        make_referral(SYSTEM, person={"first_name": name})
        make_pathway(coach, person=make_person(SYSTEM, first_name=name))
        host, task = some_host(name)
        place(coach, host, task, first_name=name)
        pathway = make_pathway(coach, person=make_person(SYSTEM, first_name=f"{name} 2"))
        propose_placement(
            pathway=pathway, actor=SYSTEM, host=host, task=task, starts_on=timezone.localdate(), half_days=1
        )
        set_host_agreement(host=host, actor=SYSTEM, insurance_until=timezone.localdate())

    with inside(service):
        fill("Een")
    client = client_of(coordinator)
    client.get(url(service))
    with CaptureQueriesContext(connection) as one:
        client.get(url(service))
    with inside(service):
        fill("Twee")
        fill("Drie")
    with CaptureQueriesContext(connection) as three:
        client.get(url(service))
    assert len(three) == len(one)


def test_meetings_of_today_what_must_be_noted_and_groups(service: Any, coach: Any) -> None:
    today = timezone.localdate()
    noon = timezone.make_aware(datetime.combine(today, time(12)))
    with time_machine.travel(noon), inside(service, coach) as actor:
        person = make_pathway(coach).person
        for hours in (-24, -1, 3, 24):
            plan_appointment(person=person, actor=actor, staff=coach, starts_at=noon + timedelta(hours=hours))
        group = open_group(
            actor=actor, name="Koken", kind="training", starts_on=today - timedelta(days=9), led_by=coach
        )
        plan_sessions(group=group, actor=actor, first=today - timedelta(days=7), times=3)
    other = make_staff(service, "coach", email="other@example.org")
    with time_machine.travel(noon):
        found = shown(client_of(coach), service)
        assert {key: len(found[key]) for key in ("meetings", "to_note", "sessions")} == {
            "meetings": 1,
            "to_note": 2,
            "sessions": 2,
        }
        assert shown(client_of(other), service) == {}
