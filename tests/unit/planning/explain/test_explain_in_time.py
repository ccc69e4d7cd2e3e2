"""An explanation keeps its limit: what is asked of a solver ends in time, and what there is by then is told."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import pytest

from planning.engines.mip import shortage_bound
from planning.engines.portfolio.prover import GRACE_SECONDS
from planning.explain import deadline
from planning.explain.conflicts import _Proofs, conflict_of
from planning.explain.deadline import InTime
from planning.explain.empty_seats import gaps
from planning.explain.facts import RosterFact
from planning.explain.repairs import repairs
from planning.explain.shortage import explain
from planning.explain.what_if import Rows
from planning.problem import Problem
from planning.rules.limits.nights import NIGHTS as MOST_NIGHTS
from planning.settings import Setting
from tests.unit.planning import brute
from tests.unit.planning.tiny import person, seats, shift

ONE_NIGHT = {MOST_NIGHTS.code: Setting(on=True, hard=True, values={"most": 1})}
NIGHTS = Problem(tuple(shift(n, 2 * n, 22) for n in range(1, 5)), (person(1), person(2)), settings={**ONE_NIGHT})
ROSTER = seats((1, 1), (2, 2))


class _Slow(brute.Proofs):
    """Each question takes its time; the longest that was given is kept."""

    def __init__(self, clock: list[float], takes: float) -> None:
        self.clock, self.takes, self.given = clock, takes, list[float]()

    def fewest_missing(self, problem: Problem, seconds: float) -> tuple[int, bool]:
        self._spend(seconds)
        return 1, seconds >= self.takes

    def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]:
        self._spend(seconds)
        return 0, {}

    def _spend(self, seconds: float) -> None:
        self.given.append(seconds)
        self.clock[0] += min(seconds, self.takes)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(deadline, "monotonic", lambda: now[0])
    return now


def test_questions_end_early_enough_for_a_solver_to_be_killed(clock: list[float]) -> None:
    slow = _Slow(clock, 1.5)
    asked = InTime(slow, 104.0)
    while asked.fewest_missing(NIGHTS, 60) is not None:
        pass
    assert slow.given[0] == pytest.approx(4.0 - GRACE_SECONDS)
    assert clock[0] + GRACE_SECONDS <= 104.0


def test_a_question_is_not_begun_that_would_not_be_answered(clock: list[float]) -> None:
    slow = _Slow(clock, 2.0)
    asked = InTime(slow, 104.5)
    assert asked.fewest_missing(NIGHTS, 60) == 1
    assert asked.fewest_missing(NIGHTS, 60) is None
    assert len(slow.given) == 1
    assert asked.binding_rules(NIGHTS, 60) == (0, {})
    assert len(slow.given) == 2


def test_what_fills_no_more_by_the_relaxation_is_not_solved(clock: list[float]) -> None:
    class Relaxed(_Slow):
        def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]:
            return 2, {}

    proofs = Relaxed(clock, 0.0)
    asked = InTime(proofs, 110.0)
    assert asked.fills(NIGHTS, 3, known=1) is None
    assert not proofs.given
    assert asked.fills(NIGHTS, 4, known=1) == 3


def test_repairs_found_by_then_are_told_best_first() -> None:
    rows = Rows(NIGHTS, ROSTER)
    every, late = repairs(rows, gaps(rows)), repairs(rows, gaps(rows), until=0.0)
    assert late
    assert {(each.kind, each.staff_id) for each in late} < {(each.kind, each.staff_id) for each in every}
    assert late == sorted(late, key=lambda each: each.worth)


def test_what_happens_without_a_rule_is_told_though_nobody_knows_the_least_shortage() -> None:
    class Partly(brute.Proofs):
        def fewest_missing(self, problem: Problem, seconds: float) -> tuple[int, bool]:
            return (0, True) if not MOST_NIGHTS.is_hard(problem) else (-1, False)

        def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]:
            return (1, {MOST_NIGHTS.code: [1]}) if MOST_NIGHTS.is_hard(problem) else (0, {})

    apart = replace(NIGHTS, shifts=tuple(shift(n, n, 22) for n in range(1, 5)))
    found = explain(apart, seats((1, 1), (3, 2)), proofs=Partly(), seconds=30)
    assert (found.missing, found.at_least, found.is_exact) == (2, 1, False)
    assert found.bindings[0].tight == (1,)
    assert {each.fills for each in found.repairs if each.kind == "rule"} == {2}


def test_a_conflict_of_many_facts_is_found_by_few_questions_and_shown_least() -> None:
    days = tuple(shift(10 + n, n, 8, template="Ngày") for n in range(8))
    staff = tuple(person(n, limits={"limits.per_day:most": 1}) for n in range(1, 4))
    problem = Problem((*days, *(shift(n, 2 * n, 22, template="Đêm") for n in range(4))), staff, settings={**ONE_NIGHT})
    asked = []

    def fewest(part: Problem, seconds: float) -> tuple[int, bool]:
        asked.append(part)
        return shortage_bound.fewest_missing(part, seconds=seconds)

    roster = seats((0, 1), (1, 2), (2, 3))
    found = conflict_of(problem, roster, 3, fewest=fewest, seconds=30)
    assert found is not None and found.is_irreducible
    assert {(fact.kind, fact.rule or fact.shift_id) for fact in found.facts} == {
        *(("cover", n) for n in range(4)),
        ("rule", MOST_NIGHTS.code),
    }
    # The roster at hand shows that the rest can be kept: no solver is asked about anything without the shift.
    assert all(3 in part.shift_of for part in asked)
    before = len(asked)
    cut = conflict_of(problem, roster, 3, fewest=_only_so_often(before - 3), seconds=30)
    assert cut is not None and not cut.is_irreducible
    assert set(cut.facts) >= set(found.facts)


def test_a_roster_shows_what_can_be_kept_only_where_it_keeps_it() -> None:
    asked = []

    def fewest(part: Problem, seconds: float) -> tuple[int, bool]:
        asked.append(part)
        return brute.fewest_missing(part)

    facts = [*(RosterFact("cover", shift_id=n) for n in (1, 2)), RosterFact("rule", rule=MOST_NIGHTS.code)]
    proofs = _Proofs(fewest, monotonic() + 30).about(NIGHTS)
    proofs.are_kept_by(seats((1, 1), (2, 1)), facts)  # twice the same person, against the rule
    assert proofs.conflicts(facts[1:]) is False
    assert len(asked) == 1
    proofs.are_kept_by(seats((1, 1), (2, 2), (3, 1)), facts)  # what lies beside does not matter
    assert proofs.conflicts(facts) is False
    assert proofs.conflicts(facts[:2]) is False
    assert len(asked) == 1


def _only_so_often(most: int):  # noqa: ANN202
    left = [most]

    def fewest(part: Problem, seconds: float) -> tuple[int, bool]:
        left[0] -= 1
        return shortage_bound.fewest_missing(part, seconds=seconds) if left[0] >= 0 else (-1, False)

    return fewest


def test_no_question_is_asked_that_could_end_too_late() -> None:
    asked = []

    def fewest(part: Problem, seconds: float) -> tuple[int, bool]:
        asked.append(seconds)
        return brute.fewest_missing(part)

    assert conflict_of(NIGHTS, ROSTER, 3, fewest=fewest, seconds=GRACE_SECONDS) is None
    assert not asked
