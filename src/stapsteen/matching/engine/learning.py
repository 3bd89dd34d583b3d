"""What earlier placements teach: plain counts first, and beside them a model of the FIT between a person and a task.

Nothing here knows who a person is. `Features` has no place for age, sex, origin, nationality, health or a criminal record,
and no part of the model belongs to a person: only to the fit, to a host, and to a host with a kind of support.

Success is a placement that lasted past its first evaluation, or a step up at any moment. For whom the place is an end in
itself, staying is success as much as moving on is for others. A good exit (work, school, a move) says nothing about the fit
and isn't counted, least of all as drop-out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stapsteen.matching.engine.problem import Floats, Ints

ENOUGH_OUTCOMES = 500
"""Outcomes that the model must have learned from before anybody may switch it on."""
ENOUGH_LATER = 100
"""Later outcomes that it must be judged on: below it a slope is chance."""
SLOPE = (0.9, 1.1)
"""Between these a calibration slope is good: chances neither too bold nor too timid."""
FEWEST_COUNTED = 5
"""Fewer people than this aren't told about: too little is known, and it could be told who they were."""
NORMAL_95 = 1.959964
BINS = 10


class Ended(StrEnum):
    """How a placement stands or ended."""

    STAYED = "stayed"  # past the first evaluation, still there or ended well after it
    STEPPED_UP = "stepped_up"  # to a task that asks more, or to another sphere higher up
    GOOD_EXIT = "good_exit"  # work, school, a move, what the person came for was reached
    DROPPED_OUT = "dropped_out"  # ended before the first evaluation for a reason that lies in the placement


def lasted(ended: Ended) -> bool | None:
    """Whether the placement was a success; None when it says nothing about the fit."""
    if ended is Ended.GOOD_EXIT:
        return None
    return ended is not Ended.DROPPED_OUT


# --- Plain counts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """One placement that ended or passed its first evaluation."""

    host: int
    need: int
    ended: Ended


@dataclass(frozen=True)
class Count:
    """Of `people` who needed this support at this host, `lasted` stayed or stepped up.

    `lower` to `upper` is where the chance lies with 95 % certainty (E. B. Wilson, Journal of the American Statistical
    Association 22, 1927): wide when few are known.
    """

    people: int
    lasted: int
    lower: float
    upper: float


def counts(outcomes: Iterable[Outcome], fewest: int = FEWEST_COUNTED) -> dict[tuple[int, int], Count]:
    """(host, need) -> count, only where at least `fewest` outcomes are known; what isn't here is too little known."""
    told: dict[tuple[int, int], list[bool]] = {}
    for outcome in outcomes:
        result = lasted(outcome.ended)
        if result is not None:
            told.setdefault((outcome.host, outcome.need), []).append(result)
    return {key: count_of(sum(all_), len(all_)) for key, all_ in told.items() if len(all_) >= fewest}


def count_of(good: int, people: int) -> Count:
    """The count with its 95 % interval. ValueError when `good` isn't between 0 and `people`, or `people` is 0."""
    if not 0 <= good <= people or people == 0:
        raise ValueError(f"{good} of {people} people can't be.")
    z2, rate = NORMAL_95**2, good / people
    middle = (rate + z2 / (2 * people)) / (1 + z2 / people)
    half = math.sqrt(rate * (1 - rate) / people + z2 / (4 * people**2)) * NORMAL_95 / (1 + z2 / people)
    lower, upper = min(rate, max(0.0, middle - half)), max(rate, min(1.0, middle + half))  # rounding
    return Count(people, good, lower, upper)


# --- Rules -------------------------------------------------------------------------------------------------------------


class Features(NamedTuple):
    """What is known about the fit of N pairs, N numbers each. Nothing else may be learned from."""

    distance: Floats  # km between home and task
    wish: Floats  # 1 when the task is what the person asked for, else 0
    language: Floats  # steps of Dutch that the person has above what the task asks, 0 and more
    support: Floats  # guidance that the host has left when this person is there, in the person's own units
    sub_task: Floats  # 1 when only a part of the task fits, else 0


