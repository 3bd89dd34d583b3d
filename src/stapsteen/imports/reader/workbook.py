"""Open a file as plain values, or refuse it. Nothing in it is ever executed.

`package.py` looks at the raw package first (sizes, macros, links, rows, formulas), so that openpyxl only
meets a file that is known to be small and harmless. openpyxl parses with defusedxml, which is a dependency.
"""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils import get_column_letter

from stapsteen.core.words import tidy
from stapsteen.imports.reader.csv_file import read_csv
from stapsteen.imports.reader.package import Merge, SheetFacts, inspect_package, is_zip, refuse_foreign
from stapsteen.imports.reader.refusal import MAX_FILE_BYTES, ImportRefused

type Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
type Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as a rectangle of values. `rows[0]` is row 1; empty cells are None, also empty text.

    `formulas` and `uncached` hold (row, column index): cells with a formula, and those without a result.
    """

    name: str
    hidden: bool
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    uncached: frozenset[tuple[int, int]] = frozenset()

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was accepted; `digest` is the SHA-256 of its bytes."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...] = field(default=())


def open_workbook(source: Path | str | bytes, name: str = "") -> Workbook:
    """The values of an .xlsx or .csv file. Raises ImportRefused with a clear sentence for anything else."""
    data = _bytes(source)
    name = name or ("bestand" if isinstance(source, bytes) else Path(source).name)
    if not data.strip(b"\0 \r\n\t"):
        raise ImportRefused("empty_file")
    refuse_foreign(data, name)
    sheets = (
        _xlsx(data)
        if is_zip(data)
        else [Sheet(_stem(name), False, _square(tuple(map(_clean, row)) for row in read_csv(data)))]
    )
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    if not filled:
        raise ImportRefused("empty")
    return Workbook(name, _digest(data), filled)


def letter(index: int) -> str:
    """Column index from 0 to the letter that a spreadsheet shows."""
    return str(get_column_letter(index + 1))


def _bytes(source: Path | str | bytes) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        with Path(source).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ImportRefused("too_big")
    return data


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _stem(name: str) -> str:
    return Path(name).stem or "blad"


def _xlsx(data: bytes) -> list[Sheet]:
    facts = inspect_package(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about styling it doesn't know; no value is lost
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                return [_sheet(sheet, facts) for sheet in book.worksheets]
            finally:
                book.close()
    except (
        BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        SyntaxError,
    ) as e:
        raise ImportRefused("broken", type(e).__name__) from e


def _sheet(sheet: object, facts: dict[str, SheetFacts]) -> Sheet:
    path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    fact = facts.get(path) or SheetFacts()
    hidden = getattr(sheet, "sheet_state", "visible") != "visible"
    title = str(getattr(sheet, "title", ""))
    if not fact.last_row:
        return Sheet(title, hidden, ())
    reset = getattr(sheet, "reset_dimensions", None)
    if reset is not None:
        reset()  # the stated dimension is often wrong
    cells: Iterable[Sequence[Value]] = sheet.iter_rows(  # type: ignore[attr-defined]
        max_row=fact.last_row, max_col=fact.last_column, values_only=True
    )
    rows = _square(tuple(_clean(value) for value in row) for row in cells)
    return Sheet(title, hidden, rows, fact.merges, fact.formulas, fact.uncached)


def _clean(value: Value) -> Value:
    """Text that holds nothing but spaces is an empty cell; what no database takes is left out."""
    if not isinstance(value, str):
        return value
    if not value.isprintable():
        value = tidy(value)
    return value if value.strip() else None


def _square(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows of equal length, without empty rows and columns at the end."""
    listed = [tuple(row) for row in rows]
    while listed and all(value is None for value in listed[-1]):
        listed.pop()
    filled = (i for row in listed for i, value in enumerate(row) if value is not None)
    width = max(filled, default=-1) + 1
    return tuple((row + (None,) * width)[:width] for row in listed)
