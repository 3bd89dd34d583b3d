"""The coach's list and sheets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stapsteen.core.models import OutgoingMail
from stapsteen.hours import actions
from stapsteen.hours.models import HourLine, SheetPerson, Timesheet
from stapsteen.hours.tests.factories import (
    SYSTEM,
    make_confirmed,
    make_entered,
    make_sheet,
    place,
    roster_lines,
    some_host,
)
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


def list_url(service: Any) -> str:
    return reverse("hours.sheet_list", kwargs={"service": service.slug})


def url(name: str, service: Any, sheet: Timesheet) -> str:
    return reverse(f"hours.{name}", kwargs={"service": service.slug, "timesheet": sheet.pk})


def test_the_list_is_of_last_month_with_its_states(service: Any, coach: Any) -> None:
    with inside(service):
        make_entered(coach)
        place(coach, *some_host("De Berk"), first_name="Bilal")
        actions.make_sheets(month=OCTOBER, actor=SYSTEM)
    response = client_of(coach).get(list_url(service))
    page = response.content.decode()
    assert "Uren van oktober 2026" in page
    assert [(tab["label"], tab["count"]) for tab in response.context["counts"]] == [
        ("Alle", 2), ("Nog niet gevraagd", 1), ("Gevraagd", 0), ("Ingevuld", 1), ("Bevestigd", 0),
    ]  # fmt: skip
    assert page.index("WZC De Linde") < page.index("De Berk")
    open_ones = client_of(coach).get(list_url(service) + "?maand=2026-10&stand=open").content.decode()
    assert "WZC De Linde" not in open_ones
    assert "De Berk" in open_ones


def test_an_empty_month_says_what_comes_and_lets_you_begin(service: Any, coach: Any) -> None:
    with inside(service):
        place(coach, *some_host())
    client, here = client_of(coach), list_url(service) + "?maand=2026-11"
    assert "Nog geen bladen voor deze maand" in client.get(here).content.decode()
    page = client.post(here, {"do": "make"}, follow=True).content.decode()
    assert "1 persoon erbij." in page
    assert "WZC De Linde" in page


def test_what_is_as_agreed_is_confirmed_from_the_list(service: Any, coach: Any) -> None:
    with inside(service):
        make_entered(coach)
    client = client_of(coach)
    assert "Bevestig wat klopt" in client.get(list_url(service)).content.decode()
    page = client.post(list_url(service), {"do": "confirm"}, follow=True).content.decode()
    assert "1 blad bevestigd." in page
    assert "Bevestig wat klopt" not in page


def test_a_coach_sees_the_own_sheets_and_a_coordinator_all(
    service: Any, coach: Any, coordinator: Any
) -> None:
    other = make_staff(service, "coach", email="other@example.org")
    with inside(service):
        sheet = make_entered(coach)
    assert "WZC De Linde" not in client_of(other).get(list_url(service)).content.decode()
    assert "WZC De Linde" in client_of(coordinator).get(list_url(service)).content.decode()
    for name in ("sheet_detail", "sheet_enter", "sheet_send_back", "sheet_correct"):
        assert client_of(other).get(url(name, service, sheet)).status_code == 404
        assert client_of(coordinator).get(url(name, service, sheet)).status_code == 200


def test_a_sheet_beside_the_roster(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach)
        lines = roster_lines(sheet)
        placement = lines[0][0]
        given = [(placement, date(2026, 10, 1), 210), (placement, date(2026, 10, 5), 0), *lines[2:]]
        actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=given)
    response = client_of(coach).get(url("sheet_detail", service, sheet))
    rows = response.context["people"][0]["rows"]
    assert [(row["cells"], row["kind"]) for row in rows[:3]] == [
        (["do 1 oktober", "3", "3,5", "+0,5"], "warning"),
        (["ma 5 oktober", "3", "0", "niet gekomen"], "warning"),
        (["do 8 oktober", "3", "3", ""], ""),
    ]
    page = response.content.decode()
    assert "wijkt af van het rooster" in page
    assert "Bevestig 24,5 uur" in page


def test_confirming_closes_the_sheet(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
    client = client_of(coach)
    page = client.post(url("sheet_detail", service, sheet), {"do": "confirm"}, follow=True).content.decode()
    assert "Bevestigd. Deze uren tellen nu mee." in page
    assert "Verbeter een dag" in page
    assert "Vul zelf in" not in page
    assert client.post(url("sheet_detail", service, sheet), {"do": "confirm"}).status_code == 422


def test_a_call_is_asked_and_done(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
        actions.tell_coach(entry=SheetPerson.objects.get(), actor=SYSTEM, remark="Bel eens", call=True)
    client, here = client_of(coach), url("sheet_detail", service, sheet)
    page = client.get(here).content.decode()
    assert "De gastorganisatie vraagt om te bellen" in page
    assert 'href="tel:014112233"' in page
    assert "Bel eens" in page
    assert "vraagt om te bellen" in client.get(list_url(service)).content.decode()
    assert "vraagt om te bellen" not in client.post(here, {"do": "called"}, follow=True).content.decode()


def test_the_coach_enters_from_paper(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach)
    client, here = client_of(coach), url("sheet_enter", service, sheet)
    form = client.get(here).context["form"]
    given = {field.html_name: field.value() or "" for field in form}
    wrong = client.post(here, given | {next(n for n in given if n.startswith("d2026")): "x"})
    assert wrong.status_code == 422
    assert client.post(here, given | {"add_day": form.people[0].key.hex}).status_code == 200
    done = client.post(here, given)
    assert done.headers["Location"] == url("sheet_detail", service, sheet)
    with inside(service):
        assert Timesheet.objects.get().state == "entered"
        assert {(line.source, line.entered_by) for line in HourLine.objects.all()} == {("coach", coach.name)}
        actions.confirm_sheet(timesheet=sheet, actor=SYSTEM)
    assert "Dit blad is bevestigd" in client.get(here).content.decode()


def test_sending_back_needs_a_reason_and_mails_the_host(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
    client, here = client_of(coach), url("sheet_send_back", service, sheet)
    assert client.post(here, {"remark": ""}).status_code == 422
    page = client.post(here, {"remark": "Klopt 5 oktober?"}, follow=True).content.decode()
    assert "De gastorganisatie krijgt een mail." in page
    assert "Klopt 5 oktober?" in page
    assert OutgoingMail.objects.count() == 1


def test_a_correction_stays_visible(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_confirmed(coach)
        placement = SheetPerson.objects.get().placement_id
    client, here = client_of(coach), url("sheet_correct", service, sheet)
    wrong = client.post(here, {"person": placement, "day": "2026-11-30", "minutes": "1"})
    assert (wrong.status_code, "moet nog komen" in wrong.content.decode()) == (422, True)
    page = client.post(here, {"person": placement, "day": "2026-10-05", "minutes": "1u30"}, follow=True)
    assert page.context["corrections"][0][:4] == ["Amina P.", "5 oktober", "-1,5", coach.name]
    assert page.context["total"] == "25,5"


@pytest.mark.parametrize("name", ["sheet_list", "sheet_detail", "sheet_enter"])
def test_as_many_queries_for_three_as_for_one(service: Any, coach: Any, name: str) -> None:
    with inside(service):
        sheet = make_entered(coach)
    here = list_url(service) if name == "sheet_list" else url(name, service, sheet)
    client = client_of(coach)
    client.get(here)
    with CaptureQueriesContext(connection) as one:
        client.get(here)
    with inside(service):
        for first_name in ("Bilal", "Carlo"):
            place(coach, sheet.host, sheet.host.organisation.tasks.get(), first_name=first_name)
            place(coach, *some_host(f"Host {first_name}"), first_name=first_name)
        actions.make_sheets(month=OCTOBER, actor=SYSTEM)
    with CaptureQueriesContext(connection) as three:
        client.get(here)
    assert len(three) == len(one)
