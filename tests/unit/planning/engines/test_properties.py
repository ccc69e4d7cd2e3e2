"""Whatever the problem and the rules: the greedy adds no hard breach, repeats itself, prices as the checker does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import strategies as st

from planning.codec import fingerprint, from_json, to_json
from planning.engines.local_search import engine as greedy
from planning.engines.local_search.state import ANY, State
from planning.outcome import Violation
from planning.problem import Assignment, Problem
from planning.score.check import check, cost_of
from planning.score.score import LEAST_PRICES
from tests.support.examples import for_any
from tests.unit.planning.any_problem import problems


def lacks(violation: Violation) -> bool:
    """A hard rule about a least of something."""
    return violation.rule in LEAST_PRICES and "most" not in violation.params


def strict(violations: Iterable[Violation]) -> Counter[tuple[str, int | None, tuple[int, ...]]]:
    """Amounts of hard breaches that nothing excuses, by rule and by person, or by shift where nobody is named."""
    found: Counter[tuple[str, int | None, tuple[int, ...]]] = Counter()
    for v in violations:
        if v.hard and not v.params.get("missing") and not lacks(v):
            found[v.rule, v.staff_id, v.shift_ids if v.staff_id is None else ()] += v.amount
    return found


def pinned(problem: Problem) -> set[Assignment]:
    return {Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins}


@for_any(problems(), examples=150)
def test_greedy_breaks_nothing_that_pins_do_not_break_and_is_repeatable(problem: Problem) -> None:
    roster = greedy.build(problem, seed=1)
    assert strict(check(problem, roster)) - strict(check(problem, pinned(problem))) == Counter()
    assert pinned(problem) <= set(roster)
    assert roster == greedy.build(replace(problem), seed=1)


@for_any(problems(pinned=False), st.data(), examples=150)
def test_greedy_prices_a_row_as_the_checker_does(problem: Problem, data: st.DataObject) -> None:
    state = State(problem)
    person = data.draw(st.integers(0, len(problem.staff) - 1))
    row = tuple(sorted(data.draw(st.sets(st.sampled_from(range(len(problem.shifts)))))))
    row = tuple(s for s in row if person in state.can[s])
    apart = {other for s in row for other in state.clashing[s]}.isdisjoint(row)
    price = state.costs.row(person, row)
    found, idle = judged(state, person, row), judged(state, person, ())
    assert (price < ANY and apart) == (not strict(found))
    if price < ANY and apart:
        assert price - state.costs.row(person, ()) == priced(found) - priced(idle)


def judged(state: State, person: int, row: Iterable[int]) -> list[Violation]:
    """What the rules say of this one row."""
    staff_id = state.indexed.people[person].id
    roster = [Assignment(state.indexed.shifts[s].id, staff_id) for s in row]
    return [
        v for v in check(state.indexed.problem, roster) if v.staff_id == staff_id and not v.rule.startswith("pairs.")
    ]


def priced(violations: list[Violation]) -> int:
    return cost_of(violations) + sum(LEAST_PRICES[v.rule] * v.amount for v in violations if v.hard and lacks(v))


@for_any(problems(pinned=False), st.data(), examples=150)
def test_greedy_prices_the_people_of_a_shift_as_the_checker_does(problem: Problem, data: st.DataObject) -> None:
    state = State(problem)
    s = data.draw(st.integers(0, len(problem.shifts) - 1))
    people = data.draw(st.sets(st.sampled_from(range(len(problem.staff)))))
    shift = state.indexed.shifts[s]
    roster = [Assignment(shift.id, problem.staff[p].id) for p in people]
    codes = ("coverage.skills", "coverage.wanted", "pairs.")
    found = [v for v in check(problem, roster) if v.rule.startswith(codes) and v.shift_ids == (shift.id,)]
    price = state.costs.seats(s, people)
    assert (price < ANY) == (not strict(found))
    if price < ANY:
        assert price == priced(found)


@for_any(problems(), examples=50)
def test_a_problem_survives_the_trip_to_another_process(problem: Problem) -> None:
    assert from_json(to_json(problem)) == problem
    assert fingerprint(from_json(to_json(problem))) == fingerprint(problem)
