"""When someone is free or a task takes place, as a bitmask of half-days.

Bit = day * 3 + part; day 0 is Monday, part 0 morning, 1 afternoon, 2 evening. A day without a part means
morning and afternoon; a part without a day means Monday to Friday.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from stapsteen.imports.reader.text import clip, fold
from stapsteen.imports.reader.workbook import Value

MORNING, AFTERNOON, EVENING = 1, 2, 4  # bits within a day
DAYTIME: Final = MORNING | AFTERNOON
WEEKDAYS: Final = frozenset(range(5))
WEEKEND: Final = frozenset((5, 6))
WEEK: Final = frozenset(range(7))

_DAYS: Final = (
    "ma maa maandag maandags maandagen monday mon lundi lun lu",
    "di din dins dinsdag dinsdags dinsdagen tuesday tue tues mardi",
    "wo woe woens woensdag woensdags woensdagen wednesday wed mercredi mer me",
    "do don dond donderdag donderdags donderdagen thursday thu thur thurs jeudi jeu je",
    "vr vrij vrijdag vrijdags vrijdagen friday fri vendredi ven ve",
    "za zat zaterdag zaterdags zaterdagen saturday sat samedi sam sa",
    "zo zon zondag zondags zondagen sunday sun dimanche dim",
)
DAYS: Final = {word: day for day, words in enumerate(_DAYS) for word in words.split()}
PARTS: Final = {
    word: part
    for part, words in (
        (MORNING, "vm voorm voormiddag voormiddags voormiddagen ochtend ochtends ochtenden morgen morgens "
                  "smorgens morning mornings am matin matins matinee avant"),
        (AFTERNOON, "nm nam namiddag namiddags namiddagen middag middags snamiddags afternoon afternoons pm "
                    "apres aprem midi"),
        (EVENING, "av avond avonds avonden savonds evening evenings soir soirs soiree nacht"),
        (DAYTIME, "dag heledag dagen volledig voltijds overdag daytime fulltime jour journee"),
    )
    for word in words.split()
}  # fmt: skip
GROUPS: Final[dict[str, frozenset[int]]] = {
    "weekend": WEEKEND, "weekends": WEEKEND, "we": WEEKEND, "weekenden": WEEKEND,
    "werkdag": WEEKDAYS, "werkdagen": WEEKDAYS, "weekdag": WEEKDAYS, "weekdagen": WEEKDAYS, "week": WEEKDAYS,
    "weekday": WEEKDAYS, "weekdays": WEEKDAYS, "semaine": WEEKDAYS, "schooldagen": WEEKDAYS,
}  # fmt: skip
_NOT = frozenset(
    [
        "niet",
        "geen",
        "behalve",
        "uitgezonderd",
        "uitz",
        "nooit",
        "zonder",
        "sauf",
        "pas",
        "not",
        "except",
        "no",
        "never",
    ]
)
_ONLY = frozenset(["enkel", "alleen", "only", "seulement", "uniquement"])
_FREE = frozenset(
    [
        "altijd",
        "flexibel",
        "steeds",
        "alles",
        "jours",
        "dagelijks",
        "daily",
        "always",
        "any",
        "anytime",
        "toujours",
        "flexible",
        "vrij",
        "beschikbaar",
        "disponible",
        "available",
        "gelijk",
        "welk",
    ]
)
_FILLER = frozenset(
    [
        "en",
        "et",
        "and",
        "of",
        "ou",
        "or",
        "op",
        "in",
        "de",
        "het",
        "een",
        "s",
        "le",
        "la",
        "les",
        "l",
        "a",
        "the",
        "on",
        "every",
        "elke",
        "elk",
        "iedere",
        "ieder",
        "alle",
        "tous",
        "tout",
        "toutes",
        "toute",
        "chaque",
        "hele",
        "ganse",
        "per",
        "kan",
        "ook",
        "wel",
        "uur",
        "u",
        "h",
        "van",
        "vanaf",
        "liefst",
        "bij",
        "voorkeur",
        "is",
        "dispo",
        "beschikbaar",
    ]
)
_RANGE = frozenset(["tm", "tot", "totenmet", "till", "to", "until", "au", "a", "jusqu"])
_COMPOUND = re.compile(
    r"\b(maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)"
    r"(voormiddag|namiddag|ochtend|morgen|middag|avond)(?:en|s)?\b"
)
_CLOCK = re.compile(
    r"(\d{1,2})(?:[u:h.]([0-5]\d)?)?\s?(?:-|–|tot|to)\s?(\d{1,2})(?:[u:h.]([0-5]\d)?)?\s?(?:u|h|uur)?\b"
)


@dataclass(frozen=True, slots=True)
class HalfDays:
    """`mask` of 21 bits; `sure` False when something was guessed or left over; `understood` False: no half-days."""

    mask: int
    sure: bool
    understood: bool


NOTHING: Final = HalfDays(0, False, False)


@dataclass(slots=True)
class _Reading:
    """What was read so far: days waiting for a part, the part last said, half-days yes and no."""

    yes: int = 0
    no: int = 0
    days: set[int] = field(default_factory=set)
    last: set[int] = field(default_factory=set)
    parts: int = 0  # said before any day: 'namiddag di en do'
    negative: bool = False
    free: bool = False
    left_over: bool = False
    bare_part: bool = False

    def add(self, days: Iterable[int], parts: int) -> None:
        if self.negative:
            self.no |= mask_of(days, parts or 7)
        else:
            self.yes |= mask_of(days, parts or DAYTIME)

    def close(self) -> None:
        """The days that wait have no part of their own."""
        if self.days:
            self.add(self.days, self.parts)
            self.last, self.days = set(self.days), set()


def mask_of(days: Iterable[int], parts: int) -> int:
    return sum(parts << (3 * day) for day in set(days))


def parse_half_days(value: Value) -> HalfDays:
    """The half-days that a text names. Never raises; what isn't understood makes it unsure."""
    if not isinstance(value, str):
        return NOTHING
    text = clip(value).casefold().replace("t.e.m.", "tm").replace("t/m", "tm").replace("t.m.", "tm")
    text = text.replace("tot en met", "tm").replace("namidd.", "namiddag").replace("voormidd.", "voormiddag")
    text = re.sub(r"apr[eè]s[- ]midi", "apresmidi", text).replace("apresmidi", "aprem")
    text, clock = _clock_parts(_COMPOUND.sub(r"\1 \2", text))
    words = _fold_words(text)
    french = bool({"lundi", "mercredi", "jeudi", "vendredi", "lu", "je", "ve", "samedi"} & set(words))
    if french:
        words = [{"ma": "mardi", "di": "dimanche", "ma.": "mardi"}.get(word, word) for word in words]
    if words in (["vrij"], ["libre"], ["free"]):
        return HalfDays(mask_of(WEEKDAYS, DAYTIME), False, True)
    return _result(_read(words, clock), clock)


