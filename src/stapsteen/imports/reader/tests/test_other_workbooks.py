"""Other services write other headings, in another order, in another language."""

from __future__ import annotations

import datetime as dt

import pytest

from stapsteen.imports.reader import (
    Decision,
    ImportContext,
    KnownOrganisation,
    KnownPerson,
    Mapping,
    correct,
    open_workbook,
    read,
    recognise,
)
from stapsteen.imports.reader.tests.books import PEOPLE, book, codes, context, plan_of


def test_english_headings_in_another_order() -> None:
    plan = plan_of(
        book(
            {
                "Hours 2025": [
                    ["Participant", "Jan", "Feb", "Mar", "Total"],
                    ["Leyla Yildiz", 4, "3h30", None, 7.5],
                    ["Piotr Peeters", "sick", 2, 3, 5],
                ],
                "Hosts": [
                    ["City", "Organisation", "Contact person", "Phone", "Insurance until", "Preferably not"],
                    ["Turnhout", "Library", "An Maes", "014 42 11 13", dt.date(2027, 1, 1), "older people"],
                ],
                "Participants": [
                    [
                        "City",
                        "Date of birth",
                        "Last name",
                        "First name",
                        "Referred by",
                        "Goal",
                        "Availability",
                        "Host",
                        "Shoe size",
                    ],
                    [
                        "Turnhout",
                        "08/15/1996",
                        "Yildiz",
                        "Leyla",
                        "prison",
                        "stepping stone",
                        "mon-wed mornings",
                        "library",
                        38,
                    ],
                    [
                        "Bruges",
                        "12/31/1987",
                        "Peeters",
                        "Piotr",
                        "self",
                        "end in itself",
                        "weekends",
                        "Library",
                        44,
                    ],
                ],
            }
        )
    )
    assert [(s.kind, s.read, s.ready) for s in plan.sheets] == [
        ("hours", 2, 2),
        ("organisations", 1, 1),
        ("persons", 2, 2),
    ]
    leyla = plan.persons[0]
    assert (leyla.surname, leyla.birth_date, leyla.municipality) == (
        "Yildiz",
        dt.date(1996, 8, 15),
        "Turnhout",
    )
    assert (leyla.aim, leyla.half_days, leyla.host_name) == ("stepping_stone", 0b001001001, "Library")
    assert [(note.heading, note.text) for note in leyla.notes] == [("Shoe size", "38")]
    assert [(r.person_name, r.month, r.minutes) for r in plan.hours] == [
        ("Yildiz Leyla", "2025-01", 240),
        ("Yildiz Leyla", "2025-02", 210),
        ("Peeters Piotr", "2025-01", 0),
        ("Peeters Piotr", "2025-02", 120),
        ("Peeters Piotr", "2025-03", 180),
    ]
    assert [action.organisation_name for action in plan.actions] == ["Library"]


def test_two_rows_of_headings_with_persons_and_organisations_in_one_sheet() -> None:
    plan = plan_of(
        book(
            {
                "Blad1": [
                    ["OCMW Testdorp"],
                    ["Overzicht 2025"],
                    [None],
                    ["Klant", None, None, "Organisatie", None, "Periode", None],
                    ["Naam", "Voornaam", "Tel", "Naam", "Tel", "Van", "Tot"],
                    ["MAES", "Jan", 470123456, "Bibliotheek Turnhout", "014421113", "1/3/2025", "31/02/2025"],
                    ["Maes", "An", "?", "bibliotheek turnhout", "", "5 maart 2025", None],
                ]
            },
            merges={"Blad1": ["A4:C4", "D4:E4", "F4:G4"]},
        )
    )
    assert [(p.surname, p.first_name, p.phone, p.host_name, p.start) for p in plan.persons] == [
        ("Maes", "Jan", "+32470123456", "Bibliotheek Turnhout", dt.date(2025, 3, 1)),
        ("Maes", "An", "", "Bibliotheek Turnhout", dt.date(2025, 3, 5)),
    ]
    assert [(o.name, o.phone, o.derived) for o in plan.organisations] == [
        ("Bibliotheek Turnhout", "+3214421113", True)
    ]
    assert codes(plan, 6) == {"name_case", "phone_guess", "host_new", "date_text", "date_impossible"}


def test_months_under_years() -> None:
    hours = [
        ["", "2025", None, "2026", None],
        ["Naam", "nov", "dec", "jan", "feb"],
        ["Peeters Piotr", 1, 2, 3, 4],
    ]
    plan = plan_of(book({"Klanten": PEOPLE, "Prestaties": hours}, merges={"Prestaties": ["B1:C1", "D1:E1"]}))
    assert [(r.month, r.minutes) for r in plan.hours] == [
        ("2025-11", 60),
        ("2025-12", 120),
        ("2026-01", 180),
        ("2026-02", 240),
    ]


