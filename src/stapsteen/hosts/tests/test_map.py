"""Names on the drawing of a map: none over another, none over a circle."""

from __future__ import annotations

import math

import pytest

from stapsteen.hosts.queries.map import HEIGHT, LINE, WIDTH, Spot, apart, name_lines


def test_a_name_stands_below_its_point_when_there_is_room() -> None:
    spots = [Spot("Beerse", 100, 100, 20), Spot("Mol", 500, 100, 12)]
    assert name_lines(spots) == [135, 127]


@pytest.mark.parametrize("apart", [40, 60, 74])
def test_neighbours_keep_their_names_apart(apart: float) -> None:
    spots = [Spot("Oud-Turnhout", 300, 200, 15), Spot("Turnhout", 300 + apart, 200, 15)]
    one, other = name_lines(spots)
    assert abs(one - other) >= LINE


def test_a_name_is_no_wider_than_its_letters() -> None:
    """Two short names side by side stay on one line."""
    one, other = name_lines([Spot("Mol", 300, 200, 15), Spot("Geel", 350, 200, 15)])
    assert one == other


def test_a_name_avoids_the_circle_below_it() -> None:
    first, _second = name_lines([Spot("Vosselaar", 300, 200, 15), Spot("Beerse", 310, 235, 15)])
    assert first == 180


def test_where_there_is_no_room_at_all_it_stands_below() -> None:
    crowd = [Spot("Antwerpen", 300, 200, 20)] * 6
    assert len(name_lines(crowd)) == 6
    assert name_lines(crowd)[-1] == 235


def overlaps(spots: list[Spot]) -> int:
    return sum(
        math.hypot(one.x - other.x, one.y - other.y) < one.radius + other.radius
        for number, one in enumerate(spots)
        for other in spots[:number]
    )


def test_neighbours_move_apart_and_others_stay() -> None:
    near = [Spot("Turnhout", 300, 200, 34), Spot("Oud-Turnhout", 340, 205, 28), Spot("Mol", 500, 300, 20)]
    moved = apart(near)
    assert (overlaps(near), overlaps(moved)) == (1, 0)
    assert moved[2] == near[2]
    assert moved[0].x < 300 < 340 < moved[1].x


def test_the_same_place_twice_and_the_edge_are_no_trouble() -> None:
    moved = apart([Spot("Antwerpen", 625, 345, 30)] * 5)
    assert overlaps(moved) == 0
    assert all(30 <= spot.x <= WIDTH - 30 and 30 <= spot.y <= HEIGHT - 30 for spot in moved)


def test_too_many_for_the_drawing_still_end() -> None:
    crowd = [Spot("Dorp", 20 + number % 20 * 30, 20 + number // 20 * 20, 26) for number in range(300)]
    assert len(apart(crowd)) == 300
