"""Every write of hours. A sheet goes from asked over entered to confirmed; lines are only ever added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stapsteen.core import events
from stapsteen.core.access import may
from stapsteen.core.errors import RuleBroken
from stapsteen.core.jobs import in_each_service
from stapsteen.core.scope import Actor, system
from stapsteen.hosts.models import HostContact
from stapsteen.hours import mails, months
from stapsteen.hours.access import may_list
from stapsteen.hours.durations import day_minutes, show_minutes
from stapsteen.hours.models import HourLine, SheetPerson, Timesheet
from stapsteen.hours.queries import people_of
from stapsteen.hours.roster import covers
from stapsteen.hours.states import TIMESHEET
from stapsteen.network.house import staff_member
from stapsteen.people.access import demand
from stapsteen.placements.models import Placement

Line = tuple[Placement, date, int]
REMIND_AFTER_DAYS = 7


# Asking --------------------------------------------------------------------------------------------------------------


def ask_month(*, month: date) -> int:
    """Ask every host of every service for this month's hours; how many mails went out.

    One mail per contact's address over all services, in one transaction: asked and mailed, or neither, so that a
    job that is tried again asks nobody twice (requirement G1).
    """
    month = months.first_of(month)
    with transaction.atomic():
        found = in_each_service("hours.ask_month", lambda: _ask(month))
        return mails.send("hours_month", month, [receiver for part in found for receiver in part])


def _ask(month: date) -> list[mails.Receiver]:
    """In one service: the sheets of the month, asked; and who must hear it."""
    actor = system("hours.ask_month")
    make_sheets(month=month, actor=actor)
    waiting = Timesheet.objects.select_for_update(of=("self",)).filter(month=month, state="open")
    asked = list(waiting.select_related("host__organisation").order_by("id"))
    for sheet in asked:
        TIMESHEET.move(sheet, "ask", actor)
        sheet.asked_on = timezone.localdate()
        sheet.save(update_fields=["state", "asked_on"])
    return mails.receivers(asked)


def remind(*, today: date) -> int:
    """A second mail, once, to whoever still has an open sheet a week after it was asked; none when all is done."""
    month = months.before(months.first_of(today))
    with transaction.atomic():
        found = in_each_service("hours.remind", lambda: _remind(month, today))
        return mails.send("hours_reminder", month, [receiver for part in found for receiver in part])


def _remind(month: date, today: date) -> list[mails.Receiver]:
    make_sheets(month=month, actor=system("hours.remind"))
    late = today - timedelta(days=REMIND_AFTER_DAYS)
    waiting = Timesheet.objects.select_for_update(of=("self",)).filter(
        month=month, state="asked", asked_on__lte=late, reminded_on=None
    )
    found = list(waiting.select_related("host__organisation").order_by("id"))
    for sheet in found:
        sheet.reminded_on = today
        sheet.save(update_fields=["reminded_on"])
    return mails.receivers(found)


@transaction.atomic
def make_sheets(*, month: date, actor: Actor) -> int:
    """A sheet per host and coach for everyone who had a place that month; how many people came on.

    Safe to repeat. Someone paused all month isn't asked for. A confirmed sheet is closed: late arrivals are entered
    by the coach as a correction.
    """
    if not may(actor, "hours.sheet.list"):
        raise RuleBroken(_("Je mag dit niet doen met jouw rol."))
    month = months.first_of(month)
    known = SheetPerson.objects.filter(month=month).values("placement_id")
    missing = _placements_in(month).exclude(pk__in=known)
    return sum(_put_on_sheet(p, month) for p in missing if not _paused_all_month(p, month))


def _placements_in(month: date) -> Any:
    """Placements that held on at least one day of the month."""
    ended_later = Q(ends_on=None) | Q(ends_on__gte=month)
    placements = Placement.objects.filter(
        ended_later, state__in=("active", "ended"), starts_on__lte=months.last_of(month)
    )
    return placements.select_related("pathway").prefetch_related("pathway__suspensions").order_by("id")


def _paused_all_month(placement: Placement, month: date) -> bool:
    last = months.last_of(month)
    pauses = placement.pathway.suspensions.all()
    return any(p.starts_on <= month and (p.ends_on is None or p.ends_on >= last) for p in pauses)


def _put_on_sheet(placement: Placement, month: date) -> bool:
    sheet, _made = Timesheet.objects.get_or_create(
        host_id=placement.host_id, coach_id=placement.pathway.coach_id, month=month
    )
    if sheet.state == "confirmed":
        return False
    SheetPerson.objects.create(
        person_id=placement.person_id, placement=placement, timesheet=sheet, month=month
    )
    return True


# Entering ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def enter_hours(
    *,
    timesheet: Timesheet,
    actor: Actor,
    lines: Sequence[Line],
    remark: str = "",
    entered_by: str = "",
    later: Collection[Placement] = (),
) -> Timesheet:
    """Say what was worked: (placement, day, minutes) is what the day counts from now on.

    Lines are append-only: another number than before becomes a correcting line, the same number nothing at all, so a
    form that is sent twice doubles nothing. People in `later` aren't said yet; as long as there are any, the sheet
    stays asked. RuleBroken (field: the day as yyyymmdd) for a day outside of month, placement or past.
    """
    locked = Timesheet.objects.select_for_update().get(pk=timesheet.pk)
    before = locked.state
    TIMESHEET.move(locked, "enter", actor)
    for line in lines:
        _check_line(locked, line)
    _put_missing_on(locked, {placement.pk: placement for placement, _day, _minutes in lines})
    changed = _write_lines(locked, lines, actor, entered_by)
    waiting = _answer(locked, {placement.pk for placement in later}, changed)
    if waiting:
        locked.state = before if before == "entered" else "asked"
    else:
        locked.entered_at = timezone.now()
    locked.remark = remark.strip() or None
    locked.save(update_fields=["state", "entered_at", "remark"])
    timesheet.state = locked.state
    return locked


def _check_line(sheet: Timesheet, line: Line) -> None:
    placement, day, minutes = line
    field = f"{day:%Y%m%d}"
    if placement.host_id != sheet.host_id:
        raise RuleBroken(_("Deze persoon hoort niet bij deze gastorganisatie."))
    if day.replace(day=1) != sheet.month:
        raise RuleBroken(_("Deze dag valt niet in deze maand."), field=field)
    check_day(placement, day, minutes)


def _put_missing_on(sheet: Timesheet, placements: dict[Any, Placement]) -> None:
    """Someone with hours stands on this sheet, and on one sheet a month."""
    found = SheetPerson.objects.filter(placement_id__in=placements, month=sheet.month)
    known = dict(found.values_list("placement_id", "timesheet_id"))
    if any(timesheet_id != sheet.pk for timesheet_id in known.values()):
        raise RuleBroken(_("Deze persoon staat deze maand op een ander blad."))
    for key in placements.keys() - known.keys():
        SheetPerson.objects.create(
            person_id=placements[key].person_id, placement=placements[key], timesheet=sheet, month=sheet.month
        )


def check_day(placement: Placement, day: date, minutes: int) -> None:
    """A day counts when it is past or today, inside the placement, and holds no more than the day is long."""
    field = f"{day:%Y%m%d}"
    if day > timezone.localdate():
        raise RuleBroken(_("Deze dag moet nog komen."), field=field)
    if not covers(placement, day):
        raise RuleBroken(_("Op deze dag had deze persoon hier geen plek."), field=field)
    if not 0 <= minutes <= day_minutes(day):
        raise RuleBroken(_("Zoveel uur heeft deze dag niet."), field=field)


def _write_lines(sheet: Timesheet, lines: Sequence[Line], actor: Actor, entered_by: str) -> set[Any]:
    """Add what differs from what stands; the placements for which something changed. Two statements, however many days."""
    stands = _standing({placement.pk for placement, _day, _minutes in lines}, sheet.month)
    name, source = entered_by or name_of(actor, sheet), source_of(actor)
    added = []
    for placement, day, minutes in lines:
        stood = stands[placement.pk, day]
        difference = minutes - sum(line.minutes for line in stood)
        if difference == 0 and stood:
            continue
        line = HourLine(
            person_id=placement.person_id,
            placement=placement,
            timesheet=sheet,
            month=sheet.month,
            day=day,
            minutes=difference,
            source=source,
            corrects=stood[-1] if stood else None,
            entered_by=name,
        )
        stood.append(line)
        added.append(line)
    HourLine.objects.bulk_create(added)
    return {line.placement_id for line in added}


def _standing(placements: Collection[UUID], month: date) -> dict[tuple[UUID, date | None], list[HourLine]]:
    """The lines of a month by placement and day, oldest first."""
    found: dict[tuple[UUID, date | None], list[HourLine]] = defaultdict(list)
    rows = HourLine.objects.filter(placement_id__in=placements, month=month)
    for line in rows.order_by("created_at", "id"):
        found[line.placement_id, line.day].append(line)
    return found


def source_of(actor: Actor) -> str:
    return "host" if actor.link is not None else "coach"


def name_of(actor: Actor, sheet: Timesheet) -> str:
    """The colleague, or the host's contact behind a link."""
    if colleague := staff_member(actor):
        return colleague.name
    contact = HostContact.objects.filter(host_id=sheet.host_id, ends_on=None).first()
    return contact.name if contact is not None and actor.link is not None else str(actor)


