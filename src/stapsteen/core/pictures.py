"""Drawing of the life ring, the spider and its petals. Knows no Django and no data; numbers leave here as text.

Lengths are SVG user units, angles degrees clockwise from the top. All three speak one language: further from the middle
is more, and no meaning hangs on colour alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from stapsteen.core.ui import MANY, Line, num, wrap

SIZE, MIDDLE = 440.0, 220.0
RING_INNER, RING_OUTER = 40.0, 214.0
SPIDER_WIDTH, SPIDER_HEIGHT, SPIDER_RADIUS = 600.0, 480.0, 160.0
LEAST = 0.16
"""Where the lowest point of a scale is drawn, as a part of the radius: in the middle all axes would meet."""
MARKS = ("circle", "square", "triangle", "diamond", "plus", "cross")


def at(angle: float, radius: float, x: float = MIDDLE, y: float = MIDDLE) -> tuple[float, float]:
    """The place at that angle and radius round (x, y)."""
    turn = math.radians(angle - 90)
    return x + radius * math.cos(turn), y + radius * math.sin(turn)


def pair(angle: float, radius: float, x: float = MIDDLE, y: float = MIDDLE) -> str:
    left, top = at(angle, radius, x, y)
    return f"{num(left)} {num(top)}"


def sector(start: float, end: float, inner: float, outer: float) -> str:
    """The outline of a piece of a ring; a whole turn is drawn just short of one, since an arc can't end where it began."""
    end = min(end, start + 359.9)
    large = 1 if end - start > 180 else 0
    return (
        f"M{pair(start, inner)}L{pair(start, outer)}A{num(outer)} {num(outer)} 0 {large} 1 {pair(end, outer)}"
        f"L{pair(end, inner)}A{num(inner)} {num(inner)} 0 {large} 0 {pair(start, inner)}Z"
    )


def written(
    label: str, angle: float, radius: float, *, width: int, height: float, most: int = 4
) -> list[Line]:
    """A label in lines round a place."""
    x, y = at(angle, radius)
    text = wrap(label, width, most)
    top = y - (len(text) - 1) * height / 2 + height / 4
    return [Line(line, num(x), num(top + i * height)) for i, line in enumerate(text)]


# The life ring -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Domain:
    """A life domain to draw. `level`: 1 to `most`, None when nobody said one. `spoken`: it was talked about."""

    key: str
    label: str
    level: int | None = None
    spoken: bool = False
    chosen: bool = False
    hidden: bool = False
    url: str = ""


@dataclass(frozen=True)
class Slice:
    """A domain as drawn: its whole outline, how far it is filled, its words, and the flag of what was chosen."""

    domain: Domain
    path: str
    filled: str
    lines: list[Line]
    flag: str
    value: Line | None


def ring(domains: Sequence[Domain], most: int = 5) -> list[Slice]:
    """The domains clockwise from the top. Raises ValueError without domains or for a level off the scale."""
    if not domains:
        raise ValueError("A life ring needs domains.")
    step, slices = 360 / len(domains), []
    width, height = (11, 20.0) if len(domains) <= MANY else (11, 16.0)
    for i, domain in enumerate(domains):
        if domain.level is not None and not 1 <= domain.level <= most:
            raise ValueError(f"Level {domain.level} of {domain.key} isn't 1 to {most}.")
        start, end, middle = i * step, (i + 1) * step, (i + 0.5) * step
        reach = RING_INNER + (RING_OUTER - RING_INNER) * (domain.level or 0) / most
        x, y = at(middle, 76)
        slices.append(
            Slice(
                domain=domain,
                path=sector(start, end, RING_INNER, RING_OUTER),
                filled=sector(start, end, RING_INNER, reach) if domain.level else "",
                lines=written(domain.label, middle, 157, width=width, height=height),
                flag=pair(middle, 108),
                value=Line(str(domain.level), num(x), num(y + 6)) if domain.level else None,
            )
        )
    return slices


def ring_levels(most: int = 5) -> list[str]:
    """Radii of the thin rings between the levels."""
    return [num(RING_INNER + (RING_OUTER - RING_INNER) * level / most) for level in range(1, most)]


