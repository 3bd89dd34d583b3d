"""Writing a programme back as TOML, so that a service can edit its own copy; and telling two versions apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from stapsteen.network.programme.schema import Programme

# --- TOML -------------------------------------------------------------------------------------------------------------


def to_toml(programme: Programme) -> str:
    """The programme as TOML text; loading it gives an equal programme. Comments of the original file aren't kept."""
    return "\n".join(_table((), programme.model_dump(exclude_none=True))) + "\n"


def _table(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """Lines of one table: its plain keys first, then its sub-tables, since TOML gives a header all that follows it."""
    for key, value in table.items():
        if not _needs_header(value):
            yield from _pairs((key,), value)
    for key, value in table.items():
        if isinstance(value, dict) and _needs_header(value):
            yield from ("", f"[{'.'.join((*path, key))}]", *_table((*path, key), value))
        elif _needs_header(value):
            for item in value:
                yield from ("", f"[[{'.'.join((*path, key))}]]", *_table((*path, key), item))


def _needs_header(value: Any) -> bool:
    """Lists of tables, and tables with such a list in them, need a header; the rest fits on dotted lines."""
    if isinstance(value, dict):
        return any(_needs_header(item) for item in value.values())
    return isinstance(value, (list, tuple)) and any(isinstance(item, dict) for item in value)


def _pairs(key: tuple[str, ...], value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _pairs((*key, name), item)
    else:
        yield f"{'.'.join(key)} = {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # JSON's string escapes are TOML's too; DEL is the one sign that TOML wants escaped and JSON doesn't.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[" + ", ".join(_scalar(item) for item in value) + "]"


# --- differences ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One difference. `where` is a path for people ('Regels > older-than-16 > leeftijd'); `str()` is plain Dutch."""

    where: str
    what: Literal["added", "removed", "changed", "moved"]
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        match self.what:
            case "added":
                return f"{self.where}: nieuw ({self.after})"
            case "removed":
                return f"{self.where}: weg (was {self.before})"
            case "moved":
                return f"{self.where}: andere volgorde ({self.before} wordt {self.after})"
            case _:
                return f"{self.where}: {self.before} wordt {self.after}"


_LABELS = {
    "meta": "Hoofding", "version": "versie", "name": "naam", "summary": "samenvatting", "for_whom": "Voor wie",
    "covers": "Gemeenten", "rules": "Voorwaarden", "question": "vraag", "condition": "voorwaarde",
    "explain": "uitleg", "met": "past", "not_met": "past niet", "unknown": "nog niet geweten", "ask": "bespreken",
    "not_applicable": "geldt niet", "effect": "gevolg", "elsewhere": "elders", "asked_at": "gevraagd bij",
    "from_birthday": "vanaf leeftijd", "until_birthday": "tot leeftijd", "choices": "antwoorden", "text": "tekst",
    "label": "opschrift", "at_least": "minstens", "referral": "Aanmelden", "by_person": "door de persoon zelf",
    "by_helper": "door een hulpverlener", "social_map_first": "eerst sociale kaart", "referrers": "verwijzers",
    "centres": "centra", "clusters": "clusters", "count": "aantal", "aims": "Doelen", "next_step": "volgende stap",
    "phases": "Fasen", "rhythm": "Evaluatieritme", "first_months": "eerste momenten (maanden)",
    "every_months": "daarna om de (maanden)", "forms": "Formulieren", "duration": "Duur",
    "guideline_months": "richtduur (maanden)", "maximum_months": "maximumduur (maanden)",
    "warn_months": "vooraf waarschuwen (maanden)", "allowances": "Vergoedingen", "amount_cents": "bedrag (eurocent)",
    "legal_basis": "wettelijke basis", "counts_to_ceiling": "telt mee voor plafond", "wheel": "Wiel",
    "segments": "segmenten", "ambition_steps": "ambitie (stappen)", "explorator": "Verkenner",
    "domains": "Levensdomeinen", "evaluator": "Spindiagram", "enabled": "aan", "moments": "momenten",
    "hosts": "Gastorganisaties", "expectations": "verwachtingen", "sectors": "sectoren", "partners": "Partners",
    "voluntary": "Vrijwillig", "follow_up": "Opvolging", "stand_still_weeks": "stilstand (weken)",
    "reminders": "herinneringen", "pre_pathways": "Voortrajecten", "desk": "Vrijwilligersloket",
    "activities": "activiteiten", "principles": "Uitgangspunten", "contents": "inhoud", "note": "toelichting",
    "about": "uitleg", "source": "bron", "document": "document", "place": "plaats",
    "nl": "Nederlands", "fr": "Frans", "en": "Engels",
}  # fmt: skip
_IDENTITIES = ("id", "nis", "kind", "value", "name", "about")


def diff(before: Programme, after: Programme) -> list[Change]:
    """What changed from one version to the other, in the order of the file. Equal programmes give an empty list."""
    return list(_compare((), before.model_dump(exclude_none=True), after.model_dump(exclude_none=True)))


def _compare(where: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare_tables(where, before, after)
    elif _is_tables(before) and _is_tables(after):
        yield from _compare_lists(where, before, after)
    else:
        yield Change(_path(where), "changed", _show(before), _show(after))


def _compare_tables(
    where: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        here = (*where, _LABELS.get(key, key))
        if key not in after:
            yield Change(_path(here), "removed", before=_show(before[key]))
        elif key not in before:
            yield Change(_path(here), "added", after=_show(after[key]))
        else:
            yield from _compare(here, before[key], after[key])


def _compare_lists(where: tuple[str, ...], before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    old, new = _by_identity(before), _by_identity(after)
    yield from _compare_tables(where, old, new)
    kept_before, kept_after = [key for key in old if key in new], [key for key in new if key in old]
    if kept_before != kept_after:
        yield Change(_path(where), "moved", ", ".join(kept_before), ", ".join(kept_after))


def _is_tables(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(item, dict) for item in value)


def _by_identity(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Items by what names them, so that one that moved isn't shown as changed."""
    named: dict[str, Any] = {}
    for number, item in enumerate(items, 1):
        key = next((item[name] for name in _IDENTITIES if isinstance(item.get(name), str)), str(number))
        named[key if key not in named else f"{key} ({number})"] = item
    return named


def _path(where: tuple[str, ...]) -> str:
    return " > ".join(where)


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, dict):
        named = value.get("name", value.get("text", value.get("question", value)))
        return _show(named["nl"]) if isinstance(named, dict) and "nl" in named else f"{len(value)} gegevens"
    if isinstance(value, (list, tuple)):
        return ", ".join(_show(item) for item in value) or "geen"
    return f"“{value}”" if isinstance(value, str) else str(value)
