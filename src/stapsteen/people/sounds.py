"""Names as others may spell them: what a search and the finder of doubles take for the same."""

from __future__ import annotations

import re

from stapsteen.network.places import fold

# What counts as the same letter: accents, and the spellings that people mix up.
_SAME = (
    "aàáâäãåąæ",
    "cçćčkqx",
    "dđt",
    "eèéêëę",
    "fv",
    "gğ",
    "iìíîïıjy",
    "lł",
    "nñń",
    "oòóôöõøœ",
    "sśšşz",
    "uùúûüůw",
)
_LETTERS = {letter: f"[{group}]" for group in _SAME for letter in group}
_ONE = {ord(letter): group[0] for group in _SAME for letter in group}


def sounds_like(word: str) -> str:
    """A regular expression for the word as others may spell it: accents, double letters, i for y, s for z, c for k."""
    return "".join(f"{_LETTERS.get(letter, letter)}+" for letter in _plain(word))


def spelled(word: str) -> str:
    """The word in one spelling: two words that sound alike by the same rules come out the same."""
    return re.sub(r"(.)\1+", r"\1", _plain(word).translate(_ONE))


def _plain(word: str) -> str:
    folded = re.sub(r"(.)\1+", r"\1", fold(word).replace(" ", "").replace("ph", "f"))
    return re.sub(r"([ijy])[ijy]+", r"\1", folded)
