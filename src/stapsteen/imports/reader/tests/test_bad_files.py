"""A file that can't or may not be read is refused in words that say what to do, and quickly."""

from __future__ import annotations

import io
import time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter

from stapsteen.imports.reader import REFUSALS, ImportRefused, open_workbook, read, recognise
from stapsteen.imports.reader.tests.books import PEOPLE, book, codes, context, plan_of, with_part

GOOD = book({"Klanten": PEOPLE})


def refusal(data: bytes, name: str = "lijst.xlsx") -> str:
    with pytest.raises(ImportRefused) as caught:
        plan_of(data, name)
    assert caught.value.message_nl == REFUSALS[caught.value.code]
    return caught.value.code


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "leeg.xlsx", "empty_file"),
        (b" \r\n\t ", "leeg.csv", "empty_file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 1 0 obj", "brief.pdf", "not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "foto.xlsx", "not_a_spreadsheet"),
        (b"Dag Jan, hoe gaat het?\nTot later.\nGroeten\nAn", "brief.txt", "not_a_spreadsheet"),
        (b"gewone tekst", "lijst.xlsx", "not_a_spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "oud.xls", "old_xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "slot.xlsx",
            "password",
        ),
        (GOOD, "lijst.xlsm", "macros"),
        (with_part(GOOD, "xl/vbaProject.bin", b"macro"), "lijst.xlsx", "macros"),
        (with_part(GOOD, "xl/externalLinks/externalLink1.xml", b"<a/>"), "lijst.xlsx", "external_links"),
        (with_part(GOOD, "xl/workbook.bin", b"x"), "lijst.xlsb", "xlsb"),
        (
            with_part(GOOD, "xl/styles.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "lijst.xlsx",
            "unsafe_xml",
        ),
        (with_part(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "lijst.xlsx", "broken"),
        (GOOD[: len(GOOD) // 2], "half.xlsx", "broken"),
        (
            zipped({"word/document.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}),
            "brief.docx",
            "not_a_spreadsheet",
        ),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "lijst.ods", "ods"),
        (book({"Blad1": []}), "leeg.xlsx", "empty"),
    ],
)
def test_refused(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name) == code


def test_a_zip_bomb_is_never_unpacked() -> None:
    bomb = with_part(GOOD, "xl/worksheets/sheet2.xml", b"<row/>" * 20_000_000)
    started = time.monotonic()
    assert refusal(bomb) == "zip_bomb"
    assert time.monotonic() - started < 5


def test_a_very_large_part_with_little_air_is_refused_by_size() -> None:
    parts = zipped({"[Content_Types].xml": b"<a/>", "xl/a.xml": b"x" * 210_000_000})
    assert refusal(parts) == "zip_bomb"


def test_two_hundred_thousand_rows_are_refused_quickly() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for row in range(200_000):
            sheet.write_row(row, 0, ["Peeters", row])
    started = time.monotonic()
    assert refusal(buffer.getvalue()) == "too_many_rows"
    assert time.monotonic() - started < 15


def test_many_rows_of_csv_and_many_columns() -> None:
    assert refusal(b"naam;voornaam\n" + b"Peeters;Jan\n" * 60_000, "lijst.csv") == "too_many_rows"
    assert refusal(b"a;" * 300 + b"\n" + b"b;" * 300, "lijst.csv") == "too_many_columns"
    assert refusal(book({"Klanten": [["x"] * 300]})) == "too_many_columns"


def test_a_column_of_formulas_without_results_is_refused() -> None:
    rows = [*PEOPLE, ["=A2", "Jan", "1/1/1980", "Turnhout"]]
    assert refusal(book({"Klanten": rows})) == "formulas"
    assert refusal(book({"Blad": [["=1+1", 2], ["=HYPERLINK(A1)", 3]]})) == "formulas"


def test_formulas_where_nothing_is_needed_are_only_told() -> None:
    rows = [
        [*PEOPLE[0], "leeftijd"],
        [*PEOPLE[1], "=2026-1987"],
        [*PEOPLE[2], 57],
        ["Totaal", "=COUNTA(A2:A3)"],
    ]
    plan = plan_of(book({"Klanten": rows}))
    assert [(s.read, s.ready) for s in plan.sheets] == [(2, 2)]
    assert codes(plan, 2) == {"formula_empty"}


def test_a_formula_with_its_result_is_read_as_its_result() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet("Klanten")
        sheet.write_row(0, 0, ["Naam", "Voornaam", "Gemeente"])
        sheet.write_row(1, 0, ["Peeters", "Jan"])
        sheet.write_formula(1, 2, '=UPPER("turnhout")', None, "TURNHOUT")
    (person,) = plan_of(buffer.getvalue()).persons
    assert person.municipality == "Turnhout"


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text("Naam;Voornaam;Opmerking\nPeeters;Jan;=cmd|' /C calc'!A0\n", encoding="utf-8")
    workbook = open_workbook(path)
    plan = read(workbook, recognise(workbook), context())
    assert [note.text for note in plan.persons[0].notes] == ["=cmd|' /C calc'!A0"]


def test_a_sheet_of_styled_empty_rows_is_not_large() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(GOOD))
    workbook["Klanten"]["A2000"].font = openpyxl.styles.Font(bold=True)
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert len(open_workbook(buffer.getvalue(), "x.xlsx").sheets[0].rows) == 3


def test_signs_that_no_database_takes_are_left_out() -> None:
    text = "Naam;Voornaam;Opmerking\nPee\x00ters;Jan;a\x07b\n" + "Maes;An;\n" * 500
    assert plan_of(text.replace("\x00", "").encode(), "lijst.csv").persons[0].notes[0].text == "ab"
    late = text.replace("\x00", "") + "Wil\x00lems;Els;\n"
    assert plan_of(late.encode(), "lijst.csv").persons[-1].surname == "Willems"


def test_unknown_sheets_are_ignored_not_refused() -> None:
    plan = plan_of(book({"Blad1": [["a", "b"], [1, 2]]}))
    assert [(s.kind, s.read) for s in plan.sheets] == [("ignored", 0)]
