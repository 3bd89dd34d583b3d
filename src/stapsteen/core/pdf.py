"""PDF documents: a Typst template from `pdf/` plus data makes one accessible, archivable PDF.

Every document is PDF/UA-1 (ISO 14289-1, accessible) and PDF/A-2a (ISO 19005-2, archivable) at once; Typst refuses
to write a document that breaks either. Data reaches a template as JSON only, never as Typst source, so that nothing
a person typed can act as markup.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.utils.translation import gettext as _

from stapsteen.core.errors import RuleBroken

ROOT: Final = Path(__file__).resolve().parents[3]
TEMPLATES: Final = ROOT / "pdf"
FONTS: Final = ROOT / "static" / "fonts" / "pdf"
STANDARDS: Final[list[typst.PDFStandard]] = ["ua-1", "a-2a"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NO_GLYPH = re.compile(r"the text `\"(.+)\"` could not be displayed", re.DOTALL)


class PdfError(RuntimeError):
    """A document could not be made."""


class Unprintable(PdfError, RuleBroken):
    """It holds `text`, which no font of ours can draw: whoever asked for it hears so, in words."""

    def __init__(self, text: str) -> None:
        words = _("Deze tekst kan niet op papier: “%(text)s”. Schrijf hem anders.") % {"text": text[:60]}
        RuleBroken.__init__(self, words)
        self.text = text


def render(template: str, data: Mapping[str, Any], *, lang: str) -> bytes:
    """Compile `pdf/<template>.typ` in language `lang` and return the PDF.

    `data` must survive `json.dumps` and hold `made_at`, an ISO 8601 moment with its offset: it becomes the creation
    date, so that the same data always gives the same bytes. Raises PdfError for an unknown template or language,
    data of the wrong shape, every Typst error and every Typst *warning* (a missing font is only a warning there).
    """
    source = _source(template, TEMPLATES)
    if lang not in languages():
        raise PdfError(f"No PDF texts in language {lang!r}; there are {', '.join(languages())}.")
    return compile_pdf(source, inputs={"data": _as_json(data), "lang": lang}, made_at=_made_at(data))


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a text file in `pdf/texts/`, in alphabetical order."""
    return tuple(sorted(path.stem for path in (TEMPLATES / "texts").glob("*.toml")))


@cache
def texts(lang: str) -> dict[str, Any]:
    """The fixed texts of `pdf/texts/<lang>.toml`; shape `{section: {key: text}}`."""
    with (TEMPLATES / "texts" / f"{lang}.toml").open("rb") as file:
        return tomllib.load(file)


def compile_pdf(source: Path, *, inputs: dict[str, str], made_at: datetime) -> bytes:
    """Compile the Typst file `source`; it can read nothing outside its own folder and use no font but ours."""
    try:
        pdf, warnings = typst.compile_with_warnings(
            source,
            root=source.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=made_at,
        )
    except typst.TypstError as error:
        raise _explained(error) from error
    if warnings:
        raise PdfError(f"{source.name}: " + "; ".join(warning.message for warning in warnings))
    return bytes(pdf)


@cache
def _fonts() -> typst.Fonts:
    if not any(FONTS.glob("*.ttf")):
        raise PdfError(f"No TTF fonts in {FONTS}; the documents need them.")
    # Neither the machine's fonts nor Typst's own: the same document must look the same everywhere.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _source(template: str, folder: Path) -> Path:
    source = folder / f"{template}.typ"
    if not _NAME.fullmatch(template) or not source.is_file():
        raise PdfError(f"No PDF template {template!r} in {folder}.")
    return source


def _as_json(data: Mapping[str, Any]) -> str:
    try:
        return json.dumps(data, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise PdfError(f"The data of a PDF must be plain JSON: {error}") from error


def _made_at(data: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(data["made_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise PdfError("The data of a PDF needs `made_at`, an ISO 8601 moment.") from error
    if moment.tzinfo is None:
        raise PdfError("`made_at` needs an offset, such as 2026-11-22T10:00:00+01:00.")
    return moment


def _explained(error: typst.TypstError) -> PdfError:
    no_glyph = _NO_GLYPH.search(error.message)
    if no_glyph:
        return Unprintable(no_glyph.group(1))
    return PdfError("; ".join([error.message, *error.hints]))
