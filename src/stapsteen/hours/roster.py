"""What was agreed: which days of a month somebody comes, and for how long."""

from __future__ import annotations

from datetime import date

from stapsteen.core import halfdays
from stapsteen.hours import months
from stapsteen.hours.durations import day_minutes
from stapsteen.pathways.models import Suspension
from stapsteen.placements.models import Placement


def roster(placement: Placement, month: date, today: date, pauses: list[Suspension]) -> dict[date, int]:
    """Day -> agreed minutes, for the days of the month up to today on which the person was expected."""
    found = {}
    for day in months.days_of(month):
        minutes = agreed_minutes(placement, day)
        if minutes and day <= today and covers(placement, day) and not paused(pauses, day):
            found[day] = minutes
    return found


def agreed_minutes(placement: Placement, day: date) -> int:
    """By the half-days of the week in the agreement, never more than the day is long."""
    pairs = halfdays.to_pairs(placement.half_days)
    times = sum(1 for weekday, _part in pairs if weekday == day.weekday())
    return min(times * placement.minutes_per_half_day, day_minutes(day))


def covers(placement: Placement, day: date) -> bool:
    """Whether the placement held on that day: its last day counts."""
    return placement.starts_on <= day and (placement.ends_on is None or day <= placement.ends_on)


def paused(pauses: list[Suspension], day: date) -> bool:
    return any(p.starts_on <= day and (p.ends_on is None or day <= p.ends_on) for p in pauses)
