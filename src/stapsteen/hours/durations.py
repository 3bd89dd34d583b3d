"""Hours as people write them, and how long a day is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

LONGEST = 25 * 60
"""Minutes of the longest day there is: the one on which winter time begins."""
_CLOCK = re.compile(r"(\d{1,2})\s*(?:u(?:ur)?|h|:)\s*([0-5]?\d)?(?:\s*min)?")
_DECIMAL = re.compile(r"(\d{1,2})?(?:[.,](\d{1,2})|(½))?(?:\s*(?:uur|u|h))?")
_MINUTES = re.compile(r"(\d{1,4})\s*(?:min|minuten|m)\.?")


def read_minutes(text: str) -> int | None:
    """Minutes of "3", "3,5", "3u30", "3:30", "3½" or "45 min"; None for what can't be understood. Never raises.

    "3.20" isn't taken: it can mean 3 h 12 or 3 h 20. Decimals must give whole steps of five minutes.
    """
    plain = " ".join(str(text).lower().split())
    if found := _MINUTES.fullmatch(plain):
        return _within(int(found[1]))
    if found := _CLOCK.fullmatch(plain):
        return _within(int(found[1]) * 60 + int(found[2] or 0))
    found = _DECIMAL.fullmatch(plain)
    if not plain or found is None or not any(found.groups()):
        return None
    part = Decimal("0.5") if found[3] else Decimal(f"0.{found[2] or 0}")
    minutes = (int(found[1] or 0) + part) * 60
    return _within(int(minutes)) if minutes % 5 == 0 else None


def _within(minutes: int) -> int | None:
    return minutes if 0 <= minutes <= LONGEST else None


def show_minutes(minutes: int) -> str:
    """How a person would write it: "3", "3,5", "3u20"; a minus for a correction."""
    sign, (hours, rest) = "-" if minutes < 0 else "", divmod(abs(minutes), 60)
    if rest in {0, 30}:
        return f"{sign}{hours}{',5' if rest else ''}"
    return f"{sign}{hours}u{rest:02d}"


def day_minutes(day: date) -> int:
    """The length of a Belgian day in minutes: 1,440, or an hour less or more when the clock changes."""
    zone = timezone.get_default_timezone()
    begins, ends = (datetime.combine(d, time(), zone).astimezone(UTC) for d in (day, day + timedelta(days=1)))
    return int((ends - begins).total_seconds()) // 60
