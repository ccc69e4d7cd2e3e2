"""Why this person: the regret, who was kept away; replacing somebody; strangers; the part of a big plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planning import restriction
from planning.explain.eligible import distance, pool
from planning.explain.what_if import compare
from planning.explain.who_else import Why, candidates_for, choice
from planning.problem import Assignment, Pair, Pin, Problem, Wish
from planning.rules.limits.min_shifts import MIN_SHIFTS
from planning.score.check import check, cost_of
from planning.settings import Setting
from tests.unit.planning.tiny import away, on, person, seats, shift

SHIFTS = (shift(1, 0), shift(2, 1), shift(3, 2))
STAFF = (person(1), person(2), person(3, history_points=3000), person(4, duties=frozenset({"support"})))
PROBLEM = Problem(SHIFTS, STAFF)


def why(problem: Problem, roster: tuple[Assignment, ...], shift_id: int, staff_id: int) -> Why:
    found = candidates_for(problem, roster, shift_id, replacing=staff_id)
    return choice(found, staff_id, pinned=any(pin.shift_id == shift_id for pin in problem.pins_of.get(staff_id, ())))


def test_the_cost_of_a_candidate_is_what_the_whole_check_says() -> None:
    problem = replace(PROBLEM, wishes=(Wish(2, on(1), None, "off", 2), Wish(3, on(1), None, "on", 1)))
    roster = seats((1, 1), (3, 3))
    before = cost_of(v for v in check(problem, roster) if v.rule != "coverage.headcount")
    for each in candidates_for(problem, roster, 2):
        after = check(problem, [*roster, Assignment(2, each.staff_id)])
        assert before + each.cost_change == cost_of(v for v in after if v.rule != "coverage.headcount")
        assert sum(each.costs.values()) == each.cost_change
        assert 0 not in each.costs.values()


def test_costs_are_split_by_rule() -> None:
    problem = replace(PROBLEM, wishes=(Wish(3, on(1), None, "off", 2),))
    found = {c.staff_id: c for c in candidates_for(problem, (), 2)}
    assert found[3].costs == {"fairness.load": 3 * 800, "wishes.off": 600}
    assert [v.rule for v in found[3].touches] == ["wishes.off"]


def test_why_tells_the_price_of_the_next_best() -> None:
    found = why(PROBLEM, seats((2, 1)), 2, 1)
    assert found.next_best is not None
    assert (found.next_best.staff_id, found.regret, found.pinned) == (2, 0, False)
    alone = why(replace(PROBLEM, staff=(STAFF[0], STAFF[2])), seats((2, 1)), 2, 1)
    assert (alone.regret, alone.dearer, alone.cheaper) == (2400, 1, 0)
    worst = why(PROBLEM, seats((2, 3)), 2, 3)
    assert (worst.regret, worst.cheaper) == (-2400, 2)


def test_why_tells_which_rules_kept_the_cheaper_ones_away() -> None:
    problem = replace(PROBLEM, absences=(away(1, 1),), staff=(STAFF[0], replace(STAFF[1], max_shifts=0), STAFF[2]))
    found = why(problem, seats((2, 3)), 2, 3)
    assert found.kept_away == {"absence.away": (1,), "limits.max_shifts": (2,)}
    assert (found.next_best, found.regret) == (None, None)


def test_a_pin_is_told_and_leaving_it_is_held_against_nobody() -> None:
    problem = replace(PROBLEM, pins=(Pin(2, 3),))
    assert why(problem, seats((2, 3)), 2, 3).pinned
    assert [c.codes for c in candidates_for(problem, seats((2, 3)), 2, replacing=3)] == [(), (), ()]


def test_rules_about_the_people_of_one_shift_count_too() -> None:
    problem = replace(PROBLEM, shifts=(shift(1, 0, headcount=2),), pairs=(Pair(1, 2, "apart"),))
    found = {c.staff_id: c.codes for c in candidates_for(problem, seats((1, 1)), 1)}
    assert found == {2: ("pairs.apart",), 3: ()}
    # Replacing the other of the two is fine.
    assert {c.staff_id: c.codes for c in candidates_for(problem, seats((1, 1), (1, 3)), 1, replacing=1)}[2] == ()


def test_lacking_less_than_before_breaks_nothing() -> None:
    problem = replace(PROBLEM, staff=(replace(STAFF[0], min_shifts=3), *STAFF[1:]))
    (own,) = [c for c in candidates_for(problem, seats((1, 1)), 2) if c.staff_id == 1]
    assert own.codes == ()
    lacking = [MIN_SHIFTS.breach(problem, 1, (), {"count": n}, amount=3 - n) for n in (1, 0)]
    assert compare([lacking[0]], [lacking[1]]).codes == ("limits.min_shifts",)


def test_strangers_are_counted_and_not_judged() -> None:
    elsewhere = person(5, eligible_units=frozenset({"V"}), unit="V")
    problem = replace(PROBLEM, staff=(*STAFF, elsewhere))
    found = pool(problem, SHIFTS[0])
    assert [each.id for each in found.able] == [1, 2, 3]
    assert found.strangers == {"eligibility.duty": (4,), "eligibility.unit": (5,)}
    assert {c.staff_id for c in candidates_for(problem, (), 1)} == {1, 2, 3}


def test_where_units_help_each_other_the_helper_is_judged_at_a_price() -> None:
    elsewhere = person(5, eligible_units=frozenset({"V"}), unit="V")
    soft = {"eligibility.unit": Setting(hard=False)}
    problem = replace(PROBLEM, staff=(*STAFF, elsewhere), settings=soft)
    found = {c.staff_id: c for c in candidates_for(problem, (), 1)}
    assert found[5].codes == ()
    assert found[5].costs == {"eligibility.unit": 2000}


def test_distance_is_counted_in_the_tree_of_units() -> None:
    problem = replace(PROBLEM, parents={"T": None, "A": "T", "A1": "A", "B": "T"})
    assert [distance(problem, "A1", other) for other in ("A1", "A", "T", "B")] == [0, 1, 2, 3]


def test_a_part_of_a_big_plan_is_judged_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    units = [f"U{n}" for n in range(4)]
    shifts = tuple(shift(10 * n + day, day, unit=unit) for n, unit in enumerate(units) for day in range(9))
    staff = tuple(
        person(10 * n + k, eligible_units=frozenset({unit}), unit=unit, history_points=100 * k)
        for n, unit in enumerate(units)
        for k in range(3)
    )
    roster = [Assignment(s.id, 10 * (s.id // 10) + s.id % 3) for s in shifts]
    problem = Problem(shifts, staff, (away(11, 3, 4),), (Wish(12, on(8), None, "on", 3), Wish(1, on(2), None, "off")))
    whole = [candidates_for(problem, roster, s.id, replacing=10 * (s.id // 10) + s.id % 3) for s in shifts]
    monkeypatch.setattr(restriction, "SMALL", 5)
    assert [candidates_for(problem, roster, s.id, replacing=10 * (s.id // 10) + s.id % 3) for s in shifts] == whole
