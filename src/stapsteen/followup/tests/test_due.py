"""What is due, from the programme's rhythm; nothing of it stored."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stapsteen.core.errors import RuleBroken
from stapsteen.core.models import Event
from stapsteen.followup import queries
from stapsteen.followup.actions import drop_evaluation, hold_evaluation, plan_evaluation
from stapsteen.followup.models import Evaluation
from stapsteen.followup.tests.factories import make_placed
from stapsteen.pathways import actions as pathways
from stapsteen.pathways.actions import change_aim, change_kind, end_pathway, suspend_pathway
from stapsteen.pathways.models import Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.tests.factories import make_person
from stapsteen.testing.world import inside, make_programme, make_service, make_staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)


def load(*pathways: Pathway) -> list[Pathway]:
    return list(queries.with_history(Pathway.objects.filter(pk__in=[p.pk for p in pathways])))


def days(pathway: Pathway, **more: Any) -> list[date]:
    return [due.day for due in queries.open_moments(load(pathway)[0], TODAY, **more)]


def test_a_stepping_stone_is_evaluated_every_4_months_from_the_first_day_at_the_host(
    service: Any, coach: Any
) -> None:
    with inside(service):
        pathway = make_placed(coach, starts_on=date(2026, 2, 28), aim="stepping_stone")
        assert days(pathway) == [date(2026, 6, 28), date(2026, 10, 28)]


def test_an_end_in_itself_gets_a_yearly_check_in(service: Any, coach: Any) -> None:
    with inside(service):
        pathway = make_placed(coach, starts_on=date(2025, 11, 20), aim="end_in_itself")
        assert days(pathway) == [date(2026, 11, 20)]


def test_without_a_host_the_rhythm_of_volunteering_waits(service: Any, coach: Any) -> None:
    with inside(service):
        assert days(make_pathway(coach, starts_on=date(2025, 1, 1), aim="stepping_stone")) == []


def test_link_counts_from_the_start_of_the_pathway(db: None) -> None:
    link = make_service("link", "link")
    coach = make_staff(link, "coach")
    with inside(link):
        pathway = make_pathway(coach, starts_on=date(2026, 8, 3))
        assert days(pathway) == [date(2026, 8, 3), date(2026, 11, 3)]


def scored(pathway: Any, actor: Any, day: date) -> None:
    """A spider of that day, closed."""
    if not pathway.axes.exists():
        pathways.add_axis(pathway=pathway, actor=actor, name="Bus", starts_on=pathway.starts_on)
    moment = pathways.begin_moment(pathway=pathway, actor=actor, held_on=day)
    points = {axis.pk: pathways.Point(3) for axis in pathway.axes.all()}
    pathways.give_scores(moment=moment, actor=actor, rater="participant", points=points)
    pathways.close_moment(moment=moment, actor=actor)


def test_a_scored_spider_answers_the_moment_of_the_rhythm(db: None) -> None:
    link = make_service("link", "link")
    coach = make_staff(link, "coach")
    with inside(link, coach) as actor:
        pathway = make_pathway(coach, starts_on=date(2026, 8, 3))
        scored(pathway, actor, date(2026, 8, 10))  # a week late
        assert days(pathway) == [date(2026, 11, 3)]
        scored(pathway, actor, date(2026, 9, 15))  # one more, in between: answers nothing
        assert days(pathway) == [date(2026, 11, 3)]
        scored(pathway, actor, date(2026, 10, 20))  # two weeks early
        assert days(pathway) == []


def test_held_and_dropped_moments_are_answered_and_a_late_one_moves_no_other(
    service: Any, coach: Any
) -> None:
    with inside(service, coach) as actor:
        pathway = make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone", actor=actor)
        first = queries.open_moments(load(pathway)[0], TODAY)[0]
        assert (first.day, first.overdue_days, first.status) == (date(2026, 6, 1), 155, "overdue")
        hold_evaluation(
            pathway=pathway,
            actor=actor,
            due_on=first.planned,
            held_on=date(2026, 8, 15),
            voice_person="Goed.",
        )
        assert days(pathway) == [date(2026, 10, 1)]
        drop_evaluation(pathway=pathway, actor=actor, due_on=date(2026, 10, 1), reason_code="host")
        assert days(pathway, ahead=100) == [date(2027, 2, 1)]
        kinds = (
            Event.objects.filter(kind__startswith="evaluation.")
            .order_by("kind")
            .values_list("kind", flat=True)
        )
        assert list(kinds) == ["evaluation.dropped", "evaluation.held"]


def test_an_appointment_moves_only_that_one(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        pathway = make_placed(coach, starts_on=date(2026, 7, 10), aim="stepping_stone", actor=actor)
        plan_evaluation(
            pathway=pathway, actor=actor, due_on=date(2026, 11, 10), planned_on=date(2026, 11, 24)
        )
        due = queries.open_moments(load(pathway)[0], TODAY, ahead=150)
        assert [(d.planned, d.day) for d in due] == [
            (date(2026, 11, 10), date(2026, 11, 24)),
            (date(2027, 3, 10), date(2027, 3, 10)),
        ]


def test_a_change_of_aim_with_another_interval_starts_anew(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        pathway = make_placed(coach, starts_on=date(2026, 5, 1), aim="stepping_stone", actor=actor)
        change_aim(pathway=pathway, actor=actor, aim="end_in_itself", starts_on=date(2026, 8, 1))
        assert days(pathway, ahead=300) == [date(2027, 8, 1)]


def test_what_falls_in_a_pause_waits_for_its_end(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        pathway = make_placed(coach, starts_on=date(2026, 6, 20), aim="stepping_stone", actor=actor)
        suspend_pathway(pathway=pathway, actor=actor, starts_on=date(2026, 10, 1), reason="ziek")
        assert days(pathway) == []


def test_care_work_after_volunteering_counts_from_the_change(service: Any, coach: Any) -> None:
    care = make_programme(service, "care-work")
    with inside(service, coach) as actor:
        pathway = make_placed(coach, starts_on=date(2026, 1, 5), aim="stepping_stone", actor=actor)
        change_kind(pathway=pathway, actor=actor, programme=care, starts_on=date(2026, 8, 1))
        assert days(pathway) == [date(2026, 11, 1)]


def test_the_list_shows_one_moment_a_pathway_the_most_overdue_first(service: Any, coach: Any) -> None:
    with inside(service):
        late = make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone")
        soon = make_placed(coach, starts_on=date(2026, 7, 20), aim="stepping_stone")
        found = queries.due_evaluations(load(soon, late), TODAY)
        assert [(d.pathway_id, d.status) for d in found] == [(late.pk, "overdue"), (soon.pk, "coming")]


def test_an_ended_pathway_waits_for_nothing(service: Any, coach: Any) -> None:
    with inside(service, coach) as actor:
        pathway = make_pathway(coach, starts_on=date(2026, 1, 1), actor=actor)
        end_pathway(pathway=pathway, actor=actor, ends_on=TODAY, code="other")
        assert days(pathway) == []
        assert queries.past_limits(load(pathway), TODAY) == []
        with pytest.raises(RuleBroken):
            plan_evaluation(pathway=pathway, actor=actor, due_on=TODAY, planned_on=TODAY)


def test_standing_still_and_limits(db: None) -> None:
    vinac = make_service("vinac", "vinac")
    coach = make_staff(vinac, "coach")
    with inside(vinac):
        still, lively = (
            make_pathway(coach, starts_on=day, person=make_person(on=day))
            for day in (date(2026, 9, 22), date(2026, 9, 23))
        )
        old = make_pathway(coach, starts_on=date(2023, 11, 3))
        near = make_pathway(coach, starts_on=date(2024, 1, 3))
        Event.objects.create(kind="note.added", subject_id=old.person_id, happened_on=TODAY, actor="x")
        pathways = load(still, lively, old, near)
        found = [(s.pathway_id, s.weeks) for s in queries.stands_still(pathways, TODAY)]
        assert [row for row in found if row[0] != near.pk] == [(still.pk, 6)]
        assert [(x.pathway_id, x.kind, x.day) for x in queries.past_limits(pathways, TODAY)] == [
            (old.pk, "maximum", date(2026, 11, 3)),
            (near.pk, "near_maximum", date(2027, 1, 3)),
        ]


def test_links_guideline_of_six_months(db: None) -> None:
    link = make_service("link", "link")
    coach = make_staff(link, "coach")
    with inside(link):
        pathways = load(
            make_pathway(coach, starts_on=date(2026, 5, 3)), make_pathway(coach, starts_on=date(2026, 5, 4))
        )
        assert [x.kind for x in queries.past_limits(pathways, TODAY)] == ["guideline"]


@pytest.mark.parametrize(
    "broken",
    [
        {"held_on": date(2026, 11, 4), "voice_person": "x"},
        {"held_on": date(2025, 1, 1), "voice_person": "x"},
        {"held_on": TODAY},
        {"held_on": TODAY, "voice_host": "x", "decision": "dance"},
    ],
    ids=["future", "before the start", "no words", "unknown decision"],
)
def test_what_a_talk_needs(service: Any, coach: Any, broken: dict[str, Any]) -> None:
    with inside(service, coach) as actor:
        pathway = make_placed(coach, starts_on=date(2026, 7, 3), aim="stepping_stone", actor=actor)
        with pytest.raises(RuleBroken):
            hold_evaluation(pathway=pathway, actor=actor, due_on=TODAY, **broken)
        assert Evaluation.objects.count() == 0


def test_a_moment_is_answered_once_by_whoever_guides(service: Any, coach: Any) -> None:
    second = make_staff(service, "coach", email="second@example.org")
    with inside(service, coach) as actor:
        pathway = make_placed(coach, starts_on=date(2026, 7, 3), aim="stepping_stone", actor=actor)
        hold_evaluation(pathway=pathway, actor=actor, due_on=TODAY, held_on=TODAY, voice_coach="x")
        with pytest.raises(RuleBroken):
            drop_evaluation(pathway=pathway, actor=actor, due_on=TODAY, reason_code="other")
        with pytest.raises(RuleBroken):
            drop_evaluation(pathway=pathway, actor=actor, due_on=date(2027, 3, 3), reason_code="nonsense")
        with pytest.raises(RuleBroken):
            plan_evaluation(
                pathway=pathway, actor=actor, due_on=date(2027, 3, 3), planned_on=date(2026, 1, 1)
            )
    with inside(service, second) as other, pytest.raises(RuleBroken):
        hold_evaluation(pathway=pathway, actor=other, due_on=date(2027, 3, 3), held_on=TODAY, voice_coach="x")
