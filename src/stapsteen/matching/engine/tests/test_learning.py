"""What earlier placements teach: counts, rules, the pooled model, and when it may be switched on."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stapsteen.matching.engine import learning
from stapsteen.matching.engine.learning import (
    FIT,
    Count,
    Ended,
    Features,
    History,
    Lack,
    Model,
    Outcome,
    Part,
    count_of,
    counts,
    fit,
    judge,
    lasted,
    rules_chance,
    rules_parts,
)
from stapsteen.matching.engine.problem import Floats

TRUE_FIT = np.array([-0.06, 0.7, 0.2, 0.25, -0.3])
FORBIDDEN = "age birth sex gender origin ethnic national citizen religion health illness diagnos label crim convict record"


def pairs(size: int, chance: np.random.Generator) -> Features:
    return Features(
        distance=chance.gamma(2, 4, size),
        wish=(chance.random(size) < 0.3).astype(float),
        language=chance.integers(0, 5, size).astype(float),
        support=chance.integers(0, 4, size).astype(float),
        sub_task=(chance.random(size) < 0.15).astype(float),
    )


def world(size: int, hosts: int, seed: int, spread: float = 0.7, kinds: int = 4) -> tuple[History, Floats]:
    """Outcomes drawn from a known truth, and that truth."""
    chance = np.random.default_rng(seed)
    host_truth = np.random.default_rng(99).normal(0, spread, hosts)
    cell_truth = np.random.default_rng(98).normal(0, spread / 2, (hosts, kinds))
    features, host, kind = (
        pairs(size, chance),
        chance.integers(0, hosts, size),
        chance.integers(0, kinds, size),
    )
    odds = 0.3 + (np.column_stack(features) - learning.TYPICAL) @ TRUE_FIT
    true = 1 / (1 + np.exp(-(odds + host_truth[host] + cell_truth[host, kind])))
    return History(features, host, kind, chance.random(size) < true), true


# --- Outcomes and counts


def test_a_step_up_is_a_success_and_a_good_exit_is_no_drop_out() -> None:
    assert lasted(Ended.STAYED) is lasted(Ended.STEPPED_UP) is True
    assert lasted(Ended.DROPPED_OUT) is False
    assert lasted(Ended.GOOD_EXIT) is None


def test_of_eight_people_six_stayed() -> None:
    told = [Outcome(3, 1, Ended.STAYED)] * 5 + [Outcome(3, 1, Ended.STEPPED_UP)]
    told += [Outcome(3, 1, Ended.DROPPED_OUT)] * 2 + [Outcome(3, 1, Ended.GOOD_EXIT)] * 4
    found = counts(told)[3, 1]
    assert (found.people, found.lasted) == (8, 6)
    assert found.lower == pytest.approx(0.4093, abs=1e-4)  # Wilson's interval for 6 of 8
    assert found.upper == pytest.approx(0.9285, abs=1e-4)


def test_too_few_people_are_not_told_about() -> None:
    few = [Outcome(1, 0, Ended.STAYED)] * 4 + [Outcome(1, 0, Ended.GOOD_EXIT)] * 9
    assert counts(few) == {}
    assert list(counts(few, fewest=4)) == [(1, 0)]


@pytest.mark.parametrize(("good", "people"), [(0, 10), (10, 10), (1, 1), (500, 1000)])
def test_an_interval_holds_its_rate_and_stays_a_chance(good: int, people: int) -> None:
    found = count_of(good, people)
    assert 0 <= found.lower <= good / people <= found.upper <= 1


def test_more_people_make_it_surer() -> None:
    assert count_of(80, 100).upper - count_of(80, 100).lower < count_of(8, 10).upper - count_of(8, 10).lower


@pytest.mark.parametrize(("good", "people"), [(3, 2), (-1, 2), (0, 0)])
def test_a_count_that_can_not_be_is_refused(good: int, people: int) -> None:
    with pytest.raises(ValueError, match="can't be"):
        count_of(good, people)


# --- What may be learned from


@pytest.mark.parametrize("kind", [Features, History, Outcome, Count])
def test_nothing_of_who_a_person_is_can_be_learned_from(kind: type) -> None:
    names = set(kind.__annotations__)
    assert not [name for name in names for word in FORBIDDEN.split() if name.startswith(word)]
    if kind is Features:
        assert names == {"distance", "wish", "language", "support", "sub_task"}


# --- Rules


def test_the_rules_prefer_near_wished_for_and_well_supported() -> None:
    base = Features(*(np.array([number]) for number in learning.TYPICAL))
    usual = rules_chance(base)[0]
    assert usual == pytest.approx(0.5987, abs=1e-4)
    for better in ({"distance": 1.0}, {"wish": 1.0}, {"language": 3.0}, {"support": 2.0}):
        assert rules_chance(base._replace(**{k: np.array([v]) for k, v in better.items()}))[0] > usual
    for worse in ({"distance": 20.0}, {"language": 0.0}, {"support": 0.0}, {"sub_task": 1.0}):
        assert rules_chance(base._replace(**{k: np.array([v]) for k, v in worse.items()}))[0] < usual


def test_the_reasons_add_up_to_the_chance() -> None:
    features = pairs(50, np.random.default_rng(1))
    odds = learning.RULES_START + rules_parts(features).sum(1)
    assert rules_chance(features) == pytest.approx(1 / (1 + np.exp(-odds)))
    assert rules_parts(features).shape == (50, len(FIT))


def test_the_rules_alone_tell_good_pairs_from_bad_ones() -> None:
    history, true = world(4000, 200, 5)
    p = rules_chance(history.features)
    best, worst = np.argsort(-p)[:1000], np.argsort(p)[:1000]
    assert true[best].mean() > true[worst].mean() + 0.2


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0])
def test_a_feature_that_is_no_number_is_refused(wrong: float) -> None:
    features = pairs(3, np.random.default_rng(1))._replace(distance=np.array([1.0, wrong, 2.0]))
    with pytest.raises(ValueError, match="a feature is missing"):
        rules_chance(features)


# --- The model


def test_it_finds_back_what_the_outcomes_were_drawn_from() -> None:
    history, _true = world(20_000, 200, 7)
    model = fit(history)
    assert np.array(model.fit) == pytest.approx(TRUE_FIT, abs=0.12)
    assert model.host_spread == pytest.approx(0.49, rel=0.35)
    assert model.cell_spread == pytest.approx(0.1225, rel=0.5)


def test_it_is_nearer_to_the_truth_than_the_fit_alone_and_than_counting() -> None:
    history, _ = world(6000, 200, 7)
    later, true = world(4000, 200, 8)
    pooled, alone = fit(history), fit(history, hosts=False)
    rate = np.bincount(history.host, history.lasted, 200) / np.maximum(
        1, np.bincount(history.host, minlength=200)
    )
    far = [
        float(np.sqrt(np.mean((p - true) ** 2)))
        for p in (
            pooled.chance(later.features, later.host, later.support),
            alone.chance(later.features, later.host, later.support),
            rate[later.host],
        )
    ]
    assert far[0] < 0.75 * far[1]
    assert far[0] < 0.75 * far[2]


def test_newton_ends_where_nothing_gets_better() -> None:
    """Checked against small moves of every weight: no other way of computing it is near."""
    history, _ = world(400, 12, 3, kinds=2)
    nest, spread = learning._Nest.of(history), (0.3, 0.1)
    state, _ = nest.mode(nest.nothing(), spread)
    best = nest._loss(state, spread)
    for part in range(3):
        for k in range(len(state[part])):
            for move in (-1e-3, 1e-3):
                moved = [effects.copy() for effects in state]
                moved[part][k] += move
                assert nest._loss(learning._Effects(*moved), spread) > best


def test_hosts_that_do_not_differ_are_not_told_apart() -> None:
    history, _ = world(4000, 100, 4, spread=0.0)
    model = fit(history)
    assert model.host_spread < 0.05
    assert max(abs(effect) for effect, _ in model.host.values()) < 0.25


def test_a_host_of_whom_little_is_known_is_drawn_to_the_others() -> None:
    """Two of two lost say less than thirty of thirty."""
    history, _ = world(3000, 60, 6)
    few, many = np.full(2, 900), np.full(30, 901)
    extra = len(few) + len(many)
    features = Features(
        *(np.r_[a, np.full(extra, t)] for a, t in zip(history.features, learning.TYPICAL, strict=True))
    )
    more = History(
        features,
        np.r_[history.host, few, many],
        np.r_[history.support, np.zeros(extra, np.int64)],
        np.r_[history.lasted, np.zeros(extra, bool)],
    )
    model = fit(more)
    assert model.host[901][0] < model.host[900][0] < 0
    assert model.host[901][1] < model.host[900][1] < model.host_spread


def test_an_unknown_host_gets_the_chance_of_the_fit_drawn_to_a_half() -> None:
    history, _ = world(3000, 60, 6)
    model, one = fit(history), Features(*(np.array([t]) for t in learning.TYPICAL))
    chance = model.chance(one, np.array([12345]), np.array([0]))[0]
    plain = 1 / (1 + np.exp(-model.start))
    assert min(0.5, plain) <= chance <= max(0.5, plain)


def test_the_parts_add_up_to_the_log_odds_without_uncertainty() -> None:
    history, _ = world(2000, 40, 6)
    model = fit(history)
    parts = model.parts(history.features, history.host, history.support)
    assert parts.shape == (2000, len(Part))
    ask = (history.features, history.host, history.support)
    odds = np.log(model.chance(*ask) / (1 - model.chance(*ask)))
    assert np.all(np.sign(np.round(odds, 9)) == np.sign(np.round(model.start + parts.sum(1), 9)))


def test_a_stored_model_says_the_same() -> None:
    history, _ = world(1000, 40, 6)
    model = fit(history)
    back = Model.from_json(json.loads(json.dumps(model.as_json())))
    ask = (history.features, history.host, history.support)
    assert np.array_equal(model.chance(*ask), back.chance(*ask))


def test_a_feature_that_never_differs_and_one_sided_outcomes_are_no_trouble() -> None:
    history, _ = world(300, 10, 2)
    flat = history._replace(features=history.features._replace(wish=np.zeros(300)), lasted=np.ones(300, bool))
    chance = fit(flat).chance(flat.features, flat.host, flat.support)
    assert np.all(np.isfinite(chance))
    assert chance.min() > 0.8


def test_nothing_to_learn_from_is_refused() -> None:
    history, _ = world(10, 3, 2)
    none = History(
        Features(*(a[:0] for a in history.features)),
        history.host[:0],
        history.support[:0],
        history.lasted[:0],
    )
    with pytest.raises(ValueError, match="no outcome"):
        fit(none)
    with pytest.raises(ValueError, match="no later outcome"):
        judge(fit(history), none, fit(history, hosts=False))


# --- Whether it may be switched on


def test_with_many_outcomes_it_may_be_switched_on() -> None:
    history, _ = world(8000, 150, 7)
    later, _ = world(8000, 150, 8)
    verdict = judge(fit(history), later, fit(history, hosts=False))
    assert verdict.enough, verdict
    assert verdict.log_loss < verdict.log_loss_fit_only
    assert abs(verdict.slope - 1) < 0.1
    assert len(verdict.bins) == learning.BINS
    assert sum(one.people for one in verdict.bins) == 8000
    inside = [one.lower - 0.02 <= one.predicted <= one.upper + 0.02 for one in verdict.bins]
    assert sum(inside) >= 8


def test_with_few_outcomes_it_may_not() -> None:
    history, _ = world(300, 150, 7)
    later, _ = world(60, 150, 8)
    verdict = judge(fit(history), later, fit(history, hosts=False))
    assert not verdict.enough
    assert {Lack.TOO_FEW, Lack.TOO_FEW_LATER} <= set(verdict.lacks)


def test_a_model_that_is_too_bold_may_not() -> None:
    history, _ = world(8000, 150, 7)
    later, _ = world(8000, 150, 8)
    model = fit(history)
    bold = Model(2 * model.start, tuple(2 * w for w in model.fit), 0.001, 0.001, {}, {}, model.outcomes)
    verdict = judge(bold, later, fit(history, hosts=False))
    assert verdict.slope < 0.9
    assert {Lack.SLOPE, Lack.NOT_BETTER} <= set(verdict.lacks)


def test_a_model_of_hosts_that_have_changed_since_is_not_better() -> None:
    history, _ = world(2000, 150, 7)
    later, _ = world(4000, 150, 8)
    moved = later._replace(host=later.host[np.random.default_rng(1).permutation(4000)])
    assert Lack.NOT_BETTER in judge(fit(history), moved, fit(history, hosts=False)).lacks
