"""Someone with a place and a month of hours, made through the actions. Each needs an open scope."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from stapsteen.core import halfdays
from stapsteen.core.scope import system
from stapsteen.hosts.actions import set_contact
from stapsteen.hosts.models import Host, Task
from stapsteen.hosts.tests.factories import make_host, make_organisation, make_task
from stapsteen.hours import actions, months
from stapsteen.hours.models import SheetPerson, Timesheet
from stapsteen.network.models import StaffMember
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.tests.factories import make_person
from stapsteen.placements.actions import (
    draft_agreement,
    propose_placement,
    send_agreement,
    sign_agreement,
    start_placement,
)
from stapsteen.placements.models import Placement

SYSTEM = system("test")
MONDAY_MORNING = halfdays.bit(0, 0)
MONDAY_AND_THURSDAY = halfdays.to_mask([(0, 0), (3, 1)])
HOST_MAIL = "an@host.example.org"


def last_month() -> date:
    return months.before(months.first_of(timezone.localdate()))


def some_host(
    name: str = "WZC De Linde", mail: str = HOST_MAIL, organisation: Any = None
) -> tuple[Host, Task]:
    organisation = organisation or make_organisation(name, places=60)
    host = make_host(organisation=organisation, contact="")
    if mail is not None:
        set_contact(host=host, actor=SYSTEM, name="An Peeters", email=mail, phone="014 11 22 33")
    task = organisation.tasks.first() or make_task(organisation, "Koffie schenken", seats=60)
    return host, task


def place(
    coach: StaffMember,
    host: Host,
    task: Task,
    *,
    first_name: str = "Amina",
    last_name: str = "Peeters",
    half_days: int = MONDAY_AND_THURSDAY,
    starts_on: date | None = None,
    **values: Any,
) -> Placement:
    """An active placement since ten weeks ago, with its agreement signed by all."""
    begin = starts_on or timezone.localdate() - timedelta(days=70)
    person = make_person(SYSTEM, first_name=first_name, last_name=last_name)
    pathway = make_pathway(coach, person=person, starts_on=begin, aim="stepping_stone")
    placement = propose_placement(
        pathway=pathway, actor=SYSTEM, host=host, task=task, starts_on=begin, half_days=half_days, **values
    )
    agreement = send_agreement(
        agreement=draft_agreement(placement=placement, actor=SYSTEM, terms={}), actor=SYSTEM
    )
    for party in agreement.parties:
        sign_agreement(agreement=agreement, actor=SYSTEM, party=party, how="paper", signed_on=begin)
    return start_placement(placement=placement, actor=SYSTEM, on=begin)


def make_sheet(coach: StaffMember, *names: str, month: date | None = None) -> Timesheet:
    """A host's sheet of the last full month, not asked yet, with these people on it (Amina when none is named)."""
    host, task = some_host()
    for name in names or ("Amina",):
        place(coach, host, task, first_name=name)
    actions.make_sheets(month=month or last_month(), actor=SYSTEM)
    return Timesheet.objects.get(host=host)


def roster_lines(sheet: Timesheet) -> list[Any]:
    """Every day as agreed, for everyone on the sheet."""
    from stapsteen.hours.queries import people_of

    people = people_of([sheet], timezone.localdate())[sheet.pk]
    placements = {
        entry.placement_id: entry.placement for entry in SheetPerson.objects.filter(timesheet=sheet)
    }
    return [(placements[p.placement], day.day, day.agreed) for p in people for day in p.days]


def make_entered(coach: StaffMember, *names: str) -> Timesheet:
    sheet = make_sheet(coach, *names)
    return actions.enter_hours(timesheet=sheet, actor=SYSTEM, lines=roster_lines(sheet))


def make_confirmed(coach: StaffMember, *names: str) -> Timesheet:
    return actions.confirm_sheet(timesheet=make_entered(coach, *names), actor=SYSTEM)