def _answer(sheet: Timesheet, later: set[Any], changed: set[Any]) -> int:
    """Mark who was said; a line on the timeline of those for whom that is news. How many are still to be said."""
    waiting = 0
    totals = {p.placement: p.minutes for p in people_of([sheet], timezone.localdate())[sheet.pk]}
    for entry in SheetPerson.objects.select_for_update().filter(timesheet=sheet).order_by("id"):
        if entry.answered_at is None and entry.placement_id in later:
            waiting += 1
            continue
        if entry.answered_at is None or entry.placement_id in changed:
            entry.answered_at = timezone.now()
            entry.save(update_fields=["answered_at"])
            _event("hours.entered", entry, totals[entry.placement_id])
    return waiting


def _event(kind: str, entry: SheetPerson, minutes: int) -> None:
    events.record(
        kind,
        subject_id=entry.person_id,
        object_id=entry.timesheet_id,
        month=f"{entry.month:%m/%Y}",
        hours=show_minutes(minutes),
    )


@transaction.atomic
def tell_coach(*, entry: SheetPerson, actor: Actor, remark: str, call: bool) -> SheetPerson:
    """A host's remark about someone, and whether the coach should phone: shown to the coach until done."""
    demand(actor, entry, "hours.person.enter")
    locked = SheetPerson.objects.select_for_update().get(pk=entry.pk)
    locked.remark = remark.strip() or None
    if call and locked.call_asked_at is None:
        locked.call_asked_at = timezone.now()
        events.record("hours.call_asked", subject_id=locked.person_id, object_id=locked.timesheet_id)
    elif not call:
        locked.call_asked_at = None
    locked.save(update_fields=["remark", "call_asked_at"])
    return locked


