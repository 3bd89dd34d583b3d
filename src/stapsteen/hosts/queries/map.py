"""Where hosts and tasks are, as points: the middle of their municipality, nothing more exact and no tile from outside."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from stapsteen.core.ui import num
from stapsteen.network.models import Municipality

WIDTH, HEIGHT, EDGE = 640.0, 360.0, 60.0
SMALLEST, LARGEST = 11.0, 26.0
LETTER, LINE = 7.5, 17.0
"""Width of a letter and height of a line of a name, in units of the drawing."""
GAP, PASSES, PAIRS = 3.0, 60, 100_000
"""Room between two circles; how often all are looked at, and how many pairs at most in all (300 towns: twice)."""


@dataclass(frozen=True)
class Point:
    """A municipality on the drawing, in SVG units as text; `count` of what the list holds there."""

    key: Any
    name: str
    count: int
    x: str
    y: str
    radius: str
    label_y: str


def points(towns: Iterable[Any]) -> list[Point]:
    """A point per municipality id, as large as how often it is in `towns`; what has no known place is left out."""
    counts = Counter(town for town in towns if town is not None)
    rows = [
        row
        for row in Municipality.objects.filter(pk__in=counts).order_by("name")
        if row.latitude is not None and row.longitude is not None
    ]
    if not rows:
        return []
    place, most = _projection(rows), max(counts[row.pk] for row in rows)
    spots = apart([_spot(row, place(row), _radius(counts[row.pk], most)) for row in rows])
    return [
        Point(row.pk, row.name, counts[row.pk], num(spot.x), num(spot.y), num(spot.radius), num(line))
        for row, spot, line in zip(rows, spots, name_lines(spots), strict=True)
    ]


def _radius(count: int, most: int) -> float:
    return SMALLEST + (LARGEST - SMALLEST) * math.sqrt(count / most)


@dataclass(frozen=True)
class Spot:
    """A circle with a name near it, in units of the drawing."""

    name: str
    x: float
    y: float
    radius: float

    @property
    def half(self) -> float:
        """Half the width of the name."""
        return len(self.name) * LETTER / 2


def _spot(row: Municipality, place: tuple[float, float], radius: float) -> Spot:
    return Spot(row.name, place[0], place[1], radius)


def apart(spots: list[Spot]) -> list[Spot]:
    """The circles, those of neighbours moved a little away from each other until each number can be read.

    A point is the middle of a municipality, so a few units say nothing else. Where there are too many for the
    drawing, some still touch.
    """
    moved = list(spots)
    for _pass in range(min(PASSES, 1 + PAIRS // max(1, len(spots) ** 2))):
        pairs = [(i, j) for i in range(len(moved)) for j in range(i) if _lacking(moved[i], moved[j]) > 0.01]
        if not pairs:
            break
        for i, j in pairs:
            moved[i], moved[j] = _pushed(moved[i], moved[j])
    return moved


def _lacking(one: Spot, other: Spot) -> float:
    """How much the two circles are too near; negative: there is room."""
    return one.radius + other.radius + GAP - math.hypot(one.x - other.x, one.y - other.y)


def _pushed(one: Spot, other: Spot) -> tuple[Spot, Spot]:
    """Both half of what lacks further along the line between them, inside the drawing."""
    dx, dy = one.x - other.x, one.y - other.y
    far = math.hypot(dx, dy)
    dx, dy = (dx / far, dy / far) if far else (1.0, 0.0)
    step = max(0.0, _lacking(one, other)) / 2
    return _at(one, one.x + dx * step, one.y + dy * step), _at(
        other, other.x - dx * step, other.y - dy * step
    )


def _at(spot: Spot, x: float, y: float) -> Spot:
    edge = spot.radius + LINE
    return replace(spot, x=min(max(x, edge), WIDTH - edge), y=min(max(y, edge), HEIGHT - edge))


def name_lines(spots: list[Spot]) -> list[float]:
    """The y at which each name is written: below its circle, else above or a line further, clear of the others."""
    taken: list[tuple[Spot, float]] = []
    for spot in spots:
        below, above = spot.y + spot.radius + 15, spot.y - spot.radius - 5
        tries = (below, above, below + LINE, above - LINE)
        taken.append((spot, next((line for line in tries if _clear(spot, line, spots, taken)), below)))
    return [line for _spot, line in taken]


def _clear(spot: Spot, line: float, spots: list[Spot], taken: list[tuple[Spot, float]]) -> bool:
    """Whether a name at this height touches no name that stands already and no other circle."""
    names = all(
        abs(spot.x - other.x) >= spot.half + other.half or abs(line - at) >= LINE for other, at in taken
    )
    return names and all(
        abs(spot.x - other.x) >= spot.half + other.radius
        or abs(line - 5 - other.y) >= LINE / 2 + other.radius
        for other in spots
        if other is not spot
    )


def _projection(rows: list[Municipality]) -> Any:
    """Degrees to the drawing: a degree of longitude is shorter by the cosine of the latitude; one scale both ways."""
    lats = [float(row.latitude or 0) for row in rows]
    lons = [float(row.longitude or 0) for row in rows]
    middle_lat, middle_lon = (max(lats) + min(lats)) / 2, (max(lons) + min(lons)) / 2
    shrink = math.cos(math.radians(middle_lat))
    wide = max((max(lons) - min(lons)) * shrink, 0.02)
    high = max(max(lats) - min(lats), 0.02)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)

    def place(row: Municipality) -> tuple[float, float]:
        x = WIDTH / 2 + (float(row.longitude or 0) - middle_lon) * shrink * scale
        return x, HEIGHT / 2 - (float(row.latitude or 0) - middle_lat) * scale

    return place
