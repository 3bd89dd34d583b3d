"""What a user corrected, kept by the headings of the sheet so that the next file of the service is read right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from stapsteen.imports.reader.fields import FIELDS, Kind
from stapsteen.imports.reader.text import clip, fold

if TYPE_CHECKING:
    from stapsteen.imports.reader.recognise import SheetPlan

VERSION: Final = 1
ALIKE: Final = 0.7  # share of headings that two sheets have in common to count as the same form


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """A corrected sheet: `columns` pairs a heading's key with a field, '' for 'keep as a note'."""

    fingerprint: str
    kind: Kind
    columns: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for key, _ in self.columns)


@dataclass(frozen=True, slots=True)
class Mapping:
    """All corrections of one service. Newest first."""

    sheets: tuple[SheetMapping, ...] = ()

    def find(self, fingerprint: str, keys: Iterable[str]) -> SheetMapping | None:
        """The mapping of the same headings, else of a sheet that shares most of them."""
        exact = next((sheet for sheet in self.sheets if sheet.fingerprint == fingerprint), None)
        if exact is not None:
            return exact
        mine = frozenset(keys)
        alike = [(len(mine & sheet.keys) / max(1, len(mine | sheet.keys)), sheet) for sheet in self.sheets]
        score, best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
        return best if score >= ALIKE else None

    def remember(self, plans: Iterable[SheetPlan]) -> Mapping:
        """This mapping with the plans that a user confirmed."""
        new = tuple(_sheet_mapping(plan) for plan in plans if plan.columns)
        replaced = {sheet.fingerprint for sheet in new}
        return Mapping(new + tuple(sheet for sheet in self.sheets if sheet.fingerprint not in replaced))

    def to_json(self) -> str:
        sheets = [
            {"fingerprint": sheet.fingerprint, "kind": sheet.kind, "columns": dict(sheet.columns)}
            for sheet in self.sheets
        ]
        return json.dumps({"version": VERSION, "sheets": sheets}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """The mapping that `to_json` wrote. Raises ValueError when it is something else."""
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise ValueError("not a mapping of this version")
        return cls(tuple(_from_json(item) for item in data["sheets"]))


def _from_json(item: dict[str, Any]) -> SheetMapping:
    if item["kind"] not in FIELDS:
        raise ValueError(f"unknown kind {item['kind']}")
    columns = tuple((str(key), str(value)) for key, value in item["columns"].items())
    return SheetMapping(str(item["fingerprint"]), cast("Kind", item["kind"]), columns)


def _sheet_mapping(plan: SheetPlan) -> SheetMapping:
    keys = column_keys([column.heading for column in plan.columns])
    fields = [column.field or "" for column in plan.columns]
    return SheetMapping(plan.fingerprint, plan.kind, tuple(zip(keys, fields, strict=True)))


def column_keys(headings: Sequence[str]) -> list[str]:
    """A key per heading that survives capitals, accents and order; a second 'tel' becomes 'tel#2'."""
    seen: dict[str, int] = {}
    keys = []
    for heading in headings:
        key = fold(clip(heading)) or clip(heading)
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys


def headings_fingerprint(headings: Sequence[str]) -> str:
    """The same for the same headings in another order."""
    joined = "\n".join(sorted(column_keys(headings)))
    return sha256(joined.encode()).hexdigest()[:24]