class Part(IntEnum):
    """A reason for or against: its place in what `rules_parts` and `Model.parts` give."""

    DISTANCE = 0
    WISH = 1
    LANGUAGE = 2
    SUPPORT = 3
    SUB_TASK = 4
    HOST = 5
    HOST_SUPPORT = 6


FIT = tuple(Part)[:5]
"""The parts that come from `Features`, in its order."""
MOST = (50.0, 1.0, 3.0, 3.0, 1.0)
"""Beyond these a feature counts no further: knowing far more Dutch than is asked makes nobody a better match."""
TYPICAL = (8.0, 0.0, 1.0, 1.0, 0.0)
"""A pair of which nothing speaks for or against: reasons are told relative to it."""
RULES = (-0.05, 0.8, 0.15, 0.2, -0.2)
"""Log-odds per unit of each feature, set by people, not learned: 10 km further weighs as much as 2.5 units of guidance less;
what the person asked for weighs as much as 16 km."""
RULES_START = 0.4
"""Log-odds of a typical pair: six in ten last (0.60)."""


def _matrix(features: Features) -> Floats:
    """N x 5: each feature up to its most. ValueError when a number is missing, negative or endless."""
    table = np.column_stack([np.asarray(column, np.float64) for column in features])
    if not np.all(np.isfinite(table)) or np.any(table < 0):
        raise ValueError("a feature is missing, below zero or endless.")
    return np.minimum(table, MOST)


def rules_parts(features: Features) -> Floats:
    """N x 5: how many log-odds each part (see Part) speaks for (> 0) or against a pair, by the rules alone."""
    return np.asarray((_matrix(features) - TYPICAL) * RULES, np.float64)


def rules_chance(features: Features) -> Floats:
    """N: the chance to last by the rules alone, nothing learned: it ranks tasks unless a service decides otherwise."""
    return _chance(RULES_START + rules_parts(features).sum(1))


def _chance(odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -40, 40))), np.float64)


# --- The model ---------------------------------------------------------------------------------------------------------


class History(NamedTuple):
    """N placements whose outcome counts (see `lasted`)."""

    features: Features
    host: Ints  # any numbers, 0 and more
    support: Ints  # kind of support that the person needed there
    lasted: NDArray[np.bool_]


WIDE, ROUNDS, STEPS, CLOSE = 2.0, 40, 12, 1e-8
"""Prior deviation of a weight of fit (per standard deviation of it); rounds of learning how much hosts differ; Newton steps."""
SMALLEST_SPREAD = 1e-3


@dataclass(frozen=True)
class Model:
    """log-odds = start + fit . features + host + (host, support), hosts shrunk towards none.

    `host` and `host_support`: effect and its variance, only where something is known. Store it with `as_json`.
    """

    start: float
    fit: tuple[float, ...]  # 5, by Part
    host_spread: float  # variance between hosts
    cell_spread: float  # variance between kinds of support within a host
    host: Mapping[int, tuple[float, float]]
    host_support: Mapping[tuple[int, int], tuple[float, float]]
    outcomes: int  # how many it learned from

    def parts(self, features: Features, host: Ints, support: Ints) -> Floats:
        """N x 7: what each part (see Part) speaks for or against, in log-odds, relative to a typical pair and host."""
        own = (_matrix(features) - TYPICAL) * self.fit
        return np.column_stack([own, self._effects(host, support)[:, [0, 2]]])

    def _effects(self, host: Ints, support: Ints) -> Floats:
        """N x 4: effect and variance of the host, and of it with this support; 0 and the full spread when unknown."""
        new, unknown = (0.0, self.host_spread), (0.0, self.cell_spread)
        hosts = [self.host.get(int(h), new) for h in host]
        cells = [self.host_support.get((int(h), int(s)), unknown) for h, s in zip(host, support, strict=True)]
        return np.column_stack([np.array(hosts).reshape(-1, 2), np.array(cells).reshape(-1, 2)])

    def chance(self, features: Features, host: Ints, support: Ints) -> Floats:
        """N: the chance to last, drawn towards a half by what isn't known about the host.

        Choosing the best of many guesses chooses those that err upwards; a guess that counts its own uncertainty errs less
        (D. J. C. MacKay, Neural Computation 4, 1992, for the formula).
        """
        effects = self._effects(host, support)
        odds = self._base(features) + effects[:, 0] + effects[:, 2]
        return _chance(odds / np.sqrt(1 + np.pi / 8 * (effects[:, 1] + effects[:, 3])))

    def _base(self, features: Features) -> Floats:
        return np.asarray(self.start + (_matrix(features) - TYPICAL) @ np.array(self.fit), np.float64)

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and lists, for storage; `from_json` reads it back."""
        return {
            "start": self.start,
            "fit": list(self.fit),
            "host_spread": self.host_spread,
            "cell_spread": self.cell_spread,
            "host": [[h, *numbers] for h, numbers in self.host.items()],
            "host_support": [[*key, *numbers] for key, numbers in self.host_support.items()],
            "outcomes": self.outcomes,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Model:
        """The stored model. KeyError, TypeError or ValueError when it isn't one."""
        return cls(
            float(stored["start"]),
            tuple(float(weight) for weight in stored["fit"]),
            float(stored["host_spread"]),
            float(stored["cell_spread"]),
            {int(h): (float(u), float(v)) for h, u, v in stored["host"]},
            {(int(h), int(s)): (float(u), float(v)) for h, s, u, v in stored["host_support"]},
            int(stored["outcomes"]),
        )


