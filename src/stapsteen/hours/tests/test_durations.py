"""Hours as people write them; the length of a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stapsteen.hours import months
from stapsteen.hours.durations import LONGEST, day_minutes, read_minutes, show_minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3", 180),
        ("3,5", 210),
        ("3.5", 210),
        ("3u30", 210),
        ("3:30", 210),
        ("3h30", 210),
        ("3 u 30", 210),
        ("3 uur", 180),
        ("3u", 180),
        (" 3 ", 180),
        ("3½", 210),
        ("½", 30),
        ("0,25", 15),
        (",5", 30),
        ("45 min", 45),
        ("0", 0),
        ("00", 0),
        ("24", 1440),
        ("25", 1500),
        ("٣", 180),
    ],
)
def test_what_people_write(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "veel", "-3", "3.20", "3,10", "26", "25:01", "3:60", "1 2", "3u30u", ",", "½½"]
)
def test_what_is_asked_again(text: str) -> None:
    assert read_minutes(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    minutes = read_minutes(text)
    assert minutes is None or 0 <= minutes <= LONGEST


@given(st.integers(0, LONGEST))
def test_what_is_shown_can_be_read_back(minutes: int) -> None:
    assert read_minutes(show_minutes(minutes)) == minutes


def test_a_correction_is_shown_with_its_sign() -> None:
    assert [show_minutes(m) for m in (-90, -20, 0, 195)] == ["-1,5", "-0u20", "0", "3u15"]


@pytest.mark.parametrize(
    ("day", "minutes"),
    [(date(2026, 3, 28), 1440), (date(2026, 3, 29), 1380), (date(2026, 10, 25), 1500)],
)
def test_a_day_is_an_hour_shorter_or_longer_when_the_clock_changes(day: date, minutes: int) -> None:
    assert day_minutes(day) == minutes


def test_months() -> None:
    assert months.after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert months.before(date(2026, 1, 1)) == date(2025, 12, 1)
    assert months.last_of(date(2024, 2, 1)) == date(2024, 2, 29)
    assert len(months.days_of(date(2026, 2, 1))) == 28
    assert months.read_month("2026-10") == date(2026, 10, 1)
    assert [months.read_month(text) for text in ("", "2026-13", "x", "2026-10-02", "0001-01", "9999-12")] == [
        None
    ] * 6
    assert months.write_month(date(2026, 1, 1)) == "2026-01"
