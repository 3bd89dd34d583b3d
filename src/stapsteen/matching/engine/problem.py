"""The problem file: what is left to choose once hard rules and values are known. Reading, checking, writing.

C columns (possible proposals), n persons, m tasks, H hosts, k coaches, g groups. Choose at most one column per person
within seats, guidance, half-days and coach hours, at the highest total value.
"""

from __future__ import annotations

import contextlib
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TOLERANCE = 1e-4
"""A sum of float32 numbers may pass its limit by so much: the rule of the file format's own checker."""
HALF_DAYS = 10
"""Monday morning to Friday afternoon."""
WHOLE = ("person", "task", "halfdays", "coach", "task_host", "task_seats", "host_halfdays")
REAL = ("value", "coach_hours", "support", "host_support", "coach_capacity")
OPTIONAL_WHOLE = ("fixed", "previous", "group")
OPTIONAL_REAL = ("keep_bonus", "group_floor")
KNOWN = (*WHOLE, *REAL, *OPTIONAL_WHOLE, *OPTIONAL_REAL)
MAY_BE_ENDLESS = ("host_support", "coach_capacity")
"""Where no limit is written as an endless one."""
LARGEST = 1e15
"""No value, hour or weight is larger: beyond it sums lose the digits that decide."""


class ProblemError(ValueError):
    """The file isn't a problem as described. One line: which array, and what is wrong with it."""


class CannotBeMet(Exception):
    """No answer satisfies what is asked (a fixed pair over a limit, a floor out of reach). One line per reason."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Problem:
    """A checked problem. Limits are those of the checker: float sums may reach them, not pass them."""

    person: Ints  # C
    task: Ints  # C
    halfdays: Ints  # C, bits 0-9
    value: Floats  # C
    coach_hours: Floats  # C, hours a week
    support: Floats  # n, guidance needed at the host
    coach: Ints  # n
    task_host: Ints  # m
    task_seats: Ints  # m
    support_limit: Floats  # H
    host_halfdays: Ints  # H x 10
    hours_limit: Floats  # k
    fixed: Ints  # n: column or -1
    previous: Ints  # n: task or -1
    keep_bonus: float
    group: Ints  # n: group or -1
    group_floor: Floats  # g

    @property
    def worth(self) -> Floats:
        """C: the value, with the bonus for what repeats the previous proposal."""
        return self.value + self.keep_bonus * (self.previous[self.person] == self.task)

    @property
    def host(self) -> Ints:
        """C: whose task the column is."""
        return self.task_host[self.task]


@dataclass(frozen=True)
class Answer:
    """Chosen columns of the file, what they are worth together (bonus included), and a proven upper bound of that."""

    column: Ints
    value: float
    bound: float
    seconds: float
    price_seat: Floats  # m: what one more seat would be worth
    price_support: Floats  # H: per unit of guidance
    price_halfday: Floats  # H x 10
    price_coach: Floats  # k: per hour


def load(path: Path) -> Problem:
    """The problem in this file. ProblemError when it isn't one."""
    try:
        arrays = _stored(path)
    except (OSError, EOFError, KeyError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error) as error:
        raise ProblemError(f"cannot read {path}: {error}.") from error
    except ValueError as error:
        raise ProblemError(f"{path} is not an .npz file of plain arrays: {error}.") from error
    return from_arrays(arrays)