@transaction.atomic
def note_call(*, timesheet: Timesheet, actor: Actor) -> int:
    """The coach phoned the host: the requests on this sheet are done; how many there were."""
    demand(actor, timesheet, "hours.sheet.confirm")
    waiting = list(
        SheetPerson.objects.select_for_update().filter(timesheet=timesheet, call_asked_at__isnull=False)
    )
    for entry in waiting:
        entry.call_asked_at = None
        entry.save(update_fields=["call_asked_at"])
        events.record("hours.call_done", subject_id=entry.person_id, object_id=timesheet.pk)
    return len(waiting)


# Confirming ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm_sheet(*, timesheet: Timesheet, actor: Actor) -> Timesheet:
    """From now on the hours count, and the sheet is closed: later changes are visible corrections (requirement G1)."""
    locked = Timesheet.objects.select_for_update().get(pk=timesheet.pk)
    TIMESHEET.move(locked, "confirm", actor)
    people = people_of([locked], timezone.localdate())[locked.pk]
    if any(person.answered_at is None for person in people):
        raise RuleBroken(_("Nog niet iedereen is ingevuld. Vul dat eerst aan."))
    locked.confirmed_at = timezone.now()
    locked.save(update_fields=["state", "confirmed_at"])
    totals = {person.placement: person.minutes for person in people}
    for entry in SheetPerson.objects.filter(timesheet=locked).order_by("id"):
        _event("hours.confirmed", entry, totals[entry.placement_id])
    timesheet.state = locked.state
    return locked