def fit(history: History, *, hosts: bool = True) -> Model:
    """Learn from these outcomes. `hosts=False`: from the fit alone, the model that a pooled one must beat.

    Penalised likelihood; how much hosts differ is learned as well (empirical Bayes by Laplace's approximation: N. E. Breslow
    and D. G. Clayton, Journal of the American Statistical Association 88, 1993). ValueError without any outcome.
    """
    if not len(history.lasted):
        raise ValueError("there is no outcome to learn from.")
    nest = _Nest.of(history)
    spread = (0.25, 0.1) if hosts else (0.0, 0.0)
    state = nest.nothing()
    for _ in range(ROUNDS if hosts else 1):
        state, variance = nest.mode(state, spread)
        if not hosts:
            break
        before, spread = spread, _spread(state, variance)
        if max(abs(a - b) for a, b in zip(before, spread, strict=True)) < 1e-4:
            break
    return nest.model(*nest.mode(state, spread), spread)


class _Effects(NamedTuple):
    """Weights of intercept and fit (6), of hosts (H), of host-support cells (C); or the variances of the last two."""

    fit: Floats
    host: Floats
    cell: Floats


def _spread(state: _Effects, variance: _Effects) -> tuple[float, float]:
    """The variances between hosts, and between cells, that best explain what was found."""
    host = float(np.mean(state.host**2 + variance.host))
    cell = float(np.mean(state.cell**2 + variance.cell))
    return max(SMALLEST_SPREAD, host), max(SMALLEST_SPREAD, cell)


