"""The sums: who is there on a day, and whether one more fits on every day to come."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from stapsteen.hosts.capacity import Load, Room, load, room, seats_taken, statement_on


@dataclass
class Use:
    starts_on: date
    ends_on: date | None = None
    weight: int = 1
    support: tuple[str, ...] = ()


@dataclass
class Said:
    starts_on: date
    ends_on: date | None = None
    places: int = 2
    paused: bool = False
    limits: dict[str, int] = field(default_factory=dict)


def day(number: int) -> date:
    return date(2026, 3, number)


ALWAYS = [Said(day(1))]


def test_last_day_counts_and_the_day_after_is_free():
    uses = [Use(day(1), day(10))]
    assert load(uses, day(10)) == Load(1, 0)
    assert load(uses, day(11)) == Load(0, 0)


def test_a_use_that_never_held_counts_for_nothing():
    assert load([Use(day(20), day(19), 5)], day(2)) == Load(0, 0)
    assert load([Use(day(20), day(19), 5)], day(20)) == Load(0, 0)


def test_what_starts_later_is_planned():
    assert load([Use(day(1)), Use(day(20), weight=2)], day(5)) == Load(1, 2)


@pytest.mark.parametrize(
    ("uses", "weight", "expected"),
    [
        ([], 1, Room("free", day(5))),
        ([Use(day(1))], 1, Room("free", day(5))),
        ([Use(day(1))], 2, Room("full", day(5))),
        ([Use(day(1)), Use(day(1))], 1, Room("full", day(5))),
        ([Use(day(1)), Use(day(1), day(4))], 1, Room("free", day(5))),
        ([Use(day(1)), Use(day(1), day(5))], 1, Room("full", day(5))),
        ([Use(day(1)), Use(day(20))], 1, Room("full", day(20))),
        ([Use(day(1), day(19)), Use(day(20))], 1, Room("free", day(5))),
        ([], 3, Room("full", day(5))),
    ],
)
def test_room_looks_at_every_day_to_come(uses, weight, expected):
    assert room(uses, ALWAYS, day(5), weight) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], Room("unknown", day(5))),
        ([Said(day(6))], Room("unknown", day(5))),
        ([Said(day(1), places=0)], Room("no", day(5))),
        ([Said(day(1), paused=True)], Room("paused", day(5))),
        ([Said(day(1), day(9)), Said(day(10), places=0)], Room("no", day(10))),
        ([Said(day(1), day(4), paused=True), Said(day(5))], Room("free", day(5))),
    ],
)
def test_the_newest_statement_of_each_day_holds(statements, expected):
    assert room([], statements, day(5), 1) == expected


def test_a_statement_of_the_same_day_replaces_the_first():
    replaced, new = Said(day(5), day(4), places=1), Said(day(5), places=7)
    assert statement_on([replaced, new], day(5)) is new


def test_a_seat_is_a_person_whatever_the_weight():
    assert seats_taken([Use(day(1), weight=3), Use(day(20)), Use(day(1), day(4))], day(5)) == 2
    assert seats_taken([], day(5)) == 0
