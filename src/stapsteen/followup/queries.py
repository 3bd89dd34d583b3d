"""What is due and who is forgotten: derived from the programme's rhythm, never stored (requirements G3, G4; decision 5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.models import Event
from stapsteen.followup import histories
from stapsteen.followup.histories import STARTED, History
from stapsteen.followup.models import Evaluation, GoingOn
from stapsteen.network.models import ProgrammeVersion
from stapsteen.network.programme import rhythm
from stapsteen.pathways.models import Pathway

AHEAD_DAYS = 31
HISTORY = histories.PREFETCH
SPIDER = "evaluator"
"""The form that says: at this moment of the rhythm all score the spider together (document 004)."""
Way = Pathway | History
"""One pathway that was loaded (best `with_history`), or what was read of many (`histories.read`)."""


@dataclass(frozen=True)
class Due:
    """A moment that waits: `planned` is the rhythm's day and names it, `day` when it must happen."""

    pathway_id: UUID
    planned: date
    day: date
    kind: str
    appointment: date | None
    today: date

    @property
    def overdue_days(self) -> int:
        return max((self.today - self.day).days, 0)

    @property
    def status(self) -> Literal["overdue", "due", "coming"]:
        if self.day < self.today:
            return "overdue"
        return "due" if self.day == self.today else "coming"


def with_history(pathways: Any) -> Any:
    """Pathways with all that these questions need: a fixed number of queries. For a few; a list reads histories."""
    return pathways.select_related("person", "coach").prefetch_related(*HISTORY)


def shown_pathways(keys: Iterable[UUID]) -> dict[UUID, Pathway]:
    """The pathways of what a page shows, with person and coach: these persons the read log notes, and no others."""
    found: dict[UUID, Pathway] = Pathway.objects.select_related("person", "coach").in_bulk(list(keys))
    return found


def history_of(way: Way) -> History:
    return way if isinstance(way, History) else histories.of(way)


def due_evaluations(pathways: Iterable[Way], today: date, *, ahead: int = AHEAD_DAYS) -> list[Due]:
    """What waits in these pathways up to `ahead` days from today, the most overdue first.

    Of one pathway only the first open moment: after a missed one, the talk that is held answers it, and the next follows
    its own day.
    """
    found = [due for way in pathways if (due := _first_moment(history_of(way), today, ahead))]
    return sorted(found, key=lambda due: (due.day, due.pathway_id))


def _first_moment(history: History, today: date, ahead: int) -> Due | None:
    """The first of `open_moments`; where nothing moves the calendar, without writing out all the rest of it."""
    start = counting_from(history)
    if history.state == "ended" or start is None:
        return None
    answered, last_talk, moved = _talks(history)
    aims = aims_since(history, start)
    way = history.rules.rhythm_for(aims[0].aim)
    if history.suspensions or moved or len(aims) > 1 or (history.spiders and SPIDER in way.forms):
        return next(iter(open_moments(history, today, ahead=ahead)), None)
    for day in rhythm.planned_days(way, start, today + timedelta(days=ahead)):
        if day > last_talk and day not in answered:
            return Due(history.pk, day, day, way.kind, None, today)
    return None


def open_moments(pathway: Way, today: date, *, ahead: int = AHEAD_DAYS) -> list[Due]:
    """The moments that the rhythm asks for and that nobody held or dropped yet, in order of day.

    A talk answers its own moment and whatever else was due by then: what was missed isn't asked for afterwards.
    """
    history = history_of(pathway)
    start = counting_from(history)
    if history.state == "ended" or start is None:
        return []
    aims = aims_since(history, start)
    answered, last_talk, moved = _talks(history)
    moments = rhythm.due_dates(
        history.rules, aims[0].aim, start, today + timedelta(days=ahead), pauses(history), aims[1:], moved
    )
    asked = [m for m in moments if m.status == "due" and m.due is not None and m.planned not in answered]
    answered |= scored(asked, history.spiders)
    open_ones = [
        Due(history.pk, m.planned, m.due, m.rhythm.kind, moved.get(m.planned), today)
        for m in moments
        if m.status == "due" and m.due is not None and m.planned not in answered and m.due > last_talk
    ]
    return sorted(open_ones, key=lambda due: due.day)


