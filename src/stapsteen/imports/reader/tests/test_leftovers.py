"""What could not be read comes back as a spreadsheet: as typed, with the reason, and safe to open."""

from __future__ import annotations

import io

import openpyxl

from stapsteen.imports.reader import leftovers_xlsx
from stapsteen.imports.reader.tests.books import PEOPLE, SAMPLE, book, plan_of


def rows_of(data: bytes) -> dict[str, list[tuple[object, ...]]]:
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}


def test_refused_rows_and_unread_cells_with_their_reason() -> None:
    rows = [*PEOPLE, [None, None, "1/1/1980", "Turnhout"], ["Haddad", "Hugo", "31/02/1980", "Tilburg"]]
    sheets = rows_of(leftovers_xlsx(plan_of(book({"Klanten": rows}))))
    assert sheets == {
        "Klanten": [
            ("Naam", "Voornaam", "geb.datum", "Gemeente", "waarom"),
            (None, None, "1/1/1980", "Turnhout", "Naam: In deze rij staat geen naam."),
            (
                "Haddad",
                "Hugo",
                "31/02/1980",
                "Tilburg",
                "geb.datum: Deze datum bestaat niet. Gemeente: Deze gemeente kennen we niet.",
            ),
        ]
    }


def test_corrected_leftovers_can_be_imported() -> None:
    first = plan_of(
        book({"Klanten": [*PEOPLE, [None, "Jan", "1/1/1980", "Turnhout"], ["", "", "2/2/1980", "Geel"]]})
    )
    known = frozenset(
        item for record in first.persons for item in (record.fingerprint, record.source_fingerprint)
    )
    sheet = rows_of(leftovers_xlsx(first))["Klanten"]
    corrected = [sheet[0], ("Aerts", "Wim", *sheet[1][2:])]
    again = plan_of(book({"Klanten": corrected}), known=known)
    assert [(p.surname, p.first_name, p.municipality) for p in again.persons] == [("Aerts", "Wim", "Geel")]
    assert [note.heading for note in again.persons[0].notes] == []


def test_nothing_becomes_a_formula() -> None:
    rows = [*PEOPLE, ["", "", "=HYPERLINK('x')", "@SUM(1)"]]
    text = "\n".join(";".join(str(cell) for cell in row) for row in rows)
    plan = plan_of(text.encode(), "lijst.csv")
    workbook = openpyxl.load_workbook(io.BytesIO(leftovers_xlsx(plan)))
    cells = [cell for row in workbook.active.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(str(cell.value).startswith(("=", "@", "+", "-")) for cell in cells)


def test_the_sample_gives_back_what_stays_open() -> None:
    sheets = rows_of(leftovers_xlsx(plan_of(SAMPLE)))
    assert {name: len(rows) - 1 for name, rows in sheets.items()} == {
        "Klanten": 9,
        "Organisaties": 10,
        "uren 2026": 2,
    }
    assert all("96" not in str(row[3] or "") for row in sheets["Klanten"][1:])  # no national numbers


def test_nothing_left_over_says_so() -> None:
    assert rows_of(leftovers_xlsx(plan_of(book({"Klanten": PEOPLE})))) == {"leeg": [("Alles is gelezen.",)]}