@dataclass(frozen=True)
class _Nest:
    """Outcomes within cells (host and support) within hosts: the shape that lets Newton's step be solved part by part."""

    x: Floats  # N x 6: one, and the fit divided by its deviation
    scale: Floats  # 5
    good: Floats  # N, 0 or 1
    hosts: Ints  # H: the numbers of the hosts
    cells: Ints  # C x 2: host and support
    cell: Ints  # N: which cell
    host_of: Ints  # C: which host

    @classmethod
    def of(cls, history: History) -> _Nest:
        table = _matrix(history.features) - TYPICAL
        scale = np.where(table.std(0) > 1e-9, table.std(0), 1.0)
        pairs = np.column_stack([history.host, history.support]).astype(np.int64)
        cells, cell = np.unique(pairs, axis=0, return_inverse=True)
        hosts, host_of = np.unique(cells[:, 0], return_inverse=True)
        x = np.column_stack([np.ones(len(table)), table / scale])
        good = np.asarray(history.lasted, np.float64)
        return cls(x, scale, good, hosts, cells, cell.reshape(-1), host_of)

    def nothing(self) -> _Effects:
        return _Effects(np.zeros(self.x.shape[1]), np.zeros(len(self.hosts)), np.zeros(len(self.cells)))

    def odds(self, state: _Effects) -> Floats:
        effect = state.host[self.host_of] + state.cell
        return np.asarray(self.x @ state.fit + effect[self.cell], np.float64)

    def mode(self, state: _Effects, spread: tuple[float, float]) -> tuple[_Effects, _Effects]:
        """The likeliest effects for these spreads, and the variances of host and cell around them."""
        for _ in range(STEPS):
            step, variance = self._step(state, spread)
            size = self._length(state, step, spread)
            state = _Effects(*(old + size * move for old, move in zip(state, step, strict=True)))
            if max(float(np.abs(move).max()) for move in step) < CLOSE:
                break
        return state, variance

    def _length(self, state: _Effects, step: _Effects, spread: tuple[float, float]) -> float:
        """1, or half of it as often as is needed to get better."""
        now, size = self._loss(state, spread), 1.0
        for _ in range(20):
            there = _Effects(*(old + size * move for old, move in zip(state, step, strict=True)))
            if self._loss(there, spread) <= now + 1e-12:
                break
            size /= 2
        return size

    def _loss(self, state: _Effects, spread: tuple[float, float]) -> float:
        odds = self.odds(state)
        loss = float(np.sum(np.logaddexp(0, odds) - self.good * odds))
        loss += float(np.sum((state.fit[1:] / WIDE) ** 2)) / 2
        for effect, variance in ((state.host, spread[0]), (state.cell, spread[1])):
            loss += float(np.sum(effect**2)) / (2 * variance) if variance else 0.0
        return loss

    def _step(self, state: _Effects, spread: tuple[float, float]) -> tuple[_Effects, _Effects]:
        """Newton's step: cells are solved in terms of hosts, hosts in terms of the fit, the fit directly."""
        p = _chance(self.odds(state))
        weight, rest, h, c = p * (1 - p) + 1e-12, self.good - p, len(self.hosts), len(self.cells)
        prior = np.r_[0.0, np.full(len(self.scale), WIDE**-2)]
        inner = (self.x * weight[:, None]).T @ self.x + np.diag(prior)
        g_fit = self.x.T @ rest - prior * state.fit
        w_cell = np.bincount(self.cell, weight, minlength=c)
        x_cell = np.column_stack([np.bincount(self.cell, weight * x, minlength=c) for x in self.x.T])
        r_cell = np.bincount(self.cell, rest, minlength=c)
        if spread[0] == 0.0:
            return _Effects(np.linalg.solve(inner, g_fit), np.zeros(h), np.zeros(c)), self.nothing()
        e_cell, g_cell = w_cell + 1 / spread[1], r_cell - state.cell / spread[1]
        share = w_cell / e_cell
        d_host = _sum(self.host_of, w_cell - w_cell * share, h) + 1 / spread[0]
        g_host = _sum(self.host_of, r_cell - share * g_cell, h) - state.host / spread[0]
        x_left = x_cell * (1 - share)[:, None]
        x_host = np.column_stack([_sum(self.host_of, column, h) for column in x_left.T])
        inner -= x_cell.T @ (x_cell / e_cell[:, None]) + x_host.T @ (x_host / d_host[:, None])
        g_fit -= x_cell.T @ (g_cell / e_cell) + x_host.T @ (g_host / d_host)
        move = np.linalg.solve(inner, g_fit)
        move_host = (g_host - x_host @ move) / d_host
        move_cell = (g_cell - x_cell @ move - w_cell * move_host[self.host_of]) / e_cell
        v_host = 1 / d_host
        variance = _Effects(np.zeros(len(move)), v_host, 1 / e_cell + share**2 * v_host[self.host_of])
        return _Effects(move, move_host, move_cell), variance

    def model(self, state: _Effects, variance: _Effects, spread: tuple[float, float]) -> Model:
        known = spread[0] > 0
        host = zip(self.hosts.tolist(), state.host.tolist(), variance.host.tolist(), strict=True)
        cell = zip(self.cells.tolist(), state.cell.tolist(), variance.cell.tolist(), strict=True)
        return Model(
            float(state.fit[0]),
            tuple((state.fit[1:] / self.scale).tolist()),
            *spread,
            {h: (u, v) for h, u, v in host} if known else {},
            {(h, s): (u, v) for (h, s), u, v in cell} if known else {},
            len(self.good),
        )


def _sum(index: Ints, numbers: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(index, numbers, minlength=size), np.float64)


