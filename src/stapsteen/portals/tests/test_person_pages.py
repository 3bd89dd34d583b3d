"""The person's page: in ten seconds on top, and its sides."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stapsteen.core.models import Event
from stapsteen.followup.actions import drop_evaluation, hold_evaluation
from stapsteen.followup.models import Evaluation
from stapsteen.hosts.actions import set_host_agreement
from stapsteen.hours import actions as hours
from stapsteen.hours.models import SheetPerson
from stapsteen.hours.tests.factories import SYSTEM, make_confirmed, make_entered, place, some_host
from stapsteen.pathways.actions import (
    end_pathway,
    join_group,
    leave_group,
    move_on_wheel,
    open_group,
    suspend_pathway,
)
from stapsteen.pathways.models import Pathway, WheelPosition
from stapsteen.pathways.tests.factories import make_pathway, make_referral
from stapsteen.people.actions import (
    add_note,
    add_supporter,
    close_appointment,
    plan_appointment,
    update_person,
)
from stapsteen.people.models import Person
from stapsteen.people.tests.factories import make_person
from stapsteen.placements.actions import draft_agreement
from stapsteen.placements.tests.factories import make_agreement, make_placement, sign_all
from stapsteen.portals.person_views import SIDES
from stapsteen.testing.world import client_of, inside, make_programme, make_staff

pytestmark = pytest.mark.django_db


def url(service: Any, person: Any, side: str = "") -> str:
    here = reverse(
        "portals.person", kwargs={"service": service.slug, "person": getattr(person, "pk", person)}
    )
    return f"{here}?deel={side}" if side else here


def page(client: Any, here: str) -> str:
    response = client.get(here)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_person_in_ten_seconds(service: Any, coach: Any) -> None:
    with inside(service):
        placement = place(coach, *some_host())
        person = placement.person
        update_person(person=person, actor=SYSTEM, phone="0470 11 22 33", language="Dari", interests="Koken")
        move_on_wheel(
            pathway=placement.pathway, actor=SYSTEM, segment="helping-out", starts_on=timezone.localdate()
        )
    shown = page(client_of(coach), url(service, person))
    assert re.search("<title>(.*?)</title>", shown)[1] == "Persoon – VINAC"  # type: ignore[index]
    for text in (
        "Amina Peeters",
        "0470 11 22 33",
        "Dari",
        "Turnhout",
        "Opstap",
        coach.name,
        "WZC De Linde",
        "Koken",
    ):
        assert text in shown
    assert "maandag voormiddag, donderdag namiddag" in shown
    assert "Volgende evaluatie" in shown
    assert "Plaats op het wiel genoteerd" in shown
    assert (
        reverse("pathways.wheel", kwargs={"service": service.slug, "pathway": placement.pathway_id}) in shown
    )
    detail = reverse(
        "placements.placement_detail", kwargs={"service": service.slug, "placement": placement.pk}
    )
    assert f'href="{detail}"' in shown


def test_someone_without_a_pathway(service: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person(SYSTEM)
    shown = page(client_of(coordinator), url(service, person))
    assert "Geen lopend traject" in shown
    for side, text in (
        ("uren", "Nog geen uren"),
        ("evaluaties", "Nog geen evaluaties"),
        ("notities", "Nog geen notities"),
        ("tijdlijn", "Gegevens voor het eerst genoteerd"),
        ("onzin", "Geen lopend traject"),
    ):
        assert text in page(client_of(coordinator), url(service, person, side))


def test_intake_sees_the_open_referral(service: Any, intake: Any) -> None:
    with inside(service):
        referral = make_referral(SYSTEM)
    shown = page(client_of(intake), url(service, referral.person_id))
    assert "Open aanmelding" in shown
    detail = reverse("pathways.referral_detail", kwargs={"service": service.slug, "referral": referral.pk})
    assert detail in shown


def test_who_may_see_the_page(service: Any, coach: Any, other_service: Any) -> None:
    stranger = make_staff(service, "coach", email="other@example.org")
    elsewhere = make_staff(other_service, "coach")
    with inside(service):
        person = make_pathway(coach).person
    for side in ("", "tijdlijn", "uren", "evaluaties", "notities"):
        assert client_of(stranger).get(url(service, person, side)).status_code == 404
        assert client_of(elsewhere).get(url(service, person, side)).status_code == 404
        assert client_of(coach).get(url(service, person, side)).status_code == 200


def test_what_needs_attention(service: Any, coach: Any) -> None:
    today = timezone.localdate()
    with inside(service):
        host, task = some_host()
        placement = place(coach, host, task, starts_on=today - timedelta(days=200))
        set_host_agreement(host=host, actor=SYSTEM, insurance_until=today - timedelta(days=1))
    shown = page(client_of(coach), url(service, placement.person_id))
    assert re.search(r"Evaluatie: \d+ dagen te laat", shown)
    assert "De verzekering van WZC De Linde liep tot" in shown
    assert "Er is nu geen plek" not in shown


def test_no_place_and_a_pause(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_pathway(coach)
    client = client_of(coach)
    assert "Er is nu geen plek." in page(client, url(service, pathway.person_id))
    with inside(service):
        suspend_pathway(pathway=pathway, actor=SYSTEM, starts_on=timezone.localdate())
    shown = page(client, url(service, pathway.person_id))
    assert "Hervat" in shown
    assert "Gepauzeerd" in shown


def test_a_call_of_the_host_stands_on_top(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
        entry = SheetPerson.objects.get()
        hours.tell_coach(entry=entry, actor=SYSTEM, remark="", call=True)
    shown = page(client_of(coach), url(service, entry.person_id))
    assert "WZC De Linde vraagt om te bellen" in shown
    assert reverse("hours.sheet_detail", kwargs={"service": service.slug, "timesheet": sheet.pk}) in shown


def test_hours_per_month(service: Any, coach: Any) -> None:
    with inside(service):
        make_confirmed(coach)
        person = SheetPerson.objects.get().person_id
    response = client_of(coach).get(url(service, person, "uren"))
    total = response.context["total"]
    assert [row[1:] for row in response.context["months"]] == [[total, "–"]]
    assert f"In het voorbije jaar zijn {total} uren bevestigd." in response.content.decode()


def test_talks_that_were_held_and_dropped(service: Any, coach: Any) -> None:
    today = timezone.localdate()
    with inside(service):
        placement = place(coach, *some_host(), starts_on=today - timedelta(days=300))
        pathway = placement.pathway
        hold_evaluation(
            pathway=pathway, actor=SYSTEM, due_on=today - timedelta(days=180), held_on=today,
            voice_person="Het gaat vlot.", decision="step_up",
        )  # fmt: skip
        drop_evaluation(pathway=pathway, actor=SYSTEM, due_on=today - timedelta(days=60), reason_code="other")
    shown = page(client_of(coach), url(service, pathway.person_id, "evaluaties"))
    assert "Klaar voor een volgende stap" in shown
    assert "Het gaat vlot." in shown
    assert "Vervallen" in shown


def test_notes_and_the_timeline_hold_the_words(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_pathway(coach)
    with inside(service, coach) as actor:
        add_note(person=pathway.person, actor=actor, text="Kwam graag langs.", kind="visit")
    for side in ("notities", "tijdlijn"):
        shown = page(client_of(coach), url(service, pathway.person_id, side))
        assert "Kwam graag langs." in shown
        assert coach.name in shown


def test_as_many_queries_for_much_as_for_little(service: Any, coach: Any) -> None:
    with inside(service):
        little = place(coach, *some_host("Een")).person_id
        much = place(coach, *some_host("Twee"), first_name="Bilal")
        add_note(person=Person.objects.get(pk=little), actor=SYSTEM, text="Notitie")
        for number in range(3):
            add_note(person=much.person, actor=SYSTEM, text=f"Notitie {number}")
    client = client_of(coach)
    page(client, url(service, little))
    for side in ("", "tijdlijn", "uren", "evaluaties", "notities"):
        counts = []
        for person in (little, much.person_id):
            with CaptureQueriesContext(connection) as found:
                page(client, url(service, person, side))
            counts.append(len(found))
        assert counts[0] == counts[1], side


def test_an_erased_person_has_no_page(service: Any, coordinator: Any) -> None:
    with inside(service):
        person = make_person(SYSTEM)
        Person.objects.filter(pk=person.pk).update(erased_at=timezone.now())
    assert client_of(coordinator).get(url(service, person)).status_code == 404


def test_an_earlier_pathway_stays_in_view(service: Any, coordinator: Any, coach: Any) -> None:
    today = timezone.localdate()
    with inside(service):
        update_person(
            person=(old := make_pathway(coach)).person, actor=SYSTEM, birth_year=1980, reach_by="sms"
        )
        end_pathway(
            pathway=old,
            actor=SYSTEM,
            ends_on=today,
            code="goal_reached",
            destination="volunteering",
            reason="Klaar",
        )
    shown = page(client_of(coordinator), url(service, old.person_id))
    for text in ("Vorige trajecten", "geboren in 1980, liefst: sms", "Geen lopend traject", "Afgerond"):
        assert text in shown


@pytest.mark.parametrize(
    ("programme", "days", "text"),
    [
        ("link", 200, "Langer dan de richtduur"),
        ("vinac", 1020, "De maximumduur is bijna bereikt"),
        ("vinac", 1100, "De maximumduur is voorbij"),
    ],
)
def test_a_pathway_that_lasts_long(service: Any, coach: Any, programme: str, days: int, text: str) -> None:
    version = make_programme(service, programme)
    rules = version.rules
    begin = timezone.localdate() - timedelta(days=days)
    with time_machine.travel(timezone.now() - timedelta(days=60)), inside(service):
        pathway = make_pathway(
            coach,
            programme=version,
            starts_on=begin,
            aim=rules.aims[0].id,
            segment=rules.wheel.segments[0].id,
        )
    shown = page(client_of(coach), url(service, pathway.person_id))
    assert text in shown
    assert "Al 8 weken niets genoteerd." in shown


def test_what_a_proposed_place_waits_for(service: Any, coach: Any) -> None:
    with inside(service):
        agreement = make_agreement(make_placement(coach))
        placement = agreement.placement
    client, here = client_of(coach), url(service, placement.person_id)

    def waits() -> str:
        return client.get(here).context["way"]["places"][0]["waits"]

    said = [waits()]
    with inside(service):
        sign_all(agreement)
    said.append(waits())
    with inside(service):
        drafted = make_placement(coach, pathway=make_pathway(coach, person=make_person(SYSTEM)))
        draft_agreement(placement=drafted, actor=SYSTEM, terms={})
    here = url(service, drafted.person_id)
    said.append(waits())
    assert said == [
        "0 van de 3 handtekeningen zijn er.",
        "Alles is getekend.",
        "De afsprakennota is in opmaak.",
    ]


def test_hours_that_wait_for_the_confirmation(service: Any, coach: Any) -> None:
    with inside(service):
        make_entered(coach)
        person = SheetPerson.objects.get().person_id
    response = client_of(coach).get(url(service, person, "uren"))
    (row,) = response.context["months"]
    assert (row[1], response.context["waiting"]) == ("0", True)
    assert row[2] != "–"


ALL_SIDES = tuple(SIDES)


def live(service: Any, coach: Any, person: Any, times: int) -> None:
    """Meetings, notes, attempts, groups, places on the wheel, supporters and talks: so many of each, back through the years."""
    today = timezone.localdate()
    with inside(service, coach) as actor:
        pathway = Pathway.objects.get(person=person)
        group = open_group(actor=actor, name="Koken", kind="training", starts_on=today - timedelta(days=3700))
        for number in range(times):
            day = today - timedelta(days=3650 * number // times)
            moment = timezone.now() - timedelta(days=3650 * number // times, hours=1)
            add_note(person=person, actor=actor, text=f"Notitie {number}", happened_on=day)
            add_note(person=person, actor=actor, text="", reached=False, happened_on=day)
            with time_machine.travel(moment):  # each on its own day, so that no day hides the others
                add_supporter(
                    person=person, actor=actor, kind="friend", name=f"Jos {number}", phone="014112233"
                )
                for start in (moment - timedelta(days=1), moment + timedelta(days=3660), moment):
                    meeting = plan_appointment(person=person, actor=actor, staff=coach, starts_at=start)
            close_appointment(appointment=meeting, actor=actor, action="hold")
            member = join_group(group=group, actor=actor, person=person, starts_on=day)
            if number < times - 1:
                leave_group(member=member, actor=actor, ends_on=day, finished=True)
            Event.objects.create(
                kind="person.updated", subject_id=person.pk, happened_on=day, actor="x", details={}
            )
            WheelPosition.objects.create(person=person, pathway=pathway, segment="joining-in", starts_on=day)
            Evaluation.objects.create(
                person=person, pathway=pathway, due_on=day, held_on=day, state="planned"
            )


def test_ten_years_cost_as_many_queries_as_one_of_each(service: Any, coach: Any) -> None:
    with inside(service):
        people = [place(coach, *some_host(name), first_name=name).person for name in ("Nieuw", "Lang")]
    for person, times in zip(people, (1, 60), strict=True):
        live(service, coach, person, times)
    client, counts = client_of(coach), {}
    page(client, url(service, people[0]))
    for side in ALL_SIDES:
        for person in people:
            with CaptureQueriesContext(connection) as found:
                page(client, url(service, person, side))
            counts.setdefault(side, []).append(len(found))
    assert {side: both[0] for side, both in counts.items()} == {
        side: both[1] for side, both in counts.items()
    }


def test_the_first_screen_says_when_we_meet_what_waits_and_whom_to_call(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        person = make_pathway(coach).person
        tomorrow = timezone.now() + timedelta(days=1)
        meeting = plan_appointment(person=person, actor=actor, staff=coach, starts_at=tomorrow, place="home")
        waits = plan_appointment(
            person=person, actor=actor, staff=coach, starts_at=tomorrow - timedelta(days=3), kind="visit"
        )
        add_supporter(
            person=person, actor=actor, kind="family", name="Mia", phone="014 11 22 33", may_call="yes"
        )
        add_supporter(
            person=person, actor=actor, kind="friend", name="Jos", phone="014 11 22 34", may_call="no"
        )
        add_supporter(person=person, actor=actor, kind="friend", name="Zonder nummer")
    found = client_of(coach).get(url(service, person)).context["glance"]
    here = [
        reverse("people.appointment", kwargs={"service": service.slug, "appointment": a.pk})
        for a in (meeting, waits)
    ]
    assert (found["meeting"]["url"], found["meeting"]["what"]) == (here[0], "Gesprek, bij de persoon thuis")
    assert [row["url"] for row in found["todo"]] == [here[1]]
    assert found["callers"] == [
        {"icon": "people", "text": "Familie: Mia, 014 11 22 33", "href": "tel:014112233"},
        {"icon": "people", "text": "Vriend of buur: Jos (niet bellen)"},
    ]
    assert [row["text"] for row in found["signals"]] == ["Er is nu geen plek."]
    assert (found["aim"], found["place"]) == ("Finaliteit", "Weinig contact")


def test_each_side_shows_its_part(service: Any, coach: Any) -> None:
    with inside(service):
        person = make_pathway(coach).person
    live(service, coach, person, 2)
    client = client_of(coach)
    shown = {side: page(client, url(service, person, side)) for side in ALL_SIDES}
    assert shown["groepen"].count("Koken") == 2
    assert shown["afspraken"].count("Doorgegaan") == 2
    assert "2 notities" not in shown["notities"]
    assert "4 notities" in shown["notities"]
    assert "Geprobeerd, niet bereikt" in shown["tijdlijn"]
