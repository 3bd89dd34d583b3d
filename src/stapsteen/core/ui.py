"""Drawing and sums behind the page components: icons, geometry as text, contrast. Knows no Django and no data.

Lengths are SVG user units. Every number that goes into a page leaves here as text, because a template would write
12.5 as 12,5 in Dutch.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

# 24 x 24, drawn with a round stroke of 1.8; own work.
ICONS: dict[str, str] = {
    "arrow-left": "M19 12H5m6-6-6 6 6 6",
    "arrow-right": "M5 12h14m-6-6 6 6-6 6",
    "building": "M4 21V9l8-5 8 5v12M9 21v-6h6v6M3 21h18",
    "calendar": "M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Zm-1 5h16M8 3v4m8-4v4",
    "chart": "M4 20h16M7 20v-6m5 6V6m5 14v-9",
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "chevron-down": "m6 9 6 6 6-6",
    "chevron-right": "m9 6 6 6-6 6",
    "clipboard": "M9 5H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V6a1 1 0 0 0-1-1h-3M9 3h6v4H9Zm0 8h6m-6 4h4",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3 2",
    "close": "M6 6l12 12M18 6 6 18",
    "document": "M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm7 0v5h5M9 13h6m-6 4h6",
    "download": "M12 4v11m-5-4 5 5 5-5M4 20h16",
    "error": "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3Zm3.7 4.5v5.5m0 3.2v.2",
    "euro": "M18 6.5A7 7 0 0 0 7.5 12 7 7 0 0 0 18 17.5M4.5 10.5H13m-8.5 3H12",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
    "filter": "M4 6h16M7 12h10m-7 6h4",
    "flag": "M6 21V4m0 1c5-3 7 3 12 0v9c-5 3-7-3-12 0",
    "gear": "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm0-12v3m0 12v3M3 12h3m12 0h3M5.6 5.6l2.2 2.2m8.4 8.4 2.2 2.2m0-12.8-2.2 2.2m-8.4 8.4-2.2 2.2",
    "handshake": "m3 8 4-2 5 2 5-2 4 2v8l-3 1-5 3.5L8 17l-5-1Zm9 0-3.5 4a1.6 1.6 0 0 0 2.4 2L13.5 12l4.5 5",
    "heart": "M12 20S4 15.5 4 9.5A4.2 4.2 0 0 1 12 7.5a4.2 4.2 0 0 1 8 2c0 6-8 10.5-8 10.5Z",
    "home": "m4 11 8-7 8 7v9h-5v-6H9v6H4Z",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5.5M12 7.5v.2",
    "link": "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1m2 3.7a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
    "lock": "M6 11h12v9H6Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3",
    "logout": "M14 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8m-4-8h11m-4-4 4 4-4 4",
    "mail": "M4 6h16v12H4Zm0 1 8 6 8-6",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "message": "M4 5h16v11h-9l-4 4v-4H4Z",
    "minus": "M5 12h14",
    "path": "M5 19.5c1.7 0 3-.7 3-1.6s-1.3-1.6-3-1.6-3 .7-3 1.6 1.3 1.6 3 1.6Zm7.5-5c1.7 0 3-.7 3-1.6s-1.3-1.6-3-1.6-3 .7-3 1.6 1.3 1.6 3 1.6Zm6-7c1.7 0 3-.7 3-1.6s-1.3-1.6-3-1.6-3 .7-3 1.6 1.3 1.6 3 1.6Z",
    "pause": "M9 6v12m6-12v12",
    "pencil": "m4 20 1-4.5L16.5 4 20 7.5 8.5 19Zm10-13.5 3.5 3.5",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9c.4-3.7 3-6 6.5-6s6.1 2.3 6.5 6M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .9 3.2 2.8 3.5 5.5",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 9c.5-4.2 3.5-6.5 7.5-6.5s7 2.3 7.5 6.5",
    "phone": "M6 3h3.5l1.5 5-2.2 1.6a12 12 0 0 0 5.6 5.6L16 13l5 1.5V18a3 3 0 0 1-3 3C10 21 3 14 3 6a3 3 0 0 1 3-3Z",
    "pin": "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21Zm0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 9V4h10v5M7 17H4v-6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v6h-3M7 14h10v6H7Z",
    "question": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-2.5-11.2c0-3.3 5-3 5 0 0 2-2.5 2-2.5 4m0 2.7v.2",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.7-1.8L20.5 20.5",
    "star": "m12 4 2.4 5.2 5.600.7-4.1 3.9 1 5.7-4.9-2.8-4.9 2.8 1-5.7L4 9.9l5.6-.7Z",
    "stop": "M7 7h10v10H7Z",
    "sun": "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-13v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4m0-12.8L17 7M7 17l-1.4 1.4",
    "swap": "M4 8h14m-4-4 4 4-4 4M20 16H6m4-4-4 4 4 4",
    "trash": "M5 7h14M9 7V4h6v3m2 0-1 13H8L7 7m3 4v5m4-5v5",
    "upload": "M12 16V5M7 9l5-5 5 5M4 20h16",
    "warning": "M12 4 2.5 20h19Zm0 6v4.5m0 2.8v.2",
}


class IconMissing(KeyError):
    """There is no icon of that name; ICONS holds them all."""


def icon_path(name: str) -> str:
    """The drawing of one icon. Raises IconMissing with the name."""
    if name not in ICONS:
        raise IconMissing(f"No icon {name!r}; choose from {', '.join(sorted(ICONS))}")
    return ICONS[name]


def num(value: float) -> str:
    """A number for an SVG attribute: at most two decimals, always a point."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def initials(name: str) -> str:
    """At most two capitals of a name: first and last word that isn't a particle ("van", "de", "el")."""
    particles = {"van", "de", "der", "den", "von", "el", "al", "le", "la", "du", "di", "da", "ben", "'t", "ter", "ten"}
    words = [word for word in re.split(r"[\s-]+", name.strip()) if word[:1].isalpha()]
    heavy = [word for word in words if word.lower() not in particles] or words
    picked = heavy[:1] + heavy[-1:] if len(heavy) > 1 else heavy
    return "".join(word[0].upper() for word in picked) or "?"


