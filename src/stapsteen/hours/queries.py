"""What pages ask about hours. A sum over (placement, day) is what counts; only confirmed hours count for others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from stapsteen.core.scope import Actor
from stapsteen.hours.access import may_list
from stapsteen.hours.models import HourLine, SheetPerson, Timesheet
from stapsteen.hours.roster import roster
from stapsteen.hours.states import TIMESHEET


@dataclass(frozen=True)
class Day:
    """Agreed and entered minutes of a day; `entered` is None when nobody said anything about it."""

    day: date
    agreed: int
    entered: int | None
    corrected: bool = False

    @property
    def differs(self) -> bool:
        return (self.entered or 0) != self.agreed


@dataclass(frozen=True)
class PersonMonth:
    """Someone's month on a sheet, as plain values: pages that span services show it outside of the scope."""

    key: UUID
    sheet: UUID
    state: str
    placement: UUID
    person: UUID
    name: str
    full_name: str
    task: str
    month: date
    first: date
    last: date | None
    days: list[Day]
    answered_at: datetime | None
    call_asked: bool
    remark: str

    @property
    def minutes(self) -> int:
        return sum(day.entered or 0 for day in self.days)

    @property
    def agreed(self) -> int:
        return sum(day.agreed for day in self.days)

    @property
    def differs(self) -> bool:
        """Also true when nothing was agreed: then somebody has to look."""
        return any(day.differs for day in self.days) or not self.agreed

    @property
    def confirmed(self) -> bool:
        return self.state == "confirmed"


def people_of(sheets: Iterable[Timesheet], today: date) -> dict[UUID, list[PersonMonth]]:
    """Sheet id -> its people with their days, by first name; four queries, however many sheets."""
    found: dict[UUID, list[PersonMonth]] = {sheet.pk: [] for sheet in sheets}
    entries = list(
        SheetPerson.objects.filter(timesheet_id__in=found)
        .select_related("person", "timesheet", "placement__task", "placement__pathway")
        .prefetch_related("placement__pathway__suspensions")
    )
    sums = entered_sums(entries)
    for entry in sorted(entries, key=lambda e: (e.person.first_name, e.person.last_name, str(e.pk))):
        found[entry.timesheet_id].append(_person_month(entry, sums[entry.placement_id, entry.month], today))
    return found


def _person_month(entry: SheetPerson, sums: dict[date, tuple[int, bool]], today: date) -> PersonMonth:
    placement, person = entry.placement, entry.person
    agreed = roster(placement, entry.month, today, list(placement.pathway.suspensions.all()))
    days = [
        Day(
            day,
            agreed.get(day, 0),
            sums[day][0] if day in sums else None,
            sums[day][1] if day in sums else False,
        )
        for day in sorted({*agreed, *sums})
    ]
    return PersonMonth(
        key=entry.pk,
        sheet=entry.timesheet_id,
        state=entry.timesheet.state,
        placement=placement.pk,
        person=person.pk,
        name=person.initial_name,
        full_name=str(person),
        task=placement.task.title,
        month=entry.month,
        first=placement.starts_on,
        last=placement.ends_on,
        days=days,
        answered_at=entry.answered_at,
        call_asked=entry.call_asked_at is not None,
        remark=entry.remark or "",
    )


def entered_sums(entries: Collection[SheetPerson]) -> dict[tuple[UUID, date], dict[date, tuple[int, bool]]]:
    """(placement, month) -> day -> (minutes, whether a coach corrected it)."""
    rows = HourLine.objects.filter(
        placement_id__in={entry.placement_id for entry in entries},
        month__in={entry.month for entry in entries},
        is_month_total=False,
    ).values("placement_id", "month", "day", "minutes", "corrects_id", "source")
    found: dict[tuple[UUID, date], dict[date, tuple[int, bool]]] = defaultdict(dict)
    for row in rows:
        days = found[row["placement_id"], row["month"]]
        minutes, corrected = days.get(row["day"], (0, False))
        now = row["corrects_id"] is not None and row["source"] == "coach"
        days[row["day"]] = (minutes + row["minutes"], corrected or now)
    return found


def corrections(sheet: Timesheet) -> list[HourLine]:
    """The correcting lines of a sheet, newest first, with their person."""
    lines = HourLine.objects.filter(timesheet=sheet, corrects__isnull=False).select_related("person")
    return list(lines.order_by("-created_at", "-id"))


# What counts ---------------------------------------------------------------------------------------------------------


def confirmed_lines() -> Any:
    """The lines that count: those of confirmed sheets, and those without a sheet (old file, correction)."""
    return HourLine.objects.filter(Q(timesheet=None) | Q(timesheet__state="confirmed"))


def confirmed_minutes(
    *,
    person_ids: Collection[UUID] | None = None,
    placement_ids: Collection[UUID] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> dict[tuple[UUID, date], int]:
    """(person, month) -> confirmed minutes, in the months from `first` up to `last`; one query."""
    lines = confirmed_lines()
    if person_ids is not None:
        lines = lines.filter(person_id__in=person_ids)
    if placement_ids is not None:
        lines = lines.filter(placement_id__in=placement_ids)
    if first is not None:
        lines = lines.filter(month__gte=first.replace(day=1))
    if last is not None:
        lines = lines.filter(month__lte=last)
    rows = lines.values("person_id", "month").annotate(total=Sum("minutes")).order_by("month")
    return {(row["person_id"], row["month"]): row["total"] for row in rows}


# Lists ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetRow:
    """A line of the month's list."""

    sheet: Timesheet
    people: list[PersonMonth]

    @property
    def minutes(self) -> int:
        return sum(person.minutes for person in self.people)

    @property
    def differs(self) -> bool:
        return any(person.differs for person in self.people)

    @property
    def calls(self) -> int:
        return sum(person.call_asked for person in self.people)


def sheet_rows(actor: Actor, month: date, today: date) -> list[SheetRow]:
    """The month's sheets that the actor confirms, what waits for the coach first."""
    sheets = list(may_list(actor).filter(month=month).select_related("host__organisation", "coach"))
    people = people_of(sheets, today)
    order = {"entered": 0, "asked": 1, "open": 2, "confirmed": 3}
    rows = [SheetRow(sheet, people[sheet.pk]) for sheet in sheets]
    return sorted(rows, key=lambda row: (order[row.sheet.state], row.sheet.host.organisation.name))


def state_counts(rows: list[SheetRow]) -> list[tuple[str, str, int]]:
    """State, its word and how many sheets have it, in the order of the machine."""
    return [
        (state, str(label), sum(row.sheet.state == state for row in rows))
        for state, label in TIMESHEET.states.items()
    ]