# The spider --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spoke:
    """An axis to draw: its words and the ends of its scale."""

    label: str
    lowest: int = 1
    highest: int = 5


@dataclass(frozen=True)
class Series:
    """What one moment or one rater gave, an axis each; None: nothing said."""

    label: str
    values: Sequence[int | None]


@dataclass(frozen=True)
class Arm:
    """An axis as drawn: its line, its number at the end, and its words beside that."""

    number: int
    label: str
    x: str
    y: str
    badge: tuple[str, str]
    lines: list[Line]
    anchor: str


@dataclass(frozen=True)
class Thread:
    """A series as drawn. `paths`: closed when all axes have a value, else the stretches between neighbours that have one.

    `style` 1 is the newest (solid, filled), 2 to 6 older ones, each with its own dashes and mark.
    """

    label: str
    style: int
    mark: str
    path: str
    closed: bool
    marks: list[str]


@dataclass(frozen=True)
class Spider:
    width: str
    height: str
    arms: list[Arm]
    rings: list[str]
    threads: list[Thread] = field(default_factory=list)
    middle: str = ""


def spider(spokes: Sequence[Spoke], series: Sequence[Series]) -> Spider:
    """Three or more axes; the last series is the newest and lies on top. Raises ValueError for fewer, or a value off its
    axis."""
    if len(spokes) < 3:
        raise ValueError("A spider needs three axes; draw bars.")
    x, y, step = SPIDER_WIDTH / 2, SPIDER_HEIGHT / 2, 360 / len(spokes)
    arms = [_arm(i, spoke, i * step, x, y) for i, spoke in enumerate(spokes)]
    parts = [LEAST + (1 - LEAST) * k / 4 for k in range(5)]
    rings = [
        _outline([pair(i * step, SPIDER_RADIUS * part, x, y) for i in range(len(spokes))]) for part in parts
    ]
    threads = [
        _thread(one, spokes, step, style=min(len(series) - i, len(MARKS))) for i, one in enumerate(series)
    ]
    return Spider(num(SPIDER_WIDTH), num(SPIDER_HEIGHT), arms, rings, threads, f"{num(x)} {num(y)}")


def _outline(points: Sequence[str]) -> str:
    return "M" + "L".join(points) + "Z"


def _arm(i: int, spoke: Spoke, angle: float, x: float, y: float) -> Arm:
    end, badge, words = (
        at(angle, radius, x, y) for radius in (SPIDER_RADIUS, SPIDER_RADIUS + 20, SPIDER_RADIUS + 38)
    )
    side = math.sin(math.radians(angle))
    anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
    text = wrap(spoke.label, 22 if anchor == "middle" else 13, 3)
    above = math.cos(math.radians(angle))
    top = (
        words[1] - (len(text) - 1) * 9 * (1 + above) + 5 + (6 if above < -0.8 else -10 if above > 0.8 else 0)
    )
    lines = [Line(line, num(words[0]), num(top + j * 18)) for j, line in enumerate(text)]
    return Arm(i + 1, spoke.label, num(end[0]), num(end[1]), (num(badge[0]), num(badge[1])), lines, anchor)


def reach(spoke: Spoke, value: int) -> float:
    """How far from the middle a value lies, in user units."""
    if not spoke.lowest <= value <= spoke.highest:
        raise ValueError(f"{value} isn't {spoke.lowest} to {spoke.highest} ({spoke.label}).")
    part = (value - spoke.lowest) / (spoke.highest - spoke.lowest)
    return SPIDER_RADIUS * (LEAST + (1 - LEAST) * part)


def _thread(one: Series, spokes: Sequence[Spoke], step: float, *, style: int) -> Thread:
    if len(one.values) != len(spokes):
        raise ValueError(f"{one.label} has {len(one.values)} values for {len(spokes)} axes.")
    x, y = SPIDER_WIDTH / 2, SPIDER_HEIGHT / 2
    points = [
        None if value is None else pair(i * step, reach(spokes[i], value), x, y)
        for i, value in enumerate(one.values)
    ]
    closed = all(points)
    known = [point for point in points if point is not None]
    path = _outline(known) if closed else _stretches(points)
    return Thread(one.label, style, MARKS[style - 1], path, closed, known)


