"""What is read of many pathways at once decides the same as pathways that were loaded one by one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stapsteen.core.models import ReadEntry
from stapsteen.core.scope import current
from stapsteen.followup import histories, queries
from stapsteen.followup.actions import drop_evaluation, go_on_beyond, hold_evaluation, plan_evaluation
from stapsteen.followup.histories import History
from stapsteen.followup.models import Evaluation
from stapsteen.followup.tests.factories import make_placed
from stapsteen.followup.tests.test_due import scored
from stapsteen.network.programme import preset, presets
from stapsteen.pathways.actions import change_aim, change_kind, end_pathway, resume_pathway, suspend_pathway
from stapsteen.pathways.models import Aim, Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.placements.actions import end_placement
from stapsteen.testing.world import client_of, inside, make_programme, make_service, make_staff

TODAY = date(2026, 11, 3)


def compare() -> list[UUID]:
    """Both ways give the same lists; the pathways in them, in order."""
    slim = histories.read(Pathway.objects.all())
    whole = list(queries.with_history(Pathway.objects.order_by("id")))
    due = queries.due_evaluations(slim, TODAY, ahead=100)
    firsts = [opened[0] for way in whole if (opened := queries.open_moments(way, TODAY, ahead=100))]
    assert due == sorted(firsts, key=lambda one: (one.day, one.pathway_id))
    assert queries.stands_still(slim, TODAY) == queries.stands_still(whole, TODAY)
    limits = [queries.with_reasons(queries.limits(ways, TODAY)) for ways in (slim, whole)]
    assert limits[0] == limits[1]
    return [one.pathway_id for one in due]


@pytest.mark.django_db
def test_every_kind_of_history_of_volunteering(service: Any, coach: Any) -> None:
    care = make_programme(service, "care-work")
    with inside(service, coach) as actor:
        plain, held, dropped, planned, paused, waiting, turned, moved, ended = (
            make_placed(coach, starts_on=date(2026, 1, 5 + n), aim="stepping_stone", actor=actor)
            for n in range(9)
        )
        nowhere = make_pathway(coach, starts_on=date(2026, 1, 1), actor=actor)
        first = date(2026, 5, 6)
        hold_evaluation(pathway=held, actor=actor, due_on=first, held_on=date(2026, 5, 20), voice_coach="x")
        drop_evaluation(pathway=dropped, actor=actor, due_on=date(2026, 5, 7), reason_code="host")
        plan_evaluation(pathway=planned, actor=actor, due_on=date(2026, 5, 8), planned_on=date(2026, 11, 9))
        suspend_pathway(pathway=paused, actor=actor, starts_on=date(2026, 5, 1), reason="ziek")
        resume_pathway(pathway=paused, actor=actor, on=date(2026, 6, 1))
        suspend_pathway(pathway=waiting, actor=actor, starts_on=date(2026, 4, 1), reason="ziek")
        change_aim(pathway=turned, actor=actor, aim="end_in_itself", starts_on=date(2026, 6, 1))
        change_kind(pathway=moved, actor=actor, programme=care, starts_on=date(2026, 8, 1))
        end_placement(placement=ended.placements.get(), actor=actor, on=TODAY, code="pathway_ended")
        end_pathway(pathway=ended, actor=actor, ends_on=TODAY, code="other")
        found = compare()
        assert set(found) == {way.pk for way in (plain, held, dropped, planned, paused, turned, moved)}
        assert {ended.pk, nowhere.pk, waiting.pk}.isdisjoint(found)


@pytest.mark.django_db
def test_spiders_and_reasons_to_go_on(db: None) -> None:
    link = make_service("link", "link")
    coach = make_staff(link, "coach")
    with inside(link, coach) as actor:
        spider, none, long = (
            make_pathway(coach, starts_on=day, actor=actor)
            for day in (date(2026, 8, 3), date(2026, 8, 4), date(2026, 3, 1))
        )
        scored(spider, actor, date(2026, 8, 10))
        go_on_beyond(pathway=long, actor=actor, reason="Wacht.", review_on=date(2026, 12, 1))
        assert compare() == [long.pk, none.pk, spider.pk]
        (limit,) = queries.with_reasons(queries.limits(histories.read(Pathway.objects.all()), TODAY))
        assert (limit.pathway_id, limit.going_on.reason) == (long.pk, "Wacht.")


@pytest.mark.django_db
def test_deciding_loads_nobody(service: Any, coach: Any) -> None:
    with inside(service):
        make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone")
    with inside(service):
        found = histories.read(Pathway.objects.all())
        assert len(queries.due_evaluations(found, TODAY)) == 1
        assert (current().subjects, current().models) == (set(), set())


@pytest.mark.django_db
def test_the_read_log_holds_whom_the_page_shows_and_nobody_else(
    service: Any, coach: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stapsteen.followup import views

    monkeypatch.setattr(views, "PER_PAGE", 2)
    with inside(service):
        made = [make_placed(coach, starts_on=date(2026, 2, 1), aim="stepping_stone") for _ in range(5)]
    answer = client_of(coach).get(f"/{service.slug}/evaluaties/")
    shown = {
        line["pathway"].person_id
        for name in ("due", "still", "limits", "going_on")
        for line in answer.context[name]
    }
    with inside(service):
        entry = ReadEntry.objects.get(purpose="followup.overview")
        assert (set(entry.subjects), len(entry.subjects)) == (shown, 2)
        assert shown < {pathway.person_id for pathway in made}


TALKS = st.lists(st.tuples(st.sampled_from(["planned", "held", "dropped"]), st.integers(0, 30)), max_size=4)


@given(
    st.sampled_from(sorted(presets())),
    st.dates(date(2020, 1, 1), date(2026, 12, 1)),
    TALKS,
    st.integers(0, 2),
)
def test_the_short_way_to_the_first_moment_is_the_long_one(
    slug: str, start: date, talks: list[tuple[str, int]], which: int
) -> None:
    rules = preset(slug)
    aim = rules.aims[which % len(rules.aims)].id
    days = [m.planned for m in queries.rhythm.due_dates(rules, aim, start, date(2027, 12, 31))]
    rows = [
        Evaluation(
            state=state,
            due_on=days[n] if n < len(days) else start + timedelta(days=n * 11),
            planned_on=start + timedelta(days=n * 20) if state == "planned" else None,
            held_on=start + timedelta(days=n * 17) if state == "held" else None,
        )
        for state, n in talks
    ]
    history = History(
        pk=UUID(int=1),
        person_id=UUID(int=2),
        state="active",
        starts_on=start,
        rules=rules,
        since=start,
        first_day=start,
        aims=[Aim(aim=aim, starts_on=start)],
        evaluations=rows,
    )
    assert queries.due_evaluations([history], TODAY) == queries.open_moments(history, TODAY)[:1]
