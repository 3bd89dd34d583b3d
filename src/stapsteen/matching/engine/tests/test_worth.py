"""What a proposal is worth: nobody is passed over for being hard to place, waiting counts, nothing moves for nothing."""

from __future__ import annotations

import numpy as np
import pytest

from stapsteen.matching.engine.worth import FAIR, SMALLEST, Weights, baselines, worth

NO = np.zeros(1, bool)


def one(p: float, baseline: float, weeks: float = 0, *, same: bool = False, weights: Weights = FAIR) -> float:
    found = worth(np.array([p]), np.array([baseline]), np.array([weeks]), np.array([same]), weights)
    return float(found[0])


def test_the_same_gain_is_worth_the_same_for_who_is_easy_and_who_is_hard_to_place() -> None:
    assert one(0.9, 0.8) == pytest.approx(one(0.3, 0.2))
    assert one(0.9, 0.8, weights=Weights(no_creaming=0)) > one(0.3, 0.2, weights=Weights(no_creaming=0))


def test_a_better_task_is_worth_more_to_the_same_person() -> None:
    assert one(0.6, 0.5) > one(0.5, 0.5) > one(0.4, 0.5)


def test_waiting_adds_up_to_a_year() -> None:
    assert one(0.5, 0.5, 26) == pytest.approx(one(0.5, 0.5) + 26 * FAIR.a_week)
    assert one(0.5, 0.5, 60) == one(0.5, 0.5, 52)


def test_what_was_proposed_before_is_worth_a_little_more() -> None:
    assert one(0.5, 0.5, same=True) == pytest.approx(one(0.5, 0.5) + FAIR.same)


def test_a_possible_pair_is_never_worth_nothing() -> None:
    assert one(0.0, 1.0) == SMALLEST


def test_a_baseline_is_the_mean_of_the_person() -> None:
    person, p = np.array([1, 0, 1, 3]), np.array([0.2, 0.5, 0.6, 0.9])
    assert baselines(person, p).tolist() == pytest.approx([0.4, 0.5, 0.4, 0.9])
    assert baselines(person[:0], p[:0]).tolist() == []


@pytest.mark.parametrize(
    ("p", "baseline", "weeks", "words"),
    [(1.2, 0.5, 0, "p holds"), (0.5, np.nan, 0, "baseline holds"), (0.5, 0.5, -1, "weeks_waited holds")],
)
def test_a_number_out_of_range_is_named(p: float, baseline: float, weeks: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        one(p, baseline, weeks)


def test_arrays_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one number per column"):
        worth(np.zeros(2), np.zeros(1), np.zeros(2), NO)


@pytest.mark.parametrize("wrong", [{"no_creaming": 2}, {"same": -1}, {"a_week": float("nan")}])
def test_weights_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Weights(**wrong)
