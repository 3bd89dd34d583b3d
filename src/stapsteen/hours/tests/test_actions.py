"""Asking, entering, confirming, correcting: every action and every rule that can break."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event, OutgoingMail
from stapsteen.core.scope import Actor
from stapsteen.hours import actions, months
from stapsteen.hours.jobs import ask_last_month, remind
from stapsteen.hours.models import HourLine, SheetPerson, Timesheet
from stapsteen.hours.queries import confirmed_minutes, people_of
from stapsteen.hours.tests.factories import (
    HOST_MAIL,
    SYSTEM,
    last_month,
    make_confirmed,
    make_entered,
    make_sheet,
    place,
    roster_lines,
    some_host,
)
from stapsteen.pathways.actions import suspend_pathway
from stapsteen.placements.actions import end_placement
from stapsteen.testing.world import inside, make_service, make_staff

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
MONDAY = date(2026, 10, 5)


def minutes_of(sheet: Timesheet) -> int:
    return people_of([sheet], timezone.localdate())[sheet.pk][0].minutes


def kinds(subject: Any) -> list[str]:
    return [
        event.kind
        for event in Event.objects.filter(subject_id=subject, kind__startswith="hours.").order_by("at", "id")
    ]


# Asking --------------------------------------------------------------------------------------------------------------


def test_one_mail_over_two_services_for_one_contact(service: Any) -> None:
    other = make_service("buur", network=service.network)
    with inside(service):
        host, task = some_host()
        place(make_staff_in(service), host, task)
        organisation = host.organisation
    with inside(other):
        host, task = some_host(organisation=organisation, mail=HOST_MAIL.upper())
        place(make_staff_in(other), host, task, first_name="Bilal")
    assert ask_last_month() == 1
    mail = OutgoingMail.objects.get()
    assert mail.to == HOST_MAIL
    assert mail.subject == "De uren van oktober 2026"
    assert mail.body.count("/uren-invullen/") == 1
    for name in ("Amina", "Bilal", "Peeters"):
        assert name not in mail.subject + mail.body
    for one in (service, other):
        with inside(one):
            assert list(Timesheet.objects.values_list("state", "asked_on")) == [("asked", date(2026, 11, 3))]


def make_staff_in(service: Any) -> Any:
    """A coach, made while a scope is open."""
    from stapsteen.network.models import Membership, StaffMember
    from stapsteen.testing.world import make_user

    user = make_user(f"coach@{service.slug}.example.org")
    Membership.objects.get_or_create(user=user, service=service, role="coach")
    return StaffMember.objects.get_or_create(user=user, defaults={"name": "Coach"})[0]


def test_asking_again_asks_nobody_twice(service: Any, coach: Any) -> None:
    with inside(service):
        place(coach, *some_host())
    assert actions.ask_month(month=date(2026, 10, 17)) == 1
    assert actions.ask_month(month=OCTOBER) == 0
    assert OutgoingMail.objects.count() == 1


def test_two_hosts_of_one_contact_stand_in_one_mail(service: Any, coach: Any) -> None:
    with inside(service):
        place(coach, *some_host("De Linde"))
        place(coach, *some_host("Café & Co"), first_name="Bilal")
    assert actions.ask_month(month=OCTOBER) == 1
    body = OutgoingMail.objects.get().body
    assert body.count("/uren-invullen/") == 2
    assert body.index("Café & Co:") < body.index("De Linde:")


def test_a_host_without_an_address_is_asked_without_a_mail(service: Any, coach: Any) -> None:
    with inside(service):
        place(coach, *some_host(mail=""))
    assert actions.ask_month(month=OCTOBER) == 0
    with inside(service):
        assert Timesheet.objects.get().state == "asked"


def test_a_failure_halfway_asks_and_mails_nobody(service: Any, coach: Any, monkeypatch: Any) -> None:
    with inside(service):
        place(coach, *some_host())
    monkeypatch.setattr(actions.mails, "send", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.ask_month(month=OCTOBER)
    with inside(service):
        assert Timesheet.objects.count() == 0


def test_who_is_asked_for(service: Any, coach: Any) -> None:
    with inside(service):
        host, task = some_host()
        stays = place(coach, host, task)
        stopped = place(coach, host, task, first_name="Bilal")
        end_placement(placement=stopped, actor=SYSTEM, on=date(2026, 10, 2), code="other")
        earlier = place(coach, host, task, first_name="Carlo")
        end_placement(placement=earlier, actor=SYSTEM, on=date(2026, 9, 30), code="other")
        paused = place(coach, host, task, first_name="Dina")
        suspend_pathway(pathway=paused.pathway, actor=SYSTEM, starts_on=date(2026, 9, 28))
        place(coach, host, task, first_name="Eva", starts_on=date(2026, 11, 1))
        assert actions.make_sheets(month=OCTOBER, actor=SYSTEM) == 2
        assert actions.make_sheets(month=OCTOBER, actor=SYSTEM) == 0
        assert set(SheetPerson.objects.values_list("placement_id", flat=True)) == {stays.pk, stopped.pk}


def test_only_who_confirms_makes_sheets(service: Any) -> None:
    with inside(service), pytest.raises(RuleBroken, match="rol"):
        actions.make_sheets(month=OCTOBER, actor=Actor("desk", roles=frozenset({"desk"})))


def test_someone_new_in_a_confirmed_month_is_not_put_on_the_sheet(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_confirmed(coach)
        place(coach, sheet.host, sheet.host.organisation.tasks.get(), first_name="Bilal")
        assert actions.make_sheets(month=OCTOBER, actor=SYSTEM) == 0


@pytest.mark.parametrize(("days", "mails"), [(6, 0), (7, 1)])
def test_a_reminder_comes_after_a_week(service: Any, coach: Any, days: int, mails: int) -> None:
    with inside(service):
        place(coach, *some_host())
    actions.ask_month(month=OCTOBER)
    assert actions.remind(today=date(2026, 11, 3) + timedelta(days=days)) == mails
    assert OutgoingMail.objects.filter(subject__startswith="Nog even").count() == mails


def test_a_reminder_comes_once_and_stops_when_done(service: Any, coach: Any) -> None:
    with inside(service):
        place(coach, *some_host("Blijft open", mail="open@example.org"))
        done, task = some_host("Klaar", mail="klaar@example.org")
        place(coach, done, task, first_name="Bilal")
    actions.ask_month(month=OCTOBER)
    with inside(service):
        sheet = Timesheet.objects.get(host=done)
        actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=roster_lines(sheet))
    assert remind() == 0
    assert actions.remind(today=date(2026, 11, 12)) == 1
    assert actions.remind(today=date(2026, 11, 20)) == 0
    assert OutgoingMail.objects.get(subject__startswith="Nog even").to == "open@example.org"


# Entering ------------------------------------------------------------------------------------------------------------


def test_the_roster_says_which_days_and_how_long(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach)
        days = people_of([sheet], date(2026, 11, 3))[sheet.pk][0].days
        assert [(d.day.day, d.agreed, d.entered) for d in days] == [
            (day, 180, None) for day in (1, 5, 8, 12, 15, 19, 22, 26, 29)
        ]
        halfway = people_of([sheet], date(2026, 10, 8))[sheet.pk][0].days
        assert [d.day.day for d in halfway] == [1, 5, 8]


def test_the_roster_leaves_out_a_pause(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach)
        pathway = SheetPerson.objects.get().placement.pathway
        suspend_pathway(pathway=pathway, actor=SYSTEM, starts_on=date(2026, 10, 12))
        assert [d.day.day for d in people_of([sheet], date(2026, 11, 3))[sheet.pk][0].days] == [1, 5, 8]


def test_entering_twice_doubles_nothing(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
        lines = HourLine.objects.count()
        again = actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=roster_lines(sheet))
        assert (HourLine.objects.count(), again.state, minutes_of(sheet)) == (lines, "entered", 9 * 180)
        assert kinds(SheetPerson.objects.get().person_id) == ["hours.entered"]


def test_another_number_is_a_correcting_line(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
        placement = SheetPerson.objects.get().placement
        first = HourLine.objects.get(day=MONDAY)
        actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(placement, MONDAY, 60)])
        actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(placement, MONDAY, 0)])
        lines = list(HourLine.objects.filter(day=MONDAY).order_by("created_at", "id"))
        assert [line.minutes for line in lines] == [180, -120, -60]
        assert [line.corrects_id for line in lines] == [None, first.pk, lines[1].pk]
        assert minutes_of(sheet) == 8 * 180


def test_a_line_is_never_changed(service: Any, coach: Any) -> None:
    with inside(service):
        make_entered(coach)
        with pytest.raises(DatabaseError), transaction.atomic():
            HourLine.objects.update(minutes=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            HourLine.objects.all().delete()


def test_a_sheet_stays_asked_until_everyone_is_said(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach, "Amina", "Bilal")
        amina, bilal = (e.placement for e in SheetPerson.objects.order_by("id"))
        half = actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(amina, MONDAY, 180)], later=[bilal])
        assert (half.state, half.entered_at) == ("asked", None)
        assert kinds(bilal.person_id) == []
        whole = actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(bilal, MONDAY, 0)])
        assert whole.state == "entered"
        assert kinds(bilal.person_id) == ["hours.entered"]


def test_who_is_entered_stands_on_the_sheet(service: Any, coach: Any) -> None:
    with inside(service):
        placement = place(coach, *some_host())
        sheet = Timesheet.objects.create(host=placement.host, coach=coach, month=OCTOBER)
        actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(placement, MONDAY, 90)])
        assert SheetPerson.objects.get().timesheet_id == sheet.pk
        other = make_staff_in(service)
        second = Timesheet.objects.create(host=placement.host, coach=other_coach(service), month=OCTOBER)
        assert other.pk == coach.pk
        with pytest.raises(RuleBroken, match="ander blad"):
            actions.enter_hours(timesheet=second, actor=SYSTEM, lines=[(placement, MONDAY, 90)])


def other_coach(service: Any) -> Any:
    from stapsteen.network.models import StaffMember
    from stapsteen.testing.world import make_user

    return StaffMember.objects.create(user=make_user("second@example.org"), name="Tweede")


@pytest.mark.parametrize(
    ("day", "minutes", "text", "field"),
    [
        (date(2026, 10, 5), 1441, "Zoveel uur", "20261005"),
        (date(2026, 10, 5), -1, "Zoveel uur", "20261005"),
        (date(2026, 9, 28), 60, "niet in deze maand", "20260928"),
    ],
)
def test_a_day_that_cannot_be(
    service: Any, coach: Any, day: date, minutes: int, text: str, field: str
) -> None:
    with inside(service):
        sheet = make_sheet(coach)
        placement = SheetPerson.objects.get().placement
        with pytest.raises(RuleBroken, match=text) as broken, transaction.atomic():
            actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(placement, day, minutes)])
        assert broken.value.field == field
        assert (HourLine.objects.count(), Timesheet.objects.get().state) == (0, "open")


def test_no_future_day_and_no_day_outside_the_placement(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach, month=date(2026, 11, 1))
        placement = SheetPerson.objects.get().placement
        with pytest.raises(RuleBroken, match="moet nog komen"):
            actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(placement, date(2026, 11, 4), 60)])
        end_placement(placement=placement, actor=SYSTEM, on=date(2026, 11, 1), code="other")
        placement.refresh_from_db()
        with pytest.raises(RuleBroken, match="geen plek"):
            actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(placement, date(2026, 11, 2), 60)])


def test_the_day_on_which_the_clock_changes(service: Any, coach: Any) -> None:
    """29 March 2026 has 23 hours, 25 October 2026 has 25."""
    with inside(service):
        sheet = make_sheet(coach)
        placement = SheetPerson.objects.get().placement
        actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(placement, date(2026, 10, 25), 1500)])
        placement.starts_on = date(2026, 3, 1)
        actions.check_day(placement, date(2026, 3, 29), 1380)
        with pytest.raises(RuleBroken, match="Zoveel uur"):
            actions.check_day(placement, date(2026, 3, 29), 1381)


def test_another_hosts_person_is_refused(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach)
        stranger = place(coach, *some_host("Elders"), first_name="Bilal")
        with pytest.raises(RuleBroken, match="niet bij deze"):
            actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(stranger, MONDAY, 60)])


def test_a_remark_and_a_call_reach_the_coach(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_sheet(coach)
        entry = SheetPerson.objects.get()
        actions.tell_coach(entry=entry, actor=SYSTEM, remark=" Loopt goed ", call=True)
        actions.tell_coach(entry=entry, actor=SYSTEM, remark="Loopt goed", call=True)
        entry = SheetPerson.objects.get()
        assert (entry.remark, timezone.localdate(entry.call_asked_at)) == ("Loopt goed", date(2026, 11, 3))
        assert actions.note_call(timesheet=sheet, actor=SYSTEM) == 1
        assert actions.note_call(timesheet=sheet, actor=SYSTEM) == 0
        assert SheetPerson.objects.get().call_asked_at is None
        assert kinds(entry.person_id) == ["hours.call_asked", "hours.call_done"]
        actions.tell_coach(entry=entry, actor=SYSTEM, remark="", call=True)
        actions.tell_coach(entry=entry, actor=SYSTEM, remark="", call=False)
        again = SheetPerson.objects.get()
        assert (again.remark, again.call_asked_at) == (None, None)


# Confirming ----------------------------------------------------------------------------------------------------------


def test_only_confirmed_hours_count(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
        person = SheetPerson.objects.get().person_id
        assert confirmed_minutes(person_ids=[person]) == {}
        actions.confirm_sheet(timesheet=sheet, actor=SYSTEM)
        whole = {(person, OCTOBER): 9 * 180}
        assert confirmed_minutes(person_ids=[person]) == whole
        assert confirmed_minutes(first=date(2026, 10, 9), last=date(2026, 10, 31)) == whole
        assert confirmed_minutes(placement_ids=[SheetPerson.objects.get().placement_id]) == whole
        assert confirmed_minutes(first=date(2026, 11, 1)) == {}
        assert confirmed_minutes(last=date(2026, 9, 30)) == {}
        assert kinds(person) == ["hours.entered", "hours.confirmed"]


def test_lines_of_an_old_file_count_without_a_sheet(service: Any, coach: Any) -> None:
    with inside(service):
        placement = place(coach, *some_host())
        HourLine.objects.create(
            person_id=placement.person_id, month=OCTOBER, is_month_total=True, minutes=600, source="import"
        )
        assert confirmed_minutes() == {(placement.person_id, OCTOBER): 600}


def test_nobody_is_confirmed_unsaid(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
        place(coach, sheet.host, sheet.host.organisation.tasks.get(), first_name="Bilal")
        actions.make_sheets(month=OCTOBER, actor=SYSTEM)
        with pytest.raises(RuleBroken, match="Nog niet iedereen"):
            actions.confirm_sheet(timesheet=sheet, actor=SYSTEM)
        bilal = SheetPerson.objects.get(answered_at=None).placement
        amina = SheetPerson.objects.exclude(placement=bilal).get().placement
        still = actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[(amina, MONDAY, 60)], later=[bilal])
        assert still.state == "entered"


def test_a_confirmed_sheet_is_closed(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_confirmed(coach)
        for act in (
            lambda: actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=[]),
            lambda: actions.confirm_sheet(timesheet=sheet, actor=SYSTEM),
            lambda: actions.send_back_sheet(timesheet=sheet, actor=SYSTEM, remark="x"),
        ):
            with pytest.raises(RuleBroken, match="Bevestigd"):
                act()


def test_what_is_as_agreed_is_confirmed_in_one_go(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        fine = make_entered(coach)
        host, task = some_host("Wijkt af")
        place(coach, host, task, first_name="Bilal")
        actions.make_sheets(month=OCTOBER, actor=actor)
        differs = Timesheet.objects.get(host=host)
        actions.enter_hours(timesheet=differs, actor=actor, lines=[*roster_lines(differs)[1:]])
        assert actions.confirm_matching(month=OCTOBER, actor=actor) == 1
        assert dict(Timesheet.objects.values_list("pk", "state")) == {
            fine.pk: "confirmed",
            differs.pk: "entered",
        }
        assert actions.confirm_matching(month=OCTOBER, actor=actor) == 0


def test_a_remark_is_looked_at_before_it_is_confirmed(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        make_entered(coach)
        actions.tell_coach(entry=SheetPerson.objects.get(), actor=actor, remark="Was ziek", call=False)
        assert actions.confirm_matching(month=OCTOBER, actor=actor) == 0


def test_sending_back_asks_the_host_again(service: Any, coach: Any) -> None:
    with inside(service):
        sheet = make_entered(coach)
        with pytest.raises(RuleBroken, match="nakijken") as broken, transaction.atomic():
            actions.send_back_sheet(timesheet=sheet, actor=SYSTEM, remark=" ")
        assert broken.value.field == "remark"
        back = actions.send_back_sheet(timesheet=sheet, actor=SYSTEM, remark="Was het 5 oktober niet korter?")
        assert (back.state, back.remark) == ("asked", "Was het 5 oktober niet korter?")
        assert SheetPerson.objects.get().answered_at is None
        assert HourLine.objects.count() == 9
        mail = OutgoingMail.objects.get()
        assert mail.subject == "Kijk je de uren van oktober 2026 nog eens na?"
        assert "korter" not in mail.body
        again = actions.enter_hours(timesheet=back, actor=SYSTEM, lines=roster_lines(back))
        assert (again.state, again.remark) == ("entered", None)


def test_a_correction_after_confirming_is_a_visible_line(service: Any, coach: Any) -> None:
    with inside(service):
        make_confirmed(coach)
        placement = SheetPerson.objects.get().placement
        line = actions.correct_hours(placement=placement, actor=SYSTEM, day=MONDAY, minutes=120)
        assert (line.minutes, line.source, line.corrects.minutes) == (-60, "coach", 180)
        assert confirmed_minutes() == {(placement.person_id, OCTOBER): 9 * 180 - 60}
        assert kinds(placement.person_id)[-1] == "hours.corrected"
        with pytest.raises(RuleBroken, match="staat er al"):
            actions.correct_hours(placement=placement, actor=SYSTEM, day=MONDAY, minutes=120)
        with pytest.raises(RuleBroken, match="moet nog komen"):
            actions.correct_hours(placement=placement, actor=SYSTEM, day=date(2026, 12, 7), minutes=120)


def test_a_correction_waits_for_the_confirmation(service: Any, coach: Any) -> None:
    with inside(service):
        make_entered(coach)
        with pytest.raises(RuleBroken, match="nog niet bevestigd"):
            actions.correct_hours(
                placement=SheetPerson.objects.get().placement, actor=SYSTEM, day=MONDAY, minutes=1
            )


def test_a_correction_can_add_to_a_month_without_a_sheet(service: Any, coach: Any) -> None:
    with inside(service):
        placement = place(coach, *some_host())
        actions.correct_hours(placement=placement, actor=SYSTEM, day=MONDAY, minutes=150)
        assert confirmed_minutes() == {(placement.person_id, OCTOBER): 150}


def test_each_action_asks_the_rule(service: Any, coach: Any, intake: Any) -> None:
    with inside(service, intake) as stranger:
        pass
    with inside(service):
        sheet = make_entered(coach)
        entry = SheetPerson.objects.get()
        for act in (
            lambda: actions.enter_hours(timesheet=sheet, actor=stranger, lines=[]),
            lambda: actions.confirm_sheet(timesheet=sheet, actor=stranger),
            lambda: actions.send_back_sheet(timesheet=sheet, actor=stranger, remark="x"),
            lambda: actions.correct_hours(placement=entry.placement, actor=stranger, day=MONDAY, minutes=1),
            lambda: actions.tell_coach(entry=entry, actor=stranger, remark="", call=True),
            lambda: actions.note_call(timesheet=sheet, actor=stranger),
        ):
            with pytest.raises(RuleBroken, match="rol"):
                act()


def test_a_coach_confirms_the_own_sheets_only(service: Any, coach: Any) -> None:
    other = make_staff(service, "coach", email="other@example.org")
    with inside(service):
        sheet = make_entered(coach)
    with inside(service, other) as actor, pytest.raises(RuleBroken, match="rol"):
        actions.confirm_sheet(timesheet=sheet, actor=actor)
    with inside(service, coach) as actor:
        assert actions.confirm_sheet(timesheet=sheet, actor=actor).state == "confirmed"
    assert last_month() == months.first_of(OCTOBER)