def tone(name: str) -> int:
    """A steady number from 1 to 6 for a name, so that a person keeps the same quiet colour. Says nothing else."""
    return sum(ord(char) * (i + 1) for i, char in enumerate(name)) % 6 + 1


# The wheel ---------------------------------------------------------------------------------------------------------


class Segment(TypedDict):
    """One segment of the wheel as a programme gives it; order counts from 1, clockwise from the top."""

    key: str
    label: str
    order: int


class Move(TypedDict):
    """A dated stay on a segment, oldest first; date is text that can be shown."""

    key: str
    date: str
    note: NotRequired[str]


@dataclass(frozen=True)
class Line:
    """One line of text in the drawing."""

    text: str
    x: str
    y: str


@dataclass(frozen=True)
class Wedge:
    """One drawn segment: its outline, its words and what it means for this person."""

    key: str
    label: str
    number: int
    path: str
    lines: list[Line]
    state: str  # "current", "wish", "both", "past" or ""
    marker_x: str
    marker_y: str


@dataclass(frozen=True)
class Stone:
    """One stepping stone: an ellipse."""

    cx: str
    cy: str
    rx: str
    ry: str


WHEEL_SIZE, INNER, OUTER, RIM = 440.0, 66.0, 206.0, 84.0


def point(angle: float, radius: float) -> tuple[float, float]:
    """The place at that angle (degrees clockwise from the top) and radius, seen from the middle of the wheel."""
    turn = math.radians(angle - 90)
    return WHEEL_SIZE / 2 + radius * math.cos(turn), WHEEL_SIZE / 2 + radius * math.sin(turn)


def pair(angle: float, radius: float) -> str:
    """The same place as "x y"."""
    x, y = point(angle, radius)
    return f"{num(x)} {num(y)}"


def wedge_path(start: float, end: float) -> str:
    """The outline between two angles, from the inner to the outer ring."""
    large = 1 if end - start > 180 else 0
    return (
        f"M{pair(start, INNER)}L{pair(start, OUTER)}A{num(OUTER)} {num(OUTER)} 0 {large} 1 {pair(end, OUTER)}"
        f"L{pair(end, INNER)}A{num(INNER)} {num(INNER)} 0 {large} 0 {pair(start, INNER)}Z"
    )


def wrap(text: str, width: int, most: int = 4) -> list[str]:
    """Lines of about `width` letters; a long word is broken with a hyphen, the rest is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        while len(word) > width + 2:
            lines.append(word[: width - 1] + "-")
            word = word[width - 1 :]
        if lines and not lines[-1].endswith("-") and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + "…"]


def wheel_state(key: str, current: str, wish: str, past: set[str]) -> str:
    """What a segment means: where the person is, wants to be, or has been."""
    if key and key == current:
        return "both" if key == wish else "current"
    if key and key == wish:
        return "wish"
    return "past" if key in past else ""


def wheel(
    segments: Sequence[Segment], current: str = "", wish: str = "", history: Sequence[Move] = ()
) -> list[Wedge]:
    """The segments in order as drawn wedges.

    Raises ValueError when there are no segments, when a key is double, or when current, wish or history name an
    unknown one.
    """
    ordered = sorted(segments, key=lambda segment: segment["order"])
    check_wheel(ordered, [current, wish, *[move["key"] for move in history]])
    step, past = 360 / len(ordered), {move["key"] for move in history}
    width = 12 if len(ordered) <= 6 else 10
    wedges = []
    for i, segment in enumerate(ordered):
        middle = (i + 0.5) * step
        x, y = point(middle, (INNER + OUTER) / 2 + 8)
        text = wrap(segment["label"], width)
        top = y - (len(text) - 1) * 9 + 5
        marker_x, marker_y = point(middle, RIM)
        wedges.append(
            Wedge(
                key=segment["key"],
                label=segment["label"],
                number=i + 1,
                path=wedge_path(i * step, (i + 1) * step),
                lines=[Line(line, num(x), num(top + j * 18)) for j, line in enumerate(text)],
                state=wheel_state(segment["key"], current, wish, past),
                marker_x=num(marker_x),
                marker_y=num(marker_y),
            )
        )
    return wedges


def check_wheel(ordered: Sequence[Segment], named: Sequence[str]) -> None:
    """Raises ValueError when the wheel is empty, or names a segment twice or one that isn't there."""
    keys = [segment["key"] for segment in ordered]
    if not keys or len(set(keys)) != len(keys):
        raise ValueError(f"A wheel needs segments with different keys, got {keys}")
    unknown = {key for key in named if key} - set(keys)
    if unknown:
        raise ValueError(f"The wheel has no segment {sorted(unknown)}; it has {keys}")


