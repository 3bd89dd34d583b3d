"""Which municipality does this text mean? Pure lookup, no database, no Django.

People write a town as they say it: an old name (Kortessem), a village or district (Hoboken), a postal
code, French, capitals, a typing error. `find_town` gives the municipalities of 2025 it can mean, best
first. Sources of the tables: `data/README.md`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz, process

DATA = Path(__file__).resolve().parents[3] / "data"
LONGEST_TEXT = 120  # characters; the longest municipality name has 29
FUZZY_FLOOR = 0.75  # below this a suggestion helps nobody

How = Literal["name", "french", "former", "locality", "postal", "fuzzy"]

# ASCII needs help where Unicode has no decomposition.
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
_APOSTROPHES = re.compile("['’‘`´]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_POSTAL = re.compile(r"(?<!\d)(?:b[ -]?)?([1-9]\d{3})(?!\d)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]{0,60})\)")
_ABBREVIATIONS = {"st": "sint", "ste": "sint", "olv": "onze lieve vrouw"}
_ENGLISH = {"Antwerp": "11002", "Ghent": "44021", "Brussels": "21004", "Ostend": "35013", "Mechlin": "12025"}
_PREFIXES = ("stad ", "gemeente ", "district ", "deelgemeente ", "ville de ", "commune de ")


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality of 2025. `postal_codes` are its own; `lat`, `lon` in WGS84 degrees."""

    nis: str
    name: str
    name_fr: str
    province: str
    region: str
    postal_codes: tuple[str, ...]
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Match:
    """A municipality that a text can mean.

    `locality` is the village, district or former municipality that was named, with `postal_codes` its
    own codes; without locality these are the municipality's. `how` 'french' is any other language.
    `score` runs from 0 to 1, and 1 is certain.
    """

    nis: str
    name: str
    locality: str
    postal_codes: tuple[str, ...]
    how: How
    score: float


def fold(text: str) -> str:
    """Lower case, no accents, no apostrophes, other signs as one space: what two spellings have in common."""
    lowered = _APOSTROPHES.sub("", text.casefold().translate(_LETTERS))
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def fold_town(text: str) -> str:
    """Like `fold`, with 'St.-Niklaas' and 'stad Turnhout' as people write them."""
    words = [_ABBREVIATIONS.get(word, word) for word in fold(text.replace("O.L.V", "olv")).split()]
    joined = " ".join(words)
    for prefix in _PREFIXES:
        joined = joined.removeprefix(prefix)
    return joined


def find_town(text: str, *, limit: int = 5) -> list[Match]:
    """The municipalities that `text` can mean, best first; empty when nothing comes near.

    Understands a name (Dutch, French, former, village or district), a postal code, both together
    ('2660 Hoboken'), and typing errors (as `fuzzy`, score below 1).
    """
    return list(_find_town(" ".join(text[:LONGEST_TEXT].split())))[:limit]


def municipality(nis: str) -> Municipality | None:
    """The municipality with this NIS code of 2025, if there is one."""
    return _municipalities().get(nis)


def all_municipalities() -> list[Municipality]:
    """All 565, by NIS code."""
    return list(_municipalities().values())


def towns_of_postal_code(code: str) -> list[Municipality]:
    """The municipalities with this postal code: nearly always one, empty when the code doesn't exist."""
    return [_municipalities()[nis] for nis in _by_postal_code().get(code, ())]


def former_postal_codes(name: str) -> tuple[str, ...]:
    """Postal codes of a municipality as it was before the mergers of 2025; empty when it isn't one of the 28.

    A service that covers former Kortessem covers 3720 to 3724, not the rest of Hasselt.
    """
    return _former_codes().get(fold_town(name), ())


@lru_cache(maxsize=4096)
def _find_town(text: str) -> tuple[Match, ...]:
    codes = [code for code in _POSTAL.findall(text) if code in _by_postal_code()]
    hints = " ".join(_BRACKETS.findall(text))
    name = fold_town(_POSTAL.sub(" ", _BRACKETS.sub(" ", text)) or hints)
    if not name and not codes:
        return ()
    named = _named(name) if name else []
    found = _prefer(named, codes, fold_town(_POSTAL.sub(" ", hints)))
    if not found and codes:
        found = [match for code in codes for match in _of_code(code)]
    return tuple(found or _fuzzy(name))


def _named(name: str) -> list[Match]:
    name = name.removesuffix(" belgie").removesuffix(" belgique")
    return list(_names().get(name, ())) or _two_names(name.split())


