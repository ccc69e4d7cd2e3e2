"""A least set of facts that keeps a seat empty, verified by trying everything: alone, and without each of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planning.explain.conflicts import conflict_of
from planning.explain.facts import RosterFact, facts_of, only
from planning.problem import Pin, Problem, Work
from planning.settings import Setting
from tests.unit.planning import brute
from tests.unit.planning.tiny import at, away, on, person, seats, shift, work

LEADERS = (person(1), person(2), person(3, duties=frozenset({"support"})))
DUTIES = (shift(1, 0, 7, 24, form="command"), shift(2, 1, 7, 24, form="command"), shift(3, 3))
ALL_AWAY = Problem(DUTIES, LEADERS, (away(1, 1), away(2, 0, 2)))


def names(facts: tuple[RosterFact, ...]) -> set[tuple[object, ...]]:
    parts = [(f.kind, f.shift_id, f.staff_id, f.rule or None, f.on) for f in facts]
    return {tuple(part for part in each if part is not None) for each in parts}


def find(problem: Problem, shift_id: int, *roster: tuple[int, int]) -> set[tuple[object, ...]]:
    found = conflict_of(problem, seats(*roster), shift_id, fewest=brute.fewest_missing, seconds=60)
    assert found is not None and found.is_irreducible
    assert brute.fewest_missing(only(problem, found.facts))[0] > 0
    for fact in found.facts:
        assert brute.fewest_missing(only(problem, [each for each in found.facts if each != fact]))[0] == 0
    return names(found.facts)


@pytest.mark.parametrize("shift_id", [1, 2])
def test_everybody_on_leave_names_the_shift_and_each_of_them_on_that_day(shift_id: int) -> None:
    assert find(ALL_AWAY, shift_id, (3, 1)) == {
        ("cover", shift_id),
        ("absence", 1, on(1)),
        ("absence", 2, on(1)),
    }


def test_protection_and_own_limits_are_facts() -> None:
    problem = Problem((shift(1, 0, 22),), (person(1, no_night=True), person(2, max_shifts=0)))
    assert find(problem, 1) == {("cover", 1), ("protected", 1, "protected.no_night"), ("own", 2, "limits.max_shifts")}


def test_two_shifts_and_one_person_conflict_by_the_rest_between_them() -> None:
    problem = Problem((shift(1, 0, 22), shift(2, 1, 8), shift(3, 5)), (person(1),))
    assert find(problem, 2, (1, 1), (3, 1)) == {("cover", 1), ("cover", 2), ("rule", "rest.between_shifts")}


def test_a_pin_elsewhere_is_a_fact() -> None:
    problem = Problem((shift(1, 0), shift(2, 0, 9)), (person(1),), pins=(Pin(1, 1),))
    # Overlap itself is no fact: nobody can be in two places.
    assert find(problem, 2, (1, 1)) in ({("cover", 1), ("cover", 2)}, {("cover", 2), ("pin", 1, 1)})


def test_ordinary_work_binds_only_where_no_shift_could_replace_it() -> None:
    night = shift(1, 0, 20, 2)
    problem = Problem((night,), (person(1, work_pattern="office"),), work=(work(1, 0),))
    assert find(problem, 1) == {("cover", 1), ("rule", "work.ordinary")}
    day = shift(2, 0, 8, 2, replaces_work=True)
    free = only(
        replace(problem, shifts=(day, night)),
        [RosterFact("cover", shift_id=1), RosterFact("rule", rule="work.ordinary")],
    )
    assert [(s.id, s.headcount) for s in free.shifts] == [(2, 0), (1, 1)]


def test_only_what_is_kept_is_asked() -> None:
    problem = replace(ALL_AWAY, settings={"limits.max_shifts": Setting(values={"most": 1})})
    assert RosterFact("rule", rule="limits.max_shifts") in facts_of(problem)
    assert RosterFact("rule", rule="limits.max_shifts") not in facts_of(ALL_AWAY)
    bare = only(problem, [RosterFact("cover", shift_id=1), RosterFact("absence", staff_id=2, on=on(0))])
    assert [each.id for each in bare.shifts] == [1]
    assert [(a.staff_id, a.start, a.end) for a in bare.absences] == [(2, at(0, 0), at(1, 0))]
    assert brute.fewest_missing(bare) == (0, True)
    assert only(problem, facts_of(problem)).dates == problem.dates


def test_what_nobody_proved_is_not_claimed() -> None:
    unproven = conflict_of(ALL_AWAY, (), 1, fewest=lambda _problem, _seconds: (-1, False), seconds=5)
    assert unproven is None
    assert conflict_of(ALL_AWAY, (), 1, fewest=brute.fewest_missing, seconds=0) is None


def test_a_seat_that_could_be_filled_has_no_conflict() -> None:
    free = Problem((shift(1, 0),), (person(1),), work=(Work(1, on(3), at(3, 8), at(3, 16), 480),))
    assert conflict_of(free, (), 1, fewest=brute.fewest_missing, seconds=30) is None
