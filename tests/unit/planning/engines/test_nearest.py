"""The least change is the least: on small problems every roster is tried, and none is nearer or as near and fairer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, strategies as st

from planning.engines.mip.nearest import nearest
from planning.problem import Assignment, Problem, Shift
from planning.rules.change import LEAST_CHANGE, changed_seats
from planning.score.check import check
from planning.score.score import score_of
from tests.support.examples import for_any
from tests.unit.planning.any_problem import eased, problems
from tests.unit.planning.tiny import away, person, seats, shift


def rosters(problem: Problem, shifts: tuple[Shift, ...]) -> Iterator[tuple[Assignment, ...]]:
    """Every roster with no more people on a shift than it has seats."""
    if not shifts:
        yield ()
        return
    first, *rest = shifts
    groups = [group for n in range(first.headcount + 1) for group in combinations([p.id for p in problem.staff], n)]
    for tail in rosters(problem, tuple(rest)):
        for group in groups:
            yield (*tail, *(Assignment(first.id, staff_id) for staff_id in group))


def worth(problem: Problem, roster: tuple[Assignment, ...]) -> tuple[int, int, int]:
    """Empty seats, changed seats, and the cost of everything but change and empty seats."""
    found = check(problem, roster)
    cost = sum(v.cost for v in found if not v.hard and v.rule != LEAST_CHANGE.code)
    return score_of(found).missing, changed_seats(problem.baseline, roster), cost


def by_trying_all(problem: Problem) -> tuple[int, int, int] | None:
    lawful = [r for r in rosters(problem, problem.shifts) if _is_lawful(problem, r)]
    return min((worth(problem, r) for r in lawful), default=None)


def _is_lawful(problem: Problem, roster: tuple[Assignment, ...]) -> bool:
    score = score_of(check(problem, roster))
    return score.broken == 0 and score.lacking == 0


@for_any(problems(most_staff=3, most_shifts=4, pinned=False), st.data(), examples=60)
def test_no_roster_is_nearer_and_none_as_near_is_fairer(made: Problem, data: st.DataObject) -> None:
    problem = eased(made)
    shifts = tuple(replace(each, wanted=None) for each in problem.shifts)
    everybody = st.sampled_from([person.id for person in problem.staff])
    before = {
        Assignment(each.id, staff_id)
        for each in shifts
        for staff_id in data.draw(st.sets(everybody, max_size=each.headcount), label=f"before {each.id}")
    }
    problem = replace(problem, shifts=shifts, baseline=tuple(sorted(before)))
    best = by_trying_all(problem)
    assume(best is not None)
    found = nearest(problem, seconds=30)
    assert found is not None and best is not None
    assert _is_lawful(problem, found.assignments)
    assert (found.missing, found.changed) == worth(problem, found.assignments)[:2] == best[:2]
    assert found.is_proved and found.at_least == found.changed
    assert worth(problem, found.assignments) == best and found.is_fairest


def test_two_who_fall_ill_cost_two_changes_where_others_can_stand_in() -> None:
    shifts = tuple(shift(n, n - 1) for n in range(1, 8))
    staff = tuple(person(n) for n in range(1, 6))
    before = seats((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 1), (7, 2))
    problem = Problem(shifts, staff, absences=(away(3, 2), away(4, 3)), baseline=tuple(before))
    found = nearest(problem, seconds=30)
    assert found is not None
    assert (found.changed, found.at_least, found.missing, found.is_proved) == (2, 2, 0, True)


def test_a_cover_that_needs_a_third_person_is_proven_to_need_one() -> None:
    """Only 2 could stand in for 1, and stands elsewhere at that hour; 3 may only do the other duty."""
    shifts = (shift(1, 0), shift(2, 0, duty="support"))
    staff = (
        person(1),
        person(2, duties=frozenset({"operations", "support"})),
        person(3, duties=frozenset({"support"})),
    )
    problem = Problem(shifts, staff, absences=(away(1, 0),), baseline=tuple(seats((1, 1), (2, 2))))
    found = nearest(problem, seconds=30)
    assert found is not None and set(found.assignments) == set(seats((1, 2), (2, 3)))
    assert (found.changed, found.at_least, found.is_proved) == (2, 2, True)


def test_a_province_is_not_taken_apart_first_and_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    shifts = (shift(1, 0), shift(2, 0, duty="support"), shift(3, 3, unit="V"))
    both, far = frozenset({"operations", "support"}), frozenset({"V"})
    staff = (person(1), person(2, duties=both), person(3, duties=frozenset({"support"})), person(4, eligible_units=far))
    known = tuple(seats((1, 1), (2, 2), (3, 4)))
    problem = Problem(shifts, staff, absences=(away(1, 0),), baseline=known)
    in_groups = nearest(problem, seconds=30)
    monkeypatch.setattr("planning.engines.mip.nearest.MANY", 0)
    assert nearest(problem, seconds=30) == in_groups
