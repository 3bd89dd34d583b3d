"""Scoring: the fast way gives what the plain way gives; rules delete; the certificate holds; reasons add up."""

from __future__ import annotations

import numpy as np
import pytest

from stapsteen.matching.engine.pairs import SMALLEST, Model, Part, People, PriceList, Rule, Tasks
from stapsteen.matching.engine.score import certified_loss, rank_for_one, score
from stapsteen.matching.engine.tests.towns import random_model, random_people, random_tasks

N, M = 60, 80


@pytest.fixture(params=[1, 2])
def world(request: pytest.FixtureRequest) -> tuple[People, Tasks, Model]:
    seed = request.param
    return random_people(N, M, seed, towns=2), random_tasks(M, seed, towns=2), random_model(M, seed)


def failed(people: People, tasks: Tasks, i: int, j: int) -> set[Rule]:
    """The rules, said plainly."""
    both = int(people.half_days[i]) & int(tasks.half_days[j])
    reach = max((people.reach[i, way] for way in range(4) if tasks.modes[j] >> way & 1), default=0)
    refused = people.refused[people.refused_start[i] : people.refused_start[i + 1]]
    tests = {
        Rule.SEATS: tasks.seats[j] < 1,
        Rule.HAZARD: people.avoid[i] & tasks.hazards[j] != 0,
        Rule.LANGUAGE: bool((tasks.language[j] > people.language[i]).any()),
        Rule.SUPPORT: people.support[i] > tasks.host_support[j] or people.kinds[i] & tasks.full[j] != 0,
        Rule.HALF_DAYS: both.bit_count() < tasks.days[j],
        Rule.DISTANCE: reach <= 0 or np.hypot(people.x[i] - tasks.x[j], people.y[i] - tasks.y[j]) > reach,
        Rule.REFUSED: j in refused,
    }
    return {rule for rule, fails in tests.items() if fails}


def odds(people: People, tasks: Tasks, model: Model, i: int, j: int) -> float:
    need, sector, host = people.need[i], tasks.sector[j], tasks.host[j]
    km = np.hypot(people.x[i] - tasks.x[j], people.y[i] - tasks.y[j])
    wish = model.wish * (int(people.wish[i]) >> int(sector) & 1)
    known = zip(people.language[i], tasks.language[j], strict=True)
    steps = min((have - asked for have, asked in known if asked and have < 7), default=0)
    level = model.per_level * min(3, steps)
    given = model.per_support * min(3.0, tasks.host_support[j] - people.support[i])
    own = model.intercept + people.ease[i] + model.per_km * km + level + wish + given
    own += model.part * tasks.part[j] + model.per_week * tasks.weeks[j]
    return float(own + model.host[host] + model.host_need[host, need])


def value(people: People, model: Model, i: int, total: float) -> float:
    def chance(x: float) -> float:
        return 1 / (1 + np.exp(-x))

    gain = chance(model.intercept) - chance(model.intercept + people.ease[i])
    return max(SMALLEST, chance(total) + model.no_creaming * gain + people.waiting[i])


def test_every_possible_pair_and_no_other_gets_its_value(world: tuple[People, Tasks, Model]) -> None:
    people, tasks, model = world
    columns = score(people, tasks, model, keep=M)
    pairs = {(i, j): v for i, j, v in zip(columns.person, columns.task, columns.value, strict=True)}
    allowed = {(i, j) for i in range(N) for j in range(M) if not failed(people, tasks, i, j)}
    assert set(pairs) == allowed
    assert columns.possible.sum() == len(allowed) > 50
    for (i, j), found in pairs.items():
        assert found == pytest.approx(value(people, model, i, odds(people, tasks, model, i, j)))


def test_the_best_are_kept_and_a_column_asks_the_days_of_its_task(world: tuple[People, Tasks, Model]) -> None:
    people, tasks, model = world
    everything, few = score(people, tasks, model, keep=M), score(people, tasks, model, keep=3)
    for i in range(N):
        best = sorted({*everything.value[everything.person == i]}, reverse=True)[:3]
        assert sorted({*few.value[few.person == i]}, reverse=True) == best
    for i, j, days in zip(few.person, few.task, few.halfdays, strict=True):
        assert int(days).bit_count() == tasks.days[j]
        assert days & ~(people.half_days[i] & tasks.half_days[j]) == 0


def test_the_priced_loss_covers_what_was_left_out(world: tuple[People, Tasks, Model]) -> None:
    """Without prices: the bound of the kept columns is each person's best; the loss is then exactly nothing or more."""
    people, tasks, model = world
    few = score(people, tasks, model, keep=2)
    hosts = int(tasks.host.max()) + 1
    seat = np.random.default_rng(1).random(M)
    day, hour, support = np.zeros((hosts, 10)), np.zeros(N), np.zeros(hosts)
    person = np.zeros(N)
    np.maximum.at(person, few.person, few.value - seat[few.task])
    everything = score(people, tasks, model, keep=M)
    full = np.zeros(N)
    np.maximum.at(full, everything.person, everything.value - seat[everything.task])
    loss = certified_loss(people, tasks, model, PriceList(seat, support, day, hour, person))
    assert loss == pytest.approx((full - person).sum())
    assert loss > 0


def test_reasons_add_up_and_what_is_almost_possible_is_told_by_rule(
    world: tuple[People, Tasks, Model],
) -> None:
    people, tasks, model = world
    for i in range(10):
        told, almost = rank_for_one(people, tasks, model, i)
        able = [j for j in range(M) if not failed(people, tasks, i, j)]
        assert {one.task for one in told} <= set(able)
        assert len(told) == min(20, len(able))
        assert [one.chance for one in told] == sorted((one.chance for one in told), reverse=True)
        for one in told:
            assert set(one.parts) == set(Part)
            assert 1 / (1 + np.exp(-sum(one.parts.values()))) == pytest.approx(one.chance)
        single = [rules for j in range(M) if len(rules := failed(people, tasks, i, j)) == 1]
        assert {a.rule: a.count for a in almost} == {r: single.count({r}) for r in Rule if {r} in single}
        assert all(failed(people, tasks, i, a.best_task) == {a.rule} for a in almost)


def test_who_is_easy_to_place_is_not_worth_more() -> None:
    people, tasks = random_people(N, M, 3, towns=2), random_tasks(M, 3, towns=2)
    easy = people._replace(ease=people.ease + 1.5, waiting=people.waiting * 0)
    plain = people._replace(waiting=people.waiting * 0)
    gaps = []
    for no_creaming in (0.0, 1.0):
        model = random_model(M, 3, no_creaming)
        gaps.append(score(easy, tasks, model, M).value.mean() - score(plain, tasks, model, M).value.mean())
    assert gaps[1] < 0.3 * gaps[0]


def test_nobody_or_no_task_gives_no_columns() -> None:
    assert len(score(random_people(0, 5, 1), random_tasks(5, 1), random_model(5, 1)).person) == 0
    assert len(score(random_people(5, 0, 1), random_tasks(0, 1), random_model(0, 1)).person) == 0
