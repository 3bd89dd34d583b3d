"""Supply and demand as a spreadsheet and as lines of text. Words are texts and numbers are numbers: never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
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


def board_workbook(cards: Sequence[Mapping[str, Any]], left: Sequence[Mapping[str, Any]]) -> bytes:
    """The proposals, and who was left without: what the board shows, never a score."""
    buffer = io.BytesIO()
    with Workbook(buffer, SAFE) as book:
        bold = book.add_format({"bold": True})
        head = [
            _("Persoon"), _("Wacht"), _("Begeleider"), _("Taak"), _("Deeltaak"), _("Organisatie"), _("Gemeente"), _("Stand"),
            _("Waarom"), _("Waar je op let"),
        ]  # fmt: skip
        rows = [
            [
                card["name"], card["waits"], card["coach"], card["title"], card["part"], card["organisation"], card["town"],
                card["state"], "; ".join(card["pros"]), "; ".join(card["cons"]),
            ]
            for card in cards
        ]  # fmt: skip
        _sheet(book.add_worksheet(_("Voorstellen")), head, rows, bold)
        without = [
            [card["name"], card["waits"], card["coach"], card["why"], "; ".join(card["near"])]
            for card in left
        ]
        names = [_("Persoon"), _("Wacht"), _("Begeleider"), _("Waarom niet"), _("Wat zou openen")]
        _sheet(book.add_worksheet(_("Zonder plek")), names, without, bold)
    return buffer.getvalue()


def _sheet(sheet: Any, head: list[str], rows: list[list[str]], bold: Any) -> None:
    sheet.write_row(0, 0, head, bold)
    for line, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(line, column, text)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 26)


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
