"""The demo's history is lived, not written: each action runs on its own day, with that day's clock.

So every date, event, signature and confirmation is what it would have been, without a second way to make them.
Only the command that fills the demo uses this; nothing else runs in its process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

BELGIUM = ZoneInfo("Europe/Brussels")
STEP = timedelta(seconds=40)


class _AnyDatetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class _StoryDatetime(datetime, metaclass=_AnyDatetime):
    """What django.utils.timezone takes for `datetime` as long as a story runs."""

    moment: datetime | None = None

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz) if cls.moment is None else cls.moment.astimezone(tz)


@contextmanager
def story_time() -> Iterator[None]:
    """Inside, `set_day` decides what timezone.now() and timezone.localdate() say, model defaults included."""
    real = timezone.datetime  # type: ignore[attr-defined]
    timezone.datetime = _StoryDatetime  # type: ignore[attr-defined]
    try:
        yield
    finally:
        _StoryDatetime.moment = None
        timezone.datetime = real  # type: ignore[attr-defined]


def set_day(day: date, now: datetime) -> None:
    """The working day from nine on, a little later at each step; never later than `now`, the real moment."""
    moment = datetime.combine(day, time(9), BELGIUM)
    last = _StoryDatetime.moment
    if last is not None and last.astimezone(BELGIUM).date() == day:
        moment = last + STEP
    _StoryDatetime.moment = min(moment, now)