def test_a_csv_file_of_windows_with_its_own_separator_hint() -> None:
    text = (
        "sep=;\nNaam en voornaam;Geboortedatum;Gemeente;Taalniveau;GSM;Verwijzer\n"
        "Maes José;5-6-70;2300 Turnhout;1.2;0470/12.34.56;OCMW\n"
        "Van den Broeck Karin;1987-02-05;Kortesem;2,1?;;VDAB\n"
        ";;Turnhout;;;\nTotaal;2;;;;\n"
    )
    plan = plan_of(text.encode("cp1252"), "lijst.csv")
    assert [(p.surname, p.first_name, p.municipality) for p in plan.persons] == [
        ("Maes", "José", "Turnhout"),
        ("Van den Broeck", "Karin", "Hasselt"),
    ]
    (sheet,) = plan.sheets
    assert (sheet.sheet, sheet.kind, sheet.read, sheet.ready, sheet.refused) == ("lijst", "persons", 3, 2, 1)
    assert codes(plan, 4) == {"no_name"}
    assert codes(plan, 5) == {"total_differs"}


def test_french_headings_and_days() -> None:
    text = (
        "Nom;Prénom;Date de naissance;Commune;Objectif;Disponibilité\n"
        "Dupont;Éric;12 mars 1980;Anvers;tremplin;lu, ma, je matin\n"
    )
    (person,) = plan_of(text.encode(), "liste.csv").persons
    assert (person.first_name, person.birth_date, person.municipality) == (
        "Éric",
        dt.date(1980, 3, 12),
        "Antwerpen",
    )
    assert (person.aim, person.half_days) == ("stepping_stone", 0b1000001001)


def test_a_hidden_sheet_is_left_alone_until_someone_asks() -> None:
    workbook = open_workbook(book({"Klanten": PEOPLE, "oud": PEOPLE}, hidden=["oud"]))
    plans = recognise(workbook)
    assert (plans[1].kind, plans[1].why) == ("ignored", "verborgen blad")
    assert correct(workbook, plans[1], kind="persons").kind == "persons"


def test_what_has_no_field_is_kept_and_marked_when_sensitive() -> None:
    rows = [[*PEOPLE[0], "nationaliteit", "maatje"], [*PEOPLE[1], "Pools", "Jef"]]
    (person,) = plan_of(book({"Klanten": rows})).persons
    assert [(note.heading, note.text, note.sensitive) for note in person.notes] == [
        ("nationaliteit", "Pools", True),
        ("maatje", "Jef", False),
    ]


def test_a_correction_is_remembered_for_the_next_file() -> None:
    rows = [["Naam", "Voornaam", "Dossiernr", "Waarheen"], ["Peeters", "Piotr", "A1", "Bib"]]
    workbook = open_workbook(book({"Klanten": rows}))
    (plan,) = recognise(workbook)
    assert plan.columns[3].field is None
    corrected = correct(workbook, plan, columns={3: "host"})
    mapping = Mapping.from_json(Mapping().remember([corrected]).to_json())
    shuffled = [[row[3], row[0], row[1], row[2]] for row in rows]
    (again,) = recognise(open_workbook(book({"Andere naam": shuffled})), mapping)
    assert (again.columns[0].heading, again.columns[0].field) == ("Waarheen", "host")
    with pytest.raises(ValueError, match="no field"):
        correct(workbook, plan, columns={3: "seats"})


def test_merged_cells_hold_for_every_row() -> None:
    tasks = [["organisatie", "taak", "plaatsen"], ["Bib", "onthaal", 1], [None, "kaften", 2]]
    plan = plan_of(book({"taken": tasks}, merges={"taken": ["A2:A3"]}))
    assert [(task.organisation_name, task.title, task.seats) for task in plan.tasks] == [
        ("Bib", "onthaal", 1),
        ("Bib", "kaften", 2),
    ]


def test_a_task_of_an_unknown_organisation_waits_for_a_choice() -> None:
    sheets = {
        "Organisaties": [["Organisatie", "gemeente", "sector"], ["Bibliotheek", "Turnhout", "onthaal"]],
        "taken": [
            ["organisatie", "taak", "plaatsen"],
            ["Zwembad", "kassa", 1],
            ["Bibliotek", "kaften", "1-2"],
        ],
    }
    plan = plan_of(book(sheets))
    assert codes(plan, 2) == {"organisation_unknown"}
    assert codes(plan, 3) == {"host_spelling", "count_range"}
    host = plan.organisations[0].fingerprint
    decided = plan_of(book(sheets), decisions={"taken!A2:organisation_unknown": Decision("choose", host)})
    assert [task.organisation_name for task in decided.tasks] == ["Bibliotheek", "Bibliotheek"]


