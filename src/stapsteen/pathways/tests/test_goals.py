"""What goals and actions refuse, and that they then stay as they were."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from stapsteen.pathways.actions import (
    add_axis,
    drop_action,
    end_pathway,
    finish_action,
    plan_action,
    plan_visit,
    set_goal,
    word_goal,
)
from stapsteen.pathways.models import Goal, Pathway
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.models import Appointment
from stapsteen.testing.refusals import refused
from stapsteen.testing.world import inside, make_service, make_staff

pytestmark = pytest.mark.django_db
WORDLESS = ("text", "Schrijf het in eigen woorden.")
TRY = {"text": "Samen gaan kijken", "who": "participant", "kind": "try_offer", "offer": "Fietsclub"}


@pytest.fixture
def link(db: Any) -> Any:
    return make_service("link", "link")


@pytest.fixture
def guide(link: Any) -> Any:
    return make_staff(link, "coach")


@pytest.fixture
def pathway(link: Any, guide: Any) -> Pathway:
    with inside(link):
        return make_pathway(guide)


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


def test_a_goal_gets_other_words_and_another_axis(link: Any, pathway: Pathway) -> None:
    with inside(link) as actor:
        axis = add_axis(pathway=pathway, actor=actor, name="Durven")
        goal = set_goal(pathway=pathway, actor=actor, text="De bus nemen")
        word_goal(goal=goal, actor=actor, text=" Alleen de bus nemen ", axis=axis)
        kept = Goal.objects.get()
        assert (kept.text, kept.axis_id, kept.state) == ("Alleen de bus nemen", axis.pk, "open")


def test_a_goal_has_words_and_an_axis_of_its_own_pathway(link: Any, guide: Any, pathway: Pathway) -> None:
    with inside(link) as actor:
        goal = set_goal(pathway=pathway, actor=actor, text="De bus nemen")
        foreign = add_axis(pathway=make_pathway(guide), actor=actor, name="Durven")
        told = ("axis", "Deze as is van een ander traject.")
        assert refused(set_goal, pathway=pathway, actor=actor, text="Durven", axis=foreign) == told
        assert refused(word_goal, goal=goal, actor=actor, text="Durven", axis=foreign) == told
        assert refused(set_goal, pathway=pathway, actor=actor, text=" ") == WORDLESS
        assert refused(word_goal, goal=goal, actor=actor, text=" ") == WORDLESS


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"who": "neighbour"}, ("who", "Kies wie dit doet en wat het is.")),
        ({"kind": "dream"}, ("who", "Kies wie dit doet en wat het is.")),
        ({"who": "other"}, ("who_else", "Schrijf wie dit doet.")),
        ({"kind": "try_offer", "offer": " "}, ("offer", "Schrijf wat jullie willen uitproberen.")),
        ({"text": " "}, WORDLESS),
    ],
)
def test_an_action_that_cannot_be(link: Any, pathway: Pathway, given: dict[str, Any], told: Any) -> None:
    with inside(link) as actor:
        values = {"text": "Bellen", "who": "coach", **given}
        assert refused(plan_action, pathway=pathway, actor=actor, **values) == told


def test_an_action_hangs_on_a_goal_of_its_own_pathway(link: Any, guide: Any, pathway: Pathway) -> None:
    with inside(link) as actor:
        goal = set_goal(pathway=make_pathway(guide), actor=actor, text="De bus nemen")
        told = refused(plan_action, pathway=pathway, actor=actor, text="Bellen", who="coach", goal=goal)
        assert told == ("goal", "Dit doel is van een ander traject.")


def test_an_ended_pathway_gets_no_goal_and_no_action(link: Any, pathway: Pathway) -> None:
    with inside(link) as actor:
        end_pathway(pathway=pathway, actor=actor, ends_on=timezone.localdate(), code="other")
        told = (None, "Dit traject is afgerond.")
        assert refused(set_goal, pathway=pathway, actor=actor, text="De bus nemen") == told
        assert refused(plan_action, pathway=pathway, actor=actor, text="Bellen", who="coach") == told


def test_the_first_time_together_is_planned_once_and_only_to_try(link: Any, pathway: Pathway) -> None:
    with inside(link) as actor:
        call = plan_action(pathway=pathway, actor=actor, text="Bellen", who="coach")
        told = refused(plan_visit, action=call, actor=actor, starts_at=tomorrow())
        assert told == (None, "Dit is geen aanbod om uit te proberen.")
        club = plan_action(pathway=pathway, actor=actor, **TRY)
        plan_visit(action=club, actor=actor, starts_at=tomorrow())
        told = refused(plan_visit, action=club, actor=actor, starts_at=tomorrow())
        assert told == (None, "Er is al een afspraak voor de eerste keer.")
        assert Appointment.objects.get().kind == "first_time"


@pytest.mark.parametrize(
    ("hours", "tried", "state"), [(-1, True, "held"), (30, True, "planned"), (30, False, "cancelled")]
)
def test_who_says_how_it_went_need_not_note_the_meeting(
    link: Any, pathway: Pathway, hours: int, tried: bool, state: str
) -> None:
    with inside(link) as actor:
        club = plan_action(pathway=pathway, actor=actor, **TRY)
        club = plan_visit(action=club, actor=actor, starts_at=timezone.now() + timedelta(hours=hours))
        if tried:
            finish_action(action=club, actor=actor, outcome="liked")
        else:
            drop_action(action=club, actor=actor)
        assert Appointment.objects.get().state == state


@pytest.mark.parametrize(
    ("outcome", "message"), [("splendid", "Kies hoe het ging."), ("", "Zeg hoe het ging.")]
)
def test_how_it_was_to_try_is_said(link: Any, pathway: Pathway, outcome: str, message: str) -> None:
    with inside(link) as actor:
        club = plan_action(pathway=pathway, actor=actor, **TRY)
        assert refused(finish_action, action=club, actor=actor, outcome=outcome) == ("outcome", message)
