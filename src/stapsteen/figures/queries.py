"""Every figure, each from one statement, the same for page, spreadsheet and test. What each word means: definitions.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import connection

from stapsteen.core.scope import current
from stapsteen.figures import sql

ALL = ""
"""The key of what is counted over all kinds together, each person or pathway once."""


@dataclass(frozen=True)
class Period:
    """Whole months, from the first day of one to `last` (included; the running month may be cut off today)."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first.day != 1:
            raise ValueError(f"A period begins on the first day of a month, not on {self.first}.")
        if self.last < self.first:
            raise ValueError(f"A period can't end ({self.last}) before it begins ({self.first}).")

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def bounds(self) -> dict[str, date]:
        return {"first": self.first, "last": self.last}


@dataclass(frozen=True)
class Averages:
    """Persons per month, as exact fractions: per kind, their sum, and different persons over all kinds."""

    period: Period
    kinds: dict[str, Fraction]
    persons: Fraction

    @property
    def total(self) -> Fraction:
        """The sum of the kinds: who is in two kinds counts twice (document 001, slide 7)."""
        return sum(self.kinds.values(), Fraction(0))


@dataclass(frozen=True)
class Flow:
    """Pathways that began and ended; `stepped_up` are among those that ended."""

    started: int = 0
    stopped: int = 0
    stepped_up: int = 0


@dataclass(frozen=True)
class Step:
    """How far referrals came: persons per referrer, or (for ALL) each person once."""

    referred: int = 0
    in_talks: int = 0
    started: int = 0


@dataclass(frozen=True)
class Lasting:
    """Placements that began in the period: still there after six months, stopped sooner, or too young to say."""

    began: int
    lasted: int
    stopped_sooner: int

    @property
    def too_young(self) -> int:
        return self.began - self.lasted - self.stopped_sooner


@dataclass(frozen=True)
class Hosts:
    """Hosts with an active placement and those placements: in all, per umbrella ('' is none), per sector of the task."""

    hosts: int
    placements: int
    umbrellas: dict[str, tuple[int, int]]
    sectors: dict[str, tuple[int, int]]


def average_per_month(period_start: date, period_end: date) -> Averages:
    """Mean over the period's months of the persons active in each, per kind (document 001, slide 7)."""
    return averages([Period(period_start, period_end)])[0]


def averages(periods: Sequence[Period]) -> list[Averages]:
    """The same for several periods in one query; periods may not begin on the same day."""
    firsts, lasts = [p.first for p in periods], [p.last for p in periods]
    if len(set(firsts)) != len(firsts):
        raise ValueError("Two periods begin on the same day.")
    found: dict[date, dict[str, int]] = {first: {} for first in firsts}
    for first, kind, person_months in _rows(sql.AVERAGES, firsts=firsts, lasts=lasts):
        found[first][kind] = person_months
    return [_average(period, found[period.first]) for period in periods]


def _average(period: Period, person_months: dict[str, int]) -> Averages:
    means = {kind: Fraction(count, period.months) for kind, count in person_months.items()}
    persons = means.pop(ALL, Fraction(0))
    return Averages(period, means, persons)


def persons_per_month(period: Period) -> dict[tuple[date, str], int]:
    """(First day of the month, kind or ALL) -> persons active in that month; what is zero is left out."""
    rows = _rows(sql.MONTHS, firsts=[period.first], lasts=[period.last])
    return {(month, kind): persons for month, kind, persons in rows}


def active_persons(period: Period) -> dict[str, int]:
    """Different persons that were active on at least one day, per kind and for ALL (document 001, slides 15 and 20)."""
    return {ALL: 0, **dict(_rows(sql.ACTIVE, **period.bounds))}


def active_on(day: date) -> dict[str, int]:
    """The same for one day: the pathway is open and not paused."""
    return {ALL: 0, **dict(_rows(sql.ACTIVE, first=day, last=day))}


def flows(period: Period) -> dict[str, Flow]:
    """Started (by the kind of the first day), stopped and stepped up (by the kind of the last day), per kind and ALL."""
    rows = _rows(sql.FLOWS, **period.bounds)
    return {ALL: Flow(), **{kind: Flow(*counts) for kind, *counts in rows if any(counts)}}


def last_aims(period: Period) -> dict[str, dict[str, int]]:
    """Kind -> aim -> active persons whose last aim of the period it was; '' is no aim known."""
    found: dict[str, dict[str, int]] = {}
    for kind, aim, persons in _rows(sql.AIMS, **period.bounds):
        found.setdefault(kind, {})[aim] = persons
    return found


def funnel(period: Period, *, today: date) -> dict[str, Step]:
    """Referrals received in the period and how far they came until `today`, per referrer's kind and for ALL (document 000).

    A person counts once at each referrer; in ALL once.
    """
    rows = _rows(sql.FUNNEL, today=today, **period.bounds)
    steps = {kind: Step(*counts[:3]) for kind, *counts in rows if kind is not None}
    return {**steps, ALL: Step(*next(row for row in rows if row[0] is None)[4:])}


def lasting_placements(period: Period, *, today: date) -> Lasting:
    """Of the placements that began in the period: how many were still there six months later."""
    return Lasting(*_rows(sql.LASTING, today=today, **period.bounds)[0])


def hosts(period: Period) -> Hosts:
    """Where people were placed (document 001, slides 16 and 17): shares are of hosts; placements stand beside."""
    rows = _rows(sql.HOSTS, **period.bounds)
    umbrellas = {umbrella or "": (one, two) for group, umbrella, _, one, two in rows if group == 1}
    sectors = {sector: (one, two) for group, _, sector, one, two in rows if group == 2}
    whole = next(row for row in rows if row[0] == 3)
    return Hosts(whole[3], whole[4], umbrellas, sectors)


def since() -> date | None:
    """The first day of which there is anything to count."""
    first: date | None = _rows(sql.SINCE)[0][0]
    return first


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run in the open scope (NoScope without one): the database lets only its service through."""
    current()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
