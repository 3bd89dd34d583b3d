"""Which pairs matter: begin with the best few tasks of each person, add what the prices say is missing, until it is proven
that all others together can't be worth more than a little (column generation over every possible pair).

What a person likes best isn't what is best for all: with 20 tasks a person a fifth of the value may be out of reach.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stapsteen.matching.engine.layout import lay_out
from stapsteen.matching.engine.pairs import Model, People, PriceList, Tasks
from stapsteen.matching.engine.problem import Problem
from stapsteen.matching.engine.score import Columns, missing, score
from stapsteen.matching.engine.search import Search
from stapsteen.matching.engine.solve import by_file

LOSS = 0.005
"""What leaving out pairs may cost at most, as a share of the bound."""
FIRST, ADDED, ROUNDS = 20, 12, 20
"""Tasks of a person to begin with, and in each round; rounds at most."""


@dataclass(frozen=True)
class Complete:
    """The columns, and proof: over ALL pairs no answer is worth more than `bound`, of which `loss` for those left out."""

    columns: Columns
    bound: float
    loss: float
    rounds: int

    @property
    def share(self) -> float:
        """The loss as a share of the bound."""
        return self.loss / self.bound if self.bound > 0 else 0.0


def complete(
    people: People,
    tasks: Tasks,
    model: Model,
    problem_of: Callable[[Columns], Problem],
    seconds: float = 60.0,
    most: float = LOSS,
) -> Complete:
    """Add columns until leaving out the rest costs at most the share `most`, or the time is over.

    `problem_of` makes the problem of these columns: people and tasks numbered as here, value as scored.
    """
    deadline, columns, number = time.monotonic() + seconds, score(people, tasks, model, FIRST), 0
    while True:
        number += 1
        bound, prices = _prices(problem_of(columns), deadline)
        more, over = missing(people, tasks, model, prices, ADDED)
        found = Complete(columns, bound + over, over, number)
        if found.share <= most or time.monotonic() > deadline or number == ROUNDS:
            return found
        columns = _joined(columns, more)


def _prices(problem: Problem, deadline: float) -> tuple[float, PriceList]:
    """The bound of these columns, and the prices that it was found at."""
    layout = lay_out(problem)
    search = Search(layout.arrays, max(deadline, time.monotonic() + 1.0))
    search.learn()
    told = by_file(layout, search.price_arrays())
    person = np.zeros(len(problem.support))
    person[layout.people] = search.limit_prices.person * layout.worth_unit
    hour = told.coach[problem.coach] if len(told.coach) else np.zeros(len(person))
    prices = PriceList(told.seat, told.support, told.halfday, hour, person)
    return search.bound * layout.worth_unit + layout.decided_worth, prices


def _joined(one: Columns, two: Columns) -> Columns:
    """Each pair on the same half-days once."""
    both = [np.concatenate(pair) for pair in zip(_arrays(one), _arrays(two), strict=True)]
    keys = np.column_stack(both[:3])
    _, first = np.unique(keys, axis=0, return_index=True)
    person, task, days, value, hours = (array[np.sort(first)] for array in both)
    return Columns(person, task, days, value, hours, one.possible)


def _arrays(c: Columns) -> tuple[np.ndarray, ...]:
    return c.person, c.task, c.halfdays, c.value, c.coach_hours
