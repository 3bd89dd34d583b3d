"""What a host can carry: sums over anonymous uses and dated statements. Pure, no database.

Capacity is the host's own statement in *guidance*: how many people with support at once, over all services of the
network together (requirement D3, document 003). An organisation that said nothing yet isn't asked to carry anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol


class Stretch(Protocol):
    """Something from `starts_on` up to and with `ends_on` (None: still so)."""

    starts_on: date
    ends_on: date | None


class Use(Stretch, Protocol):
    """A person's weight on the guidance of a host."""

    weight: int

    @property
    def support(self) -> Sequence[str]:
        """The kinds of support that this person needs there."""


class Statement(Stretch, Protocol):
    """What the host said."""

    places: int
    paused: bool

    @property
    def limits(self) -> Mapping[str, int]:
        """Kind of support -> how many people at once; 0 is a no. A kind that isn't here wasn't spoken about."""


class No(Stretch, Protocol):
    """A no of the host: to everybody (no task, no support), for one task, or to one kind of support."""

    task_id: Any
    support: str


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

    why: Literal["free", "unknown", "no", "paused", "full", "support_no", "support_full"]
    day: date
    support: str = ""

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


def room(
    uses: Sequence[Use],
    statements: Sequence[Statement],
    from_day: date,
    weight: int,
    support: Sequence[str] = (),
) -> Room:
    """Whether one more use of this weight, with these kinds of support, fits on every day from `from_day` on.

    A kind of support that the host wasn't asked about counts in the whole only: it needs a talk, it is no no.
    """
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
        for kind in support:
            if (left := support_left(uses, said, kind, day)) is not None and left < 1:
                return Room("support_no" if said.limits[kind] == 0 else "support_full", day, kind)
    return Room("free", from_day)


def places_left(uses: Sequence[Use], statements: Sequence[Statement], from_day: date) -> int | None:
    """How much weight still fits on every day from `from_day` on; None when the host said nothing for one of them.

    A pause or a no is 0; more people than the host carries is below 0.
    """
    least: int | None = None
    for day in turning_days([*uses, *statements], from_day):
        if (said := statement_on(statements, day)) is None:
            return None
        left = 0 if said.paused else said.places - load(uses, day).used
        least = left if least is None else min(least, left)
    return least


def supports_left(uses: Sequence[Use], statements: Sequence[Statement], from_day: date) -> dict[str, int]:
    """Kind of support -> how many more people who need it, on every day from `from_day` on; not spoken about: absent."""
    found: dict[str, int] = {}
    for day in turning_days([*uses, *statements], from_day):
        if (said := statement_on(statements, day)) is None:
            continue
        for kind in said.limits:
            closed = said.paused or said.places == 0
            left = 0 if closed else support_left(uses, said, kind, day) or 0
            found[kind] = min(found.get(kind, left), left)
    return found


def support_left(uses: Iterable[Use], said: Statement, kind: str, day: date) -> int | None:
    """How many more people with this kind of support on the day; None when it wasn't spoken about."""
    if (most := said.limits.get(kind)) is None:
        return None
    return most - sum(holds(use, day) and kind in use.support for use in uses)


def refused[N: No](nos: Iterable[N], task: Any, support: Iterable[str], day: date) -> N | None:
    """The first no that forbids this task with this support from the day on; one that begins later forbids too."""
    needed = set(support)
    for row in nos:
        if row.ends_on is not None and row.ends_on < max(day, row.starts_on):
            continue
        if row.task_id == task if row.task_id is not None else not row.support or row.support in needed:
            return row
    return None


def seats_taken(uses: Sequence[Use], from_day: date) -> int:
    """The most people at once on one task, on any day from `from_day` on. A seat is a person, whatever the weight."""
    return max(sum(holds(row, day) for row in uses) for day in turning_days(uses, from_day))
