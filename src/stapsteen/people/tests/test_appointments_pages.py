"""The diary: planned, moved, held, missed, cancelled; the own list; the feed without names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.network.models import Membership
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions import close_appointment, make_feed, move_appointment, plan_appointment
from stapsteen.people.models import Appointment, CalendarFeed, Note, Person
from stapsteen.people.queries_agenda import feed_url
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def url(service: Any, name: str, **keys: Any) -> str:
    return reverse(f"people.{name}", kwargs={"service": service.slug, **keys})


def plan(coach: Any, person: Person, actor: Any, days: float = 2, **more: Any) -> Appointment:
    moment = timezone.now() + days * DAY
    return plan_appointment(person=person, actor=actor, staff=coach, starts_at=moment, **more)


def typed(moment: datetime, coach: Any, **more: Any) -> dict[str, Any]:
    local = timezone.localtime(moment)
    return {"day": local.strftime("%d/%m/%Y"), "time": local.strftime("%H.%M"), "minutes": "45", "staff": str(coach.pk),
            "kind": "visit", "place": "home", "where": "Kerkstraat 1", **more}  # fmt: skip


def test_a_meeting_is_planned_and_moved(service: Any, coach: Any) -> None:
    client = client_of(coach)
    with inside(service):
        person = make_pathway(coach).person
    moment = (timezone.now() + 3 * DAY).replace(second=0, microsecond=0)
    form = client.get(url(service, "appointment_plan", person=person.pk)).context["form"]
    assert form["staff"].value() == str(coach.pk)
    assert (
        client.post(url(service, "appointment_plan", person=person.pk), typed(moment, coach)).status_code
        == 302
    )
    with inside(service):
        made = Appointment.objects.get()
        assert (made.starts_at, made.minutes, made.where, made.state) == (
            moment,
            45,
            "Kerkstraat 1",
            "planned",
        )
    here = url(service, "appointment_move", appointment=made.pk)
    later = typed(moment + DAY, coach, place="phone", where="")
    assert client.post(here, later).status_code == 302
    with inside(service):
        made.refresh_from_db()
        assert (made.starts_at, made.place, made.where) == (moment + DAY, "phone", None)
        kinds = list(Event.objects.order_by("at", "id").values_list("kind", flat=True))
    assert kinds[-2:] == ["person.appointment", "person.appointment_moved"]
    assert made.where is None
    shown = client.get(url(service, "agenda")).content.decode()
    assert str(person) in shown
    assert "aan de telefoon" in shown


@pytest.mark.parametrize(
    ("wrong", "field"), [({"day": "overmorgen"}, "day"), ({"time": "9 uur"}, "time"), ({"minutes": "900"}, "minutes"),
                         ({"staff": "x"}, "staff"), ({"day": "01/01/2999"}, "day")],
)  # fmt: skip
def test_what_cant_be_a_meeting_comes_back_filled_in(
    service: Any, coach: Any, wrong: dict[str, str], field: str
) -> None:
    with inside(service):
        person = make_pathway(coach).person
    answer = client_of(coach).post(
        url(service, "appointment_plan", person=person.pk), {**typed(timezone.now() + DAY, coach), **wrong}
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize(
    ("action", "text", "state", "notes"),
    [("hold", "Ging goed.", "held", [("visit", True, "Ging goed.", 30)]), ("hold", "", "held", []),
     ("miss", "", "missed", [("visit", False, "", 30)]), ("cancel", "", "cancelled", [])],
)  # fmt: skip
def test_how_it_went(
    service: Any, coach: Any, action: str, text: str, state: str, notes: list[tuple[str, bool, str, int]]
) -> None:
    client = client_of(coach)
    with inside(service, coach) as actor:
        made = plan(coach, make_pathway(coach).person, actor, -0.1, kind="visit", place="home")
    waiting = client.get(url(service, "agenda")).context["waiting"]
    assert [line["url"] for line in waiting] == [url(service, "appointment", appointment=made.pk)]
    sent = {"action": action, "text": text, "minutes": "30"}
    assert client.post(url(service, "appointment", appointment=made.pk), sent).status_code == 302
    with inside(service):
        made.refresh_from_db()
        found = [(n.kind, n.reached, n.text, n.minutes) for n in Note.objects.all()]
        assert (made.state, found) == (state, notes)
    again = client.post(url(service, "appointment", appointment=made.pk), sent)
    assert again.status_code == 422
    assert client.get(url(service, "agenda")).context["waiting"] == []


def test_nobody_was_there_before_it_began(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        made = plan(coach, make_pathway(coach).person, actor)
        with pytest.raises(RuleBroken, match="moet nog komen"):
            close_appointment(appointment=made, actor=actor, action="hold")
        close_appointment(appointment=made, actor=actor, action="cancel")
        with pytest.raises(RuleBroken, match="al voorbij"):
            move_appointment(appointment=made, actor=actor, starts_at=timezone.now(), minutes=60)
        with pytest.raises(RuleBroken, match="5 minuten"):
            plan(coach, made.person, actor, minutes=2)
        with pytest.raises(RuleBroken, match="plaats"):
            plan(coach, made.person, actor, place="maan")
        with pytest.raises(ValueError, match="offset"):
            plan_appointment(person=made.person, actor=actor, staff=coach, starts_at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_another_coach_sees_nothing_and_a_colleagues_list_only_what_both_may_see(
    service: Any, coach: Any, coordinator: Any
) -> None:
    stranger = make_staff(service, "coach", email="other@example.org")
    with inside(service, coach) as actor:
        made = plan(coach, make_pathway(coach).person, actor)
    here = url(service, "appointment", appointment=made.pk)
    assert [client_of(who).get(here).status_code for who in (coach, coordinator, stranger)] == [200, 200, 404]
    lists = [
        client_of(who).get(url(service, "agenda") + f"?wie={coach.pk}") for who in (coordinator, stranger)
    ]
    assert [len(answer.context["days"]) for answer in lists] == [1, 0]


def test_the_own_list_costs_the_same_for_three_as_for_one(service: Any, coach: Any) -> None:
    client, counts = client_of(coach), []
    for number in (1, 2):
        with inside(service, coach) as actor:
            for _one in range(number):
                person = make_pathway(coach).person
                plan(coach, person, actor)
                plan(coach, person, actor, -1)
        client.get(url(service, "agenda"))
        with CaptureQueriesContext(connection) as found:
            client.get(url(service, "agenda"))
        counts.append(len(found))
    assert counts[0] == counts[1]


# The feed ------------------------------------------------------------------------------------------------------------


def path(feed: CalendarFeed) -> str:
    return urlsplit(feed_url(feed)).path


def test_the_feed_has_times_and_no_names(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        person = make_pathway(coach).person
        made = plan(coach, person, actor, kind="visit", place="home", where="Kerkstraat 1", about="Geheim")
        gone = plan(coach, person, actor, 3)
        close_appointment(appointment=gone, actor=actor, action="cancel")
        feed = make_feed(actor=actor)
    answer = Client().get(path(feed))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == made.starts_at.replace(microsecond=0)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=60)
    assert str(event["summary"]) == "Afspraak (bezoek)"
    assert str(event["url"]).endswith(url(service, "appointment", appointment=made.pk))
    for word in (person.first_name, person.last_name, "Kerkstraat", "Geheim", "Turnhout", str(person.pk)):
        assert word not in answer.content.decode()
    same = Client().get(path(feed), headers={"if-none-match": answer["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    with inside(service, coach) as actor:
        plan(coach, person, actor, 5)
    newer = Client().get(path(feed), headers={"if-none-match": answer["ETag"]})
    assert (newer.status_code, len(Calendar.from_ical(newer.content).walk("VEVENT"))) == (200, 2)


def test_a_new_address_or_a_stop_makes_the_old_one_useless(service: Any, coach: Any) -> None:
    client, here = client_of(coach), url(service, "feed_settings")
    client.post(here, {"actie": "maak"})
    with inside(service):
        first = CalendarFeed.objects.get()
    client.post(here, {"actie": "maak"})
    with inside(service):
        second = CalendarFeed.objects.get(stopped_at=None)
    assert feed_url(second) in client.get(here).content.decode()
    assert [Client().get(path(feed)).status_code for feed in (first, second)] == [404, 200]
    client.post(here, {"actie": "stop"})
    assert Client().get(path(second)).status_code == 404
    assert "geen adres" in client.get(here).content.decode()


def test_who_left_has_no_feed_and_age_alone_doesnt_stop_it(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        feed = make_feed(actor=actor)
    address = path(feed)
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        assert Client().get(address).status_code == 200
    Membership.objects.filter(user_id=coach.user_id).update(ends_on=timezone.localdate() - DAY)
    assert Client().get(address).status_code == 404


def test_only_a_colleague_has_a_calendar(service: Any, coach: Any) -> None:
    with inside(service) as actor, pytest.raises(RuleBroken, match="collega"):
        make_feed(actor=actor)


@pytest.mark.parametrize(
    ("minutes", "same_colleague", "same_person", "warned"),
    [
        (30, True, False, 1), (30, False, True, 1), (30, True, True, 1), (30, False, False, 0),
        (60, True, True, 0), (-60, True, True, 0), (-59, True, True, 1),
    ],
)  # fmt: skip
def test_two_meetings_at_once_are_warned_of_and_allowed(
    service: Any, coach: Any, minutes: int, same_colleague: bool, same_person: bool, warned: int
) -> None:
    """The other one lasts an hour, from two o'clock; one that begins when it ends is no overlap."""
    two_o_clock = (timezone.localtime() + 3 * DAY).replace(hour=14, minute=0, second=0, microsecond=0)
    colleague = make_staff(service, "coach", email="bis@example.org")
    with inside(service) as actor:
        person, other = make_pathway(coach).person, make_pathway(colleague).person
        plan_appointment(
            person=person if same_person else other, actor=actor, staff=coach if same_colleague else colleague,
            starts_at=two_o_clock, minutes=60,
        )  # fmt: skip
    client = client_of(coach)
    mine = typed(two_o_clock + timedelta(minutes=minutes), coach, minutes="60")
    answer = client.post(url(service, "appointment_plan", person=person.pk), mine, follow=True)
    told = [str(message) for message in answer.context["messages"] if message.level_tag == "warning"]
    assert (len(told), all(words.startswith("Let op:") for words in told)) == (warned, True)
    with inside(service):
        made = Appointment.objects.latest("id")
    here = client.get(url(service, "appointment", appointment=made.pk))
    assert here.context["overlaps"] == told
    moved = typed(two_o_clock + timedelta(minutes=minutes) + DAY, coach)
    answer = client.post(url(service, "appointment_move", appointment=made.pk), moved, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["success"]
