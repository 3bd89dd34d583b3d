"""Reading programme files: TOML in, frozen `Programme` out, or an error in Dutch with file, line and reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from stapsteen.network.programme.lines import Path, key_lines, line_of
from stapsteen.network.programme.schema import Inconsistency, Programme

#: The presets that ship with the product.
PRESETS = FilePath(__file__).resolve().parents[4] / "programmes"

#: A programme is a page or ten; more than this is a mistake or an attack.
MAX_BYTES = 500_000


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `line` counts from 1, `key` is dotted ('rules.0.effect'), `reason` is plain Dutch."""

    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        return (
            f"regel {self.line} ({self.key}): {self.reason}"
            if self.key
            else f"regel {self.line}: {self.reason}"
        )


class ProgrammeError(ValueError):
    """A programme file that can't be used. `str()` gives one line per problem: file, line, key, reason."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(f"{file}, {problem}" for problem in self.problems))


def load_programme(source: FilePath | str, *, name: str = "programma") -> Programme:
    """The programme in a file (a Path) or in TOML text (a str, shown in errors as `name`). Raises ProgrammeError."""
    if isinstance(source, FilePath):
        return load_programme(_read(source), name=source.name)
    if len(source.encode()) > MAX_BYTES:
        raise ProgrammeError(
            name, [Problem(1, "", f"het bestand is te groot (meer dan {MAX_BYTES // 1000} kB)")]
        )
    try:
        return _parsed(source)
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeError(name, [_syntax(error, source)]) from error
    except ValidationError as error:
        raise ProgrammeError(name, list(_explain(error, source))) from error


@lru_cache(maxsize=256)
def _parsed(source: str) -> Programme:
    """A text is read once in a process; what comes out is frozen."""
    return Programme.model_validate(_tuples(tomllib.loads(source)))


@cache
def presets() -> MappingProxyType[str, Programme]:
    """Slug to programme for the presets that ship with the product, in order of file name. Raises ProgrammeError."""
    loaded = [load_programme(path) for path in sorted(PRESETS.glob("*.toml"))]
    return MappingProxyType({programme.meta.slug: programme for programme in loaded})


def preset(slug: str) -> Programme:
    """One preset; KeyError when the product ships none with this slug."""
    return presets()[slug]


def _read(path: FilePath) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProgrammeError(
                path.name, [Problem(1, "", f"het bestand is te groot (meer dan {MAX_BYTES // 1000} kB)")]
            )
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProgrammeError(
            path.name, [Problem(1, "", f"het bestand is niet te lezen ({error.strerror})")]
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ProgrammeError(
            path.name, [Problem(line, "", "dit is geen UTF-8-tekst; bewaar het als UTF-8")]
        ) from error


def _tuples(value: Any) -> Any:
    """Lists to tuples, since frozen models hold tuples and strict models refuse lists for them."""
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return value


# --- errors in plain Dutch --------------------------------------------------------------------------------------------

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_SYNTAX = {
    "Cannot overwrite a value": "deze sleutel staat hier voor de tweede keer",
    "Cannot declare": "deze tabel of sleutel staat hier voor de tweede keer",
    "Cannot mutate immutable namespace": "deze tabel is al afgesloten; voeg er niets meer aan toe",
    "Expected '=' after a key": "na een sleutel hoort een is-teken (=)",
    "Expected newline or end of document after a statement": "hier hoort een nieuwe regel",
    "Expected ']' at the end of a table declaration": "het haakje ] van deze tabel ontbreekt",
    "Expected ']]' at the end of an array declaration": "de haakjes ]] van deze tabel ontbreken",
    "Unterminated string": "het aanhalingsteken aan het einde ontbreekt",
    "Unclosed array": "het haakje ] van deze lijst ontbreekt",
    "Unclosed inline table": "het haakje } ontbreekt",
    "Illegal character": "hier staat een teken dat niet mag (ontbreekt een aanhalingsteken?)",
    "Invalid value": "deze waarde klopt niet; tekst hoort tussen aanhalingstekens",
    "Invalid statement": "deze regel is geen sleutel en geen tabel",
    "Invalid initial character for a key part": "een sleutel begint met een letter of cijfer",
    "Duplicate inline table key": "deze sleutel staat hier voor de tweede keer",
    "Unescaped '\\' in a string": "zet voor een schuine streep nog een schuine streep (\\\\)",
    "Found invalid character": "hier staat een teken dat niet mag",
}


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    said = str(error)
    where = _AT_LINE.search(said)
    line = int(where[1]) if where and where[1] else text.count("\n") + (not text.endswith("\n"))
    reason = next((dutch for start, dutch in _SYNTAX.items() if said.startswith(start)), None)
    return Problem(max(line, 1), "", reason or "dit is geen geldige TOML")


def _explain(error: ValidationError, text: str) -> Iterator[Problem]:
    lines = key_lines(text)
    for detail in error.errors(include_url=False):
        if detail["type"] == "inconsistent":
            for found in detail["ctx"]["problems"]:
                yield _located(found, lines)
        else:
            path = _in_text(detail["loc"], lines)
            yield Problem(line_of(lines, path), ".".join(map(str, path)), _reason(detail))


def _located(found: Inconsistency, lines: dict[Path, int]) -> Problem:
    return Problem(line_of(lines, found.path), ".".join(map(str, found.path)), found.reason)


def _in_text(loc: Path, lines: dict[Path, int]) -> Path:
    """Pydantic puts the name of the chosen kind of condition in the path; the text has no such key."""
    path: Path = ()
    for number, part in enumerate(loc):
        last = number == len(loc) - 1
        tag = path[-1:] == ("condition",) and not last and (*path, part) not in lines
        path = path if tag else (*path, part)
    return path


_REASONS = {
    "missing": "deze sleutel ontbreekt",
    "extra_forbidden": "deze sleutel bestaat niet; kijk de spelling na",
    "string_type": "hier hoort tekst tussen aanhalingstekens",
    "string_too_short": "deze tekst is leeg",
    "string_too_long": "deze tekst is te lang (ten hoogste {max_length} tekens)",
    "int_type": "hier hoort een geheel getal, zonder aanhalingstekens, komma of punt",
    "bool_type": "hier hoort true of false",
    "tuple_type": "hier hoort een lijst tussen vierkante haken",
    "model_type": "hier hoort een tabel met sleutels",
    "model_attributes_type": "hier hoort een tabel met sleutels",
    "union_tag_not_found": "'type' ontbreekt: zeg welk soort voorwaarde dit is",
    "union_tag_invalid": "'{tag}' is geen soort voorwaarde; kies uit {expected_tags}",
    "greater_than_equal": "moet {ge} of meer zijn",
    "less_than_equal": "moet {le} of minder zijn",
    "too_short": "minstens {min_length} nodig",
    "too_long": "hoogstens {max_length} toegelaten",
}
_PATTERNS = {
    "^[0-9]{5}$": "een NIS-code is 5 cijfers tussen aanhalingstekens",
    "^[1-9][0-9]{3}$": "een postcode is 4 cijfers tussen aanhalingstekens",
}
_MISSING_TEXT = {"nl": "Nederlandse", "fr": "Franse", "en": "Engelse"}
_FIXED = {
    "gpmi_kept_apart": "alleen true: vrijwilligerswerk mag geen verplichting uit een GPMI zijn (GwH 86/2018)",
    "own_choice": "meedoen is altijd een eigen keuze; alleen true",
}


def _reason(detail: ErrorDetails) -> str:
    kind, context, last = detail["type"], detail.get("ctx", {}), detail["loc"][-1] if detail["loc"] else ""
    if kind == "missing" and last in _MISSING_TEXT:
        return f"de {_MISSING_TEXT[str(last)]} tekst ontbreekt"
    if kind == "string_too_short" and last in _MISSING_TEXT:
        return f"de {_MISSING_TEXT[str(last)]} tekst is leeg"
    if kind == "literal_error":
        return (
            _FIXED.get(str(last))
            or f"{_shown(detail['input'])} kan niet; kies uit {_or(context['expected'])}"
        )
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], "alleen kleine letters, cijfers en streepjes")
    if kind in _REASONS:
        return _REASONS[kind].format(**context)
    return f"deze waarde klopt niet: {_shown(detail['input'])}"


def _shown(value: object) -> str:
    text = str(value)
    return f"'{text[:40]}...'" if len(text) > 40 else f"'{text}'"


def _or(expected: str) -> str:
    return expected.replace(" or ", " of ")
