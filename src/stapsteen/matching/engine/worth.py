"""What one proposal is worth in the caseload: the chance to last, fairness, and not reshuffling for nothing.

Counted from the chance alone, a caseload places first whoever is easy to place. So the chance counts as *gain over the
person's own baseline*, and waiting adds. What repeats the previous proposal is worth a little more. The solver adds up what
this gives; floors per group come beside it (D. Freund and others, "Group fairness in dynamic refugee assignment", EC 2023).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stapsteen.matching.engine.problem import Floats, Ints

SMALLEST = 0.01
"""A possible pair is never worth nothing: somebody who may go somewhere counts."""


@dataclass(frozen=True)
class Weights:
    """How much each part counts, in units of chance (1 is the difference between never and surely lasting)."""

    usual: float = 0.5
    """What being placed counts for a person for whom a task is neither better nor worse than their others."""
    no_creaming: float = 1.0
    """0: the chance itself counts; 1: only what it is above the person's own baseline."""
    a_week: float = 0.015
    """What each week of waiting adds."""
    most_weeks: float = 52.0
    """Weeks beyond which waiting adds no more."""
    same: float = 0.07
    """What repeating the previous proposal adds: a third of the proposals change after 5 % of news without it, 6 % with it."""

    def __post_init__(self) -> None:
        if not 0 <= self.no_creaming <= 1:
            raise ValueError(f"no_creaming is {self.no_creaming}; 0 to 1 is needed.")
        for name in ("usual", "a_week", "most_weeks", "same"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(f"{name} is {getattr(self, name)}; 0 or more is needed.")


FAIR = Weights()


def worth(
    p: Floats,
    baseline: Floats,
    weeks_waited: Floats,
    same_as_before: NDArray[np.bool_],
    weights: Weights = FAIR,
) -> Floats:
    """C: the value of each column, above zero.

    All per column (C): `p` the chance that the placement lasts, `baseline` the person's own (see `baselines`), both 0 to 1;
    `weeks_waited` >= 0 of the person; `same_as_before`: whether the column repeats the previous proposal. The solver's
    file has a place of its own for that last part (`previous`, `keep_bonus`): give it here or there, not in both.
    ValueError when a number is out of range or the shapes differ.
    """
    _check(p, baseline, weeks_waited, same_as_before)
    gain = p - weights.no_creaming * baseline + weights.no_creaming * weights.usual
    waiting = weights.a_week * np.minimum(weeks_waited, weights.most_weeks)
    return np.maximum(SMALLEST, gain) + waiting + weights.same * same_as_before


def baselines(person: Ints, p: Floats) -> Floats:
    """C: the mean chance over all columns of the column's person. `person` (C): 0 to n - 1."""
    size = int(person.max()) + 1 if len(person) else 0
    count = np.bincount(person, minlength=size)
    mean = np.bincount(person, p, minlength=size) / np.maximum(1, count)
    return np.asarray(mean[person], np.float64)


def _check(p: Floats, baseline: Floats, weeks: Floats, same: NDArray[np.bool_]) -> None:
    for name, chance in (("p", p), ("baseline", baseline)):
        if not np.all((chance >= 0) & (chance <= 1)):
            raise ValueError(f"{name} holds what is no chance between 0 and 1.")
    if not np.all((weeks >= 0) & (weeks < np.inf)):
        raise ValueError("weeks_waited holds what is no number of weeks.")
    shapes = {np.shape(p), np.shape(baseline), np.shape(weeks), np.shape(same)}
    if len(shapes) > 1:
        raise ValueError(f"one number per column is needed; the shapes are {sorted(shapes)}.")