@transaction.atomic
def confirm_matching(*, month: date, actor: Actor) -> int:
    """Confirm in one go every entered sheet that is as agreed and asks nothing; how many."""
    entered = list(may_list(actor).filter(month=months.first_of(month), state="entered"))
    people = people_of(entered, timezone.localdate())
    fine = [sheet for sheet in entered if people[sheet.pk] and all(as_agreed(p) for p in people[sheet.pk])]
    for sheet in fine:
        confirm_sheet(timesheet=sheet, actor=actor)
    return len(fine)


def as_agreed(person: Any) -> bool:
    """Nothing to look at: the days match the roster, no remark, no call."""
    return person.answered_at is not None and not (person.differs or person.remark or person.call_asked)


@transaction.atomic
def send_back_sheet(*, timesheet: Timesheet, actor: Actor, remark: str) -> Timesheet:
    """Ask the host to look again, with the reason; what was entered stays and is shown to the host."""
    locked = Timesheet.objects.select_for_update().get(pk=timesheet.pk)
    TIMESHEET.move(locked, "send_back", actor)
    if not remark.strip():
        raise RuleBroken(_("Schrijf wat de gastorganisatie moet nakijken."), field="remark")
    locked.remark = remark.strip()
    locked.asked_on, locked.reminded_on = timezone.localdate(), None
    locked.save(update_fields=["state", "remark", "asked_on", "reminded_on"])
    for entry in SheetPerson.objects.select_for_update().filter(timesheet=locked).order_by("id"):
        entry.answered_at = None
        entry.save(update_fields=["answered_at"])
        events.record(
            "hours.sent_back", subject_id=entry.person_id, object_id=locked.pk, month=f"{locked.month:%m/%Y}"
        )
    sheets = list(Timesheet.objects.filter(pk=locked.pk).select_related("host__organisation"))
    mails.send("hours_again", locked.month, mails.receivers(sheets))
    timesheet.state = locked.state
    return locked


@transaction.atomic
def correct_hours(*, placement: Placement, actor: Actor, day: date, minutes: int) -> HourLine:
    """After confirming: the day counts `minutes` from now on, by a line that shows what was added or taken off.

    Also for a month that was never on a sheet (paper, an old file). On a sheet that isn't confirmed yet, enter instead.
    """
    demand(actor, placement, "placements.placement.guide")
    locked = Placement.objects.select_for_update().get(pk=placement.pk)
    entry = (
        SheetPerson.objects.filter(placement=locked, month=day.replace(day=1))
        .select_related("timesheet")
        .first()
    )
    if entry is not None and entry.timesheet.state != "confirmed":
        raise RuleBroken(_("Deze maand is nog niet bevestigd. Pas de uren zelf aan."))
    check_day(locked, day, minutes)
    stood = list(HourLine.objects.filter(placement=locked, day=day).order_by("created_at", "id"))
    difference = minutes - sum(line.minutes for line in stood)
    if difference == 0 and stood:
        raise RuleBroken(_("Dit aantal staat er al."), field="minutes")
    colleague = staff_member(actor)
    line = HourLine.objects.create(
        person_id=locked.person_id,
        placement=locked,
        timesheet=entry.timesheet if entry else None,
        month=day.replace(day=1),
        day=day,
        minutes=difference,
        source="coach",
        corrects=stood[-1] if stood else None,
        entered_by=colleague.name if colleague else str(actor),
    )
    events.record(
        "hours.corrected",
        subject_id=locked.person_id,
        object_id=line.pk,
        day=f"{day:%d/%m/%Y}",
        hours=show_minutes(difference),
    )
    return line
