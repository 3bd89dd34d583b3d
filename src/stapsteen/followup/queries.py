"""What is due and who is forgotten: derived from the programme's rhythm, never stored (requirements G3, G4; decision 5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stapsteen.core.models import Event
from stapsteen.followup.models import Evaluation, GoingOn
from stapsteen.network.models import ProgrammeVersion
from stapsteen.network.programme import rhythm
from stapsteen.pathways.models import Pathway

AHEAD_DAYS = 31
HISTORY = ("programmes__programme", "aims", "suspensions", "placements", "evaluations", "going_on", "moments")
SPIDER = "evaluator"
"""The form that says: at this moment of the rhythm all score the spider together (document 004)."""
STARTED = ("active", "ended")


@dataclass(frozen=True)
class Due:
    """A moment that waits: `planned` is the rhythm's day and names it, `day` when it must happen."""

    pathway: Pathway
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
    """Pathways with all that these questions need: a fixed number of queries, however many pathways."""
    return pathways.select_related("person", "coach").prefetch_related(*HISTORY)


def due_evaluations(pathways: Iterable[Pathway], today: date, *, ahead: int = AHEAD_DAYS) -> list[Due]:
    """What waits in these pathways (from `with_history`) up to `ahead` days from today, the most overdue first.

    Of one pathway only the first open moment: after a missed one, the talk that is held answers it, and the next follows
    its own day.
    """
    found = [due[0] for pathway in pathways if (due := open_moments(pathway, today, ahead=ahead))]
    return sorted(found, key=lambda due: (due.day, due.pathway.pk))


def open_moments(pathway: Pathway, today: date, *, ahead: int = AHEAD_DAYS) -> list[Due]:
    """The moments that the rhythm asks for and that nobody held or dropped yet, in order of day.

    A talk answers its own moment and whatever else was due by then: what was missed isn't asked for afterwards.
    """
    start = counting_from(pathway)
    if pathway.state == "ended" or start is None:
        return []
    rules = programme_now(pathway).rules
    aims = aims_since(pathway, start)
    evaluations = list(pathway.evaluations.all())
    moved = {e.due_on: e.planned_on for e in evaluations if e.state == "planned" and e.planned_on}
    moments = rhythm.due_dates(
        rules, aims[0].aim, start, today + timedelta(days=ahead), pauses(pathway), aims[1:], moved
    )
    answered = {e.due_on for e in evaluations if e.state != "planned"}
    last_talk = max((e.held_on for e in evaluations if e.held_on), default=date.min)
    asked = [m for m in moments if m.status == "due" and m.due is not None and m.planned not in answered]
    answered |= scored(asked, spider_days(pathway))
    open_ones = [
        Due(pathway, m.planned, m.due, m.rhythm.kind, moved.get(m.planned), today)
        for m in moments
        if m.status == "due" and m.due is not None and m.planned not in answered and m.due > last_talk
    ]
    return sorted(open_ones, key=lambda due: due.day)


def spider_days(pathway: Pathway) -> list[date]:
    """Days on which a spider was scored and closed, in order."""
    return sorted(moment.held_on for moment in pathway.moments.all() if moment.state == "closed")


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


def counting_from(pathway: Pathway) -> date | None:
    """The day that the rhythm counts from: first day at the first host, or start of the pathway, as the aim's rhythm says.

    None before there is a host, where the rhythm waits for one. After a change of kind it counts from that change.
    """
    rows = sorted(pathway.programmes.all(), key=lambda row: (row.starts_on, row.pk))
    since = rows[-1].starts_on if len(rows) > 1 else pathway.starts_on
    aim = max(pathway.aims.all(), key=lambda row: (row.starts_on, row.pk)).aim
    if rows[-1].programme.rules.rhythm_for(aim).counts_from == "pathway_start":
        return since
    first = min((p.starts_on for p in pathway.placements.all() if p.state in STARTED), default=None)
    return None if first is None else max(first, since)


