"""A certificate says what was found and proven, survives JSON, and can be held against the facts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from planning.certificate import Certificate, from_json
from planning.certificate_facts import contradictions, facts_of
from planning.outcome import Outcome
from planning.problem import Assignment, Pin, Problem
from planning.score.check import check, cost_of
from planning.solve import SolveOptions, solve
from tests.unit.planning import in_process
from tests.unit.planning.tiny import away, person, shift


def week(**changes: object) -> Problem:
    shifts = tuple(shift(n, n) for n in range(1, 5))
    return replace(Problem(shifts, (person(1), person(2, history_points=2000))), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def solved() -> Outcome:
    return solve(week(), SolveOptions(seconds=20, seed=3))


def certified(outcome: Outcome) -> Certificate:
    assert outcome.certificate is not None
    return outcome.certificate


def test_it_holds_what_was_found(solved: Outcome) -> None:
    found = certified(solved)
    assert (found.seed, found.seconds_asked, found.reproducible) == (3, 20, False)
    assert found.cost == found.bound == solved.objective == cost_of(check(week(), solved.assignments))
    assert (found.proved, found.gap, found.stopped_by) == (True, 0, "proof")
    assert (found.groups, found.groups_proved) == (1, 1)
    assert (found.missing, found.missing_bound, found.hard_breaches, found.soft_cost) == (0, 0, 0, found.cost)
    assert "highs" in found.engines
    assert found.engine == solved.engine
    assert all(found.versions[name] for name in ("product", "python", "highspy", "numpy"))
    assert found.memory_mb > 0 and found.engines_memory_mb > 0


def test_it_survives_json(solved: Outcome) -> None:
    raw = json.loads(json.dumps(certified(solved).as_json()))
    assert from_json(raw) == certified(solved)


def test_it_is_verified_against_the_facts(solved: Outcome) -> None:
    found = certified(solved)
    assert contradictions(found, facts_of(week(), solved.assignments)) == ()
    assert set(contradictions(found, facts_of(week(), solved.assignments[1:]))) == {
        "roster",
        "cost",
        "missing",
        "soft_cost",
        "proved",
    }
    assert "problem" in contradictions(found, facts_of(week(absences=(away(1, 1),)), solved.assignments))
    assert contradictions(replace(found, bound=found.cost + 1), facts_of(week(), solved.assignments)) == (
        "bound",
        "proved",
    )


def test_without_engines_nothing_is_proven() -> None:
    outcome = solve(week(), SolveOptions(seconds=0))
    found = certified(outcome)
    assert (found.proved, found.bound, found.gap, found.stopped_by) == (False, None, None, "nothing")
    assert (found.engines, found.engine, found.engines_memory_mb) == ((), "greedy", 0)
    assert contradictions(found, facts_of(week(), outcome.assignments)) == ()


def test_empty_seats_and_breaches_by_pins_are_told_apart() -> None:
    """Pins that break rules (rest, twelve hours of any day) are no flaw of the proof; a seat that nobody can take is
    priced and counted."""
    shifts = (shift(1, 0, 7, 8), shift(2, 0, 20, 8), shift(3, 3))
    problem = Problem(shifts, (person(1), person(2)), absences=(away(1, 3), away(2, 3)), pins=(Pin(1, 1), Pin(2, 1)))
    outcome = in_process.solved(problem)
    found = certified(outcome)
    assert Assignment(2, 1) in outcome.assignments
    assert (outcome.status, found.missing, found.missing_bound, found.hard_breaches) == ("infeasible", 1, 1, 2)
    assert found.proved
    assert found.soft_cost < 1000_00 < found.cost


def test_a_hard_rule_that_cannot_be_kept_is_named_and_never_called_optimal() -> None:
    problem = Problem((shift(1, 0), shift(2, 2)), (person(1, min_shifts=2), person(2, min_shifts=2)))
    outcome = in_process.solved(problem)
    assert outcome.status == "feasible"
    assert not certified(outcome).proved
    assert {v.rule for v in outcome.violations if v.hard} == {"limits.min_shifts"}


def test_reproducible_means_one_process_and_the_same_roster() -> None:
    first, second = (solve(week(), SolveOptions(seconds=20, seed=5, reproducible=True)) for _ in range(2))
    assert first.assignments == second.assignments
    assert certified(first).reproducible
    assert certified(first).stopped_by == "proof"
    assert len(certified(first).engines) == 1
