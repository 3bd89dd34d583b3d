"""Choosing, refusing, searching: a human decides, everything is kept, no limit is broken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.core.scope import Actor
from stapsteen.hosts import actions as hosts
from stapsteen.hosts.models import HostAsk, Organisation
from stapsteen.matching import actions
from stapsteen.matching.engine import floors
from stapsteen.matching.models import Proposal, Search, Settings
from stapsteen.matching.ranking import Ranking, no_longer
from stapsteen.matching.tests.factories import (
    SYSTEM,
    make_place,
    make_seeker,
    offer_of,
    ranking_of,
    seeker_of,
)
from stapsteen.people.actions import update_person
from stapsteen.placements.actions import cancel_placement, propose_placement
from stapsteen.placements.models import Placement
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleagues(service: Any) -> Any:
    return make_staff(service, "coordinator"), make_staff(service, "coach")


@pytest.fixture
def scope(service: Any, colleagues: Any) -> Any:
    with inside(service, colleagues[0]) as actor:
        yield actor


@pytest.fixture
def coach(colleagues: Any) -> Any:
    return colleagues[1]


def seen(ranking: Ranking) -> list[Any]:
    return [choice.offer.task.pk for choice in ranking.choices]


def choose(pathway: Any, actor: Actor, task: Any, **more: Any) -> Placement:
    given = {"starts_on": timezone.localdate(), "half_days": 1, **more}
    return actions.choose_task(pathway=pathway, actor=actor, offer=offer_of(task), **given)


def searched(actor: Actor) -> Search:
    search = actions.start_search(actor=actor, later=False)
    assert actions.begin_search(search=search, actor=SYSTEM)
    return actions.run_search(search=search, actor=SYSTEM)


def states() -> list[tuple[str, str]]:
    return sorted((row.person.first_name, row.state) for row in Proposal.objects.select_related("person"))


# One person --------------------------------------------------------------------------------------------------------------


def test_choosing_the_first_keeps_what_was_seen_and_asks_the_host(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, sectors=["animals"])
    _host, task = make_place(sector="animals")
    placement = choose(pathway, scope, task, seen=seen(ranking_of(pathway)))
    row = Proposal.objects.get()
    assert (row.state, row.position, row.code, row.placement_id, row.task_id) == (
        "accepted", 1, "", placement.pk, task.pk,
    )  # fmt: skip
    assert row.decided_by is not None
    assert row.kept["seen"] == [str(task.pk)]
    assert row.kept["known"]["sectors"] == ["animals"]
    assert row.kept["version"] == "regels-1"
    assert "wish" in {reason["code"] for reason in row.kept["reasons"]}
    assert [ask.about for ask in HostAsk.objects.all()] == ["person"]


def test_passing_by_the_first_asks_why(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, sectors=["animals"])
    make_place("Asiel", "Honden", sector="animals")
    _host, task = make_place("Keuken", "Koken", sector="catering")
    order = seen(ranking_of(pathway))
    broken = refused(choose, pathway=pathway, actor=scope, task=task, seen=order)
    assert broken[0] == "code"
    assert Proposal.objects.count() == Placement.objects.count() == 0
    choose(pathway, scope, task, seen=order, code="too_far")
    row = Proposal.objects.get()
    assert (row.position, row.code) == (2, "too_far")
    assert Event.objects.get(kind="proposal.passed").details == {"why": "too_far"}


def test_a_host_isnt_asked_more_often_than_it_agreed_to(scope: Any, coach: Any) -> None:
    host, task = make_place(seats=5, places=5)
    for _turn in range(host.organisation.asks_per_month):
        hosts.record_ask(organisation=host.organisation, actor=SYSTEM, about="task")
    with pytest.raises(RuleBroken, match="deze maand al"):
        choose(make_seeker(coach), scope, task)
    assert Proposal.objects.count() == Placement.objects.count() == 0


def test_switched_off_nothing_is_ranked_or_searched(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach)
    _host, task = make_place()
    actions.keep_settings(actor=scope, on=False, coach_hours=8, learning=False)
    with pytest.raises(RuleBroken, match="staat uit"):
        choose(pathway, scope, task)
    with pytest.raises(RuleBroken, match="staat uit"):
        actions.start_search(actor=scope)


def test_learning_is_switched_on_only_where_it_proved_itself(scope: Any) -> None:
    broken = refused(actions.keep_settings, actor=scope, on=True, coach_hours=8, learning=True)
    assert broken[0] == "learning"
    Settings.objects.create(model={"verdict": {"enough": True}})
    assert actions.keep_settings(actor=scope, on=True, coach_hours=8, learning=True).learning
    assert (
        refused(actions.keep_settings, actor=scope, on=True, coach_hours=0, learning=False)[0]
        == "coach_hours"
    )


def test_whoever_may_not_doesnt(scope: Any, coach: Any, service: Any) -> None:
    pathway = make_seeker(coach)
    _host, task = make_place()
    desk = Actor("desk", roles=frozenset({"desk"}))
    other = Actor("coach", user_id=service.pk, roles=frozenset({"coach"}))
    for act in (
        lambda: actions.keep_settings(actor=other, on=False, coach_hours=8, learning=False),
        lambda: actions.start_search(actor=other),
        lambda: choose(pathway, other, task),
        lambda: choose(pathway, desk, task),
    ):
        with pytest.raises(RuleBroken, match="rol"):
            act()


# The whole caseload --------------------------------------------------------------------------------------------------------


def test_everybody_without_a_place_gets_a_proposal_or_hears_why(scope: Any, coach: Any) -> None:
    make_seeker(coach, "Amina", days=200)
    make_seeker(coach, "Bo", days=30)
    make_seeker(coach, "Cem", dutch_speaking="0")
    make_place(seats=2, places=2, dutch_speaking="1.1")
    search = searched(scope)
    assert states() == [("Amina", "open"), ("Bo", "open"), ("Cem", "unplaced")]
    assert search.state == "done"
    assert {key: search.counts[key] for key in ("people", "tasks", "hosts", "proposed", "unplaced")} == {
        "people": 3, "tasks": 1, "hosts": 1, "proposed": 2, "unplaced": 1,
    }  # fmt: skip
    assert 0 < (search.worth or 0) <= (search.bound or 0)
    left = Proposal.objects.get(state="unplaced")
    assert [group["key"] for group in left.kept["near"]] == ["dutch:1:speaking"]


def test_who_waits_longer_goes_first_when_seats_are_short(scope: Any, coach: Any) -> None:
    make_seeker(coach, "Kort", days=10)
    make_seeker(coach, "Lang", days=300)
    make_place(seats=1)
    searched(scope)
    assert states() == [("Kort", "unplaced"), ("Lang", "open")]


@pytest.mark.parametrize(
    ("place", "fits"),
    [
        ({"seats": 5, "places": 2}, 1),  # each needs two kinds of support and weighs two
        ({"seats": 5, "places": 9, "supports": {"language": 1, "rest": 9}}, 1),
        ({"seats": 5, "places": 9, "supports": {"language": 2, "rest": 9}}, 2),
        ({"seats": 1, "places": 9}, 1),
        ({"seats": 5, "places": 9}, 3),
    ],
)
def test_no_limit_is_broken(scope: Any, coach: Any, place: dict[str, Any], fits: int) -> None:
    for name in ("Amina", "Bo", "Cem"):
        make_seeker(coach, name, support=["language", "rest"])
    make_place(**place)
    search = searched(scope)
    assert search.counts["proposed"] == fits
    day = timezone.localdate()
    for row in Proposal.objects.filter(state="open"):
        actions.accept_proposal(
            proposal=row, actor=scope, starts_on=day, half_days=row.half_days, weight=2
        )  # placements holds every limit once more
    assert Placement.objects.count() == fits


def test_a_host_gets_no_more_proposals_than_questions_it_agreed_to(scope: Any, coach: Any) -> None:
    host, _task = make_place(seats=9, places=9)
    for name in ("Amina", "Bo", "Cem"):
        make_seeker(coach, name)
    for _turn in range(host.organisation.asks_per_month - 1):
        hosts.record_ask(organisation=host.organisation, actor=SYSTEM, about="capacity")
    assert searched(scope).counts["proposed"] == 1


def test_a_coach_has_so_many_hours(scope: Any, coach: Any) -> None:
    actions.keep_settings(actor=scope, on=True, coach_hours=4, learning=False)
    for name in ("Amina", "Bo", "Cem"):
        make_seeker(coach, name)  # an ordinary pathway asks two hours
    make_place(seats=9, places=9)
    assert searched(scope).counts["proposed"] == 2


def test_what_is_short_is_told_after_it_was_tried(scope: Any, coach: Any) -> None:
    for name in ("Amina", "Bo"):
        make_seeker(coach, name)
    _host, task = make_place(seats=1, places=9)
    search = searched(scope)
    assert search.advice == [{"kind": "seats", "key": str(task.pk), "people": 1, "more": 1}]


def test_a_host_that_is_full_is_told_with_what_it_would_take(scope: Any, coach: Any) -> None:
    """Nobody can be proposed there at all: that limit has no price, and it is still what is short."""
    for name in ("Amina", "Bo", "Cem"):
        make_seeker(coach, name, support=["language", "rest"])  # each weighs two
    host, _task = make_place(seats=5, places=1)
    search = searched(scope)
    assert search.counts["proposed"] == 0
    assert search.advice == [{"kind": "guidance", "key": str(host.pk), "people": 1, "more": 1}]
    assert search.counts["opens"] == {"guidance": 3}


def test_a_seat_with_its_guidance_is_told_together(scope: Any, coach: Any) -> None:
    make_seeker(coach, "Amina")
    host, task = make_place(seats=1, places=1)
    put_somebody(coach, host, task)
    assert searched(scope).advice == [{"kind": "place", "key": str(task.pk), "people": 1, "more": 1}]


def put_somebody(coach: Any, host: Any, task: Any) -> Placement:
    pathway = make_seeker(coach, "Eerst")
    day = timezone.localdate()
    return propose_placement(
        pathway=pathway, actor=SYSTEM, host=host, task=task, starts_on=day, half_days=1, weight=1
    )


def test_time_of_a_colleague_is_told_as_the_reason_and_as_advice(scope: Any, coach: Any) -> None:
    actions.keep_settings(actor=scope, on=True, coach_hours=3, learning=False)
    for name in ("Amina", "Bo"):
        make_seeker(coach, name)  # two hours each
    make_place(seats=9, places=9)
    search = searched(scope)
    assert search.advice == [{"kind": "coach", "key": str(coach.pk), "people": 1, "more": 1}]
    assert Proposal.objects.get(state="unplaced").kept["missing"] == "coach"


def test_time_is_told_too_where_somebody_would_have_to_make_room(scope: Any, coach: Any) -> None:
    """All that fits for Bo is taken, by somebody who can go elsewhere: the hours are what is short."""
    actions.keep_settings(actor=scope, on=True, coach_hours=3, learning=False)
    make_seeker(coach, "Amina", days=100, sectors=["animals"])
    make_seeker(coach, "Bo", dutch_speaking="0")
    make_place("Asiel", seats=1, sector="animals")
    make_place("Keuken", seats=1, dutch_speaking="1.1")
    assert searched(scope).advice == [{"kind": "coach", "key": str(coach.pk), "people": 1, "more": 1}]


@pytest.mark.parametrize(
    ("place", "asked", "missing"),
    [
        ({"seats": 1, "places": 9}, 0, "seats"),
        ({"seats": 9, "places": 1}, 0, "guidance"),
        ({"seats": 9, "places": 9}, 1, "asks"),
    ],
)
def test_what_stands_in_the_way_is_kept(
    scope: Any, coach: Any, place: dict[str, Any], asked: int, missing: str
) -> None:
    for name in ("Amina", "Bo"):
        make_seeker(coach, name)
    host, _task = make_place(**place)
    if asked:
        Organisation.objects.filter(pk=host.organisation_id).update(asks_per_month=asked)
    search = searched(scope)
    assert Proposal.objects.get(state="unplaced").kept["missing"] == missing
    assert [row["kind"] for row in search.advice] == [missing]


@pytest.mark.parametrize("fields", [{"travel_minutes": 5, "town": "Genk"}, {"dutch_speaking": "0"}])
def test_where_no_place_would_help_nothing_is_told(scope: Any, coach: Any, fields: dict[str, Any]) -> None:
    make_seeker(coach, "Amina", **fields)
    make_place(places=0, dutch_speaking="2")
    assert searched(scope).advice == []


@pytest.mark.parametrize("no", ["everybody", "task", "support", "person"])
def test_a_search_for_everybody_passes_by_no_refusal(scope: Any, coach: Any, no: str) -> None:
    """Of two organisations the better one said no: the other is proposed, and where there is no other, nothing."""
    pathway = make_seeker(coach, "Amina", support=["language"], sectors=["animals"])
    host, task = make_place("Asiel", "Honden", sector="animals", seats=9, places=9)
    _other, kitchen = make_place("Keuken", "Koken", seats=9, places=9)
    if no == "person":
        placement = propose_placement(
            pathway=pathway, actor=SYSTEM, host=host, task=task, starts_on=timezone.localdate(), half_days=1
        )
        cancel_placement(placement=placement, actor=SYSTEM, code="host_no")
    else:
        what = {"task": {"task": task}, "support": {"support": "language"}}.get(no, {})
        hosts.record_refusal(organisation=host.organisation, actor=SYSTEM, **what)
    search = searched(scope)
    assert [row.task_id for row in search.proposals.all()] == [kitchen.pk]
    hosts.close_task(task=kitchen, actor=SYSTEM)
    search = searched(scope)
    assert (search.counts["proposed"], search.advice) == (0, [])


def test_a_no_is_no_shortage(scope: Any, coach: Any) -> None:
    make_seeker(coach, "Amina", support=["language"])
    host, _task = make_place(seats=3, places=0)
    hosts.record_refusal(organisation=host.organisation, actor=SYSTEM, support="language")
    search = searched(scope)
    assert (search.advice, search.counts["opens"]) == ([], {})


def test_accepted_stays_refused_doesnt_come_back_and_the_rest_isnt_reshuffled(scope: Any, coach: Any) -> None:
    for name in ("Amina", "Bo", "Cem"):
        make_seeker(coach, name)
    for name in ("Noord", "Zuid"):
        make_place(f"Host {name}", f"Taak {name}", seats=3)
    searched(scope)
    first = {row.person.first_name: row for row in Proposal.objects.select_related("person")}
    day = timezone.localdate()
    actions.accept_proposal(
        proposal=first["Amina"], actor=scope, starts_on=day, half_days=first["Amina"].half_days
    )
    actions.refuse_proposal(proposal=first["Bo"], actor=scope, code="other_wish")
    second = searched(scope)
    again = {row.person.first_name: row for row in second.proposals.select_related("person")}
    assert set(again) == {"Bo", "Cem"}
    assert again["Cem"].task_id == first["Cem"].task_id
    assert again["Bo"].task_id not in (first["Bo"].task_id, None)
    assert second.counts["kept"] == 1
    first["Cem"].refresh_from_db()
    assert first["Cem"].state == "lapsed"


def test_the_part_that_was_proposed_is_what_is_agreed(scope: Any, coach: Any) -> None:
    pathway, second = make_seeker(coach, dutch_reading="1.1"), make_seeker(coach, "Bo", dutch_reading="1.1")
    _host, task = make_place(dutch_reading="3", seats=2, places=9)
    part = hosts.keep_subtask(task=task, actor=SYSTEM, title="Groenten snijden", lifts=["dutch_reading"])
    searched(scope)
    row = Proposal.objects.get(pathway=pathway)
    day = timezone.localdate()
    accepted = actions.accept_proposal(proposal=row, actor=scope, starts_on=day, half_days=row.half_days)
    assert accepted.part == part
    [choice] = ranking_of(second).choices
    chosen = actions.choose_task(
        pathway=second, actor=scope, offer=choice.offer, starts_on=day, half_days=row.half_days
    )
    assert chosen.part == part


def test_a_part_that_was_taken_away_is_told_before_the_whole_task_is_accepted(scope: Any, coach: Any) -> None:
    make_seeker(coach, dutch_reading="1.1")
    _host, task = make_place(dutch_reading="3")
    parts = [
        hosts.keep_subtask(task=task, actor=SYSTEM, title=title, lifts=["dutch_reading"])
        for title in ("Groenten snijden", "Afwassen")
    ]
    searched(scope)
    row = Proposal.objects.get()
    assert no_longer([row], timezone.localdate()) == set()
    hosts.remove_subtask(subtask=next(one for one in parts if one.pk == row.subtask_id), actor=SYSTEM)
    assert no_longer([Proposal.objects.get()], timezone.localdate()) == {row.pk}


def test_not_now_may_come_back(scope: Any, coach: Any) -> None:
    make_seeker(coach)
    _host, task = make_place()
    searched(scope)
    actions.refuse_proposal(proposal=Proposal.objects.get(), actor=scope, code="not_now")
    assert searched(scope).proposals.get().task_id == task.pk


def test_a_decision_is_made_once_with_a_reason_from_the_list(scope: Any, coach: Any) -> None:
    make_seeker(coach)
    make_place()
    searched(scope)
    row = Proposal.objects.get()
    assert refused(actions.refuse_proposal, proposal=row, actor=scope, code="origin")[0] == "code"
    actions.refuse_proposal(proposal=row, actor=scope, code="too_far")
    with pytest.raises(RuleBroken, match="al beslist"):
        actions.refuse_proposal(proposal=row, actor=scope, code="too_far")
    with pytest.raises(RuleBroken, match="al beslist"):
        actions.accept_proposal(proposal=row, actor=scope, starts_on=timezone.localdate(), half_days=1)


def test_choosing_something_else_ends_the_proposal_choosing_the_same_accepts_it(
    scope: Any, coach: Any
) -> None:
    pathway, second = (
        make_seeker(coach, "Amina", sectors=["animals"]),
        make_seeker(coach, "Bo", sectors=["animals"]),
    )
    _host, animals = make_place("Asiel", "Honden", sector="animals")
    _host, kitchen = make_place("Keuken", "Koken", sector="catering")
    searched(scope)
    choose(pathway, scope, kitchen, seen=seen(ranking_of(pathway)), code="other_wish")
    choose(second, scope, animals, seen=seen(ranking_of(second)))
    assert states() == [("Amina", "accepted"), ("Amina", "changed"), ("Bo", "accepted")]
    assert Proposal.objects.get(state="changed").code == "other_wish"


def test_one_search_at_a_time_and_it_can_be_stopped(scope: Any, coach: Any) -> None:
    make_seeker(coach)
    make_place()
    search = actions.start_search(actor=scope, later=False)
    with pytest.raises(RuleBroken, match="loopt al"):
        actions.start_search(actor=scope)
    actions.stop_search(search=search, actor=scope)
    assert not actions.begin_search(search=search, actor=SYSTEM)
    assert Proposal.objects.count() == 0


def test_stopped_while_it_searched_keeps_nothing(scope: Any, coach: Any) -> None:
    make_seeker(coach)
    make_place()
    search = actions.start_search(actor=scope, later=False)
    actions.begin_search(search=search, actor=SYSTEM)
    actions.stop_search(search=search, actor=scope)
    assert actions.run_search(search=search, actor=SYSTEM).state == "stopped"
    assert Proposal.objects.count() == 0


def test_a_failure_is_told_and_a_finished_search_cant_fail(scope: Any) -> None:
    search = actions.start_search(actor=scope, later=False)
    failed = actions.fail_search(search=search, actor=SYSTEM, failure="Er ging iets mis.")
    assert (failed.state, failed.failure) == ("failed", "Er ging iets mis.")
    done = searched(scope)
    assert actions.fail_search(search=done, actor=SYSTEM, failure="x").state == "done"


def test_nobody_waiting_or_no_task_is_a_search_too(scope: Any, coach: Any) -> None:
    assert searched(scope).counts["people"] == 0
    make_seeker(coach)
    assert searched(scope).counts["unplaced"] == 1


def test_who_has_a_place_isnt_searched_for(scope: Any, coach: Any) -> None:
    _host, task = make_place()
    choose(make_seeker(coach), scope, task)
    assert searched(scope).counts["people"] == 0


def test_a_place_that_ended_counts_as_waiting_from_then(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach, days=100)
    assert seeker_of(pathway).weeks(timezone.localdate()) == 14
    assert seeker_of(pathway).weeks(timezone.localdate() - timedelta(days=200)) == 0


def test_no_group_is_left_behind_where_seats_are_short(scope: Any, coach: Any) -> None:
    """Ten who need no support would take every seat; the floor keeps some for the ten who need it (weight two each)."""
    actions.keep_settings(actor=scope, on=True, coach_hours=60, learning=False)
    for n in range(10):
        make_seeker(coach, f"Licht {n}", days=30, sectors=["care"])
        make_seeker(coach, f"Steun {n}", days=30, support=["rest", "language"])
    host, _task = make_place(sector="care", seats=20, places=12)
    Organisation.objects.filter(pk=host.organisation_id).update(asks_per_month=50)
    search = searched(scope)
    placed = [
        row.person.first_name.split()[0]
        for row in search.proposals.filter(state="open").select_related("person")
    ]
    assert placed.count("Steun") >= 2
    assert placed.count("Licht") + 2 * placed.count("Steun") <= 12
    assert search.counts["proposed"] == len(placed)


def test_floors_that_whole_people_cant_meet_are_lowered(
    scope: Any, coach: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Amina", "Bo"):
        make_seeker(coach, name)
    make_place(seats=2)
    monkeypatch.setattr(floors, "fair_floors", lambda problem, group, groups: np.array([99.0, 0.0, 0.0]))
    assert searched(scope).counts["proposed"] == 2


def test_what_isnt_known_is_put_in_the_middle_and_told(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach)
    pathway.person.addresses.all().delete()
    make_place()
    [choice] = ranking_of(pathway).choices
    assert "way_unknown" in {reason.code for reason in choice.reasons}


def test_a_place_that_begins_later_ends_or_was_asked_enough_says_so(scope: Any, coach: Any) -> None:
    day = timezone.localdate()
    pathway = make_seeker(coach)
    host, _task = make_place(
        town="Mol",
        starts_on=day + timedelta(days=20),
        ends_on=day + timedelta(days=90),
        half_days=0,
        dutch_speaking="2",
    )
    update_person(person=pathway.person, actor=SYSTEM, travel_minutes=120)
    Organisation.objects.filter(pk=host.organisation_id).update(asks_per_month=0)
    [choice] = ranking_of(pathway).choices
    assert {"far", "any_moment", "later", "ends", "asked", "dutch"} <= {
        reason.code for reason in choice.reasons
    }


def test_who_objects_isnt_searched_for_or_ranked_until_it_is_wanted_again(scope: Any, coach: Any) -> None:
    pathway = make_seeker(coach)
    _host, task = make_place()
    searched(scope)
    actions.object_to_search(pathway=pathway, actor=scope)
    assert states() == [("Amina", "lapsed")]
    with pytest.raises(RuleBroken, match="wil niet"):
        choose(pathway, scope, task)
    assert searched(scope).counts["people"] == 0
    assert refused(actions.object_to_search, pathway=pathway, actor=scope)[1] == "Dit stond al genoteerd."
    actions.end_objection(pathway=pathway, actor=scope)
    assert refused(actions.end_objection, pathway=pathway, actor=scope)[1] == "Dit stond al genoteerd."
    assert searched(scope).counts["proposed"] == 1
    told = Event.objects.filter(kind__startswith="search.").order_by("pk")
    assert [event.kind for event in told] == ["search.objected", "search.wanted_again"]
