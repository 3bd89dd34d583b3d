"""The participant's own pages, opened with a card."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stapsteen.pathways import actions
from stapsteen.pathways.actions.evoluator import Point
from stapsteen.pathways.models import GoalAction, Moment, Score, WheelPosition
from stapsteen.pathways.tests.factories import make_pathway
from stapsteen.people.actions.appointments import plan_appointment
from stapsteen.people.actions.cards import print_card
from stapsteen.people.actions.supporters import add_supporter
from stapsteen.testing.world import inside, make_person, make_service, make_staff

pytestmark = pytest.mark.django_db


class Own:
    """Somebody with a pathway at LINK, and a browser that opened the card."""

    def __init__(self) -> None:
        self.service = make_service("link", "link")
        self.coach = make_staff(self.service, "coach")
        with inside(self.service, self.coach) as actor:
            self.pathway = make_pathway(actor=actor, coach=self.coach)
            self.person = self.pathway.person
            _card, secret, pin = print_card(person=self.person, actor=actor)
        self.client = Client()
        opened = reverse("people.card_open", kwargs={"service": self.service.slug, "secret": secret})
        assert self.client.post(opened, {"pin": pin}).status_code == 302

    def url(self, name: str, **keys: Any) -> str:
        return reverse(f"portals.{name}", kwargs={"service": self.service.slug, **keys})

    def html(self, name: str, **keys: Any) -> str:
        answer = self.client.get(self.url(name, **keys))
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture
def mine(db: None) -> Own:
    return Own()


def test_my_path_leads_to_all_of_it_and_out(mine: Own) -> None:
    html = mine.html("participant")
    for name in ("own_wheel", "own_spider", "own_goals", "own_people", "who_sees_me"):
        assert mine.url(name) in html
        mine.html(name)
    assert "Ik ben klaar" in html


def test_i_fill_in_my_wheel_and_it_says_that_i_said_it(mine: Own) -> None:
    assert "Waar sta ik?" in mine.html("own_wheel")
    answer = mine.client.post(
        mine.url("own_wheel"),
        {"segment": "joining-in", "wish": "helping-out", "what_helped": "Mijn buurvrouw."},
    )
    assert answer["Location"] == mine.url("own_wheel")
    with inside(mine.service):
        last = WheelPosition.objects.filter(pathway=mine.pathway).order_by("-starts_on", "-id")[0]
        assert (last.segment, last.wish, last.what_helped, last.said_by, last.starts_on) == (
            "joining-in", "helping-out", "Mijn buurvrouw.", "participant", timezone.localdate(),
        )  # fmt: skip
    assert mine.client.post(mine.url("own_wheel"), {"segment": "naar-de-maan"}).status_code == 422


def test_i_give_my_own_points_without_seeing_those_of_my_coach(mine: Own) -> None:
    assert "Nog geen punten" in mine.html("own_spider")
    with inside(mine.service, mine.coach) as actor:
        axes = [
            actions.add_axis(pathway=mine.pathway, actor=actor, name=name)
            for name in ("Durven", "Slapen", "Fietsen")
        ]
        moment = actions.begin_moment(pathway=mine.pathway, actor=actor)
        actions.give_scores(
            moment=moment, actor=actor, rater="coach", points={axes[0].pk: Point(2, "geheim-woord")}
        )
    assert mine.url("own_score", moment=moment.pk) in mine.html("own_spider")
    assert "geheim-woord" not in mine.html("own_score", moment=moment.pk)
    given = {f"value_{axis.pk.hex}": "4" for axis in axes[:2]} | {f"note_{axes[0].pk.hex}": "Gaat al beter."}
    assert mine.client.post(mine.url("own_score", moment=moment.pk), given)["Location"] == mine.url(
        "own_spider"
    )
    with inside(mine.service, mine.coach) as actor:
        own = {
            score.axis_id: (score.value, score.note) for score in Score.objects.filter(rater="participant")
        }
        assert own == {
            axes[0].pk: (4, "Gaat al beter."), axes[1].pk: (4, None), axes[2].pk: (None, None)
        }  # fmt: skip
        actions.close_moment(moment=Moment.objects.get(pk=moment.pk), actor=actor)
    assert mine.client.get(mine.url("own_score", moment=moment.pk)).status_code == 404


def test_my_goals_and_what_i_did(mine: Own) -> None:
    assert "Nog geen doelen" in mine.html("own_goals")
    with inside(mine.service, mine.coach) as actor:
        goal = actions.set_goal(pathway=mine.pathway, actor=actor, text="Weer onder de mensen komen")
        action = actions.plan_action(
            pathway=mine.pathway, actor=actor, goal=goal, text="Naar het koor gaan", kind="try_offer",
            offer="Koor", who="participant", due_on=date(2027, 1, 4),
        )  # fmt: skip
    html = mine.html("own_goals")
    assert ("Weer onder de mensen komen" in html, "Naar het koor gaan" in html) == (True, True)
    done = mine.url("own_action_done", action=action.pk)
    assert mine.client.post(done, {"outcome": ""}).status_code == 422
    mine.client.post(done, {"outcome": "goes_on", "outcome_note": "Leuke mensen."})
    with inside(mine.service):
        kept = GoalAction.objects.get()
        assert (kept.state, kept.outcome, kept.outcome_note) == ("done", "goes_on", "Leuke mensen.")
    assert mine.client.get(done).status_code == 404


def test_the_people_around_me_and_when_we_meet(mine: Own) -> None:
    assert "Hier staat nog niemand." in mine.html("own_people")
    with inside(mine.service, mine.coach) as actor:
        add_supporter(
            person=mine.person, actor=actor, kind="professional", name="Dokter De Wit", phone="014 00 00 00"
        )
        plan_appointment(
            person=mine.person, actor=actor, staff=mine.coach,
            starts_at=timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=2), datetime.min.time())),
        )  # fmt: skip
    html = mine.html("own_people")
    assert ("Dokter De Wit" in html, "Er is nog geen afspraak" in html, mine.coach.name in html) == (
        True,
        False,
        True,
    )


def test_without_a_pathway_each_page_says_what_comes(mine: Own) -> None:
    with inside(mine.service, mine.coach) as actor:
        actions.end_pathway(
            pathway=mine.pathway,
            actor=actor,
            ends_on=timezone.localdate(),
            code="goal_reached",
            destination="home",
        )
    for name in ("own_wheel", "own_spider", "own_goals"):
        assert "Hier staat nog niets" in mine.html(name)


def test_another_ones_moment_and_action_stay_closed(mine: Own) -> None:
    with inside(mine.service, mine.coach) as actor:
        other = make_pathway(actor=actor, coach=mine.coach, person=make_person())
        actions.add_axis(pathway=other, actor=actor, name="Durven")
        moment = actions.begin_moment(pathway=other, actor=actor)
        action = actions.plan_action(pathway=other, actor=actor, text="Bellen", who="participant")
    assert mine.client.get(mine.url("own_score", moment=moment.pk)).status_code == 404
    assert mine.client.post(mine.url("own_action_done", action=action.pk), {}).status_code == 404
