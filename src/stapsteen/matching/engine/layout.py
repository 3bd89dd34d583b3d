"""A problem as the loops want it: without what can't be chosen, in an order that doesn't depend on the file's.

Persons, tasks, hosts, coaches and columns are ordered by what they are, not by their number, so that a file with its
rows shuffled gives the same answer. Numbers are scaled by powers of two (no digit is lost) to the size of the sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stapsteen.matching.engine.problem import HALF_DAYS, CannotBeMet, Floats, Ints, Problem, broken

Marks = NDArray[np.uint64]
SLACK = 1e-9
"""Sums are made in another order here than in the checker: answers stay so far inside a limit."""


class Arrays(NamedTuple):
    """C columns ordered by host, then person; tasks ordered by host. In scaled units."""

    person: Ints  # C
    task: Ints  # C
    host: Ints  # C
    days: Ints  # C, bits
    worth: Floats  # C, value and bonus
    gain: Floats  # C, value, as it counts for a group's floor
    hours: Floats  # C
    support: Floats  # n
    coach: Ints  # n
    group: Ints  # n
    seats: Ints  # m
    room: Floats  # H, free guidance
    places: Ints  # H x 10
    coach_room: Floats  # k, hours
    floor: Floats  # g
    host_start: Ints  # H + 1: columns of host h are host_start[h]:host_start[h + 1]
    task_start: Ints  # H + 1
    person_start: Ints  # n + 1: columns of person i are by_person[person_start[i]:person_start[i + 1]]
    by_person: Ints  # C


@dataclass(frozen=True)
class Layout:
    """The arrays, and the way back to the file."""

    problem: Problem
    arrays: Arrays
    source: Ints  # C of the arrays: column in the file
    decided: Ints  # columns in the file that a human decided
    people: Ints  # file number of person i; likewise below
    tasks: Ints
    hosts: Ints
    coaches: Ints
    worth_unit: float
    support_unit: float
    hours_unit: float

    @property
    def decided_worth(self) -> float:
        """What the decided columns are worth, in the file's units."""
        return float(self.problem.worth[self.decided].sum())


def lay_out(problem: Problem) -> Layout:
    """Take out the decided columns with what they use, drop what can't be chosen, order the rest.

    CannotBeMet when the decided columns break a limit by themselves.
    """
    decided = np.sort(problem.fixed[problem.fixed >= 0])
    if reasons := list(broken(problem, decided)):
        raise CannotBeMet([f"decided pairs: {reason}" for reason in reasons])
    left = Left.after(problem, decided)
    keep = np.flatnonzero(_possible(problem, left))
    order = _Order.of(problem, left, keep)
    columns = keep[np.lexsort(order.column_keys(problem, keep))]
    units = [
        _unit(problem.worth[columns], 0.75),
        _unit(problem.support[problem.person[columns]], 1.75),
        _unit(problem.coach_hours[columns], 1.5),
    ]
    arrays = _arrays(problem, left, columns, order, units)
    rows = (order.person.argsort(), order.task.argsort(), order.host.argsort(), order.coach.argsort())
    return Layout(problem, arrays, columns, decided, *rows, *units)


@dataclass(frozen=True)
class Left:
    """Capacity that the decided columns leave, in the file's order and units."""

    seats: Ints
    room: Floats
    places: Ints
    hours: Floats
    floor: Floats

    @classmethod
    def after(cls, problem: Problem, decided: Ints) -> Left:
        person, task, host = problem.person[decided], problem.task[decided], problem.host[decided]
        room = problem.support_limit - SLACK
        room -= np.bincount(host, problem.support[person], minlength=len(room))
        hours = problem.hours_limit - SLACK
        hours -= np.bincount(problem.coach[person], problem.coach_hours[decided], minlength=len(hours))
        places = problem.host_halfdays.copy()
        for d in range(HALF_DAYS):
            there = host[(problem.halfdays[decided] >> d) & 1 == 1]
            places[:, d] -= np.bincount(there, minlength=len(places))
        floor, groups = problem.group_floor.copy(), problem.group[person]
        np.subtract.at(floor, groups[groups >= 0], problem.value[decided][groups >= 0])
        seats = problem.task_seats - np.bincount(task, minlength=len(problem.task_seats))
        return cls(seats, room, places, hours, floor)


