"""Taking a problem apart: subproblems say what the whole says, and their proofs add up to a bound of the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st

from planning.engines.candidates.candidates import candidates
from planning.engines.candidates.components import carried_cost, component_of, components, reached
from planning.engines.decomposition import decomposition as layouts, linking_duties
from planning.engines.decomposition.decomposition import Decomposition
from planning.engines.local_search.engine import build
from planning.engines.local_search.mend import lawful, mend
from planning.problem import Assignment, Pin, Problem, Wish
from planning.restriction import restricted, within
from planning.rules import RULE_OF
from planning.score.check import check, cost_of
from planning.score.incremental import Tally
from planning.score.score import forced_by_pins, score_of
from planning.settings import Setting
from tests.support.examples import for_any
from tests.unit.planning.any_problem import problems
from tests.unit.planning.tiny import at, on, person, proven_by_highs, shift, work


def optimum(problem: Problem) -> tuple[int, bool]:
    """(least cost as HiGHS proves it for the whole, whether without a hard breach)."""
    roster, bound, _missing = proven_by_highs(problem, build(problem))
    score = score_of(check(problem, roster), forced_by_pins(problem))
    return bound, not score.lacking and not score.broken


def test_every_rule_named_in_a_relaxation_exists() -> None:
    codes = {rule.code for rule in linking_duties.RULES}
    assert (linking_duties.HEREDITARY | linking_duties.SUPERADDITIVE | linking_duties.READ_WORK) - codes == set()


@for_any(problems(), st.data(), examples=60)
def test_a_tally_that_is_changed_says_what_a_check_of_everything_says(problem: Problem, data: st.DataObject) -> None:
    tally = Tally(problem, build(problem))
    seats = [Assignment(s.id, p.id) for s in problem.shifts for p in problem.staff]
    some = data.draw(st.lists(st.sampled_from(seats), unique=True))
    shift_ids = data.draw(st.sets(st.sampled_from([s.id for s in problem.shifts])))
    before = tally.total
    if not tally.accept(shift_ids, some):
        assert tally.total == before
    assert tally.total == score_of(check(problem, tally.assignments()), forced_by_pins(problem))
    tally.put(shift_ids, some)
    assert within(shift_ids, tally.assignments()) == within(shift_ids, some)
    assert tally.total == score_of(check(problem, tally.assignments()), forced_by_pins(problem))


@for_any(problems(), examples=60)
def test_groups_cost_together_what_the_whole_costs(problem: Problem) -> None:
    roster = build(problem)
    tally = Tally(problem, roster)
    decomposition = Decomposition(problem, tally, seed=0)
    parts = sum(whole.subproblem.score.cost + whole.offset for whole in decomposition.wholes)
    assert parts + decomposition.constant <= tally.total.cost
    if not problem.baseline:
        assert parts + decomposition.constant == tally.total.cost
    assert decomposition.missing <= tally.total.missing


def test_the_roster_to_stay_close_to_is_looked_at_once_and_not_once_a_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred accounts of a whole province took a minute in which nobody could cancel."""
    units = [f"U{n}" for n in range(9)]
    staff = tuple(person(n, unit=unit, eligible_units=frozenset({unit})) for n, unit in enumerate(units, start=1))
    problem = Problem(tuple(shift(100 + n, 0, unit=unit) for n, unit in enumerate(units)), staff)
    problem = replace(problem, baseline=build(problem), pins=(Pin(100, 1),))
    tally, made = Tally(problem, build(problem)), list[Problem]()

    class Counted(Tally):
        def __init__(self, whole: Problem, assignments: Any) -> None:
            made.append(whole)
            super().__init__(whole, assignments)

    monkeypatch.setattr(layouts, "Tally", Counted)
    decomposition = Decomposition(problem, tally, seed=0)
    assert len(decomposition.wholes) == 9 and made == [problem]
    assert sum(each.bound for each in decomposition.wholes) + decomposition.constant <= tally.total.cost


