"""Names of persons: capitals, particles, order; and a key that two spellings of one name share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from stapsteen.imports.reader.text import clip, fold

type NameOrder = Literal["surname_first", "first_name_first"]

_PARTICLES: Final = frozenset(
    [
        "van",
        "de",
        "den",
        "der",
        "ten",
        "ter",
        "te",
        "vande",
        "vanden",
        "vander",
        "von",
        "zu",
        "du",
        "des",
        "la",
        "le",
        "del",
        "della",
        "da",
        "di",
        "dos",
        "el",
        "al",
        "ben",
        "abu",
        "bin",
        "ibn",
        "ait",
        "ould",
        "'t",
        "op",
    ]
)
_SMALL: Final = frozenset(
    ["de", "den", "der", "ten", "ter", "te", "het", "'t", "des"]
)  # written small after the first word
_SPLIT_HYPHEN = re.compile(r"([-' ’])")


@dataclass(frozen=True, slots=True)
class NameRead:
    """A person's name. `changed` when capitals were repaired, `sure` False when the order was a guess."""

    surname: str
    first_name: str
    changed: bool = False
    sure: bool = True


def tidy_name(text: str) -> str:
    """'PEETERS ' becomes 'Peeters', 'VAN DEN BROECK' 'Van den Broeck'; mixed case stays as it was written."""
    text = clip(text).strip(" ,;.")
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 2 or not (all(c.isupper() for c in letters) or all(c.islower() for c in letters)):
        return text
    words = text.lower().split(" ")
    return " ".join(word if i and word in _SMALL else _capital(word) for i, word in enumerate(words))


def _capital(word: str) -> str:
    parts = _SPLIT_HYPHEN.split(word)
    return "".join(part[:1].upper() + part[1:] for part in parts)


def name_key(surname: str, first_name: str) -> str:
    """What 'Leyla Yıldız', 'YILDIZ Leyla' and 'Yıldız, Leyla ' share: folded words in alphabetic order."""
    return " ".join(sorted(f"{fold(clip(surname))} {fold(clip(first_name))}".split()))


def read_name(surname: str, first_name: str) -> NameRead:
    """A name from two columns."""
    last, first = tidy_name(surname), tidy_name(first_name)
    changed = last != clip(surname).strip(" ,;.") or first != clip(first_name).strip(" ,;.")
    return NameRead(last, first, changed)


def split_name(text: str, order: NameOrder = "surname_first") -> NameRead:
    """A name from one column: comma, capitals and particles decide before the usual `order` does."""
    text = clip(text).strip(" ;.")
    if "," in text:
        last, _, first = text.partition(",")
        return read_name(last, first)
    words = text.split()
    if len(words) < 2:
        return NameRead(tidy_name(text), "", tidy_name(text) != text, bool(text))
    cut = _by_capitals(words) or _by_particles(words, order)
    sure = cut is not None or len(words) == 2
    start, end = cut or ((0, 1) if order == "surname_first" else (1, len(words)))
    read = read_name(" ".join(words[start:end]), " ".join(words[:start] + words[end:]))
    return NameRead(read.surname, read.first_name, read.changed, sure)


def _by_capitals(words: list[str]) -> tuple[int, int] | None:
    """'PEETERS Piotr' and 'Piotr VAN HOOF': the run of capitals is the surname."""
    shouted = [i for i, word in enumerate(words) if len(word) > 1 and word.isupper()]
    if not shouted or len(shouted) == len(words):
        return None
    start, end = shouted[0], shouted[-1] + 1
    one_run = len(shouted) == end - start and (start == 0 or end == len(words))
    return (start, end) if one_run else None


def _by_particles(words: list[str], order: NameOrder) -> tuple[int, int] | None:
    """'Van den Broeck Karin' and 'Karin Van den Broeck'."""
    small = [word.casefold() in _PARTICLES for word in words]
    if small[0]:
        end = next((i for i, particle in enumerate(small) if not particle), len(words) - 1) + 1
        return (0, end) if end < len(words) else None
    inside = next((i for i, particle in enumerate(small) if particle), None)
    if inside is None:
        return None
    after = next((i for i in range(inside, len(words)) if not small[i]), len(words) - 1) + 1
    if order == "first_name_first" or after == len(words):
        return inside, len(words)
    return None
