"""What would fill empty seats: one step for one person, a rule made soft, leave, help, one more; never protection."""

from __future__ import annotations

from planning.explain.empty_seats import gaps
from planning.explain.relaxed_problem import relaxed
from planning.explain.repairs import NEW_PERSON, Repair, repairs
from planning.explain.shortage import explain
from planning.explain.what_if import Rows
from planning.problem import Problem
from planning.score.check import check
from planning.settings import Setting
from tests.unit.planning import brute
from tests.unit.planning.tiny import away, on, person, seats, shift

NIGHTS = tuple(shift(day + 1, day, 22) for day in range(3))


def found(problem: Problem, roster: list, movable: frozenset = frozenset()) -> dict[str, list[Repair]]:
    rows = Rows(problem, roster)
    by_kind: dict[str, list[Repair]] = {}
    for each in repairs(rows, gaps(rows), movable=movable):
        by_kind.setdefault(each.kind, []).append(each)
    return by_kind


def test_one_more_night_in_a_row_for_one_person() -> None:
    problem = Problem(NIGHTS, (person(1),), settings={"nights.in_a_row": Setting(values={"most": 2})})
    (each,) = found(problem, seats((1, 1), (2, 1)))["person"]
    assert (each.rule, each.staff_id, each.was, each.now) == ("nights.in_a_row", 1, 2, 3)
    assert [seat.shift_id for seat in each.seats] == [3]
    assert each.price == 5000 + 1200  # the rule's weight, and the load beyond 10 and 20 points


def test_the_relaxed_problem_takes_the_seats_that_were_promised() -> None:
    problem = Problem(NIGHTS, (person(1),), settings={"nights.in_a_row": Setting(values={"most": 2})})
    roster = seats((1, 1), (2, 1))
    for kind in found(problem, roster).values():
        for each in kind:
            allowed = relaxed(problem, each)
            assert allowed is not None
            broken = [v.rule for v in check(allowed, [*roster, *each.seats]) if v.hard]
            assert "coverage.headcount" not in broken or len(each.seats) < 1
            assert set(broken) <= {"coverage.headcount"}


def test_a_rule_made_soft_for_all_is_offered_when_it_helps_more_than_one() -> None:
    staff = (person(1, limits={"limits.template:Ngày": 1}), person(2, limits={"limits.template:Ngày": 1}))
    problem = Problem(tuple(shift(n, 2 * n) for n in range(1, 5)), staff)
    kinds = found(problem, seats((1, 1), (2, 2)))
    (rule,) = kinds["rule"]
    assert (rule.rule, len(rule.seats)) == ("limits.template", 2)
    assert {each.staff_id for each in kinds["person"]} == {1, 2}


def test_leave_is_moved_only_where_that_may_be_asked() -> None:
    problem = Problem((shift(1, 0), shift(2, 5)), (person(1), person(2)), absences=(away(1, 0), away(2, 0)))
    assert "leave" not in found(problem, seats((2, 1)))
    (each,) = found(problem, seats((2, 1)), frozenset({(2, on(0))}))["leave"]
    assert (each.staff_id, each.days, [s.shift_id for s in each.seats]) == (2, (on(0),), [1])


def test_a_night_that_runs_into_leave_asks_for_the_days_that_it_touches() -> None:
    problem = Problem((shift(1, 0, 22),), (person(1),), absences=(away(1, 0, 2),))
    both = frozenset({(1, on(0)), (1, on(1))})
    assert "leave" not in found(problem, [], frozenset({(1, on(0))}))
    (each,) = found(problem, [], both)["leave"]
    assert each.days == (on(0), on(1))


def test_protection_overlap_and_pins_are_never_offered() -> None:
    problem = Problem((shift(1, 0, 22), shift(2, 0, 20)), (person(1, no_night=True), person(2)))
    kinds = found(problem, seats((2, 2)))
    assert set(kinds) == {"hire"}


