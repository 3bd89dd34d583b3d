"""What each figure counts: cases one by one, then everything against a count day by day in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stapsteen.core.errors import NoScope
from stapsteen.figures import queries
from stapsteen.figures.queries import ALL, Flow, Period
from stapsteen.figures.tests.history_001 import AZ, VW, Life, spells, store
from stapsteen.testing.world import inside, make_service, make_staff

pytestmark = pytest.mark.django_db
AIM = "end_in_itself"
FEBRUARY = Period(date(2008, 2, 1), date(2008, 2, 29))
YEAR = Period(date(2008, 1, 1), date(2008, 12, 31))


@pytest.fixture
def antwerp() -> Any:
    service = make_service("antwerpen", "volunteering", "care-work")
    return service, make_staff(service, "coach")


@contextmanager
def told(world: Any, *lives: Life) -> Iterator[None]:
    """The lives in the database, inside the scope; taken back at the end."""
    service, coach = world
    with inside(service):
        point = transaction.savepoint_create()
        store(list(lives), service=service, coach=coach)
        yield
        transaction.savepoint_rollback(point)


def life(first: date, last: date | None = None, kind: str = VW, person: int = 0, **more: Any) -> Life:
    kinds = more.pop("kinds", [(kind, first)])
    return Life(person, first, kinds, last, aims=more.pop("aims", [(AIM, first)]), **more)


def february() -> dict[str, int]:
    return {kind: persons for (_, kind), persons in queries.persons_per_month(FEBRUARY).items()}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2008, 2, 29), date(2008, 2, 29)),
        (date(2008, 2, 1), date(2008, 2, 1)),
        (date(2008, 2, 29), None),
        (date(2007, 1, 1), date(2008, 2, 1)),
        (date(2007, 1, 1), None),
    ],
)
def test_one_day_in_the_month_is_enough(antwerp: Any, first: date, last: date | None) -> None:
    with told(antwerp, life(first, last)):
        assert february() == {VW: 1, ALL: 1}


@pytest.mark.parametrize(("first", "last"), [(date(2008, 3, 1), None), (date(2007, 1, 1), date(2008, 1, 31))])
def test_the_day_before_or_after_is_not(antwerp: Any, first: date, last: date | None) -> None:
    with told(antwerp, life(first, last)):
        assert february() == {}
        assert queries.average_per_month(FEBRUARY.first, FEBRUARY.last).persons == 0


@pytest.mark.parametrize(
    ("pauses", "counts"),
    [
        ([(date(2008, 2, 1), date(2008, 2, 29))], False),
        ([(date(2008, 1, 10), None)], False),
        ([(date(2008, 2, 1), date(2008, 2, 28))], True),
        ([(date(2008, 2, 2), date(2008, 3, 31))], True),
        ([(date(2008, 1, 20), date(2008, 2, 14)), (date(2008, 2, 15), date(2008, 3, 2))], False),
        ([(date(2008, 1, 20), date(2008, 2, 14)), (date(2008, 2, 16), date(2008, 3, 2))], True),
    ],
)
def test_a_pause_of_the_whole_month_takes_it_out(antwerp: Any, pauses: Any, counts: bool) -> None:
    with told(antwerp, life(date(2007, 1, 1), pauses=pauses)):
        assert february() == ({VW: 1, ALL: 1} if counts else {})


def test_a_pathway_that_ends_in_its_pause_isnt_active_in_its_last_month(antwerp: Any) -> None:
    paused = life(date(2007, 1, 1), date(2008, 2, 15), pauses=[(date(2008, 1, 10), date(2008, 2, 15))])
    with told(antwerp, paused):
        assert february() == {}
        assert queries.flows(FEBRUARY) == {VW: Flow(0, 1, 0), ALL: Flow(0, 1, 0)}


@pytest.mark.parametrize(("day", "kinds"), [(1, {AZ: 1, ALL: 1}), (2, {VW: 1, AZ: 1, ALL: 1})])
def test_another_kind_is_neither_end_nor_start(antwerp: Any, day: int, kinds: dict[str, int]) -> None:
    first = date(2008, 1, 10)
    with told(antwerp, life(first, date(2008, 6, 30), kinds=[(VW, first), (AZ, date(2008, 2, day))])):
        assert february() == kinds
        assert queries.flows(FEBRUARY) == {ALL: Flow()}
        assert queries.flows(YEAR) == {VW: Flow(1, 0, 0), AZ: Flow(0, 1, 0), ALL: Flow(1, 1, 0)}
        assert queries.active_persons(YEAR) == {VW: 1, AZ: 1, ALL: 1}


def test_a_kind_that_was_replaced_on_its_first_day_never_was(antwerp: Any) -> None:
    first = date(2008, 2, 10)
    with told(antwerp, life(first, kinds=[(VW, first), (AZ, first)])):
        assert february() == {AZ: 1, ALL: 1}
        assert queries.flows(YEAR) == {AZ: Flow(1, 0, 0), ALL: Flow(1, 0, 0)}


def test_a_return_is_a_new_start_of_the_same_person(antwerp: Any) -> None:
    before = life(date(2008, 1, 1), date(2008, 2, 10), stepped_up=True)
    with told(antwerp, before, life(date(2008, 2, 12))):
        assert february() == {VW: 1, ALL: 1}
        assert queries.active_persons(YEAR) == {VW: 1, ALL: 1}
        assert queries.flows(YEAR) == {VW: Flow(2, 1, 1), ALL: Flow(2, 1, 1)}


def test_two_kinds_at_once_count_in_each_and_once_as_a_person(antwerp: Any) -> None:
    with told(antwerp, life(date(2008, 2, 1)), life(date(2008, 2, 20), kind=AZ)):
        found = queries.average_per_month(date(2008, 1, 1), date(2008, 4, 30))
        assert found.kinds == {VW: Fraction(3, 4), AZ: Fraction(3, 4)}
        assert (found.total, found.persons) == (Fraction(3, 2), Fraction(3, 4))


def test_the_last_aim_of_the_period_counts(antwerp: Any) -> None:
    first = date(2007, 1, 1)
    aims = [
        ("stepping_stone", first),
        ("possible_stepping_stone", date(2008, 2, 29)),
        (AIM, date(2008, 3, 1)),
    ]
    with told(antwerp, life(first, aims=aims), life(date(2008, 2, 3), person=1, aims=[])):
        assert queries.last_aims(FEBRUARY) == {VW: {"possible_stepping_stone": 1, "": 1}}
        assert queries.last_aims(YEAR) == {VW: {AIM: 1, "": 1}}


def test_active_on_a_day_is_open_and_not_paused(antwerp: Any) -> None:
    one = life(date(2008, 2, 3), date(2008, 2, 20), pauses=[(date(2008, 2, 10), date(2008, 2, 12))])
    with told(antwerp, one):
        found = [day for day in days(date(2008, 1, 1), date(2008, 3, 31)) if queries.active_on(day)[ALL]]
    assert found == [*days(date(2008, 2, 3), date(2008, 2, 9)), *days(date(2008, 2, 13), date(2008, 2, 20))]


def test_periods_are_whole_months() -> None:
    assert Period(date(2010, 1, 1), date(2010, 12, 31)).months == 12
    assert Period(date(2010, 11, 1), date(2011, 2, 3)).months == 4
    for first, last in [
        (date(2010, 1, 2), date(2010, 3, 1)),
        (date(2010, 2, 1), date(2010, 1, 31)),
    ]:
        with pytest.raises(ValueError, match="period"):
            Period(first, last)
    with pytest.raises(ValueError, match="same day"):
        queries.averages([FEBRUARY, FEBRUARY])


def test_without_a_scope_nothing_is_counted(antwerp: Any) -> None:
    with pytest.raises(NoScope):
        queries.active_persons(YEAR)


def test_another_services_people_arent_counted(antwerp: Any) -> None:
    other = make_service("link", "volunteering", "care-work")
    with inside(antwerp[0]):
        store([life(date(2008, 2, 1))], service=antwerp[0], coach=antwerp[1])
    with inside(other):
        assert (queries.active_persons(YEAR), queries.since()) == ({ALL: 0}, None)
    with inside(antwerp[0]):
        assert (queries.active_persons(YEAR), queries.since()) == ({VW: 1, ALL: 1}, date(2008, 2, 1))


def test_one_query_each_however_many_pathways(antwerp: Any) -> None:
    asked: list[int] = []
    for number in (1, 3):
        with told(antwerp, *(life(date(2008, 2, 1), person=n) for n in range(number))):
            with CaptureQueriesContext(connection) as captured:
                queries.averages([FEBRUARY, Period(date(2009, 1, 1), date(2009, 12, 31))])
                queries.persons_per_month(YEAR)
                queries.active_persons(YEAR)
                queries.flows(YEAR)
                queries.last_aims(YEAR)
                queries.funnel(YEAR, today=YEAR.last)
                queries.lasting_placements(YEAR, today=YEAR.last)
                queries.hosts(YEAR)
                queries.since()
            asked.append(len(captured))
    assert asked == [9, 9]


# Against a count day by day -------------------------------------------------------------------------------------------

START, DAYS = date(2007, 12, 10), 150
"""The winter of a leap year: five months to start in."""
PERIOD = Period(date(2008, 1, 1), date(2008, 4, 30))
AIMS = ("stepping_stone", "possible_stepping_stone", "end_in_itself")


@st.composite
def lives(draw: st.DrawFn) -> Life:
    first = START + timedelta(days=draw(st.integers(0, DAYS)))
    length = draw(st.none() | st.integers(0, 70))
    within = st.integers(0, 70 if length is None else length)
    last = None if length is None else first + timedelta(days=length)

    def changing(names: tuple[str, ...]) -> list[tuple[str, date]]:
        changes = sorted(draw(st.lists(within, max_size=2, unique=True)))
        days = [first, *(first + timedelta(days=change) for change in changes)]
        return [(draw(st.sampled_from(names)), day) for day in days]

    pauses = []
    for begin in draw(st.lists(within, max_size=2)):
        pause = first + timedelta(days=begin)
        end = draw(st.none() | st.integers(-1, 40))
        pauses.append((pause, None if end is None else pause + timedelta(days=end)))
    return Life(
        draw(st.integers(0, 2)), first, changing((VW, AZ)), last, draw(st.booleans()), changing(AIMS), pauses
    )


def on(facts: list[tuple[str, date]], last: date | None, day: date) -> str:
    """What held on that day, from the plain list."""
    return next(
        name for name, begin, end in spells(facts, last) if begin <= day and (end is None or day <= end)
    )


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


class Counted:
    """Every figure of PERIOD, from a walk over all days of all lives."""

    def __init__(self, told: list[Life]) -> None:
        self.months: dict[tuple[date, str], set[int]] = defaultdict(set)
        self.persons: dict[str, set[int]] = defaultdict(set)
        self.flows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self.aims: dict[tuple[int, str], dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
        for one in told:
            self._walk(one)
            self._ends(one)

    def _walk(self, one: Life) -> None:
        aims: dict[str, dict[date, str]] = defaultdict(dict)
        active = set()
        for day in days(max(one.starts_on, PERIOD.first), min(one.ends_on or PERIOD.last, PERIOD.last)):
            kind = on(one.kinds, one.ends_on, day)
            aims[kind][day] = on(one.aims, one.ends_on, day)
            if any(begin <= day and (end is None or day <= end) for begin, end in one.pauses):
                continue
            active.add(kind)
            for key in (kind, ALL):
                self.months[day.replace(day=1), key].add(one.person)
                self.persons[key].add(one.person)
        for kind in active:
            last = max(aims[kind])
            self.aims[one.person, kind][last].add(aims[kind][last])

    def _ends(self, one: Life) -> None:
        if PERIOD.first <= one.starts_on <= PERIOD.last:
            for key in (on(one.kinds, one.ends_on, one.starts_on), ALL):
                self.flows[key][0] += 1
        if one.ends_on and PERIOD.first <= one.ends_on <= PERIOD.last:
            for key in (on(one.kinds, one.ends_on, one.ends_on), ALL):
                self.flows[key][1] += 1
                self.flows[key][2] += one.stepped_up

    def last_aims(self) -> dict[str, dict[str, int]] | None:
        """None when one person has two pathways of a kind with two last aims on one day: a tie has no answer."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for (_, kind), by_day in self.aims.items():
            newest = by_day[max(by_day)]
            if len(newest) > 1:
                return None
            found[kind][newest.pop()] += 1
        return {kind: dict(counts) for kind, counts in found.items()}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example takes its rows back
@given(history=st.lists(lives(), min_size=1, max_size=5))
def test_the_queries_count_like_a_walk_over_the_days(antwerp: Any, history: list[Life]) -> None:
    counted = Counted(history)
    with told(antwerp, *history):
        months = queries.persons_per_month(PERIOD)
        assert months == {key: len(persons) for key, persons in counted.months.items()}
        means = queries.average_per_month(PERIOD.first, PERIOD.last)
        for kind in (VW, AZ):
            total = sum(len(people) for (_, own), people in counted.months.items() if own == kind)
            assert means.kinds.get(kind, 0) == Fraction(total, 4)
        assert queries.active_persons(PERIOD) == {ALL: 0} | {k: len(v) for k, v in counted.persons.items()}
        assert queries.flows(PERIOD) == {ALL: Flow()} | {k: Flow(*v) for k, v in counted.flows.items()}
        if (aims := counted.last_aims()) is not None:
            assert queries.last_aims(PERIOD) == aims