def aims_since(pathway: Pathway, start: date) -> list[rhythm.AimChange]:
    """The aim on the first day and its changes after; an aim that held on no day doesn't count."""
    rows = [row for row in pathway.aims.all() if row.ends_on is None or row.ends_on >= row.starts_on]
    rows.sort(key=lambda row: row.starts_on)
    before = [row for row in rows if row.starts_on <= start] or rows[:1]
    later = [row for row in rows if row.starts_on > start and row is not before[-1]]
    return [
        rhythm.AimChange(start, before[-1].aim),
        *(rhythm.AimChange(row.starts_on, row.aim) for row in later),
    ]


def pauses(pathway: Pathway) -> list[rhythm.Suspension]:
    return [
        rhythm.Suspension(row.starts_on, row.ends_on)
        for row in pathway.suspensions.all()
        if row.ends_on is None or row.ends_on >= row.starts_on
    ]


# Nobody is forgotten -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Still:
    """A pathway without movement, contact or hours since `last_sign`."""

    pathway: Pathway
    last_sign: date
    weeks: int


def stands_still(pathways: Sequence[Pathway], today: date) -> list[Still]:
    """Active pathways where nothing happened for the programme's number of weeks, the longest first; one query more.

    Every contact, step, talk and hour is a line on the timeline, so the newest line is the last sign of life.
    """
    signs = last_signs(p.person_id for p in pathways)
    found = []
    for pathway in pathways:
        last = max(signs.get(pathway.person_id, pathway.starts_on), pathway.starts_on)
        if pathway.state == "active" and today >= rhythm.stands_still_from(
            programme_now(pathway).rules, last
        ):
            found.append(Still(pathway, last, (today - last).days // 7))
    return sorted(found, key=lambda still: (still.last_sign, still.pathway.pk))


def last_signs(persons: Iterable[UUID]) -> dict[UUID, date]:
    """Person id -> the day of the newest line on the timeline."""
    rows = Event.objects.filter(subject_id__in=list(persons)).order_by()
    return dict(rows.values("subject_id").annotate(last=Max("happened_on")).values_list("subject_id", "last"))


@dataclass(frozen=True)
class Limit:
    """A pathway past its guideline, near its maximum or past it; `going_on` says why it goes on, when somebody said so."""

    pathway: Pathway
    kind: Literal["guideline", "near_maximum", "maximum"]
    day: date
    going_on: GoingOn | None = None

    @property
    def name(self) -> str:
        """Which of GoingOn.LIMITS it is about."""
        return "guideline" if self.kind == "guideline" else "maximum"


def past_limits(pathways: Iterable[Pathway], today: date) -> list[Limit]:
    """Pathways past a limit that wait for a decision: nobody said why they go on, or it is to be looked at again."""
    return [found for found in limits(pathways, today) if not is_answered(found, today)]


def going_on(pathways: Iterable[Pathway], today: date) -> list[Limit]:
    """Pathways past a limit that go on for a reason, which isn't to be looked at again yet."""
    return [found for found in limits(pathways, today) if is_answered(found, today)]


def is_answered(limit: Limit, today: date) -> bool:
    return limit.going_on is not None and today < limit.going_on.review_on


def limits(pathways: Iterable[Pathway], today: date) -> list[Limit]:
    """Running pathways past the guideline (6 months at LINK), near or past the maximum (3 years at VINAC)."""
    found = [limit for pathway in pathways if (limit := _limit(pathway, today))]
    return sorted(found, key=lambda limit: (limit.day, limit.pathway.pk))


def _limit(pathway: Pathway, today: date) -> Limit | None:
    days = rhythm.duration_dates(programme_now(pathway).rules, pathway.starts_on)
    if pathway.state == "ended":
        return None
    if days.maximum and today >= (days.warn or days.maximum):
        kind: Literal["near_maximum", "maximum"] = "maximum" if today >= days.maximum else "near_maximum"
        return Limit(pathway, kind, days.maximum, _reason(pathway, "maximum", today))
    if days.guideline and today >= days.guideline:
        return Limit(pathway, "guideline", days.guideline, _reason(pathway, "guideline", today))
    return None


def _reason(pathway: Pathway, limit: str, today: date) -> GoingOn | None:
    """Why it goes on past this limit; a reason for the guideline is none for the maximum."""
    rows = [row for row in pathway.going_on.all() if row.limit == limit]
    return next((row for row in rows if row.starts_on <= today and row.ends_on is None), None)


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