def test_help_from_another_unit_and_from_another_list() -> None:
    staff = (person(1, unit="V", eligible_units=frozenset({"V"})), person(2, duties=frozenset({"support"})))
    problem = Problem((shift(1, 0), shift(2, 1)), staff, parents={"U": None, "V": "U"})
    kinds = found(problem, [])
    assert [(each.staff_id, each.unit, len(each.seats)) for each in kinds["help"]] == [(1, "U", 2)]
    assert [(each.staff_id, each.duty, len(each.seats)) for each in kinds["qualify"]] == [(2, "operations", 2)]
    assert [(each.staff_id, each.unit) for each in kinds["hire"]] == [(NEW_PERSON, "U")]


def test_the_explanation_counts_exactly_and_tells_what_more_a_repair_brings() -> None:
    # 1 could take the night if 2 took the evening after it: one move more than the roster at hand shows.
    shifts = (shift(1, 0, 22), shift(2, 1, 6))
    problem = Problem(shifts, (person(1), person(2, max_shifts=0)))
    whole = explain(problem, seats((2, 1)), proofs=brute.Proofs(), seconds=30)
    assert (whole.missing, whole.at_least, whole.is_exact) == (1, 1, True)
    assert [short.shift_id for short in whole.shortages] == [1]
    assert {each.rule for each in whole.bindings} == {
        "rest.between_shifts",
        "hours.day",
        "hours.continuous",
        "hours.rolling",
        "limits.max_shifts",
    }
    best = whole.repairs[0]
    assert (best.kind, best.rule, best.staff_id, best.fills) == ("person", "limits.max_shifts", 2, 1)


def test_the_price_is_that_of_the_seats_filled_at_once_however_many_more_moves_would_bring() -> None:
    # A new person fills one of the two seats; both only if they took over what 1 has, and 1 moved to the evening.
    shifts = (shift(1, 1, 5), shift(2, 0, 16), shift(3, 0, 7))
    whole = explain(Problem(shifts, (person(1, max_shifts=1),)), seats((3, 1)), proofs=brute.Proofs(), seconds=30)
    (hire,) = [each for each in whole.repairs if each.kind == "hire"]
    assert (len(hire.seats), hire.fills) == (1, 2)
    assert hire.worth[0] == hire.price
    assert list(whole.repairs) == sorted(whole.repairs, key=lambda each: each.worth)


def test_without_a_proof_the_bound_is_honest() -> None:
    problem = Problem((shift(1, 0, 22), shift(2, 1, 6)), (person(1),))
    unproven = explain(problem, seats((2, 1)), proofs=brute.NoProofs())
    assert (unproven.at_least, unproven.is_exact) == (0, False)
    assert explain(problem, seats((2, 1)), known_missing=1).is_exact
    full = explain(problem, seats((1, 1), (2, 1)))
    assert (full.missing, full.is_exact, full.repairs) == (0, True, ())


class _Tight(brute.Proofs):
    def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]:
        return self.fewest_missing(problem, seconds)[0], {"limits.max_shifts": [2]}


def test_somebody_who_relieves_another_is_found_by_what_the_proof_rests_on() -> None:
    # The support seat is for 1 alone, who is busy then; 2 could relieve 1 if they might do one shift more.
    staff = (person(1, duties=frozenset({"operations", "support"})), person(2, max_shifts=1))
    shifts = (shift(1, 0), shift(2, 2), shift(3, 2, duty="support"))
    problem = Problem(shifts, staff, absences=(away(1, 0),))
    whole = explain(problem, seats((1, 2), (2, 1)), proofs=_Tight(), seconds=30)
    assert (whole.missing, whole.at_least) == (1, 1)
    (each,) = [each for each in whole.repairs if each.staff_id == 2 and each.kind == "person"]
    assert (each.rule, each.was, each.now, each.seats, each.fills, each.price) == (
        "limits.max_shifts",
        1,
        2,
        (),
        1,
        5000,
    )
    assert whole.bindings[0].tight == (2,)
