"""Column generation against what trying everything says."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from benchmarks.roster.column_generation.adapter import read_model, suits
from benchmarks.roster.column_generation.construction import first_roster
from benchmarks.roster.column_generation.engine import build, improve
from benchmarks.roster.column_generation.generate import generate
from benchmarks.roster.column_generation.horizon import around, keep_tail, whole
from benchmarks.roster.column_generation.master_problem import Master
from benchmarks.roster.column_generation.model import PathModel
from benchmarks.roster.column_generation.pricing_problem import Pricer
from planning.problem import Pin, Problem
from planning.score.check import check, cost_of
from planning.settings import Setting
from tests.support.examples import seeds
from tests.unit.benchmarks.roster.column_generation.path_problems import (
    all_paths,
    as_assignments,
    legal_paths,
    path_problem,
    random_model,
)


@pytest.mark.parametrize("seed", seeds(40))
def test_cheapest_path_is_the_cheapest_of_all(seed: int) -> None:
    model = random_model(seed)
    least, columns = Pricer(model, whole(model)).price(range(model.people), model.cost, most=3)
    for person in range(model.people):
        legal = [path for path in all_paths(model.days, model.kinds) if model.is_legal(person, path)]
        prices = [model.path_cost(person, path) for path in legal]
        assert least[person] == pytest.approx(min(prices, default=np.inf))
        own = [each for each in columns if each.place == person]
        assert bool(own) == bool(legal)
        for each in own:
            assert model.is_legal(person, each.path)
            assert each.price == pytest.approx(model.path_cost(person, each.path))
        assert not own or min(each.price for each in own) == pytest.approx(min(prices))


@pytest.mark.parametrize("seed", seeds(40))
def test_every_path_near_the_cheapest_is_found_once(seed: int) -> None:
    model = random_model(seed, people=1)
    pricer = Pricer(model, whole(model))
    least, _ = pricer.price([0], model.cost)
    if not np.isfinite(least[0]):
        return
    legal = [path for path in all_paths(model.days, model.kinds) if model.is_legal(0, path)]
    for slack in (0.0, 5.0, 12.0):
        near = sorted(p.tolist() for p in legal if model.path_cost(0, p) <= least[0] + slack + 1e-9)
        found = pricer.near(0, model.cost[0], slack + 1e-9, 5000)
        assert found is not None
        assert sorted(found.tolist()) == near
    assert pricer.near(0, model.cost[0], 1e6, 0) is None


def held_roster(seed: int, rng: np.random.Generator) -> tuple[PathModel, np.ndarray]:
    """A model of nine days, the first from this seed on in which everybody has a legal path, and some such paths."""
    for number in range(seed * 100, seed * 100 + 100):
        model = random_model(number, people=2, days=9)
        paths = list(all_paths(model.days, model.kinds))[:: 3 if number % 2 else 1]
        legal = [[path for path in paths if model.is_legal(person, path)] for person in range(model.people)]
        if all(legal):
            return model, np.array([own[rng.integers(len(own))] for own in legal])
    raise AssertionError("no such model")


@pytest.mark.parametrize("seed", seeds(15))
def test_a_stretch_of_days_is_solved_within_what_stays_around_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model, roster = held_roster(seed, rng)
    first = int(rng.integers(0, 6))
    span = around(model, first, min(model.days - 1, first + 2))
    cost = model.cost[:, span.days].copy()
    keep_tail(cost, roster, span)
    least, columns = Pricer(model, span, held=roster).price([0, 1], cost)
    for person in range(model.people):
        prices = []
        for part in all_paths(span.last - span.first + 1, model.kinds):
            path = roster[person].copy()
            path[span.first : span.last + 1] = part
            if model.is_legal(person, path):
                prices.append(model.path_cost(person, path[span.days], span.first))
        assert least[person] == pytest.approx(min(prices))
    for each in columns:
        path = roster[each.place].copy()
        path[span.days] = each.path
        assert model.is_legal(each.place, path)


@pytest.mark.parametrize("seed", seeds(12))
def test_the_arrays_say_what_the_checker_says(seed: int) -> None:
    problem = path_problem(seed)
    assert suits(problem)
    model = read_model(problem)
    for person in range(model.people):
        by_checker = {path.tobytes() for path in legal_paths(problem, model, person)}
        by_model = {p.tobytes() for p in all_paths(model.days, model.kinds) if model.is_legal(person, p)}
        assert by_model == by_checker
    rng = np.random.default_rng(seed)
    for _ in range(20):
        choice = [list(all_paths(model.days, model.kinds))[rng.integers(3**model.days)] for _ in problem.staff]
        table = np.array(
            [
                np.where(np.isfinite(model.cost[p, np.arange(model.days), path]), path, model.kinds)
                for p, path in enumerate(choice)
            ]
        )
        assert model.price(table) == cost_of(check(problem, model.assignments(table)))
        assert (model.table(model.assignments(table)) == table).all()


def best_of_all(problem: Problem) -> int | None:
    """The least cost of any roster without a hard breach; None when somebody has no legal row."""
    model = read_model(problem)
    rows = [legal_paths(problem, model, person) for person in range(model.people)]
    return min((model.price(np.array(table)) for table in product(*rows)), default=None)


def solvable(seed: int, *, people: int = 2) -> tuple[Problem, int]:
    """The first problem from this seed on in which everybody can keep their own limits, with its least cost."""
    for number in range(seed * 100, seed * 100 + 100):
        problem = path_problem(number, people=people, days=4)
        if (best := best_of_all(problem)) is not None:
            return problem, best
    raise AssertionError("no such problem")


@pytest.mark.parametrize("seed", seeds(12))
def test_rosters_are_valid_and_bounds_below_the_best(seed: int) -> None:
    problem, best = solvable(seed)
    told: list[tuple[int, int]] = []

    def emit(roster, bound, missing):  # type: ignore[no-untyped-def]
        violations = check(problem, roster)
        assert not any(violation.hard for violation in violations)
        told.append((cost_of(violations), bound))

    start = build(problem, seed=seed)
    assert not any(violation.hard for violation in check(problem, start))
    improve(problem, start, seconds=2, seed=seed, emit=emit)
    assert told[-1][0] == best
    assert max(bound for _, bound in told) <= best
    assert [cost for cost, _ in told] == sorted((cost for cost, _ in told), reverse=True)


def test_the_linear_bound_is_proven_at_every_step() -> None:
    problem, best = solvable(5, people=3)
    model = read_model(problem)
    heard: list[float] = []
    master = Master(model, range(model.people), whole(model), np.zeros((model.days, model.kinds)))
    bound = generate(master, Pricer(model, whole(model)), until=np.inf, on_bound=heard.append)
    assert bound == heard[-1] == max(heard) <= best - model.constant + 1e-6
    assert bound == pytest.approx(master.objective, abs=0.05)


def test_least_minutes_out_of_reach_still_give_a_roster_but_no_bound() -> None:
    problem = path_problem(3)
    greedy = replace(problem.staff[0], limits=problem.staff[0].limits | {"hours.total:least": 99_999})
    problem = replace(problem, staff=(greedy, *problem.staff[1:]))
    hard = {violation.rule for violation in check(problem, build(problem, seed=0)) if violation.hard}
    assert hard == {"hours.total"}
    bounds: list[int] = []
    improve(problem, (), seconds=0.5, seed=0, emit=lambda roster, bound, missing: bounds.append(bound))
    assert set(bounds) == {0}


def test_the_same_seed_gives_the_same_first_roster() -> None:
    model = read_model(path_problem(8, people=6, days=10))
    again = first_roster(read_model(path_problem(8, people=6, days=10)), seed=4)
    assert (first_roster(model, seed=4) == again).all()


def test_a_better_roster_from_elsewhere_is_taken_over() -> None:
    problem, _ = solvable(1, people=3)
    model = read_model(problem)
    rows = [legal_paths(problem, model, person) for person in range(model.people)]
    best = min((np.array(table) for table in product(*rows)), key=model.price)
    told: list[int] = []
    improve(
        problem,
        (),
        seconds=1,
        seed=0,
        hear=lambda: model.assignments(best),
        emit=lambda roster, bound, missing: told.append(cost_of(check(problem, roster))),
    )
    assert told[-1] == model.price(best)


@pytest.mark.parametrize(
    "change",
    [
        lambda p: replace(p, shifts=tuple(replace(s, headcount=1) for s in p.shifts)),
        lambda p: replace(p, shifts=tuple(replace(s, wanted=None) for s in p.shifts)),
        lambda p: replace(p, shifts=tuple(replace(s, form="standby") for s in p.shifts)),
        lambda p: replace(p, shifts=tuple(replace(s, points=1_00) for s in p.shifts)),
        lambda p: replace(p, shifts=tuple(replace(s, skills={"x": 1}) for s in p.shifts)),
        lambda p: replace(p, pins=(Pin(1, 1),)),
        lambda p: replace(p, staff=tuple(replace(s, max_shifts=2) for s in p.staff)),
        lambda p: replace(p, settings={**p.settings, "runs.max_days": Setting(hard=False)}),
        lambda p: replace(p, settings={**p.settings, "hours.day": Setting(on=True)}),
        lambda p: replace(p, settings={**p.settings, "continuity.template": Setting(on=True)}),
        lambda p: replace(p, shifts=p.shifts[:1] + tuple(replace(s, id=s.id + 99) for s in p.shifts)),
    ],
)
def test_problems_of_other_kinds_are_left_to_other_engines(change) -> None:  # type: ignore[no-untyped-def]
    problem = path_problem(0)
    assert suits(problem)
    assert not suits(change(problem))


def test_paths_of_one_person_are_their_assignments() -> None:
    model = read_model(path_problem(2))
    path = np.array([0, model.kinds, 1, 0, model.kinds])
    assert [each.staff_id for each in as_assignments(model, 1, path)] == [model.staff_ids[1]] * 3