def _fold_words(text: str) -> list[str]:
    """Folded words and range signs; a dash between two days is a range, other dashes are dropped."""
    marked = re.sub(r"\s?[-–]\s?", " - ", text)
    parts = [part if part == "-" else fold(part) for part in marked.split()]
    return [word for part in parts for word in ([part] if part == "-" else part.split()) if word]


def _clock_parts(text: str) -> tuple[str, int]:
    """Take '9u-12u' out of the text and give the parts of the day that it touches."""
    parts = 0
    for found in _CLOCK.finditer(text):
        start = int(found[1]) * 60 + int(found[2] or 0)
        end = int(found[3]) * 60 + int(found[4] or 0)
        parts |= MORNING if start < 12 * 60 else 0
        parts |= AFTERNOON if end > 13 * 60 and start < 17 * 60 else 0
        parts |= EVENING if end > 18 * 60 else 0
    return (_CLOCK.sub(" ", text), parts) if parts else (text, 0)


def _read(words: list[str], clock: int) -> _Reading:
    reading = _Reading(parts=clock)
    for position, word in enumerate(words):
        before = words[position - 1] if position else ""
        if word in DAYS and not _means_free(words, position):
            _day(reading, DAYS[word], before in _RANGE or before == "-")
        elif word in GROUPS:
            reading.days |= GROUPS[word]
        elif word in PARTS:
            _part(reading, PARTS[word])
        elif word in _NOT:
            _negate(reading, last=position == len(words) - 1)
        elif word in _FREE:
            reading.free = True
        elif word not in _FILLER and word not in _RANGE and word not in _ONLY and word != "-":
            reading.left_over = True
    reading.close()
    return reading


def _means_free(words: list[str], position: int) -> bool:
    """'vrij' is Friday beside other days, and 'free' beside words such as 'altijd'."""
    others = {word for i, word in enumerate(words) if i != position}
    return words[position] == "vrij" and not any(word in DAYS for word in others)


def _day(reading: _Reading, day: int, in_range: bool) -> None:
    start = max(reading.days, default=None)
    if in_range and start is not None and start < day:
        reading.days |= set(range(start, day + 1))
    else:
        reading.days.add(day)


def _part(reading: _Reading, part: int) -> None:
    if reading.days:
        reading.add(reading.days, part)
        reading.last, reading.days = set(reading.days), set()
    elif reading.last:
        reading.add(reading.last, part)  # 'ma vm en nm'
    else:
        reading.parts |= part
        reading.bare_part = True


def _negate(reading: _Reading, *, last: bool) -> None:
    """'niet op woensdag' denies what follows; 'weekend niet' what went before."""
    if last:
        if not reading.days and reading.last:
            reading.days = set(reading.last)
            reading.yes &= ~mask_of(reading.last, 7)
        reading.negative = True
        if not reading.days and reading.parts:
            reading.no |= mask_of(WEEK, reading.parts)
            reading.parts = 0
        reading.close()
        return
    reading.close()
    reading.negative = True


def _result(reading: _Reading, clock: int) -> HalfDays:
    yes, no = reading.yes, reading.no
    sure = not reading.left_over and not clock
    if not yes and not no:
        if reading.left_over:
            return NOTHING
        if reading.bare_part or reading.parts:
            yes, sure = mask_of(WEEKDAYS, reading.parts), sure and not clock
        elif reading.free:
            yes, sure = mask_of(WEEKDAYS, DAYTIME), sure
        else:
            return NOTHING
    elif not yes:  # only what is not possible: the rest of the working week
        yes = mask_of(WEEKDAYS, DAYTIME)
        sure = sure and no & mask_of(WEEKEND, 7) == mask_of(WEEKEND, 7)
    mask = yes & ~no
    return HalfDays(mask, sure and bool(mask), True)
