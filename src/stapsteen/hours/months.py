"""A month is named by its first day."""

from __future__ import annotations

from datetime import date, timedelta

from stapsteen.core.fields import FIRST_YEAR, LAST_YEAR


def first_of(day: date) -> date:
    return day.replace(day=1)


def after(month: date) -> date:
    return first_of(month + timedelta(days=31))


def before(month: date) -> date:
    return first_of(month - timedelta(days=1))


def last_of(month: date) -> date:
    return after(month) - timedelta(days=1)


def days_of(month: date) -> list[date]:
    return [month + timedelta(days=n) for n in range((after(month) - month).days)]


def read_month(text: str) -> date | None:
    """The month of "2026-10"; None for anything else, and for a month in which nobody works."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if FIRST_YEAR <= month.year <= LAST_YEAR else None


def write_month(month: date) -> str:
    return f"{month:%Y-%m}"
