"""Rows of every kind: doubles, checks between cells, and any rubbish without a crash."""

from __future__ import annotations

import datetime as dt
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stapsteen.imports.reader import Decision, Sheet, Workbook, leftovers_xlsx, read, recognise, report
from stapsteen.imports.reader.tests.books import PEOPLE, book, codes, context, plan_of
from stapsteen.imports.reader.tests.test_values import CELL

ORGANISATIONS = [
    ["Organisatie", "gemeente", "sector", "KBO", "e-mail"],
    ["Bibliotheek", "Turnhout", "onthaal", "0403.019.261", "bib@example.org"],
    ["bibliotheek vzw", "Turnhout", "boeken", "123", "bib"],
    ["Bibliotheek", "Antwerpen", None, None, None],
    [None, "Geel", None, None, None],
]


def test_organisations_double_wrong_numbers_and_no_name() -> None:
    plan = plan_of(book({"Organisaties": ORGANISATIONS}))
    assert [(o.name, o.municipality, o.kbo, o.email) for o in plan.organisations] == [
        ("Bibliotheek", "Turnhout", "0403019261", "bib@example.org"),
        ("Bibliotheek", "Antwerpen", "", ""),
    ]
    assert codes(plan, 3) == {"kbo_wrong", "mail_unclear", "double_organisation"}
    assert codes(plan, 5) == {"no_name"}
    assert [(s.read, s.ready, s.refused, s.duplicate) for s in plan.sheets] == [(4, 2, 1, 1)]


def test_two_hosts_of_one_name_are_a_choice() -> None:
    people = [[*PEOPLE[0], "gestart bij", "start"], [*PEOPLE[1], "Bibliotheek", "1/1/2026"]]
    tasks = [
        ["organisatie", "taak", "plaatsen"],
        ["Bibliotheek", "kaften", 1],
        ["Bibliotheek", None, 1],
        [None, "x", 1],
    ]
    data = book({"Organisaties": ORGANISATIONS, "Klanten": people, "taken": tasks})
    plan = plan_of(data)
    (asked,) = [problem for problem in plan.problems if problem.code == "host_several"]
    assert plan.persons[0].host == ""
    assert [problem.code for problem in plan.problems if problem.sheet == "taken"] == [
        "organisation_several",
        "organisation_several",
        "task_missing",
        "organisation_missing",
    ]
    chosen = plan_of(data, decisions={asked.id: Decision("choose", asked.choices[1].key)})
    assert chosen.persons[0].host == plan.organisations[1].fingerprint


def test_a_year_of_birth_without_a_day_is_kept_as_a_year() -> None:
    cells: list[int | str] = [1985, "1985", "ca. 1985", "± 1985?", "1790", "85", "12/1985"]
    rows = [["Naam", "Voornaam", "Geboortedatum"], *(["Maes", f"J{n}", cell] for n, cell in enumerate(cells))]
    plan = plan_of(book({"Klanten": rows}))
    assert [person.birth_year for person in plan.persons] == [1985] * 4 + [None] * 3
    assert {person.birth_date for person in plan.persons} == {None}
    assert codes(plan, 3) == {"birth_year_only"}
    assert codes(plan, 6) == {"date_unclear"}


def test_national_number_against_birth_date() -> None:
    rows = [
        ["Naam", "Voornaam", "geb.datum", "RRN"],
        ["Yıldız", "Leyla", "16/08/1996", "96.08.15-098.69"],
        ["Yıldız", "Ali", None, "96.08.15-098.69"],
        ["Yıldız", "Can", "1/1/2024", None],
    ]
    plan = plan_of(book({"Klanten": rows}))
    assert codes(plan, 2) == {"date_text", "insz_birth_differs"}
    assert codes(plan, 3) == {"insz_birth_missing"}
    assert codes(plan, 4) == {"date_text", "birth_implausible"}
    assert [person.birth_date for person in plan.persons] == [dt.date(1996, 8, 16), None, None]
    missing = next(problem for problem in plan.problems if problem.code == "insz_birth_missing")
    accepted = plan_of(
        book({"Klanten": rows}), decisions={missing.id: Decision("accept", missing.suggested_value)}
    )
    assert accepted.persons[1].birth_date == dt.date(1996, 8, 15)


def test_towns_that_are_far_off_are_only_proposed() -> None:
    rows = [
        ["Naam", "Voornaam", "Gemeente"],
        ["Maes", "An", "Vosselar"],
        ["Maes", "Jan", "2300 Turnhoud"],
        ["Maes", "Els", "Atlantis"],
    ]
    plan = plan_of(book({"Klanten": rows}))
    assert [person.municipality for person in plan.persons] == ["", "Turnhout", ""]
    asked = next(problem for problem in plan.problems if problem.code == "town_unknown")
    assert "Vosselaar" in [choice.label for choice in asked.choices]
    chosen = plan_of(book({"Klanten": rows}), decisions={asked.id: Decision("choose", "Vosselaar")})
    assert chosen.persons[0].municipality == "Vosselaar"


