"""Groups: opened, planned, joined, attended, finished; who sees whom; attendance stays away from who can sanction."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from stapsteen.core.access import RULES
from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.pathways import queries_groups as queries
from stapsteen.pathways.actions import (
    change_session,
    join_group,
    leave_group,
    note_attendance,
    open_group,
    plan_sessions,
)
from stapsteen.pathways.models import Attendance, Group, GroupMember, Session
from stapsteen.pathways.tests.factories import days_ago, make_pathway
from stapsteen.people.actions import erase_person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db


def url(service: Any, name: str, **keys: Any) -> str:
    return reverse(f"pathways.{name}", kwargs={"service": service.slug, **keys})


def make_group(actor: Any, coach: Any, **more: Any) -> Group:
    given = {
        "name": "Koken",
        "kind": "social_skills",
        "starts_on": days_ago(20),
        "places": 2,
        "led_by": coach,
        **more,
    }
    return open_group(actor=actor, **given)


def joined(actor: Any, coach: Any, group: Group, name: str = "Amina") -> GroupMember:
    person = make_pathway(coach, person=make_person(first_name=name)).person
    return join_group(group=group, actor=actor, person=person, starts_on=days_ago(20))


def test_from_nothing_to_a_group_with_days(service: Any, coach: Any) -> None:
    client = client_of(coach)
    assert "Er loopt nu geen groep" in client.get(url(service, "group_list")).content.decode()
    today = timezone.localdate()
    sent = {"name": "Op tijd", "kind": "attitude", "places": "3", "starts_on": today, "led_by": str(coach.pk)}
    assert client.post(url(service, "group_add"), {**sent, "kind": ""}).status_code == 422
    assert client.post(url(service, "group_add"), sent).status_code == 302
    with inside(service):
        group = Group.objects.get()
        assert (group.name, group.led_by_id, group.places) == ("Op tijd", coach.pk, 3)
    series = {"first": today, "times": "3", "every_weeks": "2", "begins": "14:00", "ends": "16.00"}
    assert (
        client.post(url(service, "session_add", group=group.pk), {**series, "ends": "13:00"}).status_code
        == 422
    )
    for _twice in range(2):
        client.post(url(service, "session_add", group=group.pk), series)
    with inside(service):
        found = list(Session.objects.order_by("day").values_list("day", "begins", "ends"))
    assert found == [(today + timedelta(weeks=number * 2), time(14), time(16)) for number in range(3)]
    assert (
        client.post(url(service, "group_edit", group=group.pk), {**sent, "name": "Anders"}).status_code == 302
    )
    assert "Anders" in client.get(url(service, "group_list")).content.decode()


def test_joining_from_both_sides_and_what_full_means(service: Any, coach: Any) -> None:
    client = client_of(coach)
    with inside(service, coach) as actor:
        group = make_group(actor, coach, places=1)
        one, two = (
            make_pathway(coach, person=make_person(first_name=name)).person for name in ("Een", "Twee")
        )
    today = timezone.localdate()
    client.post(url(service, "group_join", group=group.pk), {"person": str(one.pk), "starts_on": today})
    assert client.get(url(service, "group_list")).context["rows"][0][4] == {
        "text": "volzet",
        "badge": "warning",
    }
    offered = client.get(url(service, "group_pick", person=two.pk)).content.decode()
    assert "Koken, sociale vaardigheden" in offered
    assert "volzet" in offered
    client.post(url(service, "group_pick", person=two.pk), {"group": str(group.pk), "starts_on": today})
    shown = client.get(url(service, "group_detail", group=group.pk)).content.decode()
    assert "1 te veel" in shown
    assert "meer mensen in de groep" in shown
    again = client.post(
        url(service, "group_pick", person=two.pk), {"group": str(group.pk), "starts_on": today}
    )
    assert again.status_code == 422
    assert [
        key
        for key, _name in client.get(url(service, "group_join", group=group.pk))
        .context["form"]["person"]
        .field.choices
    ] == [""]


def test_attendance_on_one_page(service: Any, coach: Any) -> None:
    client = client_of(coach)
    with inside(service, coach) as actor:
        group = make_group(actor, coach, places=5)
        members = [joined(actor, coach, group, name) for name in ("Een", "Twee", "Drie")]
        past, coming = plan_sessions(group=group, actor=actor, first=days_ago(7), times=2, every_weeks=2)
    here = url(service, "attendance", session=past.pk)
    sent = {f"lid_{members[0].pk}": "excused", "topic": "Soep"}
    assert client.post(here, sent).status_code == 302
    with inside(service):
        assert [(row.member_id, row.answer) for row in Attendance.objects.all()] == [
            (members[0].pk, "excused")
        ]
    client.post(here, {**sent, f"lid_{members[1].pk}": "absent", "rest": "1"})
    with inside(service):
        given = {row.member_id: row.answer for row in Attendance.objects.all()}
        past.refresh_from_db()
    assert given == {members[0].pk: "excused", members[1].pk: "absent", members[2].pk: "present"}
    assert past.topic == "Soep"
    client.post(here, {f"lid_{members[1].pk}": "present"})
    with inside(service):
        assert {row.member_id: row.answer for row in Attendance.objects.all()} == {members[1].pk: "present"}
    future = client.post(url(service, "attendance", session=coming.pk), {"rest": "1"})
    assert future.status_code == 422
    listed = client.get(url(service, "attendance_list", group=group.pk)).context["rows"]
    assert sorted(row[1] for row in listed) == ["", "", "aanwezig"]
    book = load_workbook(
        io.BytesIO(client.get(url(service, "attendance_export", group=group.pk)).content)
    ).active
    assert sorted(str(row[1] or "") for row in book.iter_rows(min_row=2, values_only=True)) == [
        "",
        "",
        "aanwezig",
    ]


def test_a_day_that_is_off(service: Any, coach: Any) -> None:
    client = client_of(coach)
    with inside(service, coach) as actor:
        group = make_group(actor, coach)
        member = joined(actor, coach, group)
        one, two = plan_sessions(group=group, actor=actor, first=days_ago(14), times=2)
        note_attendance(session=one, actor=actor, answers={member.pk: "present"})
        with pytest.raises(RuleBroken, match="ging dus door"):
            change_session(session=one, actor=actor, day=one.day, cancelled=True)
    client.post(url(service, "session_edit", session=two.pk), {"day": two.day, "cancelled": "on"})
    with inside(service, coach) as actor:
        two.refresh_from_db()
        with pytest.raises(RuleBroken, match="ging niet door"):
            note_attendance(session=two, actor=actor, answers={member.pk: "present"})
    assert "gaat niet door" in client.get(url(service, "group_detail", group=group.pk)).content.decode()


def test_finished_with_what_was_learned(service: Any, coach: Any) -> None:
    client = client_of(coach)
    with inside(service, coach) as actor:
        group = make_group(actor, coach)
        member = joined(actor, coach, group)
    sent = {"finished": "ja", "ends_on": timezone.localdate(), "learned": "Ik bel nu zelf."}
    here = url(service, "group_leave", member=member.pk)
    assert client.post(here, {**sent, "ends_on": days_ago(60)}).status_code == 422
    assert client.post(here, sent).status_code == 302
    with inside(service):
        member.refresh_from_db()
        assert (member.finished, member.learned) == (True, "Ik bel nu zelf.")
        kinds = set(Event.objects.filter(subject_id=member.person_id).values_list("kind", flat=True))
    assert {"group.joined", "group.finished"} <= kinds
    person = reverse("portals.person", kwargs={"service": service.slug, "person": member.person_id})
    assert "Ik bel nu zelf." in client.get(f"{person}?deel=groepen").content.decode()
    assert client.post(here, sent).status_code == 422


def test_a_colleague_counts_the_others_but_doesnt_see_them_the_leader_does(service: Any, coach: Any) -> None:
    leader = make_staff(service, "coach", email="leader@example.org")
    stranger = make_staff(service, "coach", email="other@example.org")
    with inside(service, coach) as actor:
        group = make_group(actor, leader)
        member = joined(actor, coach, group, "Zichtbaar")
        session = plan_sessions(group=group, actor=actor, first=days_ago(1))[0]
    pages = {
        who: client_of(who).get(url(service, "group_detail", group=group.pk))
        for who in (coach, leader, stranger)
    }
    seen = {who: "Zichtbaar" in page.content.decode() for who, page in pages.items()}
    assert seen == {coach: True, leader: True, stranger: False}
    assert "En nog 1 iemand van een collega." in pages[stranger].content.decode()
    for name, keys in (("attendance", {"session": session.pk}), ("attendance_list", {"group": group.pk})):
        assert "Zichtbaar" not in client_of(stranger).get(url(service, name, **keys)).content.decode()
    assert client_of(stranger).get(url(service, "group_leave", member=member.pk)).status_code == 404
    with inside(service, stranger) as actor, pytest.raises(RuleBroken):
        note_attendance(session=session, actor=actor, answers={member.pk: "present"})


def test_who_can_sanction_reaches_no_member_whatever_the_role(
    service: Any, coordinator: Any, coach: Any
) -> None:
    with inside(service, coach) as actor:
        joined(actor, coach, make_group(actor, coach))
    with inside(service, coordinator) as actor:
        find = RULES["pathways.group_member.keep"].find
        assert find(actor).count() == 1  # type: ignore[union-attr]
        sanctioning = replace(actor, can_sanction=True)
        assert find(sanctioning) is None
        assert queries.followed_by(sanctioning, GroupMember.objects.get().person) == []


def test_an_erased_person_stands_on_no_list(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        group = make_group(actor, coach)
        person = make_person(first_name="Weg")
    with inside(service) as actor:
        join_group(group=group, actor=actor, person=person)
        erase_person(person=person, actor=actor, reason="asked")
    assert "Weg" not in client_of(coach).get(url(service, "group_detail", group=group.pk)).content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "naam"),
        ({"kind": "x"}, "soort"),
        ({"places": 0}, "plaatsen"),
        ({"ends_on": days_ago(90)}, "laatste dag"),
    ],
)
def test_what_cant_be_a_group(service: Any, coach: Any, values: dict[str, Any], words: str) -> None:
    with inside(service, coach) as actor, pytest.raises(RuleBroken, match=words):
        make_group(actor, coach, **values)


def test_what_cant_be_joined_or_planned(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        group = make_group(actor, coach, ends_on=days_ago(2))
        person = make_pathway(coach).person
        with pytest.raises(RuleBroken, match="al gedaan"):
            join_group(group=group, actor=actor, person=person)
        for wrong in ({"times": 0}, {"every_weeks": 9}):
            with pytest.raises(RuleBroken, match="Kies tussen"):
                plan_sessions(group=group, actor=actor, first=days_ago(1), **wrong)  # type: ignore[arg-type]
        member = join_group(group=group, actor=actor, person=person, starts_on=days_ago(5))
        leave_group(member=member, actor=actor, ends_on=days_ago(3), finished=False)
        session = plan_sessions(group=group, actor=actor, first=days_ago(4))[0]
        with pytest.raises(RuleBroken, match="kennen we niet"):
            note_attendance(session=session, actor=actor, answers={member.pk: "misschien"})


def test_constant_queries(service: Any, coach: Any) -> None:
    client, counts = client_of(coach), {}
    with inside(service, coach) as actor:
        group = make_group(actor, coach, places=9)
        sessions = plan_sessions(group=group, actor=actor, first=days_ago(14), times=3)
    for number in (1, 2):
        with inside(service, coach) as actor:
            make_group(actor, coach)
            for name in range(number):
                member = joined(actor, coach, group, f"Lid {number}{name}")
                note_attendance(session=sessions[name], actor=actor, answers={member.pk: "present"})
        pages = {
            "list": url(service, "group_list"),
            "detail": url(service, "group_detail", group=group.pk),
            "attendance": url(service, "attendance", session=sessions[0].pk),
            "paper": url(service, "attendance_list", group=group.pk),
        }
        for name, here in pages.items():
            client.get(here)
            with CaptureQueriesContext(connection) as found:
                client.get(here)
            counts.setdefault(name, []).append(len(found))
    assert {name: both[0] for name, both in counts.items()} == {
        name: both[1] for name, both in counts.items()
    }
