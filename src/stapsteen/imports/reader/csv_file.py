"""Text with separators as rows of text: encoding and separator are found, never asked."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final

from stapsteen.imports.reader.refusal import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, ImportRefused

SEPARATORS: Final = ";\t,|"
SAMPLE_LINES: Final = 50
LONGEST_CELL: Final = 40_000  # Excel's own limit is 32,767 characters


def read_csv(data: bytes) -> list[tuple[str | None, ...]]:
    """The rows of a CSV file, empty cells as None. Raises ImportRefused."""
    text = _decode(data)
    separator = _separator(text)
    old_limit = csv.field_size_limit(LONGEST_CELL)
    try:
        return _rows(text, separator)
    except csv.Error as error:
        raise ImportRefused("not_a_spreadsheet", str(error)) from error
    finally:
        csv.field_size_limit(old_limit)


def _rows(text: str, separator: str) -> list[tuple[str | None, ...]]:
    rows: list[tuple[str | None, ...]] = []
    filled = cells = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        if len(row) > MAX_COLUMNS:
            raise ImportRefused("too_many_columns")
        values = tuple(cell if cell.strip() else None for cell in row)
        if not rows and row and row[0].lower().startswith("sep=") and not any(values[1:]):
            continue  # Excel's own hint, not data
        filled += any(values)
        cells += len(values)
        if filled > MAX_ROWS or len(rows) > 20 * MAX_ROWS:
            raise ImportRefused("too_many_rows")
        if cells > MAX_CELLS:
            raise ImportRefused("too_many_cells")
        rows.append(values)
    return rows


def _decode(data: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 with mark, else Windows Western European."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # Excel in Flanders saves CSV in Windows-1252
    return _strict(data, "cp1252")


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportRefused("not_a_spreadsheet") from error
    if sum(1 for c in text[:4096] if ord(c) < 32 and c not in "\r\n\t\f\v") > 4:
        raise ImportRefused("not_a_spreadsheet")
    return text


def _separator(text: str) -> str:
    """The sign that splits most lines into the same number (>1) of parts; 'sep=;' on the first line decides."""
    head = text[:100]
    if head.lower().startswith("sep=") and head[4:5] in SEPARATORS:
        return head[4]
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:SAMPLE_LINES]
    scores = {sign: _score(lines, sign) for sign in SEPARATORS}
    best = max(scores, key=lambda sign: scores[sign])
    if scores[best] == 0 or not _looks_like_a_table(lines, best):
        raise ImportRefused("not_a_spreadsheet")
    return best


def _looks_like_a_table(lines: list[str], sign: str) -> bool:
    """Most lines hold the sign; prose with a comma here and there doesn't pass."""
    return sum(sign in line for line in lines) >= 0.6 * len(lines)


def _score(lines: list[str], sign: str) -> int:
    counts = Counter(line.count(sign) for line in lines)
    counts.pop(0, None)
    return max((times * min(signs, 8) for signs, times in counts.items()), default=0)