def test_one_row_per_day() -> None:
    hours = [
        ["Deelnemer", "Datum", "Organisatie", "Uren"],
        ["Peeters Piotr", dt.date(2026, 3, 2), "Bib", 3],
        ["Peeters Piotr", "5 maart 2026", "Bib", "2u30"],
        ["Peeters Piotr", "31/02/2026", "Bib", 1],
    ]
    plan = plan_of(book({"Klanten": PEOPLE, "Uren": hours}))
    assert [(r.day, r.month, r.minutes, r.host_name) for r in plan.hours] == [
        (dt.date(2026, 3, 2), "2026-03", 180, "Bib"),
        (dt.date(2026, 3, 5), "2026-03", 150, "Bib"),
    ]
    assert "month_unclear" in codes(plan, 4)


def test_a_sheet_per_month() -> None:
    plan = plan_of(book({"Klanten": PEOPLE, "uren maart 2026": [["Naam", "Uren"], ["Maes Tine", "4 x 3u"]]}))
    assert [(r.month, r.minutes, r.times) for r in plan.hours] == [("2026-03", 720, 4)]


def test_months_without_a_year_wait_for_the_year() -> None:
    data = book({"Klanten": PEOPLE, "uren": [["Naam", "jan", "feb"], ["Maes Tine", 3, 4]]})
    plan = plan_of(data)
    assert [problem.code for problem in plan.problems] == ["year_missing"]
    assert [r.month for r in plan_of(data, year=2025).hours] == ["2025-01", "2025-02"]


def test_hours_of_someone_unknown_are_a_question() -> None:
    data = book({"Klanten": PEOPLE, "uren 2026": [["Naam", "jan"], ["Peters Piotr", 3]]})
    plan = plan_of(data)
    (problem,) = [p for p in plan.problems if p.code == "person_unknown"]
    assert [choice.label for choice in problem.choices] == ["Peeters Piotr, 05/02/1987, Beerse"]
    decided = plan_of(data, decisions={problem.id: Decision("choose", problem.choices[0].key)})
    assert [(r.person_name, r.minutes) for r in decided.hours] == [("Peeters Piotr", 180)]


def test_future_hours_and_nonsense_stay_out_but_the_row_counts() -> None:
    data = book(
        {"Klanten": PEOPLE, "uren 2026": [["Naam", "okt", "dec", "jan"], ["Maes Tine", "veel", 3, 4]]}
    )
    plan = plan_of(data)
    assert [(r.month, r.minutes) for r in plan.hours] == [("2026-01", 240)]
    assert {"hours_unclear", "hours_future"} <= codes(plan, 2)
    assert [row.why for sheet in plan.leftovers for row in sheet.rows] == [
        "okt: Dit zijn geen uren. dec: Deze maand moet nog komen."
    ]


def test_known_persons_and_organisations_are_not_made_again() -> None:
    known = KnownPerson("17", "peeters", "PIOTR", dt.date(1987, 2, 5))
    doubt = KnownPerson("18", "Maes", "Tine")
    library = KnownOrganisation("3", "Bibliotheek vzw")
    people = [[*PEOPLE[0], "gestart bij"], *[[*row, "bibliotheek"] for row in PEOPLE[1:]]]
    data = book({"Klanten": people, "uren 2026": [["Naam", "jan"], ["Peeters Piotr", 2]]})
    plan = plan_of(data, known_persons=(known, doubt), known_organisations=(library,))
    assert plan.persons == ()
    assert codes(plan, 2) >= {"double_known"}
    assert [(d.row, d.of) for d in plan.duplicates] == [(2, "known:17")]
    assert [(r.person, r.host) for r in plan.hours] == [("known:17", "known:3")]
    other = plan_of(
        data,
        known_persons=(known, doubt),
        known_organisations=(library,),
        decisions={"Klanten!3:double_possible": Decision("choose", "other")},
    )
    assert [(p.surname, p.host) for p in other.persons] == [("Maes", "known:3")]


