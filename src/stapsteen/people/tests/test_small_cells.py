"""Small cells stay hidden: by themselves and from subtraction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stapsteen.people.cells import HIDDEN, Cells
from stapsteen.people.small_cells import hidden, is_small

GRID = [
    ("a1", "a2", "a"),
    ("b1", "b2", "b"),
    ("a1", "b1", "1"),
    ("a2", "b2", "2"),
    ("a", "b", "all"),
    ("1", "2", "all"),
]


@pytest.mark.parametrize(
    ("values", "gone"),
    [
        ({"x": 10, "y": 20, "all": 30}, set()),
        ({"x": 0, "y": 20, "all": 20}, set()),
        ({"x": 5, "y": 20, "all": 25}, set()),
        ({"x": 1, "y": 20, "all": 21}, {"x", "y"}),
        ({"x": 4, "y": 0, "all": 4}, {"x", "all"}),
    ],
)
def test_two_cells_and_their_sum(values: dict[str, int], gone: set[str]) -> None:
    assert hidden(values, [("x", "y", "all")]) == gone


def test_the_smallest_other_cell_goes_with_it_and_zero_last() -> None:
    values = {"x": 2, "y": 30, "z": 9, "none": 0, "all": 41}
    assert hidden(values, [("x", "y", "z", "none", "all")]) == {"x", "z"}


def test_hidden_cells_that_are_small_together_take_one_more() -> None:
    values = {"x": 1, "y": 2, "z": 9, "all": 12}
    assert hidden(values, [("x", "y", "z", "all")]) == {"x", "y", "z"}


def test_a_single_part_hides_its_total() -> None:
    assert hidden({"x": 3, "all": 3}, [("x", "all")]) == {"x", "all"}


def test_a_hidden_total_takes_a_part_with_it() -> None:
    values = {"x": 9, "y": 8, "mean": 2}
    assert hidden(values, [("x", "y", "mean")]) == {"mean", "y"}


@given(st.tuples(*(st.integers(0, 12) for _ in range(4))))
def test_no_line_of_a_table_gives_a_small_cell_away(numbers: tuple[int, ...]) -> None:
    values = dict(zip(("a1", "a2", "b1", "b2"), numbers, strict=True))
    values |= {"a": values["a1"] + values["a2"], "b": values["b1"] + values["b2"]}
    values |= {"1": values["a1"] + values["b1"], "2": values["a2"] + values["b2"], "all": sum(numbers)}
    gone = hidden(values, GRID)
    assert {key for key, value in values.items() if is_small(value)} <= gone
    for line in GRID:
        lost = [key for key in line if key in gone]
        assert len(lost) != 1
        if line[-1] not in gone and lost:
            parts_left = [key for key in line[:-1] if key not in gone]
            assert not is_small(sum(values[key] for key in lost)) or not parts_left


def test_cells_come_out_hidden_only_where_they_must() -> None:
    for protect, wanted in ((False, [3, 20, 23]), (True, [HIDDEN, HIDDEN, 23])):
        cells = Cells(protect=protect)
        for key, value in {"x": 3, "y": 20, "all": 23}.items():
            cells.put(key, value)
        cells.add_up(["x", "y"], "all")
        cells.close()
        assert [cells[key] for key in ("x", "y", "all")] == wanted
        assert (cells.share("x", "all") is HIDDEN) == protect
    with pytest.raises(ValueError, match="twice"):
        cells.put("x", 1)


def test_a_share_of_nothing_is_empty() -> None:
    cells = Cells(protect=True)
    cells.put("part", 0)
    cells.put("whole", 0)
    assert cells.share("part", "whole") == ""