def _stored(path: Path) -> dict[str, NDArray[Any]]:
    if not zipfile.is_zipfile(path):
        raise ValueError("it is no archive of arrays")
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files if name in KNOWN}
    if other := [name for name, array in arrays.items() if not isinstance(array, np.ndarray)]:
        raise ValueError(f"{other[0]} is no array")
    return arrays


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Problem:
    """Check the arrays of the format and give them one type each. ProblemError names the first that is wrong."""
    missing = [name for name in (*WHOLE, *REAL) if name not in arrays]
    if missing:
        raise ProblemError(f"the problem misses {', '.join(missing)}.")
    whole = {name: _whole(name, arrays[name]) for name in (*WHOLE, *OPTIONAL_WHOLE) if name in arrays}
    real = {name: _real(name, arrays[name]) for name in (*REAL, *OPTIONAL_REAL) if name in arrays}
    _check_pairs(arrays)
    _check_shapes(whole, real)
    _check_ranges(whole, real)
    n, limit = len(real["support"]), _limits(arrays)
    none = np.full(n, -1, np.int64)
    problem = Problem(
        person=whole["person"],
        task=whole["task"],
        halfdays=whole["halfdays"],
        value=real["value"],
        coach_hours=real["coach_hours"],
        support=real["support"],
        coach=whole["coach"],
        task_host=whole["task_host"],
        task_seats=whole["task_seats"],
        host_halfdays=whole["host_halfdays"],
        support_limit=limit["host_support"],
        hours_limit=limit["coach_capacity"],
        fixed=whole.get("fixed", none),
        previous=whole.get("previous", none),
        keep_bonus=float(real["keep_bonus"]) if "previous" in whole else 0.0,
        group=whole.get("group", none),
        group_floor=real.get("group_floor", np.zeros(0)),
    )
    _check_fixed_owner(problem)
    return problem


