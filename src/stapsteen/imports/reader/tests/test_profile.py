"""Mobility, support, income, residence and the people around, as people write them."""

from __future__ import annotations

import pytest

from stapsteen.imports.reader import open_workbook, read, recognise
from stapsteen.imports.reader.plan import Around
from stapsteen.imports.reader.profile import (
    BENEFIT,
    MOBILITY,
    REACH,
    RESIDENCE,
    SUPPORT,
    Chosen,
    parse_around,
    parse_minutes,
    parse_one,
    parse_several,
)
from stapsteen.imports.reader.tests.books import book, context
from stapsteen.people.models import MOBILITY as MOBILITY_KEYS
from stapsteen.people.models import REACH as REACH_KEYS
from stapsteen.people.models import SUPPORT as SUPPORT_KEYS
from stapsteen.people.models import Supporter
from stapsteen.people.statuses import of_area


def test_every_key_is_one_of_the_house() -> None:
    for words, known in (
        (MOBILITY, MOBILITY_KEYS), (SUPPORT, SUPPORT_KEYS), (REACH, REACH_KEYS), (BENEFIT, of_area("benefit")),
        (RESIDENCE, of_area("residence")),
    ):  # fmt: skip
        assert {key for key, _pattern in words} <= set(known)


@pytest.mark.parametrize(
    ("text", "keys", "whole"),
    [
        ("fiets", ("bike",), True),
        ("Bus en tram", ("transit",), True),
        ("te voet / fiets, max 20 min", ("foot", "bike"), True),
        ("eigen wagen", ("car",), True),
        ("geen auto", (), False),
        ("fiets, geen rijbewijs", ("bike",), False),
        ("raket", (), False),
        ("en vélo et en bus", ("bike", "transit"), True),
    ],
)
def test_mobility(text: str, keys: tuple[str, ...], whole: bool) -> None:
    assert parse_several(text, MOBILITY) == Chosen(keys, whole)


@pytest.mark.parametrize(
    ("text", "minutes"), [("max 20 min", 20), ("30 minuten", 30), ("fiets", None), ("999 min", None)]
)
def test_minutes(text: str, minutes: int | None) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("leefloon", "leefloon"), ("Leefloon OCMW", "leefloon"), ("equivalent leefloon", "ocmw_equivalent"),
        ("werkloosheid", "unemployment"), ("RVA", "unemployment"), ("SWT", "swt"), ("ziekenfonds", "sickness"),
        ("invaliditeit", "invalidity"), ("pensioen", "pension"), ("geen", "no_benefit"), ("fod + ivt", "disability_allowance"),
        ("Fedasil", "asylum_allowance"), ("tijdskrediet", "time_credit"), ("OCMW", ""), ("?", ""),
    ],
)  # fmt: skip
def test_income(text: str, key: str) -> None:
    assert parse_one(text, BENEFIT) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Belg", "belgian"), ("Belgische", "belgian"), ("EU", "eu"), ("A-kaart", "permit"), ("erkend vluchteling", "permit"),
        ("asielaanvraag", "reception"), ("zonder papieren", "no_stay"), ("geen wettig verblijf", "no_stay"), ("weet niet", ""),
    ],
)  # fmt: skip
def test_residence(text: str, key: str) -> None:
    assert parse_one(text, RESIDENCE) == key


@pytest.mark.parametrize(
    ("text", "someone"),
    [
        ("Jan Smets (CAW), 014 11 22 33", Around("x", "Jan Smets", "CAW", "014 11 22 33")),
        ("mr. Smets; smets@example.org", Around("x", "mr. Smets", email="smets@example.org")),
        ("Els, OCMW, alleen op maandag", Around("x", "Els", "OCMW", more="alleen op maandag")),
        ("ja", Around("x")),
        ("geen", None),
        ("", None),
    ],
)
def test_someone_around(text: str, someone: Around | None) -> None:
    assert parse_around("x", text) == someone
    assert "professional" in Supporter.KINDS


def test_each_column_finds_its_field() -> None:
    headings = [
        "Naam", "Voornaam", "geb.datum", "mobiliteit", "uitkering", "verblijfsstatuut", "bewindvoerder", "budgetbeheer",
        "hulpverlener", "talenten", "wensen", "interesses", "gezondheid", "strafblad", "NL spreken", "NL lezen",
        "bereikbaar via", "moedertaal", "tolk", "ondersteuningsnood",
    ]  # fmt: skip
    row = [
        "Maes", "Tine", "02/10/1969", "fiets", "leefloon", "Belg", "ja", "CAW", "geen", "koken", "dieren", "tuin",
        "rugpijn", "geen", "1.2", "A1", "sms", "Dari", "ja", "rust en structuur",
    ]  # fmt: skip
    workbook = open_workbook(book({"Klanten": [headings, row]}))
    plans = recognise(workbook)
    assert [column.heading for column in plans[0].columns if column.field is None] == []
    person = read(workbook, plans, context()).persons[0]
    assert person.notes == ()
    assert (person.mobility, person.benefit, person.residence, person.reach_by) == (
        ("bike",), "leefloon", "belgian", "sms",
    )  # fmt: skip
    assert person.around == (Around("representative"), Around("budget_manager", "CAW"))
    assert (person.talents, person.wishes, person.interests) == ("koken", "dieren", "tuin")
    assert (person.health, person.criminal_record) == ("rugpijn", "geen")
    assert person.dutch_skills == (("dutch_speaking", "1.2"), ("dutch_reading", "1.1"))
    assert (person.support, person.support_text) == (("structure", "rest"), "rust en structuur")
    assert (person.language, person.interpreter) == ("Dari", "ja")


def test_what_is_no_choice_stays_a_note_and_income_lies_in_the_compartment() -> None:
    headings = ["Naam", "Voornaam", "geb.datum", "mobiliteit", "leefloon", "bereikbaar via"]
    workbook = open_workbook(
        book(
            {
                "Klanten": [
                    headings,
                    ["Maes", "Tine", "02/10/1969", "geen auto", "nee", "duif"],
                    ["Aerts", "Jan", "03/10/1969", "bus", "x", "gsm"],
                ]
            }
        )
    )
    tine, jan = read(workbook, recognise(workbook), context()).persons
    assert [(note.heading, note.text, note.sensitive) for note in tine.notes] == [
        ("mobiliteit", "geen auto", False), ("leefloon", "nee", True), ("bereikbaar via", "duif", False),
    ]  # fmt: skip
    assert (tine.benefit, jan.benefit, jan.notes) == ("", "leefloon", ())
