"""The problem file: what is read, and what is said about a file that isn't one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stapsteen.matching.engine.problem import Answer, ProblemError, broken, from_arrays, load, save
from stapsteen.matching.engine.solve import solve
from stapsteen.matching.engine.tests.samples import random_problem

WRONG = {
    "misses value": ("value", None),
    "value has shape": ("value", np.zeros(3, np.float32)),
    "value holds 1 values that are not a number": ("value", "nan"),
    "person[0] is 99": ("person", 99),
    "task[0] is -1": ("task", -1),
    "halfdays[0] is 1024": ("halfdays", 1024),
    "coach[0] is 7": ("coach", 7),
    "task_host[0] is 50": ("task_host", 50),
    "task_seats[0] is -2": ("task_seats", -2),
    "support[0] is -1": ("support", -1),
    "host_support[0] is -3": ("host_support", -3),
    "coach_hours[0] is -0.5": ("coach_hours", -0.5),
    "coach_capacity[0] is -1": ("coach_capacity", -1),
    "host_halfdays has shape": ("host_halfdays", np.ones((4, 9), np.int16)),
    "person holds float64": ("person", np.zeros(4)),
    "value holds <U1": ("value", np.array(["a"])),
    "support has shape": ("support", np.ones((2, 2), np.float32)),
    "fixed has shape": ("fixed", np.zeros(2, np.int32)),
    "previous but misses keep_bonus": ("previous", np.full(8, -1, np.int32)),
    "group but misses group_floor": ("group", np.zeros(8, np.int8)),
}


@pytest.mark.parametrize("words", WRONG)
def test_a_malformed_array_is_named_in_one_line(words: str) -> None:
    name, wrong = WRONG[words]
    arrays = random_problem(8, 10, 5, seed=1)
    if wrong is None:
        del arrays[name]
    elif isinstance(wrong, str):
        arrays[name][0] = np.nan
    elif np.isscalar(wrong):
        arrays[name] = arrays[name].astype(np.float64 if isinstance(wrong, float) else arrays[name].dtype)
        arrays[name][0] = wrong
    else:
        arrays[name] = wrong
    with pytest.raises(ProblemError) as error:
        from_arrays(arrays)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_wrong_is_shown_where_it_stands() -> None:
    arrays = random_problem(8, 10, 5, seed=1)
    value = arrays["value"].copy()
    value[[3, 5]] = np.nan, np.inf
    with pytest.raises(ProblemError, match=r"value holds 2 values .*: value\[3\] is nan"):
        from_arrays({**arrays, "value": value})
    with pytest.raises(ProblemError, match=r"coach\[0\] is \d+, but the problem has none"):
        from_arrays({**arrays, "coach_capacity": np.zeros(0, np.float32)})


@pytest.mark.parametrize("name", ["host_support", "coach_capacity"])
def test_an_endless_limit_is_no_limit(name: str) -> None:
    arrays = random_problem(8, 10, 5, seed=1)
    plenty = {**arrays, name: np.full_like(arrays[name], 1e6)}
    endless = {**arrays, name: np.full_like(arrays[name], np.inf)}
    known, found = (solve(from_arrays(each), 5) for each in (plenty, endless))
    assert found.value == pytest.approx(known.value)
    assert found.bound < known.value * 1.001


def test_a_limit_of_nothing_is_told_as_nothing() -> None:
    arrays = random_problem(8, 10, 5, seed=1)
    problem = from_arrays({**arrays, "host_support": np.zeros_like(arrays["host_support"])})
    assert "of 0.00 guidance" in next(broken(problem, np.array([0])))


def test_a_fixed_column_of_somebody_else_is_named() -> None:
    arrays = random_problem(8, 10, 5, seed=1)
    arrays["fixed"] = np.full(8, -1, np.int32)
    owner = arrays["person"][0]
    arrays["fixed"][(owner + 1) % 8] = 0
    with pytest.raises(ProblemError, match=f"which is of person {owner}"):
        from_arrays(arrays)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04broken"])
def test_a_file_that_is_no_archive_of_arrays_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "problem.npz"
    path.write_bytes(content)
    with pytest.raises(ProblemError):
        load(path)


def test_a_file_with_objects_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "problem.npz"
    np.savez(path, person=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ProblemError, match="plain arrays"):
        load(path)


def test_what_the_format_does_not_know_is_left_alone(tmp_path: Path) -> None:
    arrays = random_problem(8, 10, 5, seed=2)
    np.savez(tmp_path / "problem.npz", **arrays, names=np.array([{"a": 1}], dtype=object))
    assert load(tmp_path / "problem.npz").person.tolist() == arrays["person"].tolist()


def test_a_stored_problem_is_read_back_and_an_answer_is_written_whole(tmp_path: Path) -> None:
    arrays = random_problem(8, 10, 5, seed=2)
    np.savez(tmp_path / "problem.npz", **arrays)
    problem = load(tmp_path / "problem.npz")
    assert problem.person.tolist() == arrays["person"].tolist()
    none = np.zeros(0)
    save(tmp_path / "answer.npz", Answer(np.array([2, 5]), 1.5, 1.6, 0.1, none, none, none, none))
    with np.load(tmp_path / "answer.npz") as answer:
        assert answer["column"].tolist() == [2, 5]
        assert answer["column"].dtype == np.int32
        assert float(answer["bound"]) == 1.6
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