def _talks(history: History) -> tuple[set[date], date, dict[date, date]]:
    """Planned days that were held or dropped; the day of the last talk; planned day -> the day agreed instead."""
    rows = history.evaluations
    moved = {row.due_on: row.planned_on for row in rows if row.state == "planned" and row.planned_on}
    last_talk = max((row.held_on for row in rows if row.held_on), default=date.min)
    return {row.due_on for row in rows if row.state != "planned"}, last_talk, moved


def scored(asked: list[rhythm.Moment], days: list[date]) -> set[date]:
    """Planned days of the moments that a scored spider answers, where the rhythm's talk is that spider.

    Each day answers what was due by then; when nothing was, the next moment if that is at most AHEAD_DAYS away.
    """
    left = sorted((m for m in asked if m.due and SPIDER in m.rhythm.forms), key=lambda m: m.due or m.planned)
    found: set[date] = set()
    for day in days:
        past = [m for m in left if m.due and m.due <= day]
        soon = [m for m in left if m.due and day < m.due <= day + timedelta(days=AHEAD_DAYS)][:1]
        taken = past or soon
        found |= {m.planned for m in taken}
        left = [m for m in left if m not in taken]
    return found


def programme_now(pathway: Pathway) -> ProgrammeVersion:
    """The programme that the pathway follows last; a pathway always has one."""
    version: ProgrammeVersion = max(
        pathway.programmes.all(), key=lambda row: (row.starts_on, row.pk)
    ).programme
    return version


def counting_from(history: History) -> date | None:
    """The day that the rhythm counts from: first day at the first host, or start of the pathway, as the aim's rhythm says.

    None before there is a host, where the rhythm waits for one. After a change of kind it counts from that change.
    """
    if history.rules.rhythm_for(history.aims[-1].aim).counts_from == "pathway_start":
        return history.since
    return None if history.first_day is None else max(history.first_day, history.since)


def aims_since(history: History, start: date) -> list[rhythm.AimChange]:
    """The aim on the first day and its changes after; an aim that held on no day doesn't count."""
    rows = [row for row in history.aims if row.ends_on is None or row.ends_on >= row.starts_on]
    before = [row for row in rows if row.starts_on <= start] or rows[:1]
    later = [row for row in rows if row.starts_on > start and row is not before[-1]]
    return [
        rhythm.AimChange(start, before[-1].aim),
        *(rhythm.AimChange(row.starts_on, row.aim) for row in later),
    ]


def pauses(history: History) -> list[rhythm.Suspension]:
    return [
        rhythm.Suspension(row.starts_on, row.ends_on)
        for row in history.suspensions
        if row.ends_on is None or row.ends_on >= row.starts_on
    ]


# Nobody is forgotten -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Still:
    """A pathway without movement, contact or hours since `last_sign`."""

    pathway_id: UUID
    last_sign: date
    weeks: int


