"""Life ring, spider, petals and the way over the wheel: geometry that says what it should."""

from __future__ import annotations

import math
import re

import pytest

from stapsteen.core import pictures
from stapsteen.core.pictures import Domain, Series, Spoke

SPOKES = [Spoke("Bus"), Spoke("Slapen", 0, 10), Spoke("Mensen")]


def far(place: str, x: float, y: float) -> float:
    left, top = map(float, place.split())
    return math.hypot(left - x, top - y)


def test_a_ring_is_filled_as_far_as_its_level() -> None:
    slices = pictures.ring([Domain("a", "Wonen", 5), Domain("b", "Geld", 1), Domain("c", "Buren")])
    radii = [float(match[1]) if (match := re.search(r"A([\d.]+)", one.filled)) else 0 for one in slices]
    assert radii == [
        pictures.RING_OUTER,
        pictures.RING_INNER + (pictures.RING_OUTER - pictures.RING_INNER) / 5,
        0,
    ]
    assert [one.value.text if one.value else "" for one in slices] == ["5", "1", ""]


@pytest.mark.parametrize("domains", [[], [Domain("a", "Wonen", 6)], [Domain("a", "Wonen", 0)]])
def test_a_wrong_ring_is_an_error(domains: list[Domain]) -> None:
    with pytest.raises(ValueError, match=r"domains|Level"):
        pictures.ring(domains)


def test_one_domain_is_a_whole_turn() -> None:
    assert "0 1 1" in pictures.ring([Domain("a", "Wonen", 3)])[0].path


def test_a_spider_lies_on_each_axis_own_scale() -> None:
    drawn = pictures.spider(SPOKES, [Series("toen", [1, 0, 1]), Series("nu", [5, 10, 5])])
    x, y = pictures.SPIDER_WIDTH / 2, pictures.SPIDER_HEIGHT / 2
    radii = [[round(far(mark, x, y)) for mark in thread.marks] for thread in drawn.threads]
    assert radii == [
        [round(pictures.SPIDER_RADIUS * pictures.LEAST)] * 3,
        [round(pictures.SPIDER_RADIUS)] * 3,
    ]
    assert [(one.style, one.mark, one.closed) for one in drawn.threads] == [
        (2, "square", True),
        (1, "circle", True),
    ]


def test_where_nothing_was_said_nothing_is_drawn() -> None:
    (thread,) = pictures.spider([*SPOKES, Spoke("Rust")], [Series("nu", [1, None, 3, 2])]).threads
    assert (thread.closed, len(thread.marks), thread.path.count("M")) == (False, 3, 2)


def test_more_moments_than_styles_still_draw() -> None:
    drawn = pictures.spider(SPOKES, [Series(str(n), [1, 1, 1]) for n in range(8)])
    assert [one.style for one in drawn.threads] == [6, 6, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("spokes", "values"), [(SPOKES[:2], [1, 1]), (SPOKES, [1, 1]), (SPOKES, [0, 1, 1]), (SPOKES, [1, 11, 1])]
)
def test_a_wrong_spider_is_an_error(spokes: list[Spoke], values: list[int]) -> None:
    with pytest.raises(ValueError, match=r"axes|isn't"):
        pictures.spider(spokes, [Series("nu", values)])


def test_petals_have_a_cell_for_every_point() -> None:
    found = pictures.petals(SPOKES, ["a", "b", "c"])
    assert [[cell.value for cell in petal.cells] for petal in found] == [
        [1, 2, 3, 4, 5], list(range(11)), [1, 2, 3, 4, 5],
    ]  # fmt: skip
    with pytest.raises(ValueError, match="fill in"):
        pictures.petals([], [])


def test_the_way_over_the_wheel_is_numbered() -> None:
    stops, arcs = pictures.wheel_way(["a", "b", "c"], "a", "c", ["a", "a", "b", "a"])
    assert [(stop.text, stop.now) for stop in stops] == [("1,3", True), ("2", False)]
    assert len(arcs) == 2
    assert pictures.wheel_way(["a", "b"], "a", "", ["a"])[0][0].text == ""
    assert pictures.wheel_way(["a", "b"]) == ([], [])