@for_any(problems(most_staff=4, most_shifts=6), st.data(), examples=60)
def test_the_proofs_of_pieces_add_up_to_a_bound_of_the_whole(problem: Problem, data: st.DataObject) -> None:
    people = reached(problem, candidates(problem))
    number = {s.id: data.draw(st.integers(0, 2)) for s in problem.shifts}
    shares = [tuple(s for s in problem.shifts if number[s.id] == n) for n in range(3)]
    subproblems = [component_of(share, people) for share in shares if share]
    bounds = [proven_by_highs(each, build(each))[1] for each in linking_duties.relaxed(problem, subproblems)]
    used = {p for subproblem in subproblems for p in subproblem.staff_ids}
    idle = sum(carried_cost(problem, p.id) for p in problem.staff if p.id not in used)
    least, is_lawful = optimum(problem)
    if is_lawful:
        assert sum(bounds) - linking_duties.counted_twice(problem, subproblems) + idle <= least


BOTH = frozenset({"operations", "support"})
# Two duties that share people, such that the subproblems as they stand would cost more together than the whole.
TRAPS = {
    "a wish that either could grant and neither does": Problem(
        (shift(1, 0), shift(2, 0, duty="support")),
        (person(1, duties=BOTH, history_points=90_00), person(2), person(3, duties=frozenset({"support"}))),
        wishes=(Wish(1, on(0), None, "on", 3),),
    ),
    "days that are lonely in each subproblem and neighbours in the whole": Problem(
        (shift(1, 2), shift(2, 3, duty="support")),
        (person(1, duties=BOTH),),
        settings={"runs.isolated": Setting(on=True)},
        span=(on(0), on(6)),
    ),
    "work that a shift of the other subproblem replaces": Problem(
        (shift(1, 0, 7, 24, replaces_work=True, grounded=True), shift(2, 1, 22, duty="support")),
        (person(1, duties=BOTH),),
        work=(work(1, 1),),
        settings={code: Setting(on=False) for code in ("hours.day", "runs.max_days")},
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_what_pieces_would_be_charged_twice_is_left_out_of_their_bounds(trap: str) -> None:
    problem = TRAPS[trap]
    people = reached(problem, candidates(problem))
    subproblems = [component_of((each,), people) for each in problem.shifts]
    naive = [restricted(problem, subproblem.shift_ids, subproblem.staff_ids) for subproblem in subproblems]
    least, is_lawful = optimum(problem)
    assert is_lawful

    def together(parts: list[Problem]) -> int:
        return sum(proven_by_highs(each, build(each))[1] for each in parts) - linking_duties.counted_twice(
            problem, subproblems
        )

    assert together(linking_duties.relaxed(problem, subproblems)) <= least < together(naive)


def province(units: int = 3, **changes: Any) -> Problem:
    """Units of two with a duty each day, and a leadership duty that only their heads share."""
    staff, shifts = [], []
    for unit in range(units):
        name, head = f"U{unit}", 10 * unit + 1
        duties = frozenset({"operations", "leadership"})
        staff.append(person(head, duties=duties, unit=name, eligible_units=frozenset({name, "P"})))
        staff.append(person(head + 1, unit=name, eligible_units=frozenset({name}), history_points=900))
        shifts += [shift(100 * unit + day + 1, day, unit=name) for day in range(3)]
    shifts += [shift(1000 + day, day, 18, 12, unit="P", duty="leadership", points=1500) for day in range(3)]
    return Problem(tuple(shifts), tuple(staff), **changes)


def test_units_that_share_a_duty_alone_come_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking_duties, "LARGE", 3)
    problem = province()
    people = reached(problem, candidates(problem))
    (component,) = components(problem, candidates(problem))
    parts = linking_duties.split(component, people)
    assert parts is not None
    assert [{s.unit for s in each.shifts} for each in parts.firsts] == [{"P"}]
    assert [{s.unit for s in each.shifts} for each in parts.rests] == [{"U0"}, {"U1"}, {"U2"}]


def test_weekly_rest_that_pins_elsewhere_may_take_is_left_out_of_bounds() -> None:
    problem = province(pins=(Pin(1000, 1),))
    people = reached(problem, candidates(problem))
    units = ("U0", "U1", "P")
    subproblems = [component_of(tuple(s for s in problem.shifts if s.unit == unit), people) for unit in units]
    kept = [RULE_OF["rest.weekly"].is_on(part) for part in linking_duties.relaxed(problem, subproblems)]
    assert kept == [False, True, True]


def test_one_large_team_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking_duties, "LARGE", 3)
    problem = Problem(tuple(shift(n, n) for n in range(1, 6)), tuple(person(n) for n in range(1, 7)))
    (component,) = components(problem, candidates(problem))
    assert linking_duties.split(component, reached(problem, candidates(problem))) is None


