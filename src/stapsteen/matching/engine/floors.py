"""Floors for groups: no group may be left far behind the best that the worst-off group could have.

First the fairest share is sought, the largest t such that every group can get t per person at once (a linear problem);
each group's floor is a part of it. Nine tenths cost 0.2 % of the total where the whole costs 1.3 % (500 x 600); the idea is
D. Freund and others, "Group fairness in dynamic refugee assignment", EC 2023.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stapsteen.matching.engine.layout import lay_out
from stapsteen.matching.engine.milp import fairest_share
from stapsteen.matching.engine.problem import Ints, Problem

SECONDS = 10.0
MOST_COLUMNS = 60_000
"""Beyond this the fairest share isn't sought; waiting and the own baseline are then what keeps it fair."""


def with_floors(problem: Problem, group: Sequence[int], share: float) -> Problem:
    """The problem with `share` (0 to 1) of the fairest share as each group's floor.

    `group` (n): the group of each person, 0 and more. Who can't go anywhere counts in no group. As it was when there is one
    group only, nothing to choose, or it is too large. That whole people can meet the floors isn't promised: solve() says so.
    """
    groups = _with_columns(problem, np.asarray(group, np.int64))
    sizes = np.bincount(groups[groups >= 0], minlength=1)
    if np.count_nonzero(sizes) < 2 or len(problem.person) > MOST_COLUMNS or share <= 0:
        return problem
    grouped = replace(problem, group=groups, group_floor=np.zeros(len(sizes)))
    layout = lay_out(grouped)
    best = fairest_share(layout.arrays, sizes.astype(float), SECONDS) * layout.worth_unit
    floor = np.asarray(share * max(0.0, best) * sizes, np.float64)
    return replace(grouped, group_floor=floor)


def _with_columns(problem: Problem, group: Ints) -> Ints:
    """-1 for who has no column, or whose place is decided."""
    has = np.zeros(len(group), bool)
    has[problem.person] = True
    has[problem.fixed >= 0] = False
    return np.where(has, group, -1)
