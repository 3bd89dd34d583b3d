"""Supply and demand as a spreadsheet and as lines of text. Words are texts and numbers are numbers: never a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from stapsteen.matching.supply import Pair, Supply, cell_words, tables

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def supply_workbook(found: Supply) -> bytes:
    """A sheet for each table: what, people, free places."""
    buffer = io.BytesIO()
    with Workbook(buffer, SAFE) as book:
        bold = book.add_format({"bold": True})
        for title, head, pairs in tables(found):
            sheet = book.add_worksheet(title[:31])
            sheet.write_row(0, 0, [head, _("Mensen"), _("Vrije plaatsen")], bold)
            for line, pair in enumerate(pairs, start=1):
                sheet.write_string(line, 0, pair.label)
                for column, value in enumerate((pair.people, pair.places), start=1):
                    _number(sheet, line, column, value)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 0, 40)
            sheet.set_column(1, 2, 16)
    return buffer.getvalue()


def _number(sheet: Any, line: int, column: int, value: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(line, column, value)
    else:
        sheet.write_string(line, column, cell_words(value))


def supply_lines(found: Supply) -> bytes:
    """All tables below each other, with semicolons and a mark by which a spreadsheet knows that it is UTF-8."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow([_("Tabel"), _("Wat"), _("Mensen"), _("Vrije plaatsen")])
    for title, _head, pairs in tables(found):
        lines.writerows(_line(title, pair) for pair in pairs)
    return text.getvalue().encode("utf-8-sig")


def _line(title: str, pair: Pair) -> list[str]:
    return [title, pair.label, cell_words(pair.people), cell_words(pair.places)]