def stands_still(pathways: Sequence[Way], today: date) -> list[Still]:
    """Active pathways where nothing happened for the programme's number of weeks, the longest first.

    Every contact, step, talk and hour is a line on the timeline, so the newest line is the last sign of life. One query
    more for pathways that were loaded; histories know it.
    """
    signs = last_signs(way.person_id for way in pathways if isinstance(way, Pathway))
    found = []
    for history in map(history_of, pathways):
        sign = history.last_sign or signs.get(history.person_id, history.starts_on)
        last = max(sign, history.starts_on)
        if history.state == "active" and today >= rhythm.stands_still_from(history.rules, last):
            found.append(Still(history.pk, last, (today - last).days // 7))
    return sorted(found, key=lambda still: (still.last_sign, still.pathway_id))


def last_signs(persons: Iterable[UUID]) -> dict[UUID, date]:
    """Person id -> the day of the newest line on the timeline."""
    rows = Event.objects.filter(subject_id__in=list(persons)).order_by()
    return dict(rows.values("subject_id").annotate(last=Max("happened_on")).values_list("subject_id", "last"))


@dataclass(frozen=True)
class Limit:
    """A pathway past its guideline, near its maximum or past it.

    `going_on` says why it goes on, when somebody said so; in words only after `with_reasons`, when read for a list.
    """

    pathway_id: UUID
    kind: Literal["guideline", "near_maximum", "maximum"]
    day: date
    going_on: Any = None

    @property
    def name(self) -> str:
        """Which of GoingOn.LIMITS it is about."""
        return "guideline" if self.kind == "guideline" else "maximum"


def past_limits(pathways: Iterable[Way], today: date) -> list[Limit]:
    """Pathways past a limit that wait for a decision: nobody said why they go on, or it is to be looked at again."""
    return [found for found in limits(pathways, today) if not is_answered(found, today)]


def is_answered(limit: Limit, today: date) -> bool:
    return limit.going_on is not None and today < limit.going_on.review_on


def limits(pathways: Iterable[Way], today: date) -> list[Limit]:
    """Running pathways past the guideline (6 months at LINK), near or past the maximum (3 years at VINAC)."""
    found = [limit for way in pathways if (limit := _limit(history_of(way), today))]
    return sorted(found, key=lambda limit: (limit.day, limit.pathway_id))


def _limit(history: History, today: date) -> Limit | None:
    days = rhythm.duration_dates(history.rules, history.starts_on)
    if history.state == "ended":
        return None
    if days.maximum and today >= (days.warn or days.maximum):
        kind: Literal["near_maximum", "maximum"] = "maximum" if today >= days.maximum else "near_maximum"
        return Limit(history.pk, kind, days.maximum, _reason(history, "maximum", today))
    if days.guideline and today >= days.guideline:
        return Limit(history.pk, "guideline", days.guideline, _reason(history, "guideline", today))
    return None


def _reason(history: History, limit: str, today: date) -> Any:
    """Why it goes on past this limit; a reason for the guideline is none for the maximum."""
    rows = [row for row in history.going_on if row.limit == limit]
    return next((row for row in rows if row.starts_on <= today and row.ends_on is None), None)


def with_reasons(shown: Iterable[Limit]) -> list[Limit]:
    """The limits that a page shows, with their reasons as they were written: one query, none where there is no reason."""
    found = list(shown)
    rows = GoingOn.objects.in_bulk([limit.going_on.pk for limit in found if limit.going_on])
    return [replace(limit, going_on=rows[limit.going_on.pk]) if limit.going_on else limit for limit in found]


def limit_words(limit: Limit) -> str:
    """Which limit, and when; and why it goes on, when somebody said so."""
    day = date_format(limit.day, "j F Y")
    words = {
        "guideline": _("Langer dan de richtduur: die was %(day)s."),
        "near_maximum": _("De maximumduur is bijna bereikt: %(day)s."),
        "maximum": _("De maximumduur is voorbij: die was %(day)s."),
    }[limit.kind] % {"day": day}
    return f"{words} {going_on_words(limit.going_on)}" if limit.going_on else words


def going_on_words(row: GoingOn) -> str:
    reason = row.reason if row.reason.endswith((".", "!", "?")) else f"{row.reason}."
    return _("Gaat door: %(reason)s Opnieuw bekijken op %(day)s.") % {
        "reason": reason,
        "day": date_format(row.review_on, "j F Y"),
    }


def has_host(pathway: Pathway) -> bool:
    """Whether there is, or was, a host who can say something."""
    return bool(pathway.placements.filter(state__in=STARTED).exists())


def held(pathway: Pathway) -> list[Evaluation]:
    """The talks that were held, newest first."""
    return list(pathway.evaluations.filter(state="held").order_by("-held_on", "-id"))


def reasons(pathway: Pathway) -> list[GoingOn]:
    """Every reason to go on that was given, newest first."""
    return list(pathway.going_on.order_by("-starts_on", "-id"))
