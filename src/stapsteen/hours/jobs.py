"""Periodic work of the hours. Cron lines are in UTC: six o'clock is seven or eight in Belgium."""

from __future__ import annotations

from django.utils import timezone

from stapsteen.core.jobs import job
from stapsteen.hours import actions, months


@job("hours.ask_month", every="0 6 1 * *")
def ask_last_month() -> int:
    """On the first of the month: the hours of the month that just ended."""
    return actions.ask_month(month=months.before(months.first_of(timezone.localdate())))


@job("hours.remind", every="30 6 * * *")
def remind() -> int:
    """Each morning; sends something only a week after the first mail, to whoever isn't done."""
    return actions.remind(today=timezone.localdate())
