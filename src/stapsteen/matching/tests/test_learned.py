"""What earlier placements teach: counts from five people on, and a model that must prove itself before it is used."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from stapsteen.core.errors import RuleBroken
from stapsteen.core.scope import Actor
from stapsteen.hosts.models import Host, Organisation
from stapsteen.matching import actions, learned
from stapsteen.matching.engine.learning import Ended, Features, History
from stapsteen.matching.models import Proposal, Settings
from stapsteen.matching.tests.factories import (
    SYSTEM,
    make_place,
    make_seeker,
    offer_of,
    ranking_of,
    seeker_of,
)
from stapsteen.pathways.models import Pathway
from stapsteen.placements.models import Placement
from stapsteen.testing.world import inside

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def scope(service: Any, coach: Any) -> Any:
    with inside(service) as actor:
        yield actor


def days(number: int) -> Any:
    return TODAY - timedelta(days=number)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"state": "active", "starts_on": days(30)}, None),
        ({"state": "active", "starts_on": days(200)}, Ended.STAYED),
        ({"starts_on": days(200), "ends_on": days(20), "end_code": "stopped_by_person"}, Ended.STAYED),
        ({"starts_on": days(60), "ends_on": days(20), "end_code": "stopped_by_person"}, Ended.DROPPED_OUT),
        ({"starts_on": days(60), "ends_on": days(20), "end_code": "change_by_host"}, Ended.DROPPED_OUT),
        ({"starts_on": days(60), "ends_on": days(20), "end_code": "health"}, Ended.GOOD_EXIT),
        ({"starts_on": days(60), "ends_on": days(20), "end_code": "goal_reached"}, Ended.GOOD_EXIT),
        (
            {"starts_on": days(60), "ends_on": days(20), "end_code": "goal_reached", "stepped_up": True},
            Ended.STEPPED_UP,
        ),
        (
            {"starts_on": days(60), "ends_on": days(20), "end_code": "pathway_ended", "stepped_up": True},
            Ended.STEPPED_UP,
        ),
        (
            {"starts_on": days(60), "ends_on": days(20), "end_code": "pathway_ended", "why": "moved"},
            Ended.GOOD_EXIT,
        ),
        (
            {"starts_on": days(60), "ends_on": days(20), "end_code": "pathway_ended", "why": "lost_contact"},
            Ended.DROPPED_OUT,
        ),
    ],
)
def test_stepping_up_is_success_and_a_good_exit_says_nothing(row: dict[str, Any], expected: Any) -> None:
    """For an end in itself staying is success: nobody scores lower for not moving on."""
    given = {
        "state": "ended",
        "ends_on": None,
        "end_code": "",
        "pathway__stepped_up": row.pop("stepped_up", False),
        "pathway__end_code": row.pop("why", ""),
        **row,
    }
    assert learned.how_it_went(given, TODAY) == expected


def placed(coach: Any, host: Host, task: Any, number: int, *, support: list[str], stayed: int) -> None:
    """So many people with this support were there a year ago, so many of them past the first evaluation."""
    Organisation.objects.update(asks_per_month=50)
    for n in range(number):
        pathway = make_seeker(coach, f"P{n}", support=support, days=400)
        actions.choose_task(
            pathway=pathway, actor=SYSTEM, offer=offer_of(task), starts_on=TODAY, half_days=1, weight=1
        )
        last = {"ends_on": days(200 if n < stayed else 370), "end_code": "stopped_by_person"}
        Placement.objects.filter(pathway=pathway).update(state="active")
        Placement.objects.filter(pathway=pathway).update(state="ended", starts_on=days(390), **last)


def test_a_count_is_told_from_five_people_on_with_its_uncertainty(scope: Actor, coach: Any) -> None:
    host, task = make_place(seats=20, places=50)
    placed(coach, host, task, 4, support=["rest"], stayed=4)
    nothing = {host.pk: ["Hoe het hier eerder ging: daarover weten we nog te weinig."]}
    assert learned.told({host.pk}, ["rest"]) == nothing
    placed(coach, host, task, 4, support=["rest", "language"], stayed=2)
    assert learned.told({host.pk}, ["rest"]) == {
        host.pk: [
            "Van 8 mensen die hier dit nodig hadden (rustige plek en rustig tempo), bleven er 6 na de eerste evaluatie. "
            "Dat zijn er te weinig om er zeker van te zijn."
        ]
    }
    assert learned.told({host.pk}, ["language", "physical"]) == learned.told({host.pk}, []) == nothing
    [count, unknown] = learned.told({host.pk}, ["language", "rest"])[host.pk]
    assert (count[:16], unknown) == (
        "Van 8 mensen die",
        "Over deze steun weten we hier nog te weinig: hulp met de taal.",
    )
    assert learned.told(set(), ["rest"]) == {}


@pytest.mark.parametrize(
    ("lasted", "words"),
    [(20, "Dat gaat hier meestal goed."), (0, "Dat lukte hier vaak niet"), (10, "te weinig om er zeker van")],
)
def test_certainty_in_words(lasted: int, words: str) -> None:
    assert words in learned.in_words("rest", learning_count(lasted, 20))
    assert "zonder extra steun" in learned.in_words("", learning_count(lasted, 20))


def learning_count(lasted: int, people: int) -> Any:
    from stapsteen.matching.engine.learning import count_of

    return count_of(lasted, people)


def test_history_is_the_fit_as_it_was_when_it_was_chosen(scope: Actor, coach: Any) -> None:
    host, task = make_place(seats=20, places=50, sector="care")
    placed(coach, host, task, 3, support=["language"], stayed=1)
    keys, everything = learned.history()
    assert keys == [host.pk]
    assert everything.lasted.tolist() == [True, False, False]
    assert everything.support.tolist() == [1, 1, 1]
    assert everything.features.distance.tolist() == [0.0, 0.0, 0.0]
    Proposal.objects.update(trace=None)
    assert learned.history()[0] == []


def test_the_features_are_the_engines(scope: Actor, coach: Any) -> None:
    pathway = make_seeker(coach, sectors=["care"], dutch_speaking="3")
    _host, task = make_place(town="Mol", sector="care", dutch_speaking="1.2", places=2)
    km, wish, margin, support, part = learned.fit_of(seeker_of(pathway), offer_of(task))
    assert 15 < km < 25
    assert (wish, margin, support, part) == (1.0, 2.0, 1.0, 0.0)


def synthetic(size: int, seed: int = 1) -> History:
    """Outcomes that follow the fit and the host, as far as chance allows."""
    chance = np.random.default_rng(seed)
    features = Features(
        chance.uniform(0, 20, size),
        (chance.random(size) < 0.5).astype(float),
        chance.integers(0, 4, size).astype(float),
        chance.integers(0, 4, size).astype(float),
        np.zeros(size),
    )
    host = chance.integers(0, 8, size)
    odds = 0.5 - 0.08 * features.distance + 1.2 * features.wish + chance.normal(0, 1.2, 8)[host]
    return History(features, host, np.zeros(size, np.int64), chance.random(size) < 1 / (1 + np.exp(-odds)))


def test_enough_outcomes_and_better_on_later_ones_before_it_may_be_used(
    scope: Actor, coach: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pathway = make_seeker(coach)
    hosts = [make_place(f"Host {n}", f"Taak {n}")[0].pk for n in range(8)]
    monkeypatch.setattr(learned, "history", lambda: (hosts, synthetic(200)))
    row = learned.learn(actor=SYSTEM)
    assert not row.model["verdict"]["enough"]
    assert "too_few" in row.model["verdict"]["lacks"]
    with pytest.raises(RuleBroken, match="te weinig"):
        actions.keep_settings(actor=SYSTEM, on=True, coach_hours=8, learning=True)
    monkeypatch.setattr(learned, "history", lambda: (hosts, synthetic(6000)))
    verdict = learned.learn(actor=SYSTEM).model["verdict"]
    assert verdict["enough"], verdict["lacks"]
    assert verdict["log_loss"] < verdict["log_loss_fit_only"]
    assert 0.9 <= verdict["slope"] <= 1.1
    assert learned.learned_now() is None  # off by default
    before = [choice.offer.host.pk for choice in ranking_of(pathway).choices]
    actions.keep_settings(actor=SYSTEM, on=True, coach_hours=8, learning=True)
    model = learned.learned_now()
    assert model is not None
    assert model.version.startswith("geleerd-")
    from stapsteen.matching import facts
    from stapsteen.matching.ranking import Ground, rank

    after = rank(seeker_of(pathway), Ground.lay(facts.offers(TODAY), TODAY, learned=model))
    assert sorted(before) == sorted(choice.offer.host.pk for choice in after.choices)
    best = max(range(8), key=lambda n: model.model.host[n][0])
    assert after.choices[0].offer.host.pk == hosts[best]
    monkeypatch.setattr(learned, "history", lambda: (hosts, synthetic(40)))
    assert not learned.learn(actor=SYSTEM).learning  # what is no longer good enough goes off by itself


def test_learning_needs_the_right(scope: Actor) -> None:
    with pytest.raises(RuleBroken, match="rol"):
        learned.learn(actor=Actor("coach", roles=frozenset({"coach"})))
    assert not Settings.objects.exists()
    assert not Pathway.objects.exists()