def _possible(problem: Problem, left: Left) -> NDArray[np.bool_]:
    """C: whether the column could be chosen at all, and could do any good."""
    host = problem.host
    good = (problem.worth > 0) | (problem.value > 0) & (problem.group[problem.person] >= 0)
    good &= problem.fixed[problem.person] < 0
    good &= left.seats[problem.task] > 0
    good &= problem.support[problem.person] <= left.room[host]
    good &= problem.coach_hours <= left.hours[problem.coach[problem.person]]
    for d in range(HALF_DAYS):
        good &= ((problem.halfdays >> d) & 1 == 0) | (left.places[host, d] > 0)
    return good


def _unit(numbers: Floats, aim: float) -> float:
    """The power of two that brings the mean near `aim`."""
    mean = float(np.abs(numbers).mean()) if len(numbers) else 0.0
    return 2.0 ** round(np.log2(mean / aim)) if mean > 0 else 1.0


def _mix(*parts: NDArray[Any]) -> Marks:
    """One mark per row from several numbers (splitmix64's finish)."""
    mark = np.full(parts[0].shape, 0x9E3779B97F4A7C15, np.uint64)
    for part in parts:
        bits = part.view(np.uint64) if part.dtype == np.float64 else part.astype(np.uint64)
        mark = (mark ^ bits) * np.uint64(0xBF58476D1CE4E5B9)
        mark ^= mark >> np.uint64(29)
        mark *= np.uint64(0x94D049BB133111EB)
        mark ^= mark >> np.uint64(32)
    return mark


def _gather(index: Ints, marks: Marks, size: int) -> Marks:
    """Per row the sum of its marks: whole numbers, so that the order doesn't matter."""
    total = np.zeros(size, np.uint64)
    np.add.at(total, index, marks)
    return total


def _rank(*keys: NDArray[Any]) -> Ints:
    """Each row's place when ordered by the last key, then the one before it."""
    order = np.lexsort(keys)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


@dataclass(frozen=True)
class _Order:
    """New number of every person, task, host and coach."""

    person: Ints
    task: Ints
    host: Ints
    coach: Ints

    @classmethod
    def of(cls, problem: Problem, left: Left, keep: Ints) -> _Order:
        """Marks from what each one has, twice over: once its own, once with the marks of what it is tied to."""
        person, task = problem.person[keep], problem.task[keep]
        host, coach = problem.task_host[task], problem.coach[person]
        own = (
            _mix(problem.support, problem.group),
            _mix(left.seats),
            _mix(left.room, *left.places.T),
            _mix(left.hours),
        )
        ends = (person, task, host, coach)
        marks: tuple[Marks, ...] = own
        for _ in range(2):
            tied = [mark[end] for mark, end in zip(marks, ends, strict=True)]
            column = _mix(problem.worth[keep], problem.halfdays[keep], problem.coach_hours[keep], *tied)
            marks = tuple(
                _mix(mark, _gather(end, column, len(mark))) for mark, end in zip(own, ends, strict=True)
            )
        host_rank = _rank(marks[2])
        return cls(_rank(marks[0]), _rank(marks[1], host_rank[problem.task_host]), host_rank, _rank(marks[3]))

    def column_keys(self, problem: Problem, keep: Ints) -> tuple[NDArray[Any], ...]:
        """For lexsort: host, person, task, half-days, then what is worth most first."""
        task = self.task[problem.task[keep]]
        most = -problem.worth[keep]
        people = self.person[problem.person[keep]]
        return (
            problem.coach_hours[keep],
            most,
            problem.halfdays[keep],
            task,
            people,
            self.host[problem.host[keep]],
        )


def _arrays(problem: Problem, left: Left, columns: Ints, order: _Order, units: list[float]) -> Arrays:
    worth, support, hours = units
    person = order.person[problem.person[columns]]
    host = order.host[problem.host[columns]]
    by_person = np.argsort(person, kind="stable")
    people, tasks = order.person.argsort(), order.task.argsort()
    hosts, coaches = order.host.argsort(), order.coach.argsort()
    return Arrays(
        person=person,
        task=order.task[problem.task[columns]],
        host=host,
        days=problem.halfdays[columns],
        worth=problem.worth[columns] / worth,
        gain=problem.value[columns] / worth,
        hours=problem.coach_hours[columns] / hours,
        support=problem.support[people] / support,
        coach=order.coach[problem.coach[people]],
        group=problem.group[people],
        seats=left.seats[tasks],
        room=left.room[hosts] / support,
        places=left.places[hosts],
        coach_room=left.hours[coaches] / hours,
        floor=left.floor / worth,
        host_start=np.searchsorted(host, np.arange(len(hosts) + 1)),
        task_start=np.searchsorted(order.host[problem.task_host[tasks]], np.arange(len(hosts) + 1)),
        person_start=np.searchsorted(person[by_person], np.arange(len(people) + 1)),
        by_person=by_person,
    )
