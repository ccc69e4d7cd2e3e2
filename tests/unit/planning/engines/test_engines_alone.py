"""Each engine alone, from the greedy's roster and from none: what it claims, against every roster that there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from benchmarks.roster.column_generation import engine as paths
from benchmarks.roster.column_generation.plugin import COLUMN_GENERATION
from planning.claims import Claim
from planning.engines.local_search.engine import build
from planning.engines.mip import lns, lns_pair_exchange
from planning.engines.portfolio.registry import ENGINES, joined_by
from planning.problem import Assignment, Problem, Wanted
from planning.score.score import Score
from tests.support.examples import seeds
from tests.unit.benchmarks.roster.column_generation.path_problems import path_problem
from tests.unit.benchmarks.roster.column_generation.test_engine import best_of_all as best_of_rows
from tests.unit.planning.in_process import solved, work
from tests.unit.planning.soft_cover import NO_LAW, best_of_all, crowded, judged, soft_cover
from tests.unit.planning.tiny import person, shift

Told = tuple[Score, Claim]
"""The score of a roster that was told, as the checker has it, and what was claimed with it."""
STARTS: dict[str, Callable[[Problem], Sequence[Assignment]]] = {
    "greedy": lambda problem: build(problem, tries=0),
    "empty": lambda problem: (),
}
STEPS = 20
# Two people, of whom the second can spare the first both shifts; presolve alone sees which.
TWO = Problem(
    (
        shift(1, 0, 22, 8, headcount=0, points=800, wanted=Wanted(1, 1_00, 3_00)),
        shift(2, 3, 15, 8, headcount=0, points=300, wanted=Wanted(2, 70_00, 3_00)),
    ),
    (person(1, history_points=13_00), person(2, history_points=14_00)),
    settings=NO_LAW,
)
LEAST_OF_TWO = 14_00


@pytest.fixture(autouse=True)
def shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    """People deal for a moment, so that HiGHS has its turn."""
    monkeypatch.setattr(lns_pair_exchange, "DEALS", 20)
    monkeypatch.setattr(lns_pair_exchange, "MOST_WARM", 5)
    monkeypatch.setattr(lns, "OFTEN", 1.0)


def told_by(engine: str, problem: Problem, start: Sequence[Assignment], seed: int, steps: int = STEPS) -> list[Told]:
    """All that the engine tells; an engine that goes on for ever takes some steps."""
    told: list[Told] = []

    def emit(roster: Sequence[Assignment], bound: int, missing: int) -> None:
        told.append((judged(problem, roster), Claim(bound, missing)))

    work(engine, problem, start, emit=emit, seed=seed, steps=steps)
    return told


def assert_true(told: Sequence[Told], best: Score) -> None:
    """No claim is belied by the best roster, and what is called the best is."""
    for score, claim in told:
        assert not claim.is_belied_by(best), (score, claim, best)
        if claim == (score.cost, score.missing, 0) and not score.broken and not score.lacking:
            assert score == best


@pytest.mark.parametrize("seed", seeds(500))
def test_no_claim_of_an_engine_alone_is_belied_by_any_roster(seed: int) -> None:
    problem = soft_cover(seed)
    best = best_of_all(problem)
    for start in STARTS.values():
        assert_true(told_by("lns", problem, start(problem), seed), best)
        told = told_by("highs", problem, start(problem), seed)
        assert_true(told, best)
        assert told[-1] == (best, Claim(best.cost, best.missing)), "it finds and proves the best"


@pytest.mark.parametrize("seed", seeds(500))
def test_no_claim_of_column_generation_alone_is_belied_by_any_roster(seed: int) -> None:
    problem = path_problem(seed, people=2, days=4)
    best = best_of_rows(problem)
    with joined_by(COLUMN_GENERATION):
        told = [
            each
            for start in (paths.build(problem, seed=seed), ())
            for each in told_by(COLUMN_GENERATION.engine.name, problem, start, seed, steps=1)
        ]
    for score, claim in told:
        assert best is None or claim.bound <= best, (score, claim)
        if claim.bound == score.cost and not score.broken and not score.lacking:
            assert score.cost == best


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("engine", ["highs", "lns"])
@pytest.mark.parametrize("seed", range(4))
def test_a_start_that_is_handed_back_is_not_the_best(
    seed: int, engine: str, start: Callable[[Problem], Sequence[Assignment]]
) -> None:
    assert best_of_all(TWO).cost == LEAST_OF_TWO
    told = told_by(engine, TWO, start(TWO), seed)
    assert_true(told, best_of_all(TWO))


@pytest.mark.parametrize("seed", range(4))
def test_beside_a_crowd_what_is_shown_as_proved_is_the_best(seed: int) -> None:
    """Of more than 45 people the search around a roster goes first, here without a roster to begin with."""
    outcome = solved(crowded(TWO), bare=True, seed=seed)
    assert (outcome.status, outcome.objective, outcome.bound) == ("optimal", LEAST_OF_TWO, LEAST_OF_TWO)
    assert outcome.fault is None


def test_every_engine_is_asked() -> None:
    assert list(ENGINES) == ["highs", "lns"]
