"""The caseload of a service as messy as it comes: what is recognised, and every count."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter

import pytest

from stapsteen.imports.reader import ImportPlan, open_workbook, read, recognise, report
from stapsteen.imports.reader.tests.books import SAMPLE, codes, context


@pytest.fixture(scope="module")
def plan() -> ImportPlan:
    workbook = open_workbook(SAMPLE)
    return read(workbook, recognise(workbook), context())


def test_each_sheet_and_every_column_is_recognised() -> None:
    plans = recognise(open_workbook(SAMPLE))
    assert [(p.sheet, p.kind, p.header_row, p.year) for p in plans] == [
        ("Klanten", "persons", 4, None),
        ("Organisaties", "organisations", 1, None),
        ("taken", "tasks", 1, None),
        ("uren 2026", "hours", 1, 2026),
    ]
    assert [[c.heading for c in p.columns if c.field is None] for p in plans] == [[], ["opmerking"], [], []]


def test_counts_per_sheet(plan: ImportPlan) -> None:
    counts = [(s.kind, s.read, s.ready, s.repaired, s.refused, s.duplicate) for s in plan.sheets]
    assert counts == [
        ("persons", 65, 64, 62, 0, 1),
        ("organisations", 12, 12, 9, 0, 0),
        ("tasks", 25, 25, 15, 0, 0),
        ("hours", 30, 28, 26, 2, 0),
    ]


def test_every_count_adds_up(plan: ImportPlan) -> None:
    for sheet in plan.sheets:
        assert sheet.read == sheet.ready + sheet.refused + sheet.duplicate
        assert sheet.repaired <= sheet.ready
    assert (len(plan.persons), len(plan.organisations), len(plan.tasks), len(plan.hours)) == (64, 12, 25, 250)


def test_every_kind_of_problem_is_told(plan: ImportPlan) -> None:
    assert Counter(problem.code for problem in plan.problems) == {
        "date_text": 73,
        "hours_times": 34,
        "hours_absence": 33,
        "halfdays_unsure": 26,
        "hours_text": 22,
        "date_short_year": 16,
        "town_locality": 14,
        "hours_no_start": 10,
        "aim_maybe": 9,
        "talk_with_host": 9,
        "town_former": 6,
        "count_range": 6,
        "level_vague": 4,
        "insurance_expired": 4,
        "level_unsure": 3,
        "insz_wrong": 3,
        "count_text": 3,
        "host_spelling": 3,
        "hours_outside": 3,
        "mail_odd": 2,
        "start_future": 2,
        "same_name": 2,
        "insurance_unknown": 2,
        "person_several": 2,
        "insz_not_kept": 1,
        "referrers_sensitive": 1,
        "stop_before_start": 1,
        "name_case": 1,
        "double_person": 1,
        "total_agrees": 1,
    }


def test_a_person_is_read_whole(plan: ImportPlan) -> None:
    leyla = plan.persons[0]
    assert (leyla.surname, leyla.first_name, leyla.birth_date) == ("Yıldız", "Leyla", dt.date(1996, 8, 15))
    assert (leyla.municipality, leyla.locality, leyla.postal_code) == ("Antwerpen", "Hoboken", "2660")
    assert (leyla.dutch_step, leyla.dutch_cefr, leyla.dutch_sure) == ("1.2", "A2", False)
    assert (leyla.aim, leyla.host_name, leyla.start) == (
        "possible_stepping_stone",
        "WZC De Zilverlinde",
        dt.date(2024, 3, 19),
    )
    assert leyla.half_days == 1 << (1 * 3 + 1) | 1 << (3 * 3 + 1)


def test_a_prison_is_only_in_the_sensitive_field(plan: ImportPlan) -> None:
    leyla = plan.persons[0]
    assert (leyla.referrer_kind, leyla.referrer, leyla.sensitive_referrer) == (
        "sensitive",
        "",
        "gevangenis Turnhout",
    )
    told = json.dumps(report(plan), ensure_ascii=False)
    assert "gevangenis" not in told
    assert "Bethaniënhuis" not in told


def test_a_double_person_keeps_what_differs_as_notes(plan: ImportPlan) -> None:
    piotr = next(p for p in plan.persons if (p.surname, p.first_name) == ("Peeters", "Piotr"))
    assert [(d.row, d.of, d.part) for d in plan.duplicates] == [(69, piotr.fingerprint, "file")]
    assert {(note.heading, note.text) for note in piotr.notes} == {
        ("geb.datum (rij 69)", "05.02.1987"),
        ("doorverwezen door (rij 69)", "OCMW"),
        ("aanmelding (rij 69)", "10/06/2025"),
        ("Nederlands (rij 69)", "1.2"),
        ("beschikbaar (rij 69)", "ma"),
    }


def test_namesakes_make_their_hours_a_question(plan: ImportPlan) -> None:
    asked = [problem for problem in plan.problems if problem.code == "person_several"]
    assert [(problem.row, problem.value, len(problem.choices)) for problem in asked] == [
        (3, "El Amrani Tine", 2),
        (13, "Okafor José", 2),
    ]


def test_a_stop_before_its_start_leaves_both_out(plan: ImportPlan) -> None:
    tine = next(p for p in plan.persons if p.row == 12)
    assert (tine.start, tine.stop, tine.host_name) == (None, None, "Bibliotheek")
    assert {(note.heading, note.text) for note in tine.notes} == {
        ("start", "28 oktober 2026"),
        ("stop", "2026-10-01"),
    }


def test_the_total_is_checked_and_left_out(plan: ImportPlan) -> None:
    total = next(problem for problem in plan.problems if problem.row == 71)
    assert total.problem_nl == "Totaal 64 klopt met 64 verschillende, in 65 rijen."


def test_a_national_number_is_used_as_a_check_and_not_kept(plan: ImportPlan) -> None:
    assert {person.insz for person in plan.persons} == {""}
    told = json.dumps(report(plan), ensure_ascii=False)
    assert "69.10.02-494.90" not in told
    assert "02061111650" not in told
    assert "02061111650" not in str(plan.leftovers)


def test_a_national_number_is_kept_where_the_service_wants_it() -> None:
    workbook = open_workbook(SAMPLE)
    plan = read(workbook, recognise(workbook), context(keep_insz=True))
    assert plan.persons[0].insz == "96081509869"
    assert plan.persons[7].insz == ""  # a wrong check
    assert "insz_not_kept" not in codes(plan, 0)


def test_a_wish_of_a_host_starts_a_talk_and_is_not_recorded(plan: ImportPlan) -> None:
    assert len(plan.actions) == 9
    assert {action.kind for action in plan.actions} == {"talk"}
    for host in plan.organisations:
        assert host.notes == ()
    assert "psychiatrie" not in str(plan.organisations) + str(plan.actions)


def test_hours_are_minutes_of_a_month(plan: ImportPlan) -> None:
    leyla = [
        (r.month, r.minutes, r.absence, r.times)
        for r in plan.hours
        if r.person == plan.persons[0].fingerprint
    ]
    assert leyla == [
        ("2026-01", 720, "", None),
        ("2026-02", 750, "", None),
        ("2026-03", 960, "", None),
        ("2026-04", 720, "", 4),
        ("2026-05", 960, "", None),
        ("2026-06", 1200, "", None),
        ("2026-07", 750, "", None),
        ("2026-08", 960, "", None),
        ("2026-09", 0, "sick", None),
        ("2026-10", 960, "", None),
    ]


def test_a_second_import_doubles_nothing(plan: ImportPlan) -> None:
    records = (*plan.persons, *plan.organisations, *plan.tasks, *plan.hours)
    known = frozenset(print_ for r in records for print_ in (r.fingerprint, r.source_fingerprint))
    workbook = open_workbook(SAMPLE)
    again = read(workbook, recognise(workbook), context(known=known))
    assert (again.persons, again.organisations, again.tasks, again.hours, again.actions) == (
        (),
        (),
        (),
        (),
        (),
    )
    assert [(s.read, s.ready, s.refused, s.duplicate) for s in again.sheets] == [
        (65, 0, 0, 65),
        (12, 0, 0, 12),
        (25, 0, 0, 25),
        (30, 0, 2, 28),
    ]
    assert sum(problem.code == "already_imported" for problem in again.problems) == 4


def test_the_report_is_json_with_every_figure(plan: ImportPlan) -> None:
    told = json.loads(json.dumps(report(plan)))
    assert told["sheets"][0] == {
        "sheet": "Klanten",
        "kind": "persons",
        "read": 65,
        "ready": 64,
        "repaired": 62,
        "refused": 0,
        "duplicate": 1,
    }
    assert told["totals"] == {"read": 132, "ready": 129, "repaired": 112, "refused": 2, "duplicate": 1}
    assert "read = ready + refused + duplicate" in told["counts_mean"]
    level = next(problem for problem in told["problems"] if problem["code"] == "level_unsure")
    assert (level["sheet"], level["row"], level["column"], level["value"]) == (
        "Klanten",
        5,
        "Nederlands",
        "1.2?",
    )
    assert level["problem"] == "Het niveau Nederlands is niet zeker."
    assert level["suggestion"] == "1.2, nog na te vragen"