def _limits(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    """Capacity plus the tolerance, added in the file's own precision, as the checker does."""
    return {
        name: np.minimum(np.asarray(arrays[name] + TOLERANCE, np.float64), LARGEST) for name in MAY_BE_ENDLESS
    }


def _whole(name: str, array: NDArray[Any]) -> Ints:
    if array.dtype.kind not in "iu":
        raise ProblemError(f"{name} holds {array.dtype}, not whole numbers.")
    if array.size and array.max() > np.iinfo(np.int64).max // 2:
        raise ProblemError(f"{name} holds {array.max()}: out of range.")
    return np.ascontiguousarray(array, np.int64)


def _real(name: str, array: NDArray[Any]) -> Floats:
    if array.dtype.kind not in "fiu":
        raise ProblemError(f"{name} holds {array.dtype}, not numbers.")
    numbers = np.ascontiguousarray(array, np.float64).reshape(array.shape)
    if name in MAY_BE_ENDLESS:
        numbers = np.where(np.isposinf(numbers), LARGEST, numbers)
    if len(bad := np.flatnonzero(~np.isfinite(numbers))):
        first = f"{name}[{bad[0]}] is {numbers.reshape(-1)[bad[0]]:g}"
        raise ProblemError(f"{name} holds {len(bad)} values that are not a number or endless: {first}.")
    return numbers


def _check_pairs(arrays: Mapping[str, NDArray[Any]]) -> None:
    for one, other in (("previous", "keep_bonus"), ("group", "group_floor"), ("group_floor", "group")):
        if one in arrays and other not in arrays:
            raise ProblemError(f"the problem holds {one} but misses {other}.")


def _check_shapes(whole: Mapping[str, Ints], real: Mapping[str, Floats]) -> None:
    both: dict[str, NDArray[Any]] = {**whole, **real}
    for name in ("person", "support", "task_seats", "host_support", "coach_capacity"):
        if both[name].ndim != 1:
            raise ProblemError(f"{name} has shape {both[name].shape}; a row of numbers is needed.")
    columns, people = both["person"].shape, both["support"].shape
    tasks, hosts = both["task_seats"].shape, both["host_support"].shape
    needed: dict[str, tuple[int, ...]] = dict.fromkeys(("task", "halfdays", "value", "coach_hours"), columns)
    needed |= dict.fromkeys(("coach", *OPTIONAL_WHOLE), people)
    needed |= {"task_host": tasks, "host_halfdays": (*hosts, HALF_DAYS), "keep_bonus": ()}
    for name, shape in needed.items():
        if name in both and both[name].shape != shape:
            raise ProblemError(f"{name} has shape {both[name].shape}; {shape} is needed.")
    if "group_floor" in both and both["group_floor"].ndim != 1:
        raise ProblemError(f"group_floor has shape {both['group_floor'].shape}; a row of numbers is needed.")


def _check_ranges(whole: Mapping[str, Ints], real: Mapping[str, Floats]) -> None:
    people, tasks = len(real["support"]), len(whole["task_seats"])
    hosts, coaches = len(real["host_support"]), len(real["coach_capacity"])
    edges = {"person": (0, people), "task": (0, tasks), "task_host": (0, hosts), "coach": (0, coaches)}
    edges |= {"halfdays": (0, 1 << HALF_DAYS), "task_seats": (0, 1 << 40), "host_halfdays": (0, 1 << 40)}
    edges |= {"fixed": (-1, len(whole["person"])), "previous": (-1, tasks)}
    edges |= {"group": (-1, len(real.get("group_floor", ())))}
    for name, (low, end) in edges.items():
        if name in whole:
            _check_range(name, whole[name], low, end - 1)
    for name, numbers in real.items():
        signed = name in {"value", "keep_bonus", "group_floor"}
        _check_range(name, numbers, -LARGEST if signed else 0, LARGEST)


def _check_range(name: str, numbers: NDArray[Any], low: float, high: float) -> None:
    flat = numbers.reshape(-1)
    wrong = np.flatnonzero((flat < low) | (flat > high))
    if len(wrong):
        first = f"{name}[{wrong[0]}] is {flat[wrong[0]]:g}"
        if high < low:
            raise ProblemError(f"{first}, but the problem has none of them.")
        raise ProblemError(f"{first}; between {low:g} and {high:g} is needed.")


def _check_fixed_owner(problem: Problem) -> None:
    people = np.flatnonzero(problem.fixed >= 0)
    for i in people[problem.person[problem.fixed[people]] != people]:
        raise ProblemError(
            f"fixed[{i}] is column {problem.fixed[i]}, which is of person {problem.person[problem.fixed[i]]}."
        )


def broken(problem: Problem, columns: Ints) -> Iterator[str]:
    """A line for each limit that these columns break; none when they are a lawful choice."""
    person, task = problem.person[columns], problem.task[columns]
    host, hosts = problem.task_host[task], len(problem.support_limit)
    for i in np.flatnonzero(np.bincount(person, minlength=1) > 1):
        yield f"person {i} has more than one proposal"
    for j in np.flatnonzero(np.bincount(task, minlength=len(problem.task_seats)) > problem.task_seats):
        yield f"task {j} is over its {problem.task_seats[j]} seats"
    load = np.bincount(host, problem.support[person], minlength=hosts)
    for h in np.flatnonzero(load > problem.support_limit):
        yield f"host {h} carries {load[h]:.2f} of {_limit(problem.support_limit[h])} guidance"
    for d in range(HALF_DAYS):
        used = np.bincount(host[(problem.halfdays[columns] >> d) & 1 == 1], minlength=hosts)
        for h in np.flatnonzero(used > problem.host_halfdays[:, d]):
            yield f"host {h} is over its {problem.host_halfdays[h, d]} places on half-day {d}"
    hours = np.bincount(
        problem.coach[person], problem.coach_hours[columns], minlength=len(problem.hours_limit)
    )
    for c in np.flatnonzero(hours > problem.hours_limit):
        yield f"coach {c} needs {hours[c]:.2f} of {_limit(problem.hours_limit[c])} hours"


def _limit(limit: float) -> str:
    """As it stood in the file, for people to read."""
    return f"{max(0.0, limit - TOLERANCE):.2f}"


def short_groups(problem: Problem, columns: Ints) -> list[str]:
    """A line for each group whose summed value (without bonus) stays below its floor."""
    groups = problem.group[problem.person[columns]]
    own = groups >= 0
    got = np.bincount(groups[own], problem.value[columns][own], minlength=len(problem.group_floor))
    under = np.flatnonzero(got < problem.group_floor - 1e-6)
    return [f"group {g} reaches {got[g]:.4f} of its floor {problem.group_floor[g]:.4f}" for g in under]


def save(path: Path, answer: Answer) -> None:
    """Write the answer file, whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        _write(beside, answer)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _write(path: Path, answer: Answer) -> None:
    with path.open("wb") as out:
        np.savez_compressed(
            out,
            column=answer.column.astype(np.int32),
            value=np.float64(answer.value),
            bound=np.float64(answer.bound),
            seconds=np.float64(answer.seconds),
            price_seat=answer.price_seat,
            price_support=answer.price_support,
            price_halfday=answer.price_halfday,
            price_coach=answer.price_coach,
        )
        out.flush()
        os.fsync(out.fileno())
