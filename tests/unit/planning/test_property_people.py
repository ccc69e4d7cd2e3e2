"""What must not depend on who bears which number, and what one more colleague may not make worse."""

from __future__ import annotations

from dataclasses import make_dataclass, replace
from typing import Any

import pytest
from hypothesis import strategies as st

from planning.engines.mip.shortage_bound import fewest_missing
from planning.outcome import Outcome
from planning.problem import Assignment, Pair, Pin, Problem, Staff, Wish
from tests.support.examples import for_any
from tests.unit.planning import relabel
from tests.unit.planning.any_problem import eased, problems
from tests.unit.planning.in_process import solved
from tests.unit.planning.relabel import ROWS, relabelled, relabellings
from tests.unit.planning.test_property_rosters import empty_seats, every_lawful, mixed
from tests.unit.planning.tiny import away, busy, on, person, shift, work

teams, duos = problems(most_staff=4), problems(most_staff=2, most_shifts=3)


def proved_cost(outcome: Outcome) -> int | None:
    """None where no roster was proved best: some "at least" rule cannot be kept, or a baseline ties two groups."""
    assert outcome.certificate is not None
    return outcome.objective if outcome.certificate.proved else None


def proved_missing(problem: Problem, outcome: Outcome) -> int:
    """The least number of empty seats, which is proved of every problem this small."""
    assert outcome.missing_bound == empty_seats(problem, outcome.assignments)
    return outcome.missing_bound


@for_any(mixed, st.data(), examples=50)
def test_relabelling_people_leaves_what_is_proved_alone(problem: Problem, data: st.DataObject) -> None:
    other = data.draw(relabellings(problem))
    before, after = solved(problem, bare=True), solved(other, bare=True)
    assert proved_missing(problem, before) == proved_missing(other, after)
    assert proved_cost(before) == proved_cost(after)


@pytest.mark.parametrize(("rows", "kind"), [("pins", Pin), ("staff", Staff)])
def test_a_field_that_relabelling_does_not_know_is_not_overlooked(
    monkeypatch: pytest.MonkeyPatch, rows: str, kind: type
) -> None:
    wider = make_dataclass(kind.__name__, [("replaced_by", int, 0)], bases=(kind,), frozen=True)
    monkeypatch.setitem(relabel.ROWS, rows, (wider, *ROWS[rows][1:]))
    with pytest.raises(ValueError, match=f": {rows}.replaced_by$"):
        relabelled(Problem((shift(1, 0),), (person(1),)), {1: 2})


def test_a_list_that_relabelling_does_not_know_is_not_overlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    wider = make_dataclass("Problem", [("drivers", "tuple[Pin, ...]", ())], bases=(Problem,), frozen=True)
    monkeypatch.setattr(relabel, "Problem", wider)
    with pytest.raises(ValueError, match=": drivers$"):
        relabelled(Problem((shift(1, 0),), (person(1),)), {1: 2})


def test_relabelling_leaves_no_old_number_behind() -> None:
    """Of one row of every kind, and back again nothing is lost."""
    problem = Problem(
        (shift(1, 0),),
        (person(1), person(2)),
        absences=(away(1, 0),),
        wishes=(Wish(1, on(0), None, "on"),),
        pins=(Pin(1, 1),),
        busy=(busy(1, 1, 7),),
        work=(work(1, 0),),
        pairs=(Pair(1, 2, "together"),),
        baseline=(Assignment(1, 1),),
    )
    other = relabelled(problem, {1: 71, 2: 72})
    named = [
        getattr(row, field)
        for name, (_, people, _) in ROWS.items()
        for field in people.split()
        for row in getattr(other, name)
    ]
    assert sorted(named) == [71] * 8 + [72] * 2
    assert relabelled(other, {71: 1, 72: 2}) == problem


def joined(problem: Problem, other: Problem, staff_id: int) -> Problem:
    """One more person: that one of another problem with leave, duties elsewhere, ordinary work and wishes of their own,
    under a new number. Pins stay behind: a seat kept for somebody can send away whom a row needs.
    """
    number = max(problem.person) + 1
    rows: dict[str, Any] = {
        name: (*getattr(problem, name), *(replace(row, staff_id=number) for row in own.get(staff_id, ())))
        for name, own in (
            ("absences", other.absences_of),
            ("busy", other.busy_of),
            ("work", other.work_of),
            ("wishes", other.wishes_of),
        )
    }
    return replace(problem, staff=(*problem.staff, replace(other.person[staff_id], id=number)), **rows)


@st.composite
def newcomers(draw: st.DrawFn, problem: Problem) -> Problem:
    """With one more person, like one of these or like anybody; who may have to share shifts with somebody, or may not.

    Whoever was there can go on as before and the newcomer do nothing. All that this can break is a rule that asks for a
    least of something (shifts, hours, a pair together); such rules give way to seats. What a newcomer breaks by doing
    nothing (ordinary work longer than a rule allows) is excused.
    """
    other = problem if draw(st.booleans()) else draw(problems(pinned=False))
    more = joined(problem, other, draw(st.sampled_from(list(other.person))))
    number = more.staff[-1].id
    mates: Any = st.builds(
        Pair, st.just(number), st.sampled_from(list(problem.person)), st.sampled_from(["together", "apart"])
    )
    return replace(more, pairs=(*problem.pairs, *draw(st.lists(mates, max_size=1))))


@for_any(teams | teams.map(eased), st.data(), examples=50)
def test_one_more_person_never_raises_the_proved_shortage(problem: Problem, data: st.DataObject) -> None:
    more = data.draw(newcomers(problem))
    before, after = solved(problem, bare=True), solved(more, bare=True)
    assert proved_missing(more, after) <= proved_missing(problem, before)
    assert fewest_missing(problem, seconds=20) == (before.missing_bound, True)
    assert fewest_missing(more, seconds=20) == (after.missing_bound, True)


@for_any(duos | duos.map(eased), st.data(), examples=50)
def test_nor_does_trying_every_roster_find_otherwise(problem: Problem, data: st.DataObject) -> None:
    """The same of the rules alone: the property holds of the problem and not only of the engines."""
    more = data.draw(newcomers(problem))
    before, after = (min(every_lawful(each))[0] for each in (problem, more))
    assert after <= before
    assert (before, after) == (solved(problem).missing_bound, solved(more).missing_bound)
