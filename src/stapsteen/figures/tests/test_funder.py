"""Totals for the funder: counted once a person, small numbers hidden, every run in the read log (requirement C7)."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from stapsteen.core.models import ReadEntry
from stapsteen.core.scope import system
from stapsteen.figures.funder import age_band, funder_counts
from stapsteen.pathways.actions import end_pathway, fill_funder_record, freeze_funder_record
from stapsteen.pathways.funder import NOT_SAID, QUESTIONS
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.cells import HIDDEN
from stapsteen.people.models import Person
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import client_of, inside, make_service, make_staff, programme_of

pytestmark = pytest.mark.django_db
SYSTEM = system("test")


@pytest.fixture
def link() -> Any:
    return make_service("link", "link")


def begin(
    service: Any, coach: Any, person: Person | None = None, *, frozen: bool = True, **answers: str
) -> Any:
    programme = programme_of(service, "link")
    pathway = make_pathway(
        coach, person=person or make_person(birth_year=1990), programme=programme, starts_on=timezone.localdate(),
        segment=programme.rules.wheel.segments[0].id, aim=programme.rules.aims[0].id,
    )  # fmt: skip
    record = fill_funder_record(
        pathway=pathway, actor=SYSTEM, answers={**dict.fromkeys(QUESTIONS, NOT_SAID), **answers}
    )
    if frozen:
        freeze_funder_record(record=record, actor=SYSTEM)
    return pathway


def rows_of(counts: Any, short: str) -> dict[str, list[Any]]:
    table = next(table for table in counts.tables if table.short == short)
    return {row[0]: row[1:] for row in [*table.rows, table.foot]}


def test_totals_per_answer_and_gender(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link):
        for _number in range(5):
            begin(link, coach, gender="f", work="inactive")
        for _number in range(6):
            begin(link, coach, gender="m", work="inactive")
        for _number in range(7):
            begin(link, coach, gender="m", work="unemployed")
        begin(link, coach, gender="f", frozen=False)
        counts = funder_counts(link, timezone.localdate().year)
        rows = rows_of(counts, "work")
        assert rows["geen werk, en niet werkzoekend"] == [5, 6, 0, 0, 11]
        assert rows["werkzoekend, korter dan een jaar"] == [0, 7, 0, 0, 7]
        assert rows["Samen"] == [5, 13, 0, 0, 18]
        assert rows_of(counts, "age")["30 tot en met 54"] == [5, 13, 0, 0, 18]
        assert (counts.cells["waiting"] is HIDDEN, counts.empty) == (True, False)
        assert funder_counts(link, timezone.localdate().year - 1).empty is True


def test_small_numbers_are_hidden_and_do_not_follow_from_the_rest(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link):
        for _number in range(8):
            begin(link, coach, gender="f", disability="no")
        for _number in range(7):
            begin(link, coach, gender="f", disability=NOT_SAID)
        begin(link, coach, gender="f", disability="yes")
        rows = rows_of(funder_counts(link, timezone.localdate().year), "disability")
        assert (rows["ja"][0], rows["ja"][-1]) == (HIDDEN, HIDDEN)
        assert [row[-1] for row in rows.values()].count(HIDDEN) >= 2


def test_a_person_counts_once_with_the_first_pathway(link: Any) -> None:
    coach = make_staff(link, "coach")
    with inside(link):
        person = make_person(birth_year=1990)
        first = begin(link, coach, person, gender="f")
        end_pathway(pathway=first, actor=SYSTEM, ends_on=timezone.localdate(), code="moved")
        begin(link, coach, person, gender="m")
        for _number in range(5):
            begin(link, coach, gender="f")
        foot = rows_of(funder_counts(link, timezone.localdate().year), "work")["Samen"]
        assert foot == [6, 0, 0, 0, 6]


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        ({"birth_date": date(2008, 6, 2)}, "under_18"),
        ({"birth_date": date(2008, 6, 1)}, "18_29"),
        ({"birth_year": 1997}, "18_29"),
        ({"birth_year": 1996}, "30_54"),
        ({"birth_date": date(1971, 6, 1)}, "over_54"),
        ({}, "unknown"),
    ],
)
def test_age_at_the_start(birth: dict[str, Any], band: str) -> None:
    assert age_band(Person(first_name="A", **birth), date(2026, 6, 1)) == band


def test_who_sees_the_page_and_that_it_is_logged(link: Any) -> None:
    coach, coordinator = make_staff(link, "coach"), make_staff(link, "coordinator")
    policy = make_staff(link, "policy")
    with inside(link):
        persons = {begin(link, coach, gender="f").person_id for _number in range(5)}
    address = "/link/cijfers/subsidiegever/"
    assert client_of(coach).get(address).status_code == 404
    for staff in (coordinator, policy):
        answer = client_of(staff).get(address)
        assert (answer.status_code, answer.context["total"]) == (200, "5")
    with inside(link):
        entry = ReadEntry.objects.filter(purpose="figures.funder_figures").latest("at")
        assert set(entry.subjects) == persons
    for wrong in ("1999", "2999", "x"):
        assert client_of(policy).get(address, {"jaar": wrong}).status_code == 422
    assert "Subsidiegever" in client_of(policy).get("/link/cijfers/").content.decode()
    assert "Subsidiegever" not in client_of(coach).get("/link/cijfers/").content.decode()


def test_the_spreadsheet_holds_the_same(link: Any) -> None:
    coach, policy = make_staff(link, "coach"), make_staff(link, "policy")
    with inside(link):
        for _number in range(5):
            begin(link, coach, gender="f", homeless="yes")
    answer = client_of(policy).get("/link/cijfers/subsidiegever/blad/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book[next(name for name in book.sheetnames if name.endswith("homeless"))]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert rows["ja"] == (5, 0, 0, 0, 5)
