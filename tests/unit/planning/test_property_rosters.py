"""Whatever the problem: every roster that an engine emits and every outcome of `solve` is what the checker says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import strategies as st

from planning.certificate_facts import contradictions, facts_of
from planning.engines.local_search.engine import build
from planning.outcome import Outcome, Progress, Violation
from planning.problem import Assignment, Problem
from planning.score.check import check, cost_of
from planning.score.score import LEAST_PRICES, is_least
from tests.support.examples import for_any
from tests.unit.planning.any_problem import eased, problems
from tests.unit.planning.engines.test_properties import pinned, strict
from tests.unit.planning.in_process import solved, work

tiny = problems(most_staff=3, most_shifts=3)
mixed = problems() | problems().map(eased)

News = tuple[Sequence[Assignment], int, int]


def added(problem: Problem, roster: Sequence[Assignment]) -> Counter[tuple[str, int | None, tuple[int, ...]]]:
    """Hard breaches beyond those of the pins; empty seats and what may be out of reach are not among them."""
    return strict(check(problem, roster)) - strict(check(problem, pinned(problem)))


def empty_seats(problem: Problem, roster: Sequence[Assignment]) -> int:
    """Counted here, not by the rule."""
    there = Counter(each.shift_id for each in roster)
    return sum(max(0, shift.headcount - there[shift.id]) for shift in problem.shifts)


def lacking(violations: Sequence[Violation]) -> int:
    """The price of hard breaches that may be impossible to avoid."""
    return sum(LEAST_PRICES[v.rule] * v.amount for v in violations if is_least(v))


def assert_lawful(problem: Problem, roster: Sequence[Assignment]) -> None:
    assert len(set(roster)) == len(roster)
    assert pinned(problem) <= set(roster)
    assert added(problem, roster) == Counter()


def drafts(problem: Problem) -> st.SearchStrategy[list[Assignment]]:
    """Rosters that break anything."""
    return st.lists(
        st.sampled_from([Assignment(s.id, p.id) for s in problem.shifts for p in problem.staff]), unique=True
    )


@pytest.mark.parametrize("engine", ["highs", "lns"])
@for_any(mixed, st.data(), examples=50)
def test_every_roster_that_an_engine_emits_is_lawful_and_its_bounds_lie_below(
    engine: str, problem: Problem, data: st.DataObject
) -> None:
    start = data.draw(st.sampled_from([(), build(problem)]))
    heard = [sorted({*each, *pinned(problem)}) for each in data.draw(st.lists(drafts(problem), max_size=2))]
    news: list[News] = []
    work(engine, problem, {*start, *pinned(problem)}, emit=lambda *each: news.append(each), heard=heard)
    for roster, _, _ in news:
        assert_lawful(problem, roster)
    rosters = [roster for roster, _, _ in news] + [build(problem)]
    assert_bounds_lie_below(problem, news, rosters)


def assert_bounds_lie_below(problem: Problem, news: Sequence[News], rosters: Sequence[Sequence[Assignment]]) -> None:
    """No roster known here belies what was claimed of all."""
    missing = max((claimed for _, _, claimed in news), default=0)
    bound = max((claimed for _, claimed, _ in news), default=0)
    for roster in rosters:
        found = check(problem, roster)
        assert missing <= empty_seats(problem, roster)
        if empty_seats(problem, roster) == missing and not lacking(found):
            assert bound <= cost_of(found)


def assert_as_claimed(problem: Problem, outcome: Outcome) -> None:
    """The outcome says of its roster what the checker says, and claims no more than that allows."""
    found, empty = check(problem, outcome.assignments), empty_seats(problem, outcome.assignments)
    assert_lawful(problem, outcome.assignments)
    assert outcome.violations == tuple(found)
    assert outcome.objective == cost_of(found)
    assert sum(each.missing for each in outcome.shortages) == empty
    assert all(each.missing > 0 for each in outcome.shortages)
    assert outcome.missing_bound <= empty
    assert outcome.bound is None or outcome.bound <= outcome.objective
    certificate = outcome.certificate
    assert certificate is not None and contradictions(certificate, facts_of(problem, outcome.assignments)) == ()
    is_closed = outcome.bound == outcome.objective and outcome.missing_bound == empty
    assert certificate.proved == (is_closed and not lacking(found))
    if outcome.status == "optimal":
        assert certificate.proved and not empty
    assert (outcome.status == "infeasible") == (outcome.missing_bound > 0)
    assert outcome.fault is None, "no engine was found out"
    assert outcome.trace[-1][1:] == (outcome.objective, outcome.bound)


@for_any(mixed, st.data(), examples=50)
def test_whatever_solve_returns_passes_the_checker_as_claimed(problem: Problem, data: st.DataObject) -> None:
    told: list[Progress] = []
    yes_or_no = st.booleans()
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


def assert_as_told(problem: Problem, outcome: Outcome, told: Sequence[Progress]) -> None:
    """So it is of the outcome and of everything that was told on the way."""
    assert_as_claimed(problem, outcome)
    for news in told:
        assert_lawful(problem, news.assignments)
        assert news.cost == cost_of(check(problem, news.assignments))
        assert news.missing == empty_seats(problem, news.assignments)
        assert news.bound is None or news.bound <= news.cost
    assert told[-1].assignments == outcome.assignments


def every_lawful(problem: Problem) -> Iterator[tuple[int, int, int]]:
    """(empty seats, price of what lacks, cost) of every roster that adds no hard breach to those of the pins."""
    seats = [Assignment(s.id, p.id) for s in problem.shifts for p in problem.staff]
    excused = strict(check(problem, pinned(problem)))
    for chosen in product((False, True), repeat=len(seats)):
        roster = [seat for seat, is_in in zip(seats, chosen, strict=True) if is_in]
        found = check(problem, roster)
        if strict(found) <= excused:
            yield empty_seats(problem, roster), lacking(found), cost_of(found)


@for_any(tiny | tiny.map(eased), st.booleans(), examples=120)
def test_no_lawful_roster_of_all_is_better_than_what_is_claimed(problem: Problem, torn: bool) -> None:
    outcome = solved(problem, torn=torn, bare=True)
    assert_as_claimed(problem, outcome)
    rosters = list(every_lawful(problem))
    fewest, lacks, cost = min(rosters)
    found = outcome.violations
    assert outcome.missing_bound <= fewest
    assert (empty_seats(problem, outcome.assignments), lacking(found), outcome.objective) in rosters
    if outcome.bound is not None:
        assert all(outcome.bound <= c for empty, lack, c in rosters if empty == fewest and not lack)
    if outcome.certificate and outcome.certificate.proved:
        assert (outcome.missing_bound, 0, outcome.objective) == (fewest, lacks, cost)