def _stretches(points: Sequence[str | None]) -> str:
    """Lines between neighbours that both have a value, round the corner too; where nothing was said, nothing is drawn."""
    turn = [*points, points[0]]
    return "".join(f"M{one}L{other}" for one, other in itertools.pairwise(turn) if one and other)


# Petals: the spider as something to fill in ------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One point of one axis: a touch on it picks that value."""

    value: int
    path: str


@dataclass(frozen=True)
class Petal:
    """An axis as a wedge in cells, the lowest value in the middle."""

    name: str
    label: str
    cells: list[Cell]
    lines: list[Line]


def petals(spokes: Sequence[Spoke], names: Sequence[str]) -> list[Petal]:
    """Axes to fill in; `names` are the fields' names in the form. Raises ValueError without axes."""
    if not spokes:
        raise ValueError("Nothing to fill in.")
    step, found = 360 / len(spokes), []
    width, height = (11, 20.0) if len(spokes) <= MANY else (10, 16.0)
    for i, (spoke, name) in enumerate(zip(spokes, names, strict=True)):
        count = spoke.highest - spoke.lowest + 1
        edges = [RING_INNER * 0.6 + (RING_OUTER - RING_INNER * 0.6) * k / count for k in range(count + 1)]
        cells = [
            Cell(spoke.lowest + k, sector(i * step, (i + 1) * step, edges[k], edges[k + 1]))
            for k in range(count)
        ]
        lines = written(spoke.label, (i + 0.5) * step, 150, width=width, height=height, most=3)
        found.append(Petal(name, spoke.label, cells, lines))
    return found


# The way over the wheel --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stop:
    """A segment of the wheel where the person is or was: its place, the numbers of the visits, and whether it is now."""

    at: str
    text: str
    half: str
    now: bool


@dataclass(frozen=True)
class Arc:
    """The way from one stay to the next, through the middle; `arrow` places its point."""

    path: str
    arrow: str


HUB, APART = 78.0, 12.0


def visits(history: Sequence[str]) -> list[str]:
    """Stays in order, a stay on the same segment after itself counted once (only the wish changed then)."""
    return [key for i, key in enumerate(history) if i == 0 or history[i - 1] != key]


def wheel_way(
    keys: Sequence[str], current: str = "", wish: str = "", history: Sequence[str] = ()
) -> tuple[list[Stop], list[Arc]]:
    """Stops and arcs for segments in order. Numbers stand on the stops once there is a way: from the second stay on."""
    stays = visits(history)
    numbers: dict[str, list[int]] = {}
    for number, key in enumerate(stays, 1):
        numbers.setdefault(key, []).append(number)
    if current:
        numbers.setdefault(current, [])
    angle = {
        key: (i + 0.5) * 360 / len(keys) - (APART if key == current == wish else 0)
        for i, key in enumerate(keys)
    }
    stops = []
    for key, mine in numbers.items():
        text = ",".join(map(str, mine[-2:])) if len(stays) > 1 else ""
        stops.append(Stop(pair(angle[key], HUB), text, num(11 + 3.5 * max(len(text) - 1, 0)), key == current))
    arcs = [_arc(angle[one], angle[other]) for one, other in itertools.pairwise(stays)]
    return stops, arcs


def _arc(start: float, end: float) -> Arc:
    """A bend towards the middle, with the point of an arrow halfway."""
    one, other, bend = at(start, HUB - 12), at(end, HUB - 12), at((start + end) / 2, 14)
    mid = [(a + 2 * b + c) / 4 for a, b, c in zip(one, bend, other, strict=True)]
    turn = math.degrees(math.atan2(other[1] - one[1], other[0] - one[0]))
    path = f"M{num(one[0])} {num(one[1])}Q{num(bend[0])} {num(bend[1])} {num(other[0])} {num(other[1])}"
    return Arc(path, f"translate({num(mid[0])} {num(mid[1])}) rotate({num(turn)})")
