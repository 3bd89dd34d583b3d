"""The list for one person: what fits, in what order and why; what just misses; a no is never passed by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stapsteen.hosts import actions as hosts
from stapsteen.hosts.models import Task
from stapsteen.matching.ranking import Ranking, askable
from stapsteen.matching.tests.factories import (
    SYSTEM,
    make_place,
    make_seeker,
    ranking_of,
    seeker_of,
)
from stapsteen.matching.weighing import Weighing
from stapsteen.people.actions import update_person
from stapsteen.placements.actions import cancel_placement, propose_placement
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope(service: Any, coach: Any) -> Any:
    with inside(service) as actor:
        yield actor


def titles(ranking: Ranking) -> list[str]:
    return [choice.offer.task.title for choice in ranking.choices]


def near(ranking: Ranking) -> dict[str, list[str]]:
    return {group.key: [choice.offer.task.title for choice in group.choices] for group in ranking.near}


def codes(ranking: Ranking, title: str) -> set[str]:
    [choice] = [one for one in ranking.choices if one.offer.task.title == title]
    return {reason.code for reason in choice.reasons}


def test_what_the_person_asks_comes_before_what_is_near(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, sectors=["animals"])
    make_place("Dichtbij", "Koken", sector="catering")
    make_place("Verder", "Honden", sector="animals", town="Oud-Turnhout")
    assert titles(ranking_of(pathway)) == ["Honden", "Koken"]
    assert titles(ranking_of(pathway, Weighing(near=2, wish=0))) == ["Koken", "Honden"]


def test_sooner_moves_the_list(scope: Any, coach: Any) -> None:
    pathway, later = make_seeker(coach), timezone.localdate() + timedelta(days=40)
    make_place("Nu", "Rustig", town="Oud-Turnhout")
    make_place("Straks", "Later", starts_on=later, places=4)
    assert titles(ranking_of(pathway, Weighing(near=2, soon=0))) == ["Later", "Rustig"]
    assert titles(ranking_of(pathway, Weighing(near=0, soon=2))) == ["Rustig", "Later"]


@pytest.mark.parametrize(
    ("person", "task", "key"),
    [
        ({"dutch_speaking": "1.1"}, {"dutch_speaking": "1.2"}, "dutch:1:speaking"),
        ({"dutch_reading": "0"}, {"dutch_reading": "2"}, "dutch:3:reading"),
        ({"avoid": ["lifting"]}, {"physical": ["lifting", "standing"]}, "avoid:lifting"),
        ({"avoid": ["allergen_dust"]}, {"allergens": ["dust"]}, "avoid:allergen_dust"),
        ({"half_days": 0b1}, {"half_days": 0b10}, "half_days"),
        ({"mobility": ["bike"]}, {"travel": ["car"]}, "way:car"),
        ({"travel_minutes": 60}, {"town": "Mol"}, "minutes:105"),
        ({"support": ["language"]}, {"supports": {"language": 0}}, "support:language"),
        ({}, {"places": 0}, "guidance"),
        ({}, {"places": None}, "unsaid"),
    ],
)
def test_one_rule_stands_in_the_way_and_is_said(
    scope: Any, coach: Any, person: dict[str, Any], task: dict[str, Any], key: str
) -> None:
    pathway = make_seeker(coach, **person)
    make_place(**task)
    found = ranking_of(pathway)
    assert titles(found) == []
    assert near(found) == {key: ["Koken"]}


def test_a_way_that_is_far_too_long_is_not_almost(scope: Any, coach: Any) -> None:
    make_place(town="Mol")
    assert ranking_of(make_seeker(coach, travel_minutes=15)) == Ranking((), ())


def test_who_has_no_free_moment_left_isnt_one_who_was_never_asked(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, half_days=0b1)
    host, task = make_place(half_days=0b11, seats=3)
    make_place("Overal", "Onthaal")
    propose_placement(
        pathway=pathway, actor=SYSTEM, host=host, task=task, starts_on=timezone.localdate(), half_days=1
    )
    found = ranking_of(pathway)
    assert (titles(found), near(found)) == ([], {"half_days": ["Onthaal"]})
    assert seeker_of(pathway).busy


def test_two_rules_in_the_way_are_not_almost(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, dutch_speaking="1.1", avoid=["lifting"])
    make_place(dutch_speaking="2", physical=["lifting"])
    assert ranking_of(pathway) == Ranking((), ())


def test_a_full_task_opens_when_a_seat_does(scope: Any, coach: Any) -> None:
    host, task = make_place(seats=1)
    first = make_seeker(coach, "Bo")
    propose_placement(
        pathway=first, actor=SYSTEM, host=host, task=task, starts_on=timezone.localdate(), half_days=1
    )
    assert near(ranking_of(make_seeker(coach))) == {"seats": ["Koken"]}


def test_a_part_that_asks_less_would_do(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, dutch_reading="1.1")
    _host, task = make_place(dutch_reading="3")
    hosts.keep_subtask(task=task, actor=SYSTEM, title="Groenten snijden", lifts=["dutch_reading"])
    found = ranking_of(pathway)
    assert [str(choice.offer.part) for choice in found.choices] == ["Groenten snijden"]
    assert "part" in codes(found, "Koken")
    assert found.near == ()


def test_what_nobody_asked_yet_is_asked_and_never_refused(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, dutch_speaking="unknown", half_days=0, mobility=[], travel_minutes=None)
    make_place(dutch_speaking="2")
    assert codes(ranking_of(pathway), "Koken") >= {"dutch_unknown", "moment_unknown", "way_unasked"}


@pytest.mark.parametrize("no", ["everybody", "task", "support", "person", "placement"])
def test_a_no_is_never_passed_by_not_even_as_almost(scope: Any, coach: Any, no: str) -> None:
    pathway = make_seeker(coach, support=["language"])
    host, task = make_place(seats=3)
    assert titles(ranking_of(pathway)) == ["Koken"]
    if no == "everybody":
        hosts.record_refusal(organisation=host.organisation, actor=SYSTEM)
    elif no == "task":
        hosts.record_refusal(organisation=host.organisation, actor=SYSTEM, task=task)
    elif no == "support":
        hosts.record_refusal(organisation=host.organisation, actor=SYSTEM, support="language")
    else:
        placement = propose_placement(
            pathway=pathway, actor=SYSTEM, host=host, task=task, starts_on=timezone.localdate(), half_days=1
        )
        cancel_placement(placement=placement, actor=SYSTEM, code="host_no" if no == "person" else "person_no")
    found = ranking_of(pathway)
    assert (titles(found), near(found)) == ([], {})
    if no in ("everybody", "support", "person"):
        assert askable(seeker_of(pathway), found, timezone.localdate()) == []


def test_a_host_of_another_service_or_one_that_pauses_is_not_proposed(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach)
    host, _task = make_place()
    hosts.move_host(host=host, actor=SYSTEM, action="pause", reason="verbouwing")
    assert ranking_of(pathway) == Ranking((), ())


def test_hosts_that_could_be_asked_know_the_wish_first(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, sectors=["animals"], dutch_speaking="1.1")
    make_place("Winkel", "Onthaal", dutch_speaking="4", town="Turnhout")
    host, _task = make_place("Asiel", "Wandelen", town="Oud-Turnhout", dutch_speaking="4")
    host.organisation.sectors = ["animals"]
    host.organisation.save()
    make_place("Vol", "Rust", places=0)
    day = timezone.localdate()
    found = askable(seeker_of(pathway), ranking_of(pathway), day)
    assert [one.host.organisation.name for one in found] == ["Asiel", "Winkel"]
    for _turn in range(host.organisation.asks_per_month):
        hosts.record_ask(organisation=host.organisation, actor=SYSTEM, about="task")
    found = askable(seeker_of(pathway), ranking_of(pathway), day)
    assert [one.host.organisation.name for one in found] == ["Winkel"]


def test_care_work_is_for_pathways_of_care_work(scope: Any, coach: Any) -> None:
    make_place("Werkplaats", "Inpakken", kind="care_work")
    assert ranking_of(make_seeker(coach)) == Ranking((), ())


def test_the_same_facts_give_the_same_list_whatever_the_order_of_making(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, sectors=["care"])
    for name in "CAB":
        make_place(f"Host {name}", f"Taak {name}")
    assert titles(ranking_of(pathway)) == ["Taak A", "Taak B", "Taak C"]


def test_the_list_takes_as_many_queries_for_one_task_as_for_many(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach)
    counts = []
    for number in (1, 3):
        while Task.objects.count() < number:
            make_place(f"Host {Task.objects.count()}", f"Taak {Task.objects.count()}")
        with CaptureQueriesContext(connection) as caught:
            ranking = ranking_of(pathway)
            askable(seeker_of(pathway), ranking, timezone.localdate())
        assert len(ranking.choices) == number
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_nothing_but_facts_about_the_work_is_read(scope: Any, coach: Any) -> None:
    """Age, origin and language at home change nothing in the list (AI Act; requirement E3)."""
    make_place(sector="care")
    pathway = make_seeker(coach)
    before = ranking_of(pathway)
    update_person(person=pathway.person, actor=SYSTEM, birth_year=1950, language="Dari")
    after = ranking_of(pathway)
    assert [(c.offer.task, c.reasons, c.overlap) for c in before.choices] == [
        (c.offer.task, c.reasons, c.overlap) for c in after.choices
    ]