def wheel_stones(segments: Sequence[Segment], current: str, wish: str) -> list[Stone]:
    """Stepping stones on the rim from where the person is to the wish, the short way round; none without both."""
    keys = [segment["key"] for segment in sorted(segments, key=lambda segment: segment["order"])]
    if current not in keys or wish not in keys or current == wish:
        return []
    step = 360 / len(keys)
    start, end = ((keys.index(key) + 0.5) * step for key in (current, wish))
    way = (end - start + 180) % 360 - 180
    count = max(2, round(abs(way) / 22))
    places = [point(start + way * i / (count + 1), RIM) for i in range(1, count + 1)]
    return [Stone(num(x), num(y), "7", "5") for x, y in places]


# Bars --------------------------------------------------------------------------------------------------------------


def share(value: float, most: float) -> str:
    """How much of `most` this is, in percent between 0 and 100, as text for a width."""
    return num(max(0.0, min(100.0, 100 * value / most))) if most > 0 else "0"


@dataclass(frozen=True)
class Seat:
    """One place at a host, drawn as a stone."""

    x: str
    state: str  # "used", "planned", "free" or "over"


def seats(used: int, total: int, planned: int = 0) -> list[Seat]:
    """The places of a host as stones: used, then planned, then free; what is too many comes last as "over".

    Raises ValueError for a negative number.
    """
    if min(used, total, planned) < 0:
        raise ValueError(f"Places can't be negative: used {used}, total {total}, planned {planned}")
    wanted = ["used"] * used + ["planned"] * planned
    states = [*wanted[:total], *["free"] * (total - len(wanted)), *["over"] * (len(wanted) - total)]
    return [Seat(num(i * 30 + 15), state) for i, state in enumerate(states)]


# Colour ------------------------------------------------------------------------------------------------------------


class ColourError(ValueError):
    """The text is no colour that we take, or can't be read on our paper."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0-255) of "#rrggbb". Raises ColourError."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ColourError(f"Not a colour like #0b5d53: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, definition)."""
    parts = [part / 255 for part in rgb(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2, definition). Text needs 4.5, a sign 3."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, part: float) -> str:
    """The colour with `part` (0-1) of the other one in it."""
    mixed = [round(a + (b - a) * part) for a, b in zip(rgb(colour), rgb(other), strict=True)]
    return "#" + "".join(f"{value:02x}" for value in mixed)


PAPER, DARK_PAPER = "#faf7f2", "#111816"


def readable(colour: str, paper: str, needed: float = 4.5) -> str:
    """The colour itself, or the nearest one towards black or white that can be read on that paper."""
    target = "#000000" if luminance(paper) > 0.4 else "#ffffff"
    for step in range(21):
        candidate = mix(colour, target, step / 20)
        if contrast(candidate, paper) >= needed:
            return candidate
    raise ColourError(f"{colour} can't be made readable on {paper}")


def on_colour(colour: str) -> str:
    """White or near-black, whichever reads best on the colour."""
    return max("#ffffff", "#10201c", key=lambda text: contrast(text, colour))


def accent_css(colour: str) -> str:
    """The stylesheet of a service: its accent, made readable in the light and in the dark. Raises ColourError."""
    light, dark = readable(colour, PAPER), readable(colour, DARK_PAPER)
    return (
        f":root{{--st-accent:{light};--st-on-accent:{on_colour(light)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--st-accent:{dark};--st-on-accent:{on_colour(dark)}}}}}\n"
    )


def page_numbers(number: int, last: int) -> list[int | None]:
    """The pages to offer: first, last, and two round the present one; None where some are left out."""
    shown = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    pages: list[int | None] = []
    for page in shown:
        if pages and page - (pages[-1] or 0) == 2:
            pages.append(page - 1)
        elif pages and page - (pages[-1] or 0) > 2:
            pages.append(None)
        pages.append(page)
    return pages


def keep(params: Mapping[str, Sequence[str]], without: str) -> list[tuple[str, str]]:
    """The query of a page as pairs, less one name: what a filter or page link must carry along."""
    return [(name, value) for name, values in params.items() if name != without for value in values]
