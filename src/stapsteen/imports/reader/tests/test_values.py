"""What people type in a cell, and what it means."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stapsteen.imports.reader import values
from stapsteen.imports.reader.cells import spell_half_days
from stapsteen.imports.reader.dates import month_first, parse_date, parse_month
from stapsteen.imports.reader.durations import parse_hours
from stapsteen.imports.reader.halfdays import parse_half_days
from stapsteen.imports.reader.names import name_key, split_name, tidy_name
from stapsteen.imports.reader.organisations import legal_kind, sectors
from stapsteen.imports.reader.referrers import parse_referrer
from stapsteen.imports.reader.tests.books import TODAY, moment
from stapsteen.imports.reader.text import shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("15/08/1996", "1996-08-15"),
        ("5-6-70", "1970-06-05"),
        ("7 januari 1964", "1964-01-07"),
        ("05.02.1987", "1987-02-05"),
        ("1987-02-05", "1987-02-05"),
        ("2-4-00", "2000-04-02"),
        ("16 - 8 - 69", "1969-08-16"),
        ("14 September 2004", "2004-09-14"),
        ("1er août 1990", "1990-08-01"),
        ("12 mars 2001", "2001-03-12"),
        ("March 5, 1981", "1981-03-05"),
        ("8/15/1996", "1996-08-15"),
        ("19960815", "1996-08-15"),
        ("15081996", "1996-08-15"),
        (" 35292 ", "1996-08-15"),
        (35292, "1996-08-15"),
        (35292.0, "1996-08-15"),
        (moment(1996, 8, 15, 12, 30), "1996-08-15"),
        (dt.date(1996, 8, 15), "1996-08-15"),
        ("geb. 1/2/1980", "1980-02-01"),
        ("31/02/1980", None),
        ("1970", None),
        ("?", None),
        (True, None),
        (float("nan"), None),
        (dt.time(12), None),
    ],
)
def test_birth_dates(value: object, expected: str | None) -> None:
    read = parse_date(value, today=TODAY, birth=True)
    assert (read.date.isoformat() if read.date else None) == expected


def test_a_date_of_an_event_lies_in_this_century() -> None:
    assert parse_date("8-11-24", today=TODAY).date == dt.date(2024, 11, 8)
    assert parse_date("22-1-27", today=TODAY).date == dt.date(2027, 1, 22)


def test_the_national_number_settles_the_century() -> None:
    assert parse_date("2-4-00", today=TODAY, birth=True, century=1900).date == dt.date(1900, 4, 2)


def test_a_column_can_show_that_it_is_month_first() -> None:
    assert month_first(["01/20/2024", "02/03/2024"])
    assert not month_first(["20/01/2024", "01/20/2024"])
    assert parse_date("02/03/2024", today=TODAY, order="mdy").date == dt.date(2024, 2, 3)


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        ("12u30", 750),
        ("12,5", 750),
        ("12.5 u", 750),
        ("12:30", 750),
        ("4x3u", 720),
        ("4 x 3u", 720),
        ("3u", 180),
        ("45 min", 45),
        ("3x2u30", 450),
        ("4+4+3", 660),
        ("1u15min", 75),
        (12, 720),
        (12.5, 750),
        ("ca. 10", 600),
        (dt.time(3, 30), 210),
        (dt.timedelta(hours=30), 1800),
        (moment(1899, 12, 31, 6), 1800),
        ("-", None),
        ("", None),
        (0, None),
        (None, None),
        ("geen", None),
        ("ziek", None),
        ("verlof", None),
        ("abc", None),
        ("12u75", None),
        (99_999, None),
        (-3, None),
        (float("inf"), None),
    ],
)
def test_hours(value: object, minutes: int | None) -> None:
    assert parse_hours(value).minutes == minutes


def test_why_there_are_no_hours() -> None:
    assert [parse_hours(text).absence for text in ("ziek", "verlof", "-", "afwezig")] == [
        "sick",
        "leave",
        "",
        "absent",
    ]


WEEK = "ma, di, wo, do, vr"


@pytest.mark.parametrize(
    ("text", "spelled", "sure"),
    [
        ("ma VM + do NM", "ma voormiddag, do namiddag", True),
        ("di/do namiddag", "di namiddag, do namiddag", True),
        ("niet op woensdag", "ma, di, do, vr", False),
        ("weekend niet", WEEK, True),
        (
            "alle voormiddagen",
            "ma voormiddag, di voormiddag, wo voormiddag, do voormiddag, vr voormiddag",
            True,
        ),
        ("ma-wo", "ma, di, wo", True),
        ("ma t/m do", "ma, di, wo, do", True),
        ("vrij", WEEK, False),
        ("vrijdag", "vr", True),
        ("vm", "ma voormiddag, di voormiddag, wo voormiddag, do voormiddag, vr voormiddag", True),
        ("ma, di, wo, do", "ma, di, wo, do", True),
        ("ma vm, di vm", "ma voormiddag, di voormiddag", True),
        ("namiddag di en do", "di namiddag, do namiddag", True),
        ("maandag- en dinsdagnamiddag", "ma namiddag, di namiddag", True),
        ("monday and tuesday mornings", "ma voormiddag, di voormiddag", True),
        ("jeudi après-midi", "do namiddag", True),
        ("do 13u-16u", "do namiddag", False),
        ("zaterdagavond", "za avond", True),
    ],
)
def test_half_days(text: str, spelled: str, sure: bool) -> None:
    read = parse_half_days(text)
    assert (spell_half_days(read.mask), read.sure, read.understood) == (spelled, sure, True)


@pytest.mark.parametrize("text", ["weet niet", "?", "2 halve dagen", "na 15u30", ""])
def test_no_half_days(text: str) -> None:
    assert not parse_half_days(text).understood


@given(st.integers(1, (1 << 21) - 1))
def test_spelled_half_days_read_back(mask: int) -> None:
    assert parse_half_days(spell_half_days(mask)).mask == mask


@pytest.mark.parametrize(
    ("value", "step", "sure"),
    [
        ("1.2?", "1.2", False),
        ("2,1", "2.1", True),
        ("A2", "1.2", True),
        ("B1", "2", True),
        (1.2, "1.2", True),
        (3, "3", True),
        ("NL ok", "", False),
        ("A1/A2", "1.1", False),
        (moment(2026, 2, 1), "1.2", False),
        ("goed", "", False),
    ],
)
def test_levels_of_dutch(value: object, step: str, sure: bool) -> None:
    read = values.parse_dutch(value)
    assert (read.step, read.sure) == (step, sure)


def test_native_and_no_dutch() -> None:
    assert values.parse_dutch("moedertaal").native
    assert values.parse_dutch("geen").none


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("1-2", 1, 2),
        ("2 à 3", 2, 3),
        ("4 (max!)", 4, None),
        ("geen", 0, None),
        (2, 2, None),
        (2.0, 2, None),
        ("twee", 2, None),
        (moment(2026, 2, 1), 1, 2),
        ("onbeperkt", None, None),
        (1.5, None, None),
        (True, None, None),
        ("1000000000", None, None),
    ],
)
def test_counts(value: object, low: int | None, high: int | None) -> None:
    read = values.parse_count(value)
    assert (read.value, read.high) == (low, high)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("+32470/123433", "+32470123433"),
        ("014/42 11 13", "+3214421113"),
        ("0470 12 34 18", "+32470123418"),
        (470123418, "+32470123418"),
        ("0032 470 12 34 18", "+32470123418"),
        ("+31 6 12345678", "+31612345678"),
        ("+32 (0)470 12 34 18", "+32470123418"),
        ("0470/12.34.18 of 014/421113", "+32470123418"),
        ("bellen", ""),
        ("123", ""),
    ],
)
def test_telephone(value: object, number: str) -> None:
    assert values.parse_phone(value).number == number


@pytest.mark.parametrize(
    ("value", "address", "suggestion"),
    [
        ("A.B@Example.ORG ", "A.B@example.org", ""),
        ("lyıldız@example.org", "", "lyildiz@example.org"),
        ("Jan <jan@x.be>", "jan@x.be", ""),
        ("jan(at)x.be", "", "jan@x.be"),
        ("jan@x", "", ""),
        ("jan", "", ""),
    ],
)
def test_mail(value: str, address: str, suggestion: str) -> None:
    read = values.parse_mail(value)
    assert (read.address, read.suggestion) == (address, suggestion)


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("opstap", "stepping_stone"),
        ("mog. opstap", "possible_stepping_stone"),
        ("opstap?", "possible_stepping_stone"),
        ("Finaliteit", "end_in_itself"),
        ("tremplin", "stepping_stone"),
        ("iets anders", None),
        ("opstap of finaliteit", None),
    ],
)
def test_aims(text: str, aim: str | None) -> None:
    assert values.parse_aim(text)[0] == aim


def test_national_numbers() -> None:
    read = values.parse_insz("96.08.15-098.69")
    assert read is not None
    assert (read.number, read.birth, read.century) == ("96081509869", dt.date(1996, 8, 15), 1900)
    young = values.parse_insz(40290661)  # a number cell lost its zeros
    assert young is None or young.century == 2000
    assert values.parse_insz("00040290661") is not None
    assert values.parse_insz("69.10.02-494.90") is None
    assert values.mask_insz("69.10.02-494.90") == "69.10.02-***.**"


@pytest.mark.parametrize(
    ("text", "surname", "first_name"),
    [
        ("Yıldız Leyla", "Yıldız", "Leyla"),
        ("PEETERS Piotr", "Peeters", "Piotr"),
        ("Piotr PEETERS", "Peeters", "Piotr"),
        ("Van den Broeck Karin", "Van den Broeck", "Karin"),
        ("Karin Van den Broeck", "Van den Broeck", "Karin"),
        ("Peeters, Jan", "Peeters", "Jan"),
        ("El Amrani Tine", "El Amrani", "Tine"),
        ("Leyla", "Leyla", ""),
    ],
)
def test_names(text: str, surname: str, first_name: str) -> None:
    read = split_name(text)
    assert (read.surname, read.first_name) == (surname, first_name)


def test_names_keep_their_shape() -> None:
    assert tidy_name("VAN DEN BROECK ") == "Van den Broeck"
    assert tidy_name("D'HONDT") == "D'Hondt"
    assert tidy_name("Van De Velde") == "Van De Velde"
    assert name_key("YILDIZ", "Leyla") == name_key("Leyla", "Yıldız ")


@pytest.mark.parametrize(
    ("text", "kind", "name", "sensitive"),
    [
        ("via OCMW Turnhout", "ocmw", "OCMW Turnhout", ""),
        ("O.C.M.W.", "ocmw", "OCMW", ""),
        ("vdab", "vdab", "VDAB", ""),
        ("gevangenis Turnhout", "sensitive", "", "gevangenis Turnhout"),
        ("PC Bethaniënhuis", "sensitive", "", "PC Bethaniënhuis"),
        ("Fedasil", "sensitive", "", "Fedasil"),
        ("zelf", "self", "", ""),
        ("school De Klim", "other", "school De Klim", ""),
    ],
)
def test_referrers(text: str, kind: str, name: str, sensitive: str) -> None:
    read = parse_referrer(text)
    assert (read.kind, read.name, read.sensitive) == (kind, name, sensitive)


def test_organisations() -> None:
    assert [
        legal_kind(text) for text in ("VZW", "lokaal bestuur", "feitelijke vereniging", "woonzorgcentrum")
    ] == [
        "vzw",
        "local_government",
        "association",
        "",
    ]
    assert sectors("administratie/onthaal") == ("administratie", "onthaal")


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=200),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.text(alphabet="0123456789-/.,:ux +?@madivozn", max_size=40),
)


@given(CELL)
def test_no_cell_breaks_a_parser(value: object) -> None:
    parse_date(value, today=TODAY)
    parse_date(value, today=TODAY, birth=True, order="mdy")
    parse_month(value)
    parse_hours(value)
    parse_half_days(value)
    for parse in (
        values.parse_dutch,
        values.parse_count,
        values.parse_phone,
        values.parse_mail,
        values.parse_yes_no,
        values.parse_aim,
        values.parse_insz,
        values.mask_insz,
    ):
        parse(value)
    text = shown(value)
    parse_referrer(text)
    split_name(text)
    legal_kind(text)
    sectors(text)


@pytest.mark.parametrize("sign", ["a", "1", " ", "-", "x", "@", ".", "(", "ma ", "1,", "é"])
def test_long_cells_cost_no_time(sign: str) -> None:
    started = dt.datetime.now(dt.UTC)
    test_no_cell_breaks_a_parser.hypothesis.inner_test(sign * 30_000)
    assert (dt.datetime.now(dt.UTC) - started).total_seconds() < 3
