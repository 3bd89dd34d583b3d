"""Document 001: its table of 2006-2011 and its figures of 2010, number for number, in the queries and on the page."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from stapsteen.figures import queries
from stapsteen.figures.queries import ALL, Flow, Period
from stapsteen.figures.tests.conftest import World
from stapsteen.figures.tests.history_001 import AZ, VW, History
from stapsteen.figures.tests.pages import Reader
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db
TABLE = {
    2006: (46, 35, 81),
    2007: (52, 25, 77),
    2008: (96, 26, 122),
    2009: (126, 30, 156),
    2010: (168, 29, 197),
    2011: (180, 49, 229),
}
"""Slide 7: average number of clients per month: VW, AZ, total; 2011 is the first half."""
YEAR_2010 = Period(date(2010, 1, 1), date(2010, 12, 31))


def test_the_history_holds_the_hard_cases() -> None:
    lives = History().play()
    in_2010 = [life for life in lives if life.in_year(VW, 2010) or life.in_year(AZ, 2010)]
    persons = [life.person for life in in_2010]
    assert len(lives) == 563
    assert sum(len(life.kinds) == 2 for life in in_2010) == 3  # changed kind
    assert len(persons) - len(set(persons)) == 4  # two came back, two were in both kinds
    assert sum(bool(life.pauses) for life in in_2010) == 4
    assert sum(len(life.aims) == 2 for life in in_2010) > 50


def test_table_of_slide_7(world: World) -> None:
    with inside(world.service):
        for year, (volunteering, care_work, total) in TABLE.items():
            last = date(2011, 6, 30) if year == 2011 else date(year, 12, 31)
            found = queries.average_per_month(date(year, 1, 1), last)
            assert found.kinds == {VW: volunteering, AZ: care_work}  # exact fractions: no rounding
            assert found.total == total


def test_numbers_of_slides_15_and_20(world: World) -> None:
    with inside(world.service):
        assert queries.active_persons(YEAR_2010) == {VW: 261, AZ: 41, ALL: 297}
        flows = queries.flows(YEAR_2010)
        aims = queries.last_aims(YEAR_2010)
    assert flows[VW] == Flow(started=135, stopped=74, stepped_up=28)
    assert flows[AZ] == Flow(started=10, stopped=12, stepped_up=0)  # three more came from volunteering
    assert flows[ALL] == Flow(started=145, stopped=86, stepped_up=28)
    assert {aim: round(100 * count / 261) for aim, count in aims[VW].items()} == {
        "end_in_itself": 55,
        "possible_stepping_stone": 30,
        "stepping_stone": 15,
    }
    assert aims[AZ] == {"stepping_stone": 9, "possible_stepping_stone": 15, "end_in_itself": 17}


def test_the_page_shows_the_table(world: World) -> None:
    page = Reader(world.get("coordinator", "?jaar=2011&deel=1").content.decode())
    rows = page.tables["Gemiddeld aantal mensen per maand"]
    assert rows[0] == [
        "Jaar",
        "Vrijwilligerswerk",
        "Arbeidszorg",
        "Som van de soorten",
        "Verschillende mensen",
    ]
    labels = [*(str(year) for year in range(2006, 2011)), "2011 (eerste helft)"]
    wanted = [[label, *(str(n) for n in TABLE[int(label[:4])])] for label in labels]
    assert [row[:4] for row in rows[1:]] == wanted
    assert [row[4] for row in rows[1:5]] == ["81", "77", "122", "156"]  # nobody in two kinds before 2010
    assert "Van 46 per maand in 2006 naar 180 in 2011 (eerste helft)." in page.text


def test_the_page_shows_2010(world: World) -> None:
    page = Reader(world.get("coach", "?jaar=2010").content.decode())
    assert page.tables["Gestart en gestopt per soort"][1:] == [
        ["Vrijwilligerswerk", "261", "135", "74", "28"],
        ["Arbeidszorg", "41", "10", "12", "0"],
        ["Alle soorten", "297", "145", "86", "28"],
    ]
    assert "135 trajecten startten. 74 trajecten stopten. 28 daarvan maakten een opstap." in page.text
    assert page.tables["Vrijwilligerswerk"][1:] == [
        ["Opstap", "39 (15 %)"],
        ["Mogelijke opstap", "78 (30 %)"],
        ["Finaliteit", "144 (55 %)"],
    ]
    assert page.tables["Arbeidszorg"][1:] == [
        ["Opstap", "9 (22 %)"],
        ["Mogelijke opstap", "15 (37 %)"],
        ["Finaliteit", "17 (41 %)"],
    ]


def test_the_spreadsheet_holds_the_same_numbers(world: World) -> None:
    answer = world.get("coordinator", "blad/?jaar=2011&deel=1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cijfers-antwerpen-2011-1.xlsx"'
    book = load_workbook(BytesIO(answer.content))
    rows = [list(row) for row in book["2 Per jaar"].iter_rows(min_row=4, values_only=True)]
    assert [row[1:4] for row in rows] == [list(numbers) for numbers in TABLE.values()]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}  # texts and numbers, never a formula
