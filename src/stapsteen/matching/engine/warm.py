"""Compile every loop once, so that the first real use doesn't wait for it (about ten seconds)."""

from __future__ import annotations

import os
import time

import numpy as np

from stapsteen.matching.engine.hours import best_set, lifted, triples
from stapsteen.matching.engine.jit import forget_old
from stapsteen.matching.engine.layout import lay_out
from stapsteen.matching.engine.master import Master
from stapsteen.matching.engine.pairs import MODES, SKILLS, Model, People, PriceList, Tasks
from stapsteen.matching.engine.problem import HALF_DAYS, from_arrays
from stapsteen.matching.engine.score import missing, rank_for_one, score
from stapsteen.matching.engine.search import Search


def warm() -> None:
    """Score and search one person and one task; the compiled code stays on disk, that of other versions goes."""
    forget_old()
    _score()
    one, number = np.ones(1), np.zeros(1, np.int64)
    whole = dict.fromkeys(("person", "task", "coach", "task_host"), number)
    real = dict.fromkeys(("value", "coach_hours", "support", "host_support", "coach_capacity"), one)
    days = {"halfdays": number + 1, "task_seats": number + 1, "host_halfdays": np.ones((1, 10), np.int64)}
    search = Search(lay_out(from_arrays({**whole, **real, **days})).arrays, time.monotonic() + 600)
    search.learn()
    search.first_answer()
    search.tighten_until_done()
    search.improve()
    master = Master(search.a, search.fill_prices, search.chosen, time.monotonic() + 600, search.stop)
    master.converge(time.monotonic() + 600)
    master.choose(10, 10.0)
    _hours()


def _hours() -> None:
    none, one = np.zeros(1, np.int64), np.ones(1)
    best_set(none, none, one, 1)
    lifted(none, none, one, none, none, 1)
    triples(np.ones((1, 1)), one, 1, 0.0)


def _score() -> None:
    no, one, none = np.zeros(1), np.ones(1), np.zeros(1, np.int64)
    people = People(
        x=no, y=no, reach=np.ones((1, MODES)), language=np.zeros((1, SKILLS), np.int64), avoid=none, wish=none,
        half_days=none + 1, support=one, kinds=none, need=none, ease=no, waiting=no, hours=one,
        refused_start=np.zeros(2, np.int64), refused=np.zeros(0, np.int64),
    )  # fmt: skip
    tasks = Tasks(
        x=no, y=no, modes=none + 15, language=np.zeros((1, SKILLS), np.int64), hazards=none, sector=none,
        half_days=none + 1, days=none + 1, seats=none + 1, host=none, host_support=one, full=none, part=none, weeks=no,
    )  # fmt: skip
    model = Model(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, no, np.zeros((1, 1)), 0.0)
    score(people, tasks, model)
    rank_for_one(people, tasks, model, 0)
    missing(people, tasks, model, PriceList(no, no, np.zeros((1, HALF_DAYS)), no, no), 1)


if __name__ == "__main__":
    os.nice(19)  # beside other work
    warm()
