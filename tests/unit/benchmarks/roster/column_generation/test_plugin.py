"""The plugin in the portfolio: it works there, is told nowhere else, and leaves nothing behind."""

from __future__ import annotations

from contextlib import nullcontext
from queue import SimpleQueue

import pytest
from hypothesis import strategies as st

from benchmarks.roster.column_generation.plugin import COLUMN_GENERATION, suits
from planning.codec import to_json
from planning.engines.portfolio.first_incumbent import first_roster
from planning.engines.portfolio.registry import ENGINES, engines_for, joined_by
from planning.engines.portfolio.worker import EngineWorker, Task, WorkerMessage
from planning.outcome import Progress
from planning.problem import Problem
from tests.support.examples import for_any
from tests.unit.benchmarks.roster.column_generation.path_problems import path_problem
from tests.unit.planning.in_process import solved, work
from tests.unit.planning.relabel import relabellings
from tests.unit.planning.test_property_people import proved_cost, proved_missing
from tests.unit.planning.test_property_rosters import (
    News,
    assert_as_told,
    assert_bounds_lie_below,
    assert_lawful,
    drafts,
)
from tests.unit.planning.tiny import person, shift

NAME = COLUMN_GENERATION.engine.name
walks = st.integers(0, 999).map(lambda seed: path_problem(seed, people=3, days=5))
"""Problems for column generation, several of which ask for more than can be."""


def test_it_takes_part_where_it_suits_and_only_while_it_is_asked() -> None:
    own, other = path_problem(0), Problem((shift(1, 0),), (person(1),))
    assert suits(own) and not suits(other)
    with joined_by(COLUMN_GENERATION):
        assert engines_for(own) == (NAME, "highs")
        assert engines_for(other) == ("highs", "lns")
        assert first_roster(own, seed=0)[1] == NAME and first_roster(other, seed=0)[1] == "greedy"
    assert engines_for(own) == ("highs", "lns")
    assert first_roster(own, seed=0)[1] == "greedy"
    assert NAME not in ENGINES


def test_it_leaves_though_the_solve_failed() -> None:
    with pytest.raises(ZeroDivisionError), joined_by(COLUMN_GENERATION):
        raise ZeroDivisionError
    assert NAME not in ENGINES


def test_a_worker_serves_with_an_engine_that_it_knows_by_its_module_alone() -> None:
    problem, inbox = path_problem(2), SimpleQueue[WorkerMessage]()
    worker = EngineWorker(COLUMN_GENERATION.engine, inbox)
    try:
        assert inbox.get(timeout=60).said == {"ready": True}
        worker.give(Task(1, to_json(problem), (), 0.2, 0))
        assert (inbox.get(timeout=60).said or {}).get("task") == 1
    finally:
        worker.kill()


@for_any(walks, examples=50)
def test_every_roster_that_it_emits_is_lawful_and_its_bounds_lie_below(problem: Problem) -> None:
    news: list[News] = []
    with joined_by(COLUMN_GENERATION):
        first, maker = first_roster(problem, seed=0)
        work(NAME, problem, first, emit=lambda *each: news.append(each))
    assert maker == NAME
    rosters = [first, *(roster for roster, _, _ in news)]
    for roster in rosters:
        assert_lawful(problem, roster)
    assert_bounds_lie_below(problem, news, rosters)


@pytest.mark.parametrize("joined", [True, False], ids=["with it", "without it"])
@for_any(walks, st.data(), examples=50)
def test_whatever_solve_returns_passes_the_checker_as_claimed(
    joined: bool, problem: Problem, data: st.DataObject
) -> None:
    told: list[Progress] = []
    yes_or_no = st.booleans()
    with joined_by(COLUMN_GENERATION) if joined else nullcontext():
        outcome = solved(
            problem,
            torn=data.draw(yes_or_no),
            bare=data.draw(yes_or_no),
            reproducible=data.draw(yes_or_no),
            start=data.draw(st.just([]) | drafts(problem)),
            seed=data.draw(st.integers(0, 3)),
            on_progress=told.append,
        )
    assert_as_told(problem, outcome, told)


@for_any(walks, st.data(), examples=50)
def test_relabelling_people_leaves_what_is_proved_alone(problem: Problem, data: st.DataObject) -> None:
    other = data.draw(relabellings(problem))
    with joined_by(COLUMN_GENERATION):
        before, after = solved(problem, bare=True), solved(other, bare=True)
    assert proved_missing(problem, before) == proved_missing(other, after)
    assert proved_cost(before) == proved_cost(after)
