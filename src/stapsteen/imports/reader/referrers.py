"""Who referred: a clean name and a kind; places that give away a secret are told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from stapsteen.imports.reader.text import clip, fold
from stapsteen.people.sensitive_words import SENSITIVE

type ReferrerKind = Literal["self", "ocmw", "vdab", "gtb", "caw", "other", "sensitive", ""]

_LEAD = re.compile(
    r"^(?:via|door|van|vanuit|par|by|from|doorverwezen door|verwezen door)\s*:?\s+", re.IGNORECASE
)
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,8}[A-Za-z]?\b\.?|\b(?:[A-Za-z]\.){2,8}")
_SELF: Final = frozenset(
    ("zelf", "zichzelf", "eigen initiatief", "self", "lui meme", "elle meme", "spontaan", "zelf aangemeld",
     "klant zelf",
     "eigen beweging", "soi meme", "self referral")
)  # fmt: skip
_KINDS: Final[tuple[tuple[ReferrerKind, str, re.Pattern[str]], ...]] = (
    ("ocmw", "OCMW", re.compile(r"\b(ocmw|cpas|sociaal huis|sociale dienst|sociaal centrum)\b")),
    ("vdab", "VDAB", re.compile(r"\b(vdab|forem|actiris)\b")),
    ("gtb", "GTB", re.compile(r"\bgtb\b")),
    ("caw", "CAW", re.compile(r"\bcaw\b")),
)


@dataclass(frozen=True, slots=True)
class ReferrerRead:
    """`name` is empty when the place is sensitive in itself; it then stands in `sensitive`."""

    kind: ReferrerKind
    name: str = ""
    sensitive: str = ""


def parse_referrer(text: str) -> ReferrerRead:
    """'via OCMW Turnhout', 'O.C.M.W.', 'vdab', 'zelf', 'gevangenis Turnhout'. Never raises."""
    name = _LEAD.sub("", clip(text)).strip(" .,;")
    name = _DOTTED.sub(
        lambda found: found[0].replace(".", ""), name + ("." if clip(text).endswith(".") else "")
    )
    name = name.strip(" .,;")
    plain = fold(name)
    if not plain or plain in ("onbekend", "nvt", "geen", "inconnu", "unknown"):
        return ReferrerRead("")
    if plain in _SELF:
        return ReferrerRead("self")
    if SENSITIVE.search(plain):
        return ReferrerRead("sensitive", sensitive=clip(text))
    for kind, shown, pattern in _KINDS:
        if pattern.search(plain):
            return ReferrerRead(kind, shown if plain == shown.casefold() else _upper_first(name, shown))
    return ReferrerRead("other", name)


def _upper_first(name: str, shown: str) -> str:
    """'ocmw turnhout' as 'OCMW turnhout': only the abbreviation is repaired."""
    return re.sub(rf"\b{shown}\b", shown, name, flags=re.IGNORECASE)
