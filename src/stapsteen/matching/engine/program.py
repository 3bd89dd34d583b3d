"""A linear program for HiGHS: every one of ours is `rows of parts <= most`, columns between 0 and `upper`."""

from __future__ import annotations

from typing import Any, NamedTuple

import highspy
import numpy as np

from stapsteen.matching.engine.problem import Floats, Ints

ENDLESS = highspy.kHighsInf


class Sparse(NamedTuple):
    """Compressed by column: those of column c stand at start[c]:start[c + 1]."""

    start: Ints
    row: Ints
    part: Floats

    @classmethod
    def of(cls, column: Ints, row: Ints, part: Floats, columns: int) -> Sparse:
        """From loose entries, each place once."""
        order = np.lexsort((row, column))
        return cls(np.searchsorted(column[order], np.arange(columns + 1)), row[order], part[order])

    @property
    def column(self) -> Ints:
        """The column of each entry."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


def program(
    worth: Floats,
    most: Floats,
    parts: Sparse,
    *,
    upper: Floats | None = None,
    whole: bool = False,
    **options: Any,
) -> highspy.Highs:
    """The program that looks for the most worth, on one thread and silent. `upper`: 1 unless told; `options`: of HiGHS."""
    model, size = highspy.HighsLp(), len(worth)
    model.num_col_, model.num_row_ = size, len(most)
    model.col_cost_ = -worth
    model.col_lower_, model.col_upper_ = np.zeros(size), np.ones(size) if upper is None else upper
    model.row_lower_, model.row_upper_ = np.full(len(most), -ENDLESS), most
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = parts
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * size
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {"output_flag": False, "threads": 1, **options}.items():
        solver.setOptionValue(option, value)
    solver.passModel(model)
    return solver


def is_solved(solver: highspy.Highs) -> bool:
    """Whether HiGHS found the best."""
    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def worth_of(solver: highspy.Highs) -> float:
    """What the answer is worth."""
    return -float(solver.getInfo().objective_function_value)