# --- Judging it on what came later --------------------------------------------------------------------------------------


class Lack(StrEnum):
    """Why a model may not be switched on."""

    TOO_FEW = "too_few"  # outcomes to learn from
    TOO_FEW_LATER = "too_few_later"  # outcomes to be judged on
    NOT_BETTER = "not_better"  # than the fit alone
    SLOPE = "slope"  # chances too bold or too timid


@dataclass(frozen=True)
class Bin:
    """One point of the calibration plot: of `people` with about this chance, so many lasted (95 % interval around it)."""

    predicted: float
    observed: float
    lower: float
    upper: float
    people: int


@dataclass(frozen=True)
class Verdict:
    """How the model did on outcomes that it hadn't seen."""

    slope: float  # 1: chances are as bold as they should be; below: too bold
    slope_error: float  # its standard error
    intercept: float  # 0: neither too hopeful nor too gloomy
    log_loss: float  # lower is better
    log_loss_fit_only: float  # of the model without hosts
    bins: tuple[Bin, ...]
    outcomes: int  # learned from
    later: int  # judged on
    lacks: tuple[Lack, ...]

    @property
    def enough(self) -> bool:
        """Whether a service may switch it on."""
        return not self.lacks


def judge(model: Model, later: History, fit_only: Model) -> Verdict:
    """Hold `model` against outcomes of AFTER those it learned from, beside `fit(history, hosts=False)` of the same history.

    Calibration as D. R. Cox, Biometrika 45, 1958: outcome against log-odds foretold. ValueError without any later outcome.
    """
    if not len(later.lasted):
        raise ValueError("there is no later outcome to judge by.")
    good = np.asarray(later.lasted, np.float64)
    p = model.chance(later.features, later.host, later.support)
    other = fit_only.chance(later.features, later.host, later.support)
    intercept, slope, error = _calibration(p, good)
    losses = _log_loss(p, good), _log_loss(other, good)
    lacks = _lacks(model, len(good), losses, slope)
    return Verdict(slope, error, intercept, *losses, _bins(p, good), model.outcomes, len(good), lacks)


def _lacks(model: Model, later: int, losses: tuple[float, float], slope: float) -> tuple[Lack, ...]:
    tests = {
        Lack.TOO_FEW: model.outcomes < ENOUGH_OUTCOMES,
        Lack.TOO_FEW_LATER: later < ENOUGH_LATER,
        Lack.NOT_BETTER: losses[0] >= losses[1],
        Lack.SLOPE: not SLOPE[0] <= slope <= SLOPE[1],
    }
    return tuple(lack for lack, found in tests.items() if found)


def _log_loss(p: Floats, good: Floats) -> float:
    kept = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-np.mean(good * np.log(kept) + (1 - good) * np.log(1 - kept)))


def _calibration(p: Floats, good: Floats) -> tuple[float, float, float]:
    """Intercept, slope and the slope's standard error of outcome against log-odds; a trace of ridge keeps them finite."""
    kept = np.clip(p, 1e-6, 1 - 1e-6)
    x = np.column_stack([np.ones(len(kept)), np.log(kept / (1 - kept))])
    w, ridge = np.array([0.0, 1.0]), np.diag([1e-3, 1e-3])
    for _ in range(50):
        q = _chance(x @ w)
        curve = (x * (q * (1 - q))[:, None]).T @ x + ridge
        step = np.linalg.solve(curve, x.T @ (good - q) - ridge @ (w - [0.0, 1.0]))
        w = w + step * min(1.0, 2.0 / max(1e-9, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(w[0]), float(w[1]), float(np.sqrt(np.linalg.inv(curve)[1, 1]))


def _bins(p: Floats, good: Floats) -> tuple[Bin, ...]:
    """About as many people in each; fewer bins when there are few people."""
    size = int(np.clip(len(p) // 20, 1, BINS))
    return tuple(_bin(p[some], good[some]) for some in np.array_split(np.argsort(p, kind="stable"), size))


def _bin(p: Floats, good: Floats) -> Bin:
    known = count_of(int(good.sum()), len(good))
    return Bin(float(p.mean()), float(good.mean()), known.lower, known.upper, len(good))