def test_shared_duties_are_fixed_first_and_the_units_see_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking_duties, "LARGE", 3)
    problem = province(wishes=(Wish(1, at(1, 0).date(), None, "off", 3),))
    tally = Tally(problem, build(problem))
    decomposition = Decomposition(problem, tally, seed=0)
    (divided,) = decomposition.divided
    assert not decomposition.is_due
    for subproblem in divided.firsts:
        roster, bound, missing = proven_by_highs(subproblem.problem, subproblem.roster)
        subproblem.offer(tuple(roster))
        subproblem.prove(bound, missing)
        assert subproblem.is_proven
    decomposition.advance(lambda: False)
    assert not decomposition.is_due and divided.rests is not None
    assert score_of(check(problem, tally.assignments()), forced_by_pins(problem))[:2] == tally.total[:2]
    for subproblem in [*divided.rests, *divided.relaxed]:
        roster, bound, missing = proven_by_highs(subproblem.problem, subproblem.roster)
        subproblem.offer(tuple(roster))
        subproblem.prove(bound, missing)
        if subproblem.decides:
            tally.accept(subproblem.decides, subproblem.roster)
    least, _lawful = optimum(problem)
    assert decomposition.proofs == (4, 4)
    assert decomposition.bound is not None
    assert decomposition.bound <= least <= tally.total.cost
    assert (tally.total.broken, tally.total.missing) == (0, 0)


def test_a_part_counts_duties_held_outside_it() -> None:
    problem = province()
    held = [Assignment(1000, 1), Assignment(1001, 11)]
    own = {s.id for s in problem.shifts if s.unit == "U0"}
    part = restricted(problem, own, {1, 2}, held)
    assert list(part.pins) == [Pin(1000, 1)]
    assert part.dates == problem.dates
    # The head came off leadership at six in the morning of the second day: no duty at seven.
    assert 1 not in {each.staff_id for each in build(part) if each.shift_id == 2}
    alone = check(part, build(part))
    assert cost_of(v for v in alone if v.rule == "fairness.load" and v.staff_id == 1) > 0


@for_any(problems(), st.data(), examples=60)
def test_mending_keeps_what_is_lawful_and_breaks_nothing(problem: Problem, data: st.DataObject) -> None:
    seats = [Assignment(s.id, p.id) for s in problem.shifts for p in problem.staff]
    draft = data.draw(st.lists(st.sampled_from(seats), unique=True))
    kept, mended = lawful(problem, draft), mend(problem, draft, seed=0)
    assert kept <= set(mended)
    assert score_of(check(problem, mended), forced_by_pins(problem)).broken == 0


def test_a_draft_of_people_who_left_is_no_obstacle() -> None:
    problem = Problem((shift(1, 0), shift(2, 0)), (person(1), person(2)))
    mended = mend(problem, [Assignment(1, 2), Assignment(2, 77), Assignment(99, 1)], seed=0)
    assert mended == (Assignment(1, 2), Assignment(2, 1))


def test_nobody_and_nothing() -> None:
    for problem in (Problem((), ()), Problem((), (person(1),)), replace(Problem((shift(1, 0),), ()), staff=())):
        decomposition = Decomposition(problem, Tally(problem, ()), seed=0)
        assert decomposition.subproblems == [] and decomposition.bound == Tally(problem, ()).total.cost
