"""Compile every loop once, so that the first real use doesn't wait for it (about ten seconds)."""

from __future__ import annotations

import os
import time

import numpy as np

from stapsteen.matching.engine.layout import lay_out
from stapsteen.matching.engine.problem import from_arrays
from stapsteen.matching.engine.search import Search


def warm() -> None:
    """Search through a problem of one person and one task; the compiled code stays on disk."""
    one, number = np.ones(1), np.zeros(1, np.int64)
    whole = dict.fromkeys(("person", "task", "coach", "task_host"), number)
    real = dict.fromkeys(("value", "coach_hours", "support", "host_support", "coach_capacity"), one)
    days = {"halfdays": number + 1, "task_seats": number + 1, "host_halfdays": np.ones((1, 10), np.int64)}
    search = Search(lay_out(from_arrays({**whole, **real, **days})).arrays, time.monotonic() + 600)
    search.learn()
    search.first_answer()
    search.tighten_until_done()
    search.improve()


if __name__ == "__main__":
    os.nice(19)  # beside other work
    warm()