def test_decisions_replace_note_and_skip() -> None:
    rows = [
        ["Naam", "Voornaam", "mail", "Nederlands"],
        ["Yıldız", "Leyla", "lyıldız@example.org", "1.2?"],
        ["X", "Y", None, "2?"],
    ]
    plan = plan_of(
        book({"Klanten": rows}),
        decisions={
            "Klanten!C2:mail_odd": Decision("accept", "lyildiz@example.org"),
            "Klanten!D2:level_unsure": Decision("note"),
            "Klanten!D3:level_unsure": Decision("skip"),
        },
    )
    (leyla,) = plan.persons
    assert (leyla.email, leyla.dutch_step) == ("lyildiz@example.org", "")
    assert [(note.heading, note.text) for note in leyla.notes] == [("Nederlands", "1.2?")]
    assert "row_skipped" in codes(plan, 3)
    assert (plan.sheets[0].ready, plan.sheets[0].refused) == (1, 1)


def test_same_name_without_birth_date_is_a_question() -> None:
    rows = [["Naam", "Voornaam", "geb.datum"], ["Maes", "Tine", "2/10/1969"], ["Maes", "Tine", None]]
    plan = plan_of(book({"Klanten": rows}))
    assert codes(plan, 3) == {"double_possible"}
    same = plan_of(
        book({"Klanten": rows}), decisions={"Klanten!3:double_possible": Decision("choose", "same")}
    )
    assert (same.sheets[0].ready, same.sheets[0].duplicate) == (1, 1)


def test_a_wish_in_a_remark_is_not_recorded_either() -> None:
    rows = [
        ["Organisatie", "sector", "opmerking"],
        ["Bib", "onthaal", "liever geen anderstaligen"],
        ["Kring", "x", "fijn team"],
    ]
    plan = plan_of(book({"Organisaties": rows}))
    assert [[note.text for note in host.notes] for host in plan.organisations] == [[], ["fijn team"]]
    assert [action.organisation_name for action in plan.actions] == ["Bib"]


def test_fingerprints_differ_per_secret_and_hide_the_name() -> None:
    workbook = open_workbook(book({"Klanten": PEOPLE}))
    one = read(workbook, recognise(workbook), ImportContext(today=context().today, secret=b"a"))
    two = read(workbook, recognise(workbook), ImportContext(today=context().today, secret=b"b"))
    assert one.persons[0].fingerprint != two.persons[0].fingerprint


def test_five_thousand_persons_in_seconds() -> None:
    head = ["Naam", "Voornaam", "geb.datum", "Gemeente", "Tel", "beschikbaar", "gestart bij", "start"]
    rows = [
        [
            f"Naam{i}",
            f"Voor{i % 700}",
            f"{i % 28 + 1}/{i % 12 + 1}/{1950 + i % 50}",
            "Turnhout",
            "0470 12 34 56",
            "ma VM + do NM",
            f"Organisatie {i % 90}",
            "1 maart 2025",
        ]
        for i in range(5000)
    ]
    data = book({"Klanten": [head, *rows]})
    started = dt.datetime.now(dt.UTC)
    plan = plan_of(data)
    assert len(plan.persons) == 5000
    assert (dt.datetime.now(dt.UTC) - started).total_seconds() < 40


def test_shorthand_headings() -> None:
    rows = [
        ["nr", "Achternaam", "vn", "Geb.", "Woonpl.", "GSM-nr", "Datum aanm.", "Niv. NL", "Let op!", "TB"],
        [
            1,
            "De Smet",
            "Fatima",
            dt.date(1990, 3, 4),
            "Turnhout",
            470112233,
            "5/1/26",
            "NT2 1.1",
            "komt te laat",
            "Els",
        ],
    ]
    (plan,) = recognise(open_workbook(book({"Blad1": rows})))
    assert [column.field for column in plan.columns] == [
        None, "surname", "first_name", "birth_date", "town", "phone", "referral_date", "dutch", "attention", "coach",
    ]  # fmt: skip
    (person,) = plan_of(book({"Blad1": rows})).persons
    assert (person.dutch_step, person.referral_date, person.phone) == (
        "1.1",
        dt.date(2026, 1, 5),
        "+32470112233",
    )


def test_an_article_does_not_make_another_organisation() -> None:
    sheets = {
        "Werkvloeren": [["Naam werkvloer", "Rechtsvorm"], ["Kringwinkel", "vzw"], ["Bib", "stad"]],
        "Vacatures": [
            ["Werkvloer", "Functie", "Aantal plekken"],
            ["De Kringwinkel", "sorteren", dt.date(2026, 2, 1)],
        ],
    }
    (task,) = plan_of(book(sheets)).tasks
    assert (task.organisation_name, task.seats, task.seats_max) == ("Kringwinkel", 1, 2)
