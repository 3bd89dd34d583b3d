"""The hours of the demo: each month asked, filled in by the hosts through their link, confirmed by the coaches."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from stapsteen.core.links import Link
from stapsteen.core.scope import Actor, system
from stapsteen.hosts.models import HostContact
from stapsteen.hours import actions as hours
from stapsteen.hours import mails, months
from stapsteen.hours.access import fingerprint
from stapsteen.hours.models import SheetPerson, Timesheet
from stapsteen.hours.roster import roster
from stapsteen.portals.demo import texts
from stapsteen.portals.demo.agenda import Agenda, Story, workday

KEPT_MONTHS = 6
"""Hours on days for so many months; before that the services of the demo worked on paper."""


def link_actor(organisation: Any, month: date, address: str) -> Actor:
    """Who opens the link of the monthly mail."""
    data = {
        "organisation": str(organisation),
        "month": months.write_month(month),
        "contact": fingerprint(address),
    }
    return Actor(f"link:{mails.PURPOSE}", link=Link(mails.PURPOSE, data, expired=False))


def earlier_months(a: Agenda) -> list[date]:
    """First days of the months before last month, oldest first."""
    found = [months.before(months.before(months.first_of(a.today)))]
    while len(found) < KEPT_MONTHS:
        found.append(months.before(found[-1]))
    return found[::-1]


def kept_month(a: Agenda, month: date) -> Story:
    """A month that is over: all hosts answered, all coaches confirmed."""
    yield months.after(month), system("demo")
    hours.make_sheets(month=month, actor=a.actor)
    yield from _answers(a, month, _sheets(month), entered=1.0, confirmed=1.0)


def last_month(a: Agenda) -> Story:
    """Asked on the first of this month; most hosts answered, some sheets wait for the coach, some for the host."""
    month = months.before(months.first_of(a.today))
    yield months.first_of(a.today), system("demo")
    yield from _answers(a, month, _sheets(month), entered=0.65, confirmed=0.45)


def _sheets(month: date) -> list[Timesheet]:
    rows = Timesheet.objects.filter(month=month).select_related("host", "coach")
    return list(rows.order_by("id"))


def _answers(a: Agenda, month: date, sheets: list[Timesheet], entered: float, confirmed: float) -> Story:
    """Each sheet on its own day; who has an address answers by the link, for the others the coach types."""
    first = months.after(month)
    plan = []
    for sheet in sheets:
        coach = next(key for key, staff in a.staff.items() if staff.pk == sheet.coach_id)
        day = _within(a, first, first + timedelta(days=a.rng.randint(1, 6)))
        if a.rng.random() < entered:
            plan.append((day, 0, sheet, _who_enters(sheet, month, coach)))
            if a.rng.random() < confirmed:
                plan.append((_within(a, first, day + timedelta(days=3)), 1, sheet, coach))
    for day, confirms, sheet, who in sorted(plan, key=lambda row: row[:2]):
        yield day, who
        if confirms:
            hours.confirm_sheet(timesheet=sheet, actor=a.actor)
        else:
            enter(a, sheet, month, recent=confirmed < 1)


def _within(a: Agenda, first: date, day: date) -> date:
    return min(a.today, max(first, workday(day)))


def _who_enters(sheet: Timesheet, month: date, coach: str) -> str | Actor:
    contact = HostContact.objects.filter(host_id=sheet.host_id, ends_on=None).first()
    if contact is None or not contact.email:
        return coach
    return link_actor(sheet.host.organisation_id, month, contact.email)


def enter(a: Agenda, sheet: Timesheet, month: date, *, recent: bool) -> None:
    """Mostly as agreed; sometimes a day not, sometimes an hour less."""
    people = (
        SheetPerson.objects.filter(timesheet=sheet)
        .select_related("placement__pathway", "person")
        .order_by("id")
    )
    lines = []
    for entry in people:
        pauses = list(entry.placement.pathway.suspensions.all())
        agreed = roster(entry.placement, month, a.today, pauses)
        differs = a.rng.random() < 0.35
        for day, minutes in agreed.items():
            chance = a.rng.random() if differs else 1.0
            lines.append(
                (entry.placement, day, 0 if chance < 0.15 else minutes - 60 if chance < 0.3 else minutes)
            )
    said = a.pick(texts.SHEET_REMARKS) if recent and a.rng.random() < 0.2 else ""
    hours.enter_hours(timesheet=sheet, actor=a.actor, lines=lines, remark=said)
    if recent and people and a.rng.random() < 0.12:
        hours.tell_coach(entry=people[0], actor=a.actor, remark="Was wat stiller dan anders.", call=True)