def test_dates_around_a_placement() -> None:
    rows = [
        ["Naam", "Voornaam", "aanmelding", "gestart bij", "start", "stop"],
        ["A", "Eén", dt.date(2027, 1, 1), "Bib", dt.date(2026, 1, 1), dt.date(2027, 2, 1)],
        ["B", "Twee", None, "Bib", None, None],
        ["C", "Drie", None, None, dt.date(2026, 1, 1), None],
    ]
    plan = plan_of(book({"Klanten": rows}))
    assert codes(plan, 2) == {"referral_future", "start_before_referral", "stop_future", "host_new"}
    assert codes(plan, 3) == {"start_missing"}
    assert codes(plan, 4) == {"host_missing"}


def test_tasks_double_and_what_is_not_a_yes() -> None:
    rows = [
        ["organisatie", "taak", "wanneer", "zwaar werk?"],
        ["Bib", "kaften", "ma", "misschien"],
        ["Bib", "Kaften", "ma", "ja"],
        ["Bib", "kaften", "di", "ja"],
    ]
    plan = plan_of(book({"taken": rows}))
    assert [(task.title, task.heavy) for task in plan.tasks] == [("kaften", None), ("kaften", True)]
    assert codes(plan, 3) == {"double_task"}
    assert "yesno_unclear" in codes(plan, 2)


def test_hours_twice_changed_too_many_and_sums() -> None:
    rows = [
        ["Naam", "jan", "feb", "tot."],
        ["Peeters Piotr", 3, 4, 7],
        ["Peeters Piotr", 3, 4, None],
        ["Peeters Piotr", 5, None, None],
        ["Maes Tine", 230, "ca 10", 12],
        [None, 3, None, None],
        ["Maes Tine", None, None, None],
    ]
    data = book({"Klanten": PEOPLE, "uren 2026": rows})
    plan = plan_of(data)
    of_row = {
        row: {p.code for p in plan.problems if p.sheet == "uren 2026" and p.row == row} for row in range(2, 8)
    }
    assert of_row[3] == {"hours_no_start"}
    assert "hours_twice" in of_row[4]
    assert of_row[5] == {"hours_many", "hours_guess", "sum_differs", "hours_no_start"}
    assert of_row[6] == {"person_missing"}
    assert of_row[7] == {"no_hours"}
    assert [(s.read, s.ready, s.refused, s.duplicate) for s in plan.sheets][1] == (6, 3, 2, 1)
    known = frozenset(
        item for r in (*plan.persons, *plan.hours) for item in (r.fingerprint, r.source_fingerprint)
    )
    rows[1][1] = 9
    again = plan_of(book({"Klanten": PEOPLE, "uren 2026": rows[:2]}), known=known)
    assert [problem.column for problem in again.problems if problem.code == "hours_changed"] == ["jan"]
    assert again.hours == ()


def test_almost_the_same_name_with_the_same_birth_date_is_pointed_out() -> None:
    rows = [
        *PEOPLE,
        ["Peters", "Piotr", dt.date(1987, 2, 5), "Beerse"],
        ["Maes", "Tine", dt.date(1970, 1, 1), "Geel"],
    ]
    plan = plan_of(book({"Klanten": rows}))
    assert codes(plan, 4) == {"double_similar"}
    assert codes(plan, 5) == {"same_name"}


def test_a_double_fills_what_was_empty() -> None:
    rows = [
        ["Naam", "Voornaam", "geb.datum", "Tel"],
        ["Maes", "An", "1/1/1980", None],
        ["AN", "MAES", "1-1-80", "0470 12 34 56"],
    ]
    (person,) = plan_of(book({"Klanten": rows})).persons
    assert person.phone == "+32470123456"


HEADINGS = (
    "Naam", "Voornaam", "geb.datum", "RRN", "Adres", "Postcode", "Gemeente", "Tel", "mail", "doorverwezen door", "aanmelding",
    "Nederlands", "traject", "beschikbaar", "gestart bij", "start", "stop", "iets anders",
)  # fmt: skip
ROWS = st.lists(st.tuples(*([CELL] * len(HEADINGS))), max_size=6)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(ROWS, st.lists(st.tuples(CELL, CELL, CELL), max_size=5), st.booleans())
def test_rubbish_is_refused_row_by_row_and_every_count_adds_up(
    people: list[tuple[object, ...]], hours: list[tuple[object, ...]], keep_insz: bool
) -> None:
    sheets = (
        Sheet("Klanten", False, (HEADINGS, *people)),
        Sheet("uren 2026", False, (("Naam", "jan", "feb"), *hours)),
        Sheet("Organisaties", False, (("Organisatie", "soort", "verzekering BA tot"), *hours)),
        Sheet("taken", False, (("taak", "organisatie", "plaatsen"), *hours)),
    )
    workbook = Workbook("lijst.xlsx", "", sheets)
    plan = read(workbook, recognise(workbook), context(keep_insz=keep_insz))
    for sheet in plan.sheets:
        assert sheet.read == sheet.ready + sheet.refused + sheet.duplicate
        assert sheet.repaired <= sheet.ready
    assert sum(s.ready for s in plan.sheets if s.kind == "persons") == len(plan.persons)
    json.dumps(report(plan))
    assert leftovers_xlsx(plan)[:2] == b"PK"
