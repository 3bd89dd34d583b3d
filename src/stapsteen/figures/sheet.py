"""The report as a spreadsheet: one sheet of words, then one per table. Texts are texts, never formulas."""

from __future__ import annotations

import io
import re

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from stapsteen.figures import words
from stapsteen.figures.definitions import WORDS
from stapsteen.figures.report import Report, Table
from stapsteen.people.cells import HIDDEN, Cell

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
WIDE, NARROW = 44, 18


class Styles:
    def __init__(self, book: Workbook) -> None:
        self.head: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.total: Format = book.add_format({"bold": True, "top": 1})
        self.wrap: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.mean: Format = book.add_format({"num_format": "0.0"})


def workbook(report: Report, *, service_name: str) -> bytes:
    """An xlsx file. Numbers are numbers, exact; what may not be shown is a word."""
    buffer = io.BytesIO()
    with Workbook(buffer, SAFE) as book:
        styles = Styles(book)
        _front(book.add_worksheet(sheet_name(1, _("Uitleg"))), report, service_name, styles)
        for number, table in enumerate(report.tables, start=2):
            write_table(book.add_worksheet(sheet_name(number, table.short)), table, styles)
    return buffer.getvalue()


def sheet_name(number: int, name: str) -> str:
    """Excel's rules: at most 31 characters, none of []:*?/\\."""
    return f"{number} {re.sub(r'[][:*?/\\]', ' ', name)}"[:31]


def _front(sheet: Worksheet, report: Report, service_name: str, styles: Styles) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, f"{_('Cijfers')} {service_name}", styles.title)
    sheet.write_string(1, 0, _("Periode"))
    sheet.write_string(1, 1, report.choice.label)
    if report.cells.gone:
        sheet.write_string(2, 1, hidden_note())
    for row, word in enumerate(WORDS, start=4):
        sheet.write_string(row, 0, str(word.term), styles.wrap)
        sheet.write_string(row, 1, str(word.explained), styles.wrap)


def hidden_note() -> str:
    return _(
        "Getallen van 1 tot 4 zijn verborgen. Soms verbergen we nog een getal. "
        "Anders kan je het eerste uitrekenen."
    )


def write_table(sheet: Worksheet, table: Table, styles: Styles) -> None:
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, max(1, len(table.columns) - 1), NARROW)
    sheet.write_string(0, 0, table.title, styles.title)
    for column, label in enumerate(table.columns):
        sheet.write_string(2, column, label, styles.head)
    sheet.freeze_panes(3, 1)
    for row, cells in enumerate(table.rows, start=3):
        _row(sheet, row, cells, styles, None)
    if table.foot:
        _row(sheet, 3 + len(table.rows), table.foot, styles, styles.total)


def _row(sheet: Worksheet, row: int, cells: list[Cell], styles: Styles, look: Format | None) -> None:
    for column, cell in enumerate(cells):
        if cell is HIDDEN or isinstance(cell, str):
            sheet.write_string(row, column, words.text(cell), look)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, look)
        else:
            sheet.write_number(row, column, float(cell), look or styles.mean)  # type: ignore[arg-type]
