"""Where hosts and tasks are, as points: the middle of their municipality, nothing more exact and no tile from outside."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stapsteen.core.ui import num
from stapsteen.network.models import Municipality

WIDTH, HEIGHT, EDGE = 640.0, 360.0, 60.0
SMALLEST, LARGEST = 11.0, 26.0


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
    return [_point(row, counts[row.pk], most, *place(row)) for row in rows]


def _point(row: Municipality, count: int, most: int, x: float, y: float) -> Point:
    radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt(count / most)
    return Point(row.pk, row.name, count, num(x), num(y), num(radius), num(y + radius + 15))


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
