"""A look at the raw package before anything opens it: sizes, macros, links, rows, formulas, merged cells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl.utils import coordinate_to_tuple, range_boundaries

from stapsteen.imports.reader.refusal import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PACK_RATIO,
    MAX_PARTS,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_UNPACKED_BYTES,
    RATIO_FREE_BYTES,
    ImportRefused,
)

type Cell = tuple[int, int]  # row from 1, column index from 0
type Merge = tuple[int, int, int, int]  # first row, first column index, last row, last column index

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office files, and every encrypted one
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
CHUNK: Final = 1 << 18
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the raw XML of a sheet says. `last_column` counts columns; 0 rows means an empty sheet."""

    last_row: int = 0
    last_column: int = 0
    filled_rows: int = 0
    cells: int = 0
    merges: tuple[Merge, ...] = ()
    formulas: frozenset[Cell] = frozenset()
    uncached: frozenset[Cell] = frozenset()


def is_zip(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def refuse_foreign(data: bytes, name: str) -> None:
    """Refuse by first bytes and name: old Excel, password, macros, pictures, PDF."""
    if data.startswith(OLE):
        raise ImportRefused("password" if ENCRYPTED in data else "old_xls")
    ending = name.lower().rpartition(".")[2]
    if ending in ("xlsm", "xltm", "xlam"):
        raise ImportRefused("macros")
    if is_zip(data):
        return
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # such text has zeros too
    binary = data[:5] in (b"%PDF-", b"{\\rtf") or b"\0" in data[:4096]
    if not utf16 and (binary or ending in ("xlsx", "ods", "xlsb", "xls")):
        raise ImportRefused("not_a_spreadsheet")


def inspect_package(data: bytes) -> dict[str, SheetFacts]:
    """The facts per sheet part ('xl/worksheets/sheet1.xml'). Raises ImportRefused."""
    try:
        with ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _refuse_sizes(parts)
            _refuse_kind(package, parts)
            return _facts(package, parts)
    except (BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise ImportRefused("broken", type(error).__name__) from error


def _refuse_sizes(parts: list[ZipInfo]) -> None:
    """Declared sizes bind: the zip reader stops at them, and a lie fails its checksum."""
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES:
        raise ImportRefused("zip_bomb")
    if unpacked > RATIO_FREE_BYTES and unpacked / packed > MAX_PACK_RATIO:
        raise ImportRefused("zip_bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise ImportRefused("password")


def _refuse_kind(package: ZipFile, parts: list[ZipInfo]) -> None:
    names = {part.filename.lower() for part in parts}
    if "mimetype" in names and b"opendocument.spreadsheet" in package.read("mimetype")[:200]:
        raise ImportRefused("ods")
    if "xl/workbook.bin" in names:
        raise ImportRefused("xlsb")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise ImportRefused("not_a_spreadsheet")
    if any(name.endswith("vbaproject.bin") for name in names) or _has_macro_type(package, parts):
        raise ImportRefused("macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise ImportRefused("external_links")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _refuse_entities(package, part)


def _has_macro_type(package: ZipFile, parts: list[ZipInfo]) -> bool:
    types = next(part for part in parts if part.filename.lower() == "[content_types].xml")
    text = package.read(types).lower()
    return b"macroenabled" in text or b"xl/macrosheets/" in text


def _refuse_entities(package: ZipFile, part: ZipInfo) -> None:
    """A document type or entity has no place in a spreadsheet and is how an XML bomb begins."""
    with package.open(part) as stream:
        head = stream.read(4096).replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise ImportRefused("unsafe_xml", part.filename)


def _facts(package: ZipFile, parts: list[ZipInfo]) -> dict[str, SheetFacts]:
    sheets = [part for part in parts if _SHEET.fullmatch(part.filename)]
    if len(sheets) > MAX_SHEETS:
        raise ImportRefused("too_many_sheets")
    _refuse_many_rows(package, sheets)
    facts: dict[str, SheetFacts] = {}
    for part in sheets:
        with package.open(part) as stream:
            facts[part.filename] = _Scanner(part.filename).scan(stream)
    if sum(fact.filled_rows for fact in facts.values()) > MAX_ROWS:
        raise ImportRefused("too_many_rows")
    if sum(fact.cells for fact in facts.values()) > MAX_CELLS:
        raise ImportRefused("too_many_cells")
    return facts


def _refuse_many_rows(package: ZipFile, sheets: list[ZipInfo]) -> None:
    """A quick count of rows, before anything is parsed; stretches of empty styled rows don't count."""
    count = 0
    for part in sheets:
        for chunk in _chunks(package, part):
            count += chunk.count(b"<row ") if b"<v" in chunk or b"<is>" in chunk else 0
            if count > 3 * MAX_ROWS:
                raise ImportRefused("too_many_rows")


def _chunks(package: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


class _Scanner:
    """One pass over a sheet's XML that keeps no values: extents, formulas, merged cells."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.row = 0
        self.column = -1
        self.last_row = self.last_column = self.filled_rows = self.cells = 0
        self.row_filled = self.in_value = self.has_formula = self.has_value = False
        self.merges: list[Merge] = []
        self.formulas: set[Cell] = set()
        self.uncached: set[Cell] = set()

    def scan(self, stream: IO[bytes]) -> SheetFacts:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        try:
            parser.ParseFile(stream)
        except expat.ExpatError as error:
            raise ImportRefused("broken", self.path) from error
        return SheetFacts(
            self.last_row,
            self.last_column,
            self.filled_rows,
            self.cells,
            tuple(self.merges),
            frozenset(self.formulas),
            frozenset(self.uncached),
        )

    def _entity(self, *_: object) -> None:
        raise ImportRefused("unsafe_xml", self.path)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(" ")[2]:
            case "row":
                self.row = _number(attributes.get("r"), self.row + 1)
                self.column, self.row_filled = -1, False
            case "c":
                self.column = _column(attributes.get("r"), self.column + 1)
                self.has_formula = self.has_value = False
            case "f":
                self.has_formula = True
            case "v" | "t":
                self.in_value = True
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def _text(self, text: str) -> None:
        if self.in_value and not text.isspace():
            self.has_value = True

    def _end(self, tag: str) -> None:
        match tag.rpartition(" ")[2]:
            case "c":
                self._close_cell()
            case "row":
                self._close_row()
            case "v" | "t":
                self.in_value = False

    def _close_cell(self) -> None:
        if self.has_formula:
            self.formulas.add((self.row, self.column))
            if not self.has_value:
                self.uncached.add((self.row, self.column))
        if not (self.has_value or self.has_formula):
            return
        self.row_filled = True
        self.cells += 1
        self.last_column = max(self.last_column, self.column + 1)
        if self.column >= MAX_COLUMNS:
            raise ImportRefused("too_many_columns", self.path)

    def _close_row(self) -> None:
        if self.row_filled:
            self.filled_rows += 1
            self.last_row = max(self.last_row, self.row)
        if self.filled_rows > MAX_ROWS:
            raise ImportRefused("too_many_rows")

    def _merge(self, reference: str) -> None:
        try:
            left, top, right, bottom = range_boundaries(reference)
        except (ValueError, TypeError):
            return  # a merged range that can't be read only costs its filling in
        if None not in (left, top, right, bottom) and len(self.merges) < 10_000:
            self.merges.append((int(top), int(left) - 1, int(bottom), int(right) - 1))


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


def _column(reference: str | None, default: int) -> int:
    if not reference:
        return default
    try:
        return int(coordinate_to_tuple(reference)[1]) - 1
    except (ValueError, KeyError):
        return default
