"""Which headings mean which field, per kind of sheet. The words stand in `headings.toml`.

A heading that is none of these is compared by spelling; what stays unknown is kept as a note on the record.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

type Kind = Literal["persons", "organisations", "tasks", "hours", "ignored"]
type Content = Literal[
    "date", "birth", "insz", "mail", "phone", "town", "dutch", "aim", "halfdays", "count", "yesno", "hours", "text",
    "name",
]  # fmt: skip

KINDS: Final[tuple[Kind, ...]] = ("persons", "organisations", "tasks", "hours")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its synonyms, how much it tells about the kind of sheet, and what its cells should look like."""

    name: str
    weight: float
    content: Content
    synonyms: tuple[str, ...]


def _load() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("headings.toml").read_text(encoding="utf-8"))


def _specs(rows: list[dict[str, Any]]) -> tuple[FieldSpec, ...]:
    return tuple(
        FieldSpec(row["field"], row["weight"], row["content"], tuple(row["synonyms"])) for row in rows
    )


_TABLE: Final = _load()
FIELDS: Final[dict[Kind, tuple[FieldSpec, ...]]] = {
    "persons": _specs(_TABLE["persons"]),
    "organisations": _specs(_TABLE["organisations"]),
    "tasks": _specs(_TABLE["tasks"]),
    "hours": _specs(_TABLE["hours"]),
    "ignored": (),
}
SHEET_NAMES: Final[dict[str, frozenset[str]]] = {
    kind: frozenset(words) for kind, words in _TABLE["sheet_names"].items()
}


@cache
def synonyms(kind: Kind) -> dict[str, tuple[str, ...]]:
    """Folded heading -> the fields it can mean for this kind, in the order of the table."""
    found: dict[str, list[str]] = {}
    for field in FIELDS[kind]:
        for synonym in field.synonyms:
            found.setdefault(synonym, []).append(field.name)
    return {synonym: tuple(names) for synonym, names in found.items()}


@cache
def spec(kind: Kind, name: str) -> FieldSpec:
    """The field's specification; a month column ('month:3') counts as hours."""
    if name.startswith("month:"):
        return FieldSpec(name, 1.5, "hours", ())
    return next(field for field in FIELDS[kind] if field.name == name)


def field_names(kind: Kind) -> tuple[str, ...]:
    """What a column of this kind of sheet can be mapped to, month columns aside."""
    return tuple(field.name for field in FIELDS[kind])
