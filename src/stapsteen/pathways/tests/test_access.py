"""Who reaches which referral and pathway, and what the states still need."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from stapsteen.core.access import RULES
from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Organisation
from stapsteen.pathways.actions import settle_referral
from stapsteen.pathways.models import GoalAction, Moment, Referral
from stapsteen.pathways.states import nothing_open
from stapsteen.pathways.tests.factories import days_ago, make_pathway, make_referral
from stapsteen.people.models import Person
from stapsteen.testing.world import actor_of, inside, make_staff

pytestmark = pytest.mark.django_db


def reach(name: str, actor: Actor) -> Any:
    """How many objects the rule gives; None for nothing at all."""
    answer = RULES[name].find(actor)
    return answer if answer is None or answer is True else answer.count()


def test_everyone_reaches_what_their_rule_says(
    service: Any, coach: Any, intake: Any, coordinator: Any
) -> None:
    second = make_staff(service, "coach", email="tweede@example.org")
    with inside(service) as system:
        make_pathway(coach)
        make_referral()
        actors = {"system": system, "coach": actor_of(coach), "second": actor_of(second)}
        actors |= {
            "intake": actor_of(intake),
            "coordinator": actor_of(coordinator),
            "visitor": Actor("visitor"),
        }
        found = {
            name: {who: reach(f"pathways.{name}", actor) for who, actor in actors.items()}
            for name in (
                "referral.handle",
                "referral.settle",
                "referral.follow",
                "pathway.guide",
                "pathway.start",
                "refer",
            )
        }
    nobody = dict.fromkeys(actors)
    assert found == {
        "referral.handle": {**nobody, "system": 1, "intake": 1, "coordinator": 1},
        "referral.settle": {**nobody, "system": 1},
        "referral.follow": nobody,
        "pathway.guide": {**nobody, "system": 1, "coach": 1, "second": 0, "coordinator": 1},
        "pathway.start": {**nobody, "system": 2, "coach": 2, "second": 2, "intake": 2, "coordinator": 2},
        "refer": dict.fromkeys(actors, True),
    }


def test_a_referrer_without_an_organisation_follows_nothing(service: Any) -> None:
    assert RULES["pathways.referral.follow"].find(Actor("referrer", roles=frozenset({"referrer"}))) is None
    assert RULES["pathways.referral.status"].find(Actor("visitor")) is None


def test_a_former_file_settles_a_referral_whose_pathway_runs(service: Any, coach: Any) -> None:
    with inside(service) as actor:
        referral = make_referral(received_on=days_ago(50))
        with pytest.raises(RuleBroken, match="nog geen traject"):
            settle_referral(referral=referral, actor=actor, on=timezone.localdate())
        make_pathway(coach, person=referral.person, referral=referral, starts_on=days_ago(40))
        settle_referral(referral=referral, actor=actor, on=days_ago(60))
        settled = Referral.objects.get()
        assert (settled.state, settled.decided_on, settled.decision_code) == (
            "accepted",
            days_ago(50),
            "former_file",
        )


def test_a_pathway_with_an_open_placement_does_not_end() -> None:
    class Placements:
        def filter(self, **_: Any) -> Placements:
            return self

        def exists(self) -> bool:
            return True

    class Running:
        placements = Placements()

    assert nothing_open(Running()) == "Sluit eerst de plek bij de gastorganisatie af."  # type: ignore[arg-type]


def test_without_a_link_no_draft_and_without_a_pathway_no_record(service: Any, coordinator: Any) -> None:
    desk = make_staff(service, "desk")
    with inside(service):
        assert RULES["pathways.draft.resume"].find(actor_of(coordinator)) is None
        assert reach("pathways.funder.fill", actor_of(coordinator)) == 0
        for name in ("pathways.funder.fill", "pathways.goal.keep", "pathways.handover.keep"):
            assert reach(name, actor_of(desk)) is None


def test_a_participant_reaches_what_is_the_own_and_still_runs(service: Any, coach: Any) -> None:
    participant = make_staff(service, "participant")
    with inside(service):
        make_pathway(coach)
        pathway = make_pathway(coach)
        Person.objects.filter(pk=pathway.person_id).update(user_id=participant.user_id)
        base = {"person": pathway.person, "pathway": pathway}
        for number in (1, 2):
            Moment.objects.create(number=number, held_on=timezone.localdate(), **base)
            GoalAction.objects.create(text="Bellen", who="participant", **base)
        Moment.objects.filter(number=1).update(state="closed")
        GoalAction.objects.filter(pk=GoalAction.objects.order_by("pk")[0].pk).update(state="dropped")
        names = [f"pathways.{name}.own" for name in ("pathway", "moment", "action")]
        assert [reach(name, actor_of(participant)) for name in names] == [1, 1, 1]
        assert [reach(name, actor_of(coach)) for name in names] == [None, None, None]


def test_a_centre_follows_its_own_referrals_also_before_anything_was_encrypted(service: Any) -> None:
    centre = Organisation.objects.create(network=service.network, name="De Brug")
    staff = make_staff(service, "referrer", organisation_id=centre.pk)
    with inside(service):
        assert reach("pathways.referral.follow", actor_of(staff)) == 0
        make_referral(referrer=centre)
        make_referral()
        assert reach("pathways.referral.follow", actor_of(staff)) == 1