def _two_names(words: list[str]) -> list[Match]:
    """'Borgerhout Antwerpen', 'Hasselt Kermt': two names of one municipality; the village says more."""
    for cut in range(1, min(len(words), 12)):
        first, second = _names().get(" ".join(words[:cut]), ()), _names().get(" ".join(words[cut:]), ())
        both = [match for match in (*first, *second) if match.nis in _nis(first) & _nis(second)]
        if both:
            return sorted(both, key=lambda match: not match.locality)[:1]
    return []


def _nis(matches: Iterable[Match]) -> set[str]:
    return {match.nis for match in matches}


def _prefer(matches: list[Match], codes: list[str], hint: str) -> list[Match]:
    """Put first what the postal code or the town between brackets confirms."""

    def rank(match: Match) -> tuple[bool, bool]:
        by_code = bool(codes) and not set(codes) & set(match.postal_codes)
        return by_code, bool(hint) and hint != fold_town(match.name)

    return sorted(matches, key=rank)


def _of_code(code: str) -> Iterator[Match]:
    villages = _localities().get(code, ())
    for town in towns_of_postal_code(code):
        locality = villages[0] if len(villages) == 1 and code not in _own_codes(town) else ""
        yield Match(town.nis, town.name, locality, (code,), "postal", 1.0)


def _own_codes(town: Municipality) -> tuple[str, ...]:
    """The code of the centre itself: a village that shares it isn't meant by the code alone."""
    return town.postal_codes[:1]


def _fuzzy(name: str) -> list[Match]:
    if len(name) < 4:
        return []
    close = process.extract(name, _names().keys(), scorer=fuzz.ratio, limit=5, score_cutoff=FUZZY_FLOOR * 100)
    best: dict[str, Match] = {}
    for key, score, _ in close:
        for match in _names()[key]:
            guess = Match(match.nis, match.name, match.locality, match.postal_codes, "fuzzy", score / 101)
            best.setdefault(match.nis, guess)
    return list(best.values())


def _rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@cache
def _municipalities() -> dict[str, Municipality]:
    return {
        row["nis"]: Municipality(
            nis=row["nis"],
            name=row["name_nl"],
            name_fr=row["name_fr"],
            province=row["province_nl"],
            region=row["region_nl"],
            postal_codes=tuple(row["postal_codes"].split()),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in _rows("municipalities.csv")
    }


@cache
def _by_postal_code() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for town in _municipalities().values():
        for code in town.postal_codes:
            found[code].append(town.nis)
    return {code: tuple(towns) for code, towns in found.items()}


@cache
def _former_codes() -> dict[str, tuple[str, ...]]:
    return {
        fold_town(row["former_name"]): tuple(row["postal_codes"].split())
        for row in _rows("former-postal-codes.csv")
    }


@cache
def _localities() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows("localities.csv"):
        found[row["postal_code"]].append(row["name"])
    return {code: tuple(names) for code, names in found.items()}


@cache
def _names() -> dict[str, list[Match]]:
    """Every name we know, folded, with what it can mean; a municipality's own name goes before a village."""
    names: dict[str, list[Match]] = defaultdict(list)
    for name, match in [*_own_names(), *_french_names(), *_former_names(), *_village_names()]:
        known = names[fold_town(name)]
        if all(old.nis != match.nis for old in known):
            known.append(match)
    return dict(names)


def _own_names() -> Iterator[tuple[str, Match]]:
    for town in _municipalities().values():
        yield town.name, Match(town.nis, town.name, "", town.postal_codes, "name", 1.0)


def _french_names() -> Iterator[tuple[str, Match]]:
    for town in _municipalities().values():
        yield town.name_fr, Match(town.nis, town.name, "", town.postal_codes, "french", 1.0)
    for name, nis in _ENGLISH.items():  # the few towns whose English name is neither Dutch nor French
        town = _municipalities()[nis]
        yield name, Match(nis, town.name, "", town.postal_codes, "french", 1.0)


def _former_names() -> Iterator[tuple[str, Match]]:
    for row in _rows("mergers-2025.csv"):
        if row["former_name"] != row["name"]:
            codes = _former_codes()[fold_town(row["former_name"])]
            yield row["former_name"], Match(row["nis"], row["name"], row["former_name"], codes, "former", 1.0)


def _village_names() -> Iterator[tuple[str, Match]]:
    for code, names in _localities().items():
        for town in towns_of_postal_code(code):
            for name in names:
                yield name, Match(town.nis, town.name, name, (code,), "locality", 1.0)
