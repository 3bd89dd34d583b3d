"""When something falls due: evaluations, guideline, maximum, standing still, what is asked after the end.

Pure functions on Belgian local dates. "After N months" is the same day number, or the last day of the month where that
day doesn't exist, always counted from the anchor (31 January + 1 = 28 February, + 2 = 31 March). Weekends stay.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Literal

from stapsteen.network.programme.schema import AimId, Programme, Rhythm

Reason = Literal["aim_changed", "same_day", "suspended", "moved"]


@dataclass(frozen=True)
class Suspension:
    """A stretch without guidance, first and last day included; `last` is None while nobody knows the end."""

    first: date
    last: date | None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("a suspension can't end before it begins")


@dataclass(frozen=True)
class AimChange:
    """From `on`, the pathway has this aim."""

    on: date
    aim: AimId


@dataclass(frozen=True)
class Moment:
    """One evaluation moment.

    `planned` is what the rhythm says, `due` when it must happen: None while an open suspension runs, and for one that
    was replaced. `number` counts from 1 since the rhythm (re)started. `reason` says why it isn't simply due as planned:
    moved by hand, suspended, or replaced because the aim changed or another one falls on the same day.
    """

    planned: date
    due: date | None
    number: int
    aim: AimId
    rhythm: Rhythm
    status: Literal["due", "suspended", "replaced"] = "due"
    reason: Reason | None = None


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_dates(
    programme: Programme,
    aim: AimId,
    start: date,
    until: date,
    suspensions: Sequence[Suspension] = (),
    aim_changes: Sequence[AimChange] = (),
    moved: Mapping[date, date] | None = None,
) -> list[Moment]:
    """Every moment planned up to and including `until`, in order of planned day.

    `start` is the day the rhythm counts from (see `Rhythm.counts_from`: first day at the first host, or start of the
    pathway). `moved` maps a planned day to the day agreed instead; a late or moved talk moves no other one.
    An aim with the same interval moves nothing; another interval starts anew on the day of the change, and the next
    moment of the old rhythm is kept as 'replaced'. What falls in a suspension is due on the first day after it.
    Two moments on one day are one talk: the earlier is kept as 'replaced'.
    Raises ValueError for an aim that the programme doesn't use, two aims from one day, or a change before the start.
    """
    stretches = _stretches(programme, aim, start, aim_changes)
    aims = [AimChange(start, aim), *sorted(aim_changes, key=lambda change: change.on)]
    planned = [moment for stretch in stretches for moment in _planned(programme, stretch, aims, until)]
    landed = [_land(moment, moved or {}, suspensions) for moment in planned]
    return _one_a_day(sorted(landed, key=lambda moment: (moment.planned, moment.status == "due")))


def planned_days(rhythm: Rhythm, start: date, until: date) -> Iterator[date]:
    """The days of one rhythm up to and including `until`, one by one: `due_dates` where nothing was moved or changed."""
    for months in _calendar(rhythm.interval):
        if (day := add_months(start, months)) > until:
            return
        yield day


def next_due(moments: Sequence[Moment], done: int) -> Moment | None:
    """The first open moment after `done` held ones (replaced ones don't count); None when there is none."""
    open_moments = [moment for moment in moments if moment.status != "replaced"]
    return open_moments[done] if done < len(open_moments) else None


@dataclass(frozen=True)
class _Stretch:
    """A run of one calendar: from its anchor until the day (included) that another one takes over."""

    anchor: date
    last: date | None
    interval: tuple[tuple[int, ...], int]


def _stretches(programme: Programme, aim: AimId, start: date, changes: Sequence[AimChange]) -> list[_Stretch]:
    if len({change.on for change in changes}) < len(changes):
        raise ValueError("two aims can't begin on one day")
    if any(change.on < start for change in changes):
        raise ValueError("an aim can't change before the rhythm starts; give the aim at the start instead")
    runs = [_Stretch(start, None, _rhythm(programme, aim).interval)]
    for change in sorted(changes, key=lambda change: change.on):
        interval = _rhythm(programme, change.aim).interval
        if interval != runs[-1].interval:
            runs[-1] = replace(runs[-1], last=change.on)
            runs.append(_Stretch(change.on, None, interval))
    return runs


def _rhythm(programme: Programme, aim: str) -> Rhythm:
    try:
        return programme.rhythm_for(aim)
    except KeyError:
        raise ValueError(f"programme {programme.meta.slug} doesn't use the aim {aim}") from None


def _calendar(interval: tuple[tuple[int, ...], int]) -> Iterator[int]:
    """Months after the anchor, without end: the first ones, then every so many."""
    first, every = interval
    yield from first
    yield from count((first[-1] if first else 0) + every, every)


def _planned(
    programme: Programme, stretch: _Stretch, aims: Sequence[AimChange], until: date
) -> Iterator[Moment]:
    """Moments of one stretch up to `until`, and the one that its end replaced (if it too is planned by then)."""
    for number, months in enumerate(_calendar(stretch.interval), 1):
        day = add_months(stretch.anchor, months)
        if day > until:
            return
        ending = stretch.last is not None and day >= stretch.last
        moment = _moment(
            programme, day, number, _aim_on(aims, min(day, stretch.last or day), before_change=ending)
        )
        if stretch.last is not None and day > stretch.last:
            yield replace(moment, due=None, status="replaced", reason="aim_changed")
            return
        yield moment


def _aim_on(aims: Sequence[AimChange], day: date, *, before_change: bool) -> AimId:
    """Aim in force on a day; with `before_change`, the one that a change on that day put an end to."""
    known = [change.aim for change in aims if change.on < day or (change.on == day and not before_change)]
    return known[-1] if known else aims[0].aim


def _moment(programme: Programme, day: date, number: int, aim: AimId) -> Moment:
    rhythm = _rhythm(programme, aim)
    return Moment(planned=day, due=day, number=number, aim=aim, rhythm=rhythm)


def _land(moment: Moment, moved: Mapping[date, date], suspensions: Sequence[Suspension]) -> Moment:
    """Where a planned moment ends up: moved by hand, then out of any suspension."""
    if moment.status == "replaced":
        return moment
    if moment.planned in moved:
        moment = replace(moment, due=moved[moment.planned], reason="moved")
    day = moment.due
    while day is not None and (hit := _covering(suspensions, day)):
        day = None if hit.last is None else hit.last + timedelta(days=1)
    if day == moment.due:
        return moment
    return replace(moment, due=day, status="due" if day else "suspended", reason="suspended")


def _covering(suspensions: Sequence[Suspension], day: date) -> Suspension | None:
    return next((s for s in suspensions if s.first <= day and (s.last is None or day <= s.last)), None)


def _one_a_day(moments: Sequence[Moment]) -> list[Moment]:
    """Of moments due on the same day, or all waiting for the same open end, the last stays open."""
    kept: list[Moment] = []
    taken: set[date | None] = set()
    for moment in reversed(moments):
        if moment.status != "replaced":
            if moment.due in taken:
                moment = replace(moment, due=None, status="replaced", reason="same_day")
            else:
                taken.add(moment.due)
        kept.append(moment)
    return kept[::-1]


# --- other days -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DurationDates:
    """Days that count for the whole pathway; None where the programme has no such limit."""

    guideline: date | None
    warn: date | None
    maximum: date | None


def duration_dates(programme: Programme, start: date) -> DurationDates:
    """Guideline, warning and maximum, counted from the start of the pathway. A suspension prolongs neither."""
    duration = programme.duration

    def after(months: int | None) -> date | None:
        return None if months is None else add_months(start, months)

    maximum = duration.maximum_months
    warn = None if maximum is None or duration.warn_months is None else maximum - duration.warn_months
    return DurationDates(guideline=after(duration.guideline_months), warn=after(warn), maximum=after(maximum))


def stands_still_from(programme: Programme, last_sign: date) -> date:
    """First day that someone counts as standing still; `last_sign` is the last movement, contact or hour."""
    return last_sign + timedelta(weeks=programme.follow_up.stand_still_weeks)


@dataclass(frozen=True)
class AfterEnd:
    """What is asked after the end: the result twice, and whether a handover held."""

    result: tuple[date, date]
    handover: tuple[date, ...]


def after_end(programme: Programme, ended: date) -> AfterEnd:
    """Days on which the result is asked and a handover checked, counted from the day the pathway ended."""
    follow_up = programme.follow_up
    result = (
        ended + timedelta(days=follow_up.result_after_days),
        add_months(ended, follow_up.result_after_months),
    )
    return AfterEnd(result, tuple(add_months(ended, months) for months in follow_up.handover_check_months))


def remind_on(programme: Programme, about: str, due: date) -> date:
    """Day that something due on `due` shows up for the one who must act; `due` itself without a reminder."""
    ahead = max((r.days_before for r in programme.follow_up.reminders if r.about == about), default=0)
    return due - timedelta(days=ahead)
