"""Reproducible mode: what is not proven ends by counted work, at the same place on every machine."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from benchmarks.roster import tet
from planning.codec import from_json
from planning.engines import work_budget
from planning.engines.local_search.engine import build
from planning.engines.mip import branch_and_bound
from planning.engines.portfolio import registry, scheduler
from planning.engines.portfolio.worker import Task, WorkerMessage
from planning.engines.work_budget import Meter, WorkBudget
from planning.problem import Assignment, Problem
from planning.solve import SolveOptions, solve
from tests.unit.planning.in_process import ROOMY, Counting, solved_by_count
from tests.unit.planning.tiny import person, shift

HARD = tet.generate(24, 14, 2)  # not proven in a few seconds
first_roster = cache(lambda: build(HARD))


def searched(seconds: float, budget: float = 0.2) -> tuple[list[Assignment], int, WorkBudget]:
    """(roster, bound, what was done) of HiGHS on the hard problem."""
    heard: list[tuple[Any, int, int]] = []
    done = WorkBudget(budget, seconds)
    branch_and_bound.improve(
        HARD, first_roster(), seconds=seconds, seed=1, emit=lambda *news: heard.append(news), work=done
    )
    return list(heard[-1][0]), heard[-1][1], done


def test_an_unproven_search_ends_at_the_same_place_whatever_the_clock() -> None:
    one, other = searched(ROOMY), searched(2 * ROOMY)
    assert one[:2] == other[:2] and one[2].spent == other[2].spent
    assert one[2].spent >= one[2].budget and not one[2].is_clocked
    assert searched(ROOMY, budget=0.1)[2].spent < 0.2, "it is the budget that ends it"


def test_the_clock_is_a_hard_end_and_told_of() -> None:
    done = WorkBudget(1000.0, 0.3)
    branch_and_bound.improve(HARD, first_roster(), seconds=0.3, seed=1, emit=lambda *news: None, work=done)
    assert done.is_clocked and done.spent < done.budget


def test_work_counts_more_at_the_root_and_for_large_programmes() -> None:
    done = WorkBudget(10.0, 10.0)
    meter = Meter(done, 50_000, 1.0)
    at_start = done.spent
    assert not meter.count(0)
    root = done.spent - at_start
    meter.count(1)
    assert 0 < done.spent - at_start - root < root == pytest.approx(50_000 * work_budget.AT_ROOT)
    assert any(meter.count(0) for _ in range(10)), "its share is used up long before the budget is"
    assert done.spent < 2.0
    larger = WorkBudget(10.0, 10.0)
    Meter(larger, 500_000, 1.0)
    assert larger.spent > 10 * at_start


def test_two_reproducible_solves_without_a_proof_are_the_same() -> None:
    one, other = solved_by_count(HARD, seed=3, slow=1600), solved_by_count(HARD, seed=3, slow=1600)
    assert one.certificate is not None and other.certificate is not None
    assert one.certificate.stopped_by == other.certificate.stopped_by == "work"
    assert not one.certificate.proved and one.fault is None
    assert one.assignments == other.assignments
    assert one.bound == other.bound and one.bound is not None


def test_units_share_the_work_and_what_one_leaves_goes_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, float]] = []
    give = Counting.give

    def note(self: Counting, task: Task) -> None:
        given.append((len(from_json(task.problem).shifts), task.work or 0.0))
        give(self, task)

    monkeypatch.setattr(Counting, "give", note)
    small = tuple(shift(900_000 + n, n, unit="S", headcount=1) for n in range(3))
    staff = (
        person(900_001, unit="S", eligible_units=frozenset({"S"})),
        person(900_002, unit="S", eligible_units=frozenset({"S"})),
    )
    problem = Problem((*HARD.shifts, *small), (*HARD.staff, *staff), settings=HARD.settings)
    outcome = solved_by_count(problem, seed=3)
    assert outcome.certificate is not None and outcome.certificate.stopped_by == "work"
    (first, little), (second, rest) = given[:2]
    assert first == 3 and second == len(HARD.shifts)
    assert little == scheduler.LEAST_SHARE and ROOMY - 20 < rest < ROOMY
    assert outcome.certificate.groups_proved == 1


def test_what_an_engine_that_does_not_count_leaves_open_was_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    class Idle(Counting):
        def give(self, task: Task) -> None:
            assert task.work is None
            self.inbox.put(WorkerMessage(self, {"done": task.number}))  # type: ignore[arg-type]

    monkeypatch.setattr(scheduler, "EngineWorker", Idle)
    monkeypatch.setitem(registry.ENGINES, "idle", registry.Engine("idle", "nowhere"))
    monkeypatch.setattr(scheduler, "engines_for", lambda problem: ("idle",))
    outcome = solve(HARD, SolveOptions(seconds=10, reproducible=True))
    assert outcome.certificate is not None and outcome.certificate.stopped_by == "clock"
