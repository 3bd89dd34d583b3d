"""`./stapsteen solve`: an answer, or one clear line, exit code 2, and the earlier answer as it was."""

from __future__ import annotations

import argparse
import errno
import importlib
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stapsteen.cli import solve
from stapsteen.matching.engine import problem as files
from stapsteen.matching.engine.problem import Answer, broken, load
from stapsteen.matching.engine.tests.samples import random_problem

EARLIER = b"the answer of yesterday"


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    np.savez(tmp_path / "problem.npz", **random_problem(12, 10, 5, seed=1))
    (tmp_path / "answer.npz").write_bytes(EARLIER)
    return tmp_path / "problem.npz"


def told(*words: Any) -> int:
    parser = argparse.ArgumentParser()
    solve.options(parser)
    return solve.run(parser.parse_args([str(word) for word in words]))


def refused(problem: Path, capsys: pytest.CaptureFixture[str], words: str, out: Path | None = None) -> None:
    """Exit code 2, one line that says `words`, and nothing else changed in the folder."""
    out, before = out or problem.with_name("answer.npz"), sorted(problem.parent.iterdir())
    assert told(problem, "--out", out, "--seconds", "5") == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert sorted(problem.parent.iterdir()) == before
    if problem.with_name("answer.npz").exists():
        assert problem.with_name("answer.npz").read_bytes() == EARLIER


def change(problem: Path, **arrays: Any) -> None:
    with np.load(problem) as stored:
        kept = dict(stored)
    np.savez(problem, **(kept | arrays))


def test_an_answer_is_written_and_told(problem: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = problem.with_name("answer.npz")
    assert told(problem, "--out", out, "--json") == 0
    said = capsys.readouterr()
    with np.load(out) as answer:
        assert list(broken(load(problem), answer["column"].astype(np.int64))) == []
        assert json.loads(said.out)["value"] == pytest.approx(float(answer["value"]))
        assert float(answer["value"]) <= float(answer["bound"])
    assert "people placed, value" in said.err
    assert sorted(path.name for path in problem.parent.iterdir()) == ["answer.npz", "problem.npz"]


def test_a_file_that_is_not_there(problem: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(problem.with_name("other.npz"), capsys, "there is no file")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04broken", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_no_problem(problem: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    problem.write_bytes(content)
    refused(problem, capsys, "is not an .npz file")


def test_an_archive_of_something_else(problem: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(problem, "w") as archive:
        archive.writestr("person.npy", "hello")
    refused(problem, capsys, "is not an .npz file of plain arrays: person is no array")


def test_a_file_of_which_a_part_is_lost(problem: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = problem.read_bytes()
    problem.write_bytes(whole[:2000] + whole[2400:])
    refused(problem, capsys, str(problem))


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("value", np.full(60, np.nan, np.float32), "that are not a number"),
        ("task_seats", np.full(10, -1, np.int16), "task_seats[0] is -1"),
        ("person", np.zeros(3, np.int32), "has shape"),
        ("task_host", np.full(10, 99, np.int32), "task_host[0] is 99"),
        ("coach", np.full(12, -1, np.int32), "coach[0] is -1"),
        ("value", np.array(["a"]), "value holds"),
        ("value", np.array([{}], object), "plain arrays"),
    ],
)
def test_an_array_that_is_wrong(
    problem: Path, capsys: pytest.CaptureFixture[str], name: str, array: Any, words: str
) -> None:
    if name == "value" and len(array) > 1:
        array = np.full(len(load(problem).value), np.nan, np.float32)
    change(problem, **{name: array})
    refused(problem, capsys, words)


def test_a_missing_array(problem: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(problem, person=np.zeros(1, np.int32))
    refused(problem, capsys, "the problem misses task")


def test_what_can_not_be_met_is_named(problem: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(problem, group=np.zeros(12, np.int8), group_floor=np.array([500], np.float32))
    refused(problem, capsys, "can't be met: group 0")


@pytest.mark.parametrize("place", ["nowhere/answer.npz", "folder", "problem.npz"])
def test_a_place_where_no_answer_can_go(
    problem: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (problem.parent / "folder").mkdir()
    refused(problem, capsys, place.split("/")[0], problem.parent / place)


@pytest.mark.parametrize("name", ["/dev/null", "x" * 300])
def test_a_place_that_is_no_file_stays_as_it_is(
    problem: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    refused(problem, capsys, "a device" if name == "/dev/null" else "name too long", problem.parent / name)
    assert Path("/dev/null").is_char_device()


def test_an_answer_goes_where_a_link_points(problem: Path) -> None:
    link = problem.with_name("link.npz")
    link.symlink_to("elsewhere.npz")
    assert told(problem, "--out", link) == 0
    assert link.is_symlink()
    assert np.load(problem.with_name("elsewhere.npz"))["value"] > 0


def test_what_is_wrong_is_told_to_programmes_too(problem: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(problem, value=np.full(len(load(problem).value), np.nan, np.float32))
    assert told(problem, "--out", problem.with_name("answer.npz"), "--json") == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["error"] in said.err


def test_where_nobody_can_go_nothing_is_missed(problem: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(problem, coach_capacity=np.zeros(len(load(problem).hours_limit), np.float32))
    assert told(problem, "--out", problem.with_name("answer.npz"), "--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["gap"] < 0.01
    assert "(0.00 % above)" in said.err


def test_a_full_disk_leaves_the_earlier_answer(
    problem: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _answer: Answer) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "_write", full)
    refused(problem, capsys, "cannot write")


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_that_is_none(problem: Path, capsys: pytest.CaptureFixture[str], seconds: str) -> None:
    with pytest.raises(SystemExit) as end:
        told(problem, "--out", problem.with_name("answer.npz"), "--seconds", seconds)
    assert end.value.code == 2
    assert "is not a number of seconds above zero" in capsys.readouterr().err


def test_what_is_left_out_can_be_loaded_afterwards() -> None:
    name = "stapsteen.matching.engine.tests.towns"
    before = {one: sys.modules.pop(one, None) for one in (name,)}
    try:
        with solve.left_out(name, "json"):
            with pytest.raises(ImportError):
                importlib.import_module(name)
            assert importlib.import_module("json") is json
        assert importlib.import_module(name).__name__ == name
    finally:
        sys.modules.update({one: module for one, module in before.items() if module})
