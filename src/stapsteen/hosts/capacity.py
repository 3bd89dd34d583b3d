"""What a host can carry: sums over anonymous uses and dated statements. Pure, no database.

Capacity is the host's own statement in *guidance*: how many people with support at once, over all services of the
network together (requirement D3, document 003). An organisation that said nothing yet isn't asked to carry anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol


class Stretch(Protocol):
    """Something from `starts_on` up to and with `ends_on` (None: still so)."""

    starts_on: date
    ends_on: date | None


class Use(Stretch, Protocol):
    """A person's weight on the guidance of a host."""

    weight: int


class Statement(Stretch, Protocol):
    """What the host said."""

    places: int
    paused: bool


@dataclass(frozen=True)
class Load:
    """Weights: of who is there on the day, and of who comes later."""

    used: int
    planned: int

    @property
    def total(self) -> int:
        return self.used + self.planned


@dataclass(frozen=True)
class Room:
    """Whether there is room from a day on; if not, the first day without it and why."""

    why: Literal["free", "unknown", "no", "paused", "full"]
    day: date

    @property
    def free(self) -> bool:
        return self.why == "free"


def holds(row: Stretch, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


def load(uses: Iterable[Use], day: date) -> Load:
    """Who is there on the day, and who comes after it (what ended before counts for nothing)."""
    rows = list(uses)
    later = (
        row for row in rows if row.starts_on > day and (row.ends_on is None or row.ends_on >= row.starts_on)
    )
    return Load(sum(row.weight for row in rows if holds(row, day)), sum(row.weight for row in later))


def statement_on[S: Statement](statements: Iterable[S], day: date) -> S | None:
    """The newest statement that holds on the day."""
    return max((row for row in statements if holds(row, day)), key=lambda row: row.starts_on, default=None)


def turning_days(rows: Iterable[Stretch], from_day: date) -> list[date]:
    """The days from `from_day` on at which the load or the statement can become worse."""
    return sorted({from_day, *(row.starts_on for row in rows if row.starts_on > from_day)})


def room(uses: Sequence[Use], statements: Sequence[Statement], from_day: date, weight: int) -> Room:
    """Whether one more use of this weight fits on every day from `from_day` on."""
    for day in turning_days([*uses, *statements], from_day):
        said = statement_on(statements, day)
        if said is None:
            return Room("unknown", day)
        if said.paused:
            return Room("paused", day)
        if said.places == 0:
            return Room("no", day)
        if load(uses, day).used + weight > said.places:
            return Room("full", day)
    return Room("free", from_day)


def seats_taken(uses: Sequence[Use], from_day: date) -> int:
    """The most people at once on one task, on any day from `from_day` on. A seat is a person, whatever the weight."""
    return max(sum(holds(row, day) for row in uses) for day in turning_days(uses, from_day))
