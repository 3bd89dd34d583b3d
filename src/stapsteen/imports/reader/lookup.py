"""Finding back who and what other sheets name: organisations by name, persons by name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz, process

from stapsteen.imports.reader.cells import belgian
from stapsteen.imports.reader.names import name_key
from stapsteen.imports.reader.plan import Choice
from stapsteen.imports.reader.text import clip, fold

NEAR: Final = 90  # a name this alike is repaired
MAYBE: Final = 72  # a name this alike is proposed
NEAR_PERSON: Final = 80  # proposed only: hours on the wrong person are worse than a question
_ARTICLES: Final = frozenset(["de", "het", "den", "t", "the", "la", "le", "les", "l"])
_LEGAL_WORDS: Final = frozenset(["vzw", "asbl", "bv", "nv", "cvba", "cv", "ivzw", "npo"])
NO_HOST: Final = frozenset(
    ("geen", "nog niet", "nog geen", "wachtlijst", "zoekt", "zoekende", "nee",
     "onbekend", "nog te bepalen", "ntb", "aucun", "none", "thuis")
)  # fmt: skip

type How = Literal["same", "spelling", "several", "none"]


def organisation_key(name: str) -> str:
    """What "Buurthuis 't Pleintje" and "buurthuis 't pleintje vzw " share."""
    words = [word for word in fold(clip(name)).split() if word not in _LEGAL_WORDS]
    return " ".join(words)


def _bare(key: str) -> str:
    """'de kringwinkel' and 'kringwinkel' are one."""
    return " ".join(word for word in key.split() if word not in _ARTICLES)


@dataclass(frozen=True, slots=True)
class Host:
    """An organisation that rows can refer to. `ref`: its fingerprint, or 'known:KEY'."""

    ref: str
    name: str
    nis: str = ""


@dataclass(frozen=True, slots=True)
class HostMatch:
    how: How
    host: Host | None = None
    near: tuple[Host, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(host.ref, host.name) for host in self.near)


class Hosts:
    """All organisations of the file and of the network, by name."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Host]] = defaultdict(list)
        self._by_ref: dict[str, Host] = {}
        self._cache: dict[str, HostMatch] = {}

    def __bool__(self) -> bool:
        return bool(self._by_ref)

    def add(self, host: Host) -> None:
        if host.ref in self._by_ref:
            return
        self._by_ref[host.ref] = host
        self._by_key[organisation_key(host.name)].append(host)
        self._cache.clear()

    def get(self, ref: str) -> Host | None:
        return self._by_ref.get(ref)

    def find(self, text: str) -> HostMatch:
        if text not in self._cache:
            self._cache[text] = self._find(text)
        return self._cache[text]

    def _find(self, text: str) -> HostMatch:
        same = self._by_key.get(organisation_key(text), [])
        if len(same) == 1:
            return HostMatch("same" if same[0].name == text else "spelling", same[0])
        if same:
            return HostMatch("several", near=tuple(same))
        loose = [
            host
            for key, hosts in self._by_key.items()
            if _bare(key) == _bare(organisation_key(text))
            for host in hosts
        ]
        if len(loose) == 1:
            return HostMatch("spelling", loose[0])
        close = process.extract(
            organisation_key(text), self._by_key.keys(), scorer=fuzz.WRatio, limit=4, score_cutoff=MAYBE
        )
        near = tuple(host for key, _, _ in close for host in self._by_key[key])
        exact = [key for key, _, _ in close if fuzz.ratio(key, organisation_key(text)) >= NEAR]
        if len(exact) == 1 and len(self._by_key[exact[0]]) == 1:
            return HostMatch("spelling", self._by_key[exact[0]][0], near)
        return HostMatch("none", near=near)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person that rows can refer to. `ref`: fingerprint or 'known:KEY'; dates of the place, when known.

    `identity` is the fingerprint that the file itself gives, the same in every import.
    """

    ref: str
    surname: str
    first_name: str
    birth_date: dt.date | None = None
    town: str = ""
    host: str = ""
    host_name: str = ""
    start: dt.date | None = None
    stop: dt.date | None = None
    in_file: bool = False
    identity: str = ""

    @property
    def label(self) -> str:
        born = belgian(self.birth_date) if self.birth_date else ""
        return ", ".join(
            part for part in (f"{self.surname} {self.first_name}".strip(), born, self.town) if part
        )


class People:
    """All persons of the file and of the service, by name."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Someone]] = defaultdict(list)
        self._by_ref: dict[str, Someone] = {}

    def __bool__(self) -> bool:
        return bool(self._by_ref)

    def add(self, someone: Someone) -> None:
        if someone.ref not in self._by_ref:
            self._by_ref[someone.ref] = someone
            self._by_key[name_key(someone.surname, someone.first_name)].append(someone)

    def get(self, ref: str) -> Someone | None:
        return self._by_ref.get(ref)

    def named(self, surname: str, first_name: str, birth_date: dt.date | None = None) -> list[Someone]:
        """Everyone with this name; a birth date settles between them."""
        same = self._by_key.get(name_key(surname, first_name), [])
        born = [someone for someone in same if birth_date and someone.birth_date == birth_date]
        return list(born or same)

    def near(self, surname: str, first_name: str) -> list[Someone]:
        """Names that look alike, best first: to propose, never to use by itself."""
        key = name_key(surname, first_name)
        close = process.extract(
            key, self._by_key.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=NEAR_PERSON
        )
        return [someone for found, _, _ in close for someone in self._by_key[found]]
