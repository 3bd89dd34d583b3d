"""The figures page and its spreadsheet: who sees what, which years, and what stands there when there is nothing."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from stapsteen.figures.tests.conftest import World
from stapsteen.figures.tests.history_001 import AZ, VW, Life, store
from stapsteen.figures.tests.pages import Reader
from stapsteen.testing.world import client_of, inside, make_staff

pytestmark = pytest.mark.django_db
AIM = "end_in_itself"


def fill(world: World, *lives: Life) -> None:
    with inside(world.service):
        store(list(lives), service=world.service, coach=world.coach)


def life(person: int, first: date, last: date | None = None, kind: str = VW, **more: Any) -> Life:
    return Life(person, first, [(kind, first)], last, aims=[(AIM, first)], **more)


@pytest.mark.parametrize("address", ["", "blad/"])
def test_who_may_see_figures(empty_world: World, other_service: Any, address: str) -> None:
    for who in ("coach", "coordinator", "policy"):
        assert empty_world.get(who, address).status_code == 200
    path = f"/antwerpen/cijfers/{address}"
    for staff in (make_staff(empty_world.service, "intake"), make_staff(other_service, "coordinator")):
        assert client_of(staff).get(path).status_code == 404
    assert client_of(None).get(path).status_code == 302


def test_nothing_yet_says_so_and_still_explains_the_words(empty_world: World) -> None:
    page = Reader(empty_world.get("coach").content.decode())
    assert page.tables == {}
    assert "Hier is nog niets te tellen" in page.text
    assert "Een andere soort is geen einde." in page.text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?jaar=abc", "Dit jaar kennen we niet."),
        ("?jaar=1989", "Dit jaar kennen we niet."),
        ("?jaar=9999", "Dit jaar kennen we niet."),
        ("?jaar=²", "Dit jaar kennen we niet."),
        ("?jaar=2010&deel=3", "Kies het hele jaar of de eerste helft."),
    ],
)
def test_a_year_that_isnt_one_is_told(empty_world: World, query: str, says: str) -> None:
    for address in ("", "blad/"):
        answer = empty_world.get("coach", address + query)
        assert answer.status_code == 422
        assert says in answer.content.decode()


@time_machine.travel("2026-03-20 10:00:00+01:00")
def test_the_running_year_counts_until_today(empty_world: World) -> None:
    fill(empty_world, life(0, date(2025, 7, 1)), life(1, date(2026, 3, 20)), life(2, date(2026, 3, 21)))
    page = Reader(empty_world.get("coach").content.decode())
    assert page.tables["Gemiddeld aantal mensen per maand"][1:] == [
        ["2025", "0,5", "0", "0,5", "0,5"],
        ["2026 (tot nu)", "1,3", "0", "1,3", "1,3"],
    ]
    assert page.tables["Actieve mensen, maand per maand"][1:] == [
        ["januari 2026", "1", "0", "1"],
        ["februari 2026", "1", "0", "1"],
        ["maart 2026", "2", "0", "2"],
    ]
    assert "Wat we tellen in 2026, tot en met 20 maart." in page.text
    half = Reader(empty_world.get("coach", "?jaar=2026&deel=1").content.decode())
    assert half.tables == page.tables


@time_machine.travel("2026-03-20 10:00:00+01:00")
def test_the_years_to_choose_from_stand_in_the_address(empty_world: World) -> None:
    fill(empty_world, life(0, date(2012, 7, 1)))
    html = empty_world.get("coach", "?jaar=2013").content.decode()
    for year in (*range(2012, 2018), 2026):
        assert f'href="/antwerpen/cijfers/?jaar={year}"' in html
    assert "jaar=2018" not in html
    assert 'href="/antwerpen/cijfers/?jaar=2013&amp;deel=1"' in html
    assert 'href="/antwerpen/cijfers/blad/?jaar=2013"' in html


def small_history() -> list[Life]:
    """2010: seven volunteers of whom two stop, one with a step up; three in care work, one of them also a volunteer."""
    first = date(2010, 2, 1)
    volunteers = [life(n, first, date(2010, 12, 1) if n < 2 else None, stepped_up=n == 0) for n in range(7)]
    return [*volunteers, *(life(n, first, kind=AZ) for n in range(6, 9))]


def test_policy_sees_no_small_cells_others_do(empty_world: World) -> None:
    fill(empty_world, *small_history())
    rows = {
        who: Reader(empty_world.get(who, "?jaar=2010").content.decode()) for who in ("coordinator", "policy")
    }
    assert rows["coordinator"].tables["Gestart en gestopt per soort"][1:] == [
        ["Vrijwilligerswerk", "7", "7", "2", "1"],
        ["Arbeidszorg", "3", "3", "0", "0"],
        ["Alle soorten", "9", "10", "2", "1"],
    ]
    no = "verborgen"
    assert rows["policy"].tables["Gestart en gestopt per soort"][1:] == [
        ["Vrijwilligerswerk", no, no, no, no],
        ["Arbeidszorg", no, no, "0", "0"],
        ["Alle soorten", "9", "10", no, no],
    ]
    assert "Kleine getallen zijn verborgen" in rows["policy"].text
    assert "Kleine getallen zijn verborgen" not in rows["coordinator"].text
    book = load_workbook(BytesIO(empty_world.get("policy", "blad/?jaar=2010").content))
    assert [cell.value for cell in book["4 Per soort"][5]] == ["Arbeidszorg", no, no, 0, 0]


def test_policy_reads_no_number_from_1_to_4_anywhere(empty_world: World) -> None:
    fill(empty_world, *small_history())
    page = Reader(empty_world.get("policy", "?jaar=2010").content.decode())
    numbers = [cell for row in page.rows for cell in row[1:] if cell != "verborgen"]
    values = [float(cell.split()[0].replace(",", ".")) for cell in numbers]
    assert [value for value in values if 0 < value < 5] == []
    assert (
        re.findall(r"(?<![\d,])[1-4](?:,\d)? (?:per|traject|daarvan|mensen|persoon|had|startte)", page.text)
        == []
    )
    assert (
        "Gemiddeld 6,4 per maand. 7 trajecten"
        in Reader(empty_world.get("coach", "?jaar=2010").content.decode()).text
    )


def test_as_many_queries_for_one_pathway_as_for_many(empty_world: World) -> None:
    asked = []
    for lives in ([life(0, date(2010, 1, 1))], small_history()):
        fill(empty_world, *lives)
        with CaptureQueriesContext(connection) as captured:
            assert empty_world.get("coordinator", "?jaar=2010").status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1]
