"""Drawing and sums behind the page components: icons, geometry as text, contrast. Knows no Django and no data.

Lengths are SVG user units. Every number that goes into a page leaves here as text, because a template would write
12.5 as 12,5 in Dutch.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from stapsteen.core.icons import ICONS


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


def tel(phone: str) -> str:
    """The address that dials a number: digits and a leading plus, without the spaces and dots that people write."""
    return "tel:" + re.sub(r"(?!^\+)\D", "", phone.strip())


def initials(name: str) -> str:
    """At most two capitals of a name: first and last word that isn't a particle ("van", "de", "el")."""
    particles = {
        "van",
        "de",
        "der",
        "den",
        "von",
        "el",
        "al",
        "le",
        "la",
        "du",
        "di",
        "da",
        "ben",
        "'t",
        "ter",
        "ten",
    }
    words = [word for word in re.split(r"[\s-]+", name.strip()) if word[:1].isalpha()]
    heavy = [word for word in words if word.lower() not in particles] or words
    picked = heavy[:1] + heavy[-1:] if len(heavy) > 1 else heavy
    return "".join(word[0].upper() for word in picked) or "?"


def tone(name: str) -> int:
    """A steady number from 1 to 6 for a name, so that a person keeps the same quiet colour. Says nothing else."""
    return sum(ord(char) * (i + 1) for i, char in enumerate(name)) % 6 + 1


# The wheel ------------------------------------------------------------------------------------------------


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
    who: NotRequired[str]


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
    here: str  # place of the marker of now, as "x y"
    flag: str  # place of the flag of the wish


@dataclass(frozen=True)
class Stone:
    """One stepping stone: an ellipse."""

    cx: str
    cy: str
    rx: str
    ry: str


WHEEL_SIZE, INNER, OUTER, RIM = 440.0, 64.0, 216.0, 84.0
MANY = 6  # with more segments the words are smaller


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
    width, height = (11, 21) if len(ordered) <= MANY else (10, 17)
    wedges = []
    for i, segment in enumerate(ordered):
        middle = (i + 0.5) * step
        x, y = point(middle, (INNER + OUTER) / 2 + 12)
        text = wrap(segment["label"], width)
        top = y - (len(text) - 1) * height / 2 + height / 4
        state = wheel_state(segment["key"], current, wish, past)
        apart = 12 if state == "both" else 0
        wedges.append(
            Wedge(
                key=segment["key"],
                label=segment["label"],
                number=i + 1,
                path=wedge_path(i * step, (i + 1) * step),
                lines=[Line(line, num(x), num(top + j * height)) for j, line in enumerate(text)],
                state=state,
                here=pair(middle - apart, RIM),
                flag=pair(middle + apart, RIM),
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


# Bars -----------------------------------------------------------------------------------------------------


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


# Colour ---------------------------------------------------------------------------------------------------


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
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
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
    """White or black, whichever reads best on the colour: one of them always reaches 4.5."""
    return max("#ffffff", "#000000", key=lambda text: contrast(text, colour))


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
