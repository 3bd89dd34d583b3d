"""Due dates: months without drift, suspensions, changes of aim, moved talks."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stapsteen.network.programme import (
    AimChange,
    Suspension,
    add_months,
    after_end,
    due_dates,
    duration_dates,
    next_due,
    planned_days,
    preset,
    presets,
    remind_on,
    stands_still_from,
)

VOLUNTEERING, CARE, LINK, VINAC = (preset(slug) for slug in ("volunteering", "care-work", "link", "vinac"))
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))


def due(moments: list) -> list[date | None]:  # type: ignore[type-arg]
    return [moment.due for moment in moments if moment.status == "due"]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)), (date(2026, 10, 31), 4, date(2027, 2, 28)),
        (date(2026, 5, 15), 12, date(2027, 5, 15)), (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
    ],
)  # fmt: skip
def test_same_day_number_or_last_day_of_the_month(start: date, months: int, expected: date) -> None:
    assert add_months(start, months) == expected


@given(DAYS, st.integers(0, 240))
def test_add_months_keeps_day_number_or_clips(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])


@given(DAYS, st.sampled_from(["stepping_stone", "possible_stepping_stone", "end_in_itself"]))
def test_no_drift_over_five_years(start: date, aim: str) -> None:
    for programme in (VOLUNTEERING, CARE, VINAC):
        every = programme.rhythm_for(aim).every_months
        moments = due_dates(programme, aim, start, add_months(start, 60))
        assert due(moments) == [add_months(start, every * k) for k in range(1, 60 // every + 1)]


@given(DAYS, st.sampled_from(["stepping_stone", "possible_stepping_stone", "end_in_itself"]))
def test_planned_days_are_the_due_dates_of_a_calendar_that_nothing_moves(start: date, aim: str) -> None:
    for programme in (VOLUNTEERING, CARE, VINAC):
        until = add_months(start, 60)
        days = list(planned_days(programme.rhythm_for(aim), start, until))
        assert days == due(due_dates(programme, aim, start, until))


@pytest.mark.parametrize(
    ("programme", "aim", "expected"),
    [
        (VOLUNTEERING, "stepping_stone", [date(2026, 7, 10), date(2026, 11, 10), date(2027, 3, 10)]),
        (VOLUNTEERING, "possible_stepping_stone", [date(2026, 7, 10), date(2026, 11, 10), date(2027, 3, 10)]),
        (VOLUNTEERING, "end_in_itself", [date(2027, 3, 10)]),
        (CARE, "stepping_stone", [date(2026, 6, 10), date(2026, 9, 10), date(2026, 12, 10), date(2027, 3, 10)]),
        (CARE, "end_in_itself", [date(2027, 3, 10)]),
        (VINAC, "end_in_itself", [date(2026, 7, 10), date(2026, 11, 10), date(2027, 3, 10)]),
        (LINK, "end_in_itself", [date(2026, 3, 10), date(2026, 6, 10), date(2026, 9, 10), date(2026, 12, 10),
                                 date(2027, 3, 10)]),
    ],
)  # fmt: skip
def test_first_year_of_each_programme(programme, aim, expected) -> None:  # type: ignore[no-untyped-def]
    moments = due_dates(programme, aim, date(2026, 3, 10), date(2027, 3, 10))
    assert due(moments) == expected
    assert [moment.number for moment in moments] == list(range(1, len(expected) + 1))


def test_weekends_stay() -> None:
    (moment,) = due_dates(VOLUNTEERING, "stepping_stone", date(2026, 3, 1), date(2026, 7, 31))
    assert moment.due == date(2026, 7, 1)
    saturday = due_dates(CARE, "stepping_stone", date(2026, 2, 28), date(2026, 5, 31))[0].due
    assert saturday is not None
    assert saturday == date(2026, 5, 28)


def test_nothing_before_the_first_interval() -> None:
    assert due_dates(VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2026, 7, 9)) == []


# --- suspensions ------------------------------------------------------------------------------------------------------


def test_what_falls_in_a_suspension_is_due_on_the_first_day_after() -> None:
    pause = Suspension(date(2026, 7, 1), date(2026, 7, 31))
    moments = due_dates(VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2026, 11, 30), [pause])
    assert [(m.planned, m.due, m.reason) for m in moments] == [
        (date(2026, 7, 10), date(2026, 8, 1), "suspended"), (date(2026, 11, 10), date(2026, 11, 10), None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 7, 10), date(2026, 7, 10), date(2026, 7, 11)),
        (date(2026, 7, 1), date(2026, 7, 9), date(2026, 7, 10)),
        (date(2026, 7, 11), date(2026, 7, 20), date(2026, 7, 10)),
    ],
)
def test_first_and_last_day_of_a_suspension_belong_to_it(first: date, last: date, expected: date) -> None:
    moments = due_dates(
        VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2026, 8, 1), [Suspension(first, last)]
    )
    assert due(moments) == [expected]


def test_suspensions_that_touch_count_as_one() -> None:
    pauses = [
        Suspension(date(2026, 7, 16), date(2026, 7, 31)),
        Suspension(date(2026, 7, 1), date(2026, 7, 15)),
    ]
    assert due(due_dates(VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2026, 8, 1), pauses)) == [
        date(2026, 8, 1)
    ]


def test_open_suspension_leaves_the_day_open() -> None:
    (moment,) = due_dates(
        VOLUNTEERING,
        "stepping_stone",
        date(2026, 3, 10),
        date(2026, 8, 1),
        [Suspension(date(2026, 6, 1), None)],
    )
    assert (moment.due, moment.status, moment.reason) == (None, "suspended", "suspended")


def test_two_moments_in_one_suspension_become_one_talk() -> None:
    pause = Suspension(date(2026, 6, 1), date(2026, 12, 31))
    moments = due_dates(VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2027, 3, 31), [pause])
    assert [(m.planned, m.due, m.status, m.reason) for m in moments] == [
        (date(2026, 7, 10), None, "replaced", "same_day"),
        (date(2026, 11, 10), date(2027, 1, 1), "due", "suspended"),
        (date(2027, 3, 10), date(2027, 3, 10), "due", None),
    ]


def test_a_suspension_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="can't end before"):
        Suspension(date(2026, 2, 1), date(2026, 1, 31))


@given(DAYS, DAYS, st.integers(0, 300))
def test_a_suspension_moves_only_what_falls_in_it(start: date, first: date, length: int) -> None:
    pause = Suspension(first, first + timedelta(days=length))
    until = add_months(start, 36)
    plain = {m.planned: m.due for m in due_dates(LINK, "stepping_stone", start, until)}
    paused = due_dates(LINK, "stepping_stone", start, until, [pause])
    assert [m.planned for m in paused] == list(plain)
    after = pause.last + timedelta(days=1) if pause.last else None
    for moment in paused:
        inside = pause.first <= moment.planned <= (pause.last or date.max)
        if moment.status == "due":
            assert moment.due == (after if inside else moment.planned)
        else:
            assert inside
    assert len(set(due(paused))) == len(due(paused))


@given(DAYS, DAYS, st.integers(0, 900))
def test_a_suspension_prolongs_neither_guideline_nor_maximum(start: date, first: date, length: int) -> None:
    assert duration_dates(VINAC, start).maximum == add_months(start, 36)
    assert duration_dates(VINAC, start).warn == add_months(start, 33)
    assert duration_dates(LINK, start).guideline == add_months(start, 6)


# --- changes of aim ---------------------------------------------------------------------------------------------------


def test_same_interval_moves_nothing() -> None:
    change = AimChange(date(2026, 5, 1), "possible_stepping_stone")
    moments = due_dates(
        VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2026, 12, 1), aim_changes=[change]
    )
    assert [(m.due, m.aim, m.reason) for m in moments] == [
        (date(2026, 7, 10), "possible_stepping_stone", None), (date(2026, 11, 10), "possible_stepping_stone", None),
    ]  # fmt: skip


def test_other_interval_starts_anew_and_the_replaced_one_keeps_its_reason() -> None:
    change = AimChange(date(2026, 8, 20), "end_in_itself")
    moments = due_dates(
        VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2027, 12, 31), aim_changes=[change]
    )
    assert [(m.planned, m.due, m.status, m.reason, m.aim, m.number) for m in moments] == [
        (date(2026, 7, 10), date(2026, 7, 10), "due", None, "stepping_stone", 1),
        (date(2026, 11, 10), None, "replaced", "aim_changed", "stepping_stone", 2),
        (date(2027, 8, 20), date(2027, 8, 20), "due", None, "end_in_itself", 1),
    ]


def test_a_talk_that_changes_the_aim_stays_on_its_day() -> None:
    change = AimChange(date(2026, 7, 10), "end_in_itself")
    moments = due_dates(
        VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2027, 7, 31), aim_changes=[change]
    )
    assert [(m.planned, m.status, m.aim) for m in moments] == [
        (date(2026, 7, 10), "due", "stepping_stone"),
        (date(2026, 11, 10), "replaced", "stepping_stone"),
        (date(2027, 7, 10), "due", "end_in_itself"),
    ]


def test_back_and_forth_starts_anew_each_time() -> None:
    changes = [AimChange(date(2026, 6, 5), "stepping_stone"), AimChange(date(2026, 5, 1), "end_in_itself")]
    moments = due_dates(
        VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2027, 2, 28), aim_changes=changes
    )
    assert due(moments) == [date(2026, 10, 5), date(2027, 2, 5)]
    assert [m.planned for m in moments if m.status == "replaced"] == [date(2026, 7, 10)]


def test_change_on_the_first_day_is_simply_that_aim() -> None:
    change = AimChange(date(2026, 3, 10), "end_in_itself")
    moments = due_dates(
        VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2027, 3, 10), aim_changes=[change]
    )
    assert due(moments) == [date(2027, 3, 10)]


def test_link_never_starts_anew_since_its_aims_share_one_rhythm() -> None:
    change = AimChange(date(2026, 4, 1), "end_in_itself")
    plain = due_dates(LINK, "stepping_stone", date(2026, 1, 10), date(2027, 1, 10))
    changed = due_dates(LINK, "stepping_stone", date(2026, 1, 10), date(2027, 1, 10), aim_changes=[change])
    assert due(plain) == due(changed)


@given(DAYS, st.integers(1, 900), st.sampled_from(["volunteering", "care-work"]))
def test_after_a_new_interval_everything_counts_from_the_change(start: date, days: int, slug: str) -> None:
    on = start + timedelta(days=days)
    until = add_months(on, 30)
    moments = due_dates(
        preset(slug), "stepping_stone", start, until, aim_changes=[AimChange(on, "end_in_itself")]
    )
    later = [m for m in moments if m.status == "due" and m.planned > on]
    assert [m.due for m in later] == [add_months(on, 12), add_months(on, 24)]
    assert sum(m.status == "replaced" for m in moments) == 1
    assert [m.planned for m in moments] == sorted(m.planned for m in moments)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            [AimChange(date(2026, 5, 1), "end_in_itself"), AimChange(date(2026, 5, 1), "stepping_stone")],
            "one day",
        ),
        ([AimChange(date(2026, 3, 9), "end_in_itself")], "before the rhythm starts"),
    ],
)
def test_impossible_changes_are_refused(changes: list[AimChange], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        due_dates(VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2027, 3, 10), aim_changes=changes)


def test_an_aim_that_the_programme_does_not_use_is_refused() -> None:
    with pytest.raises(ValueError, match="doesn't use the aim possible_stepping_stone"):
        due_dates(preset("volunteer-centre"), "possible_stepping_stone", date(2026, 1, 1), date(2026, 2, 1))


# --- moved by hand ----------------------------------------------------------------------------------------------------


def test_a_moved_talk_moves_only_itself() -> None:
    moved = {date(2026, 7, 10): date(2026, 9, 1)}
    moments = due_dates(VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2026, 12, 1), moved=moved)
    assert [(m.due, m.reason) for m in moments] == [(date(2026, 9, 1), "moved"), (date(2026, 11, 10), None)]


def test_a_talk_moved_into_a_suspension_is_due_after_it() -> None:
    moved, pause = {date(2026, 7, 10): date(2026, 8, 5)}, Suspension(date(2026, 8, 1), date(2026, 8, 15))
    moments = due_dates(
        VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2026, 8, 1), [pause], moved=moved
    )
    assert due(moments) == [date(2026, 8, 16)]


@given(DAYS, st.integers(-20, 200), st.integers(0, 5))
def test_others_never_move(start: date, shift: int, which: int) -> None:
    plain = due_dates(CARE, "stepping_stone", start, add_months(start, 24))
    target = plain[which].planned
    assume(target + timedelta(days=shift) not in {m.planned for m in plain} - {target})
    shifted = due_dates(
        CARE, "stepping_stone", start, add_months(start, 24), moved={target: target + timedelta(days=shift)}
    )
    assert [m.due for m in shifted if m.planned != target] == [m.due for m in plain if m.planned != target]


def test_next_due_skips_what_was_replaced() -> None:
    pause = Suspension(date(2026, 6, 1), date(2026, 12, 31))
    moments = due_dates(VOLUNTEERING, "stepping_stone", date(2026, 3, 10), date(2027, 3, 31), [pause])
    days = [moment.due if moment else None for moment in (next_due(moments, done) for done in range(3))]
    assert days == [date(2027, 1, 1), date(2027, 3, 10), None]


# --- other days -------------------------------------------------------------------------------------------------------


def test_antwerp_has_neither_guideline_nor_maximum() -> None:
    for programme in (VOLUNTEERING, CARE):
        dates = duration_dates(programme, date(2026, 1, 1))
        assert (dates.guideline, dates.warn, dates.maximum) == (None, None, None)


@pytest.mark.parametrize("programme", presets().values(), ids=presets().keys())
def test_standing_still_and_aftercare_are_the_same_everywhere(programme) -> None:  # type: ignore[no-untyped-def]
    assert stands_still_from(programme, date(2026, 12, 1)) == date(2027, 1, 12)
    days = after_end(programme, date(2026, 8, 31))
    assert days.result == (date(2026, 9, 28), date(2027, 2, 28))
    assert days.handover == (date(2026, 9, 30), date(2027, 2, 28))


def test_reminders_count_back() -> None:
    assert remind_on(VOLUNTEERING, "insurance", date(2026, 12, 31)) == date(2026, 11, 1)
    assert remind_on(VOLUNTEERING, "evaluation", date(2026, 7, 10)) == date(2026, 6, 26)
    assert remind_on(VOLUNTEERING, "hours", date(2026, 7, 10)) == date(2026, 7, 10)
