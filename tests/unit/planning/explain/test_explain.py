"""Why not this person, why is this seat empty; and the check for one edited cell."""

from __future__ import annotations

from planning.explain import candidates_for, shortages
from planning.problem import Problem
from planning.score.check import check, violations_for
from tests.unit.planning.tiny import away, person, seats, shift

STAFF = (
    person(1),
    person(2, duties=frozenset({"support"}), no_night=True),
    person(3, no_night=True),
    person(4, history_points=5000),
    person(5, max_shifts=0),
    person(6),
)
PROBLEM = Problem((shift(1, 0, 6), shift(2, 0, 22), shift(3, 3)), STAFF, absences=(away(6, 1),))
ROSTER = seats((1, 1))


def test_every_candidate_with_what_would_break_best_first() -> None:
    found = [(c.staff_id, c.codes) for c in candidates_for(PROBLEM, ROSTER, 2)]
    assert found == [
        (4, ()),
        (3, ("protected.no_night",)),
        (5, ("limits.max_shifts",)),
        (6, ("absence.away",)),
        (1, ("rest.between_shifts", "hours.rolling")),
    ]


def test_candidates_tell_the_change_of_cost() -> None:
    changes = {c.staff_id: c.cost_change for c in candidates_for(PROBLEM, ROSTER, 3)}
    assert changes[4] == 5 * 800  # 50 points carried in: five lines of the grid are behind
    assert changes[6] == 0


def test_breaches_that_were_there_before_are_not_blamed_on_the_cell() -> None:
    roster = seats((1, 1), (2, 1))
    assert candidates_for(PROBLEM, roster, 3)[0].codes == ()
    assert {c.staff_id: c.codes for c in candidates_for(PROBLEM, roster, 3)}[1] == ()


def test_an_empty_seat_names_who_is_kept_away_by_what() -> None:
    problem = Problem(PROBLEM.shifts[:2], tuple(p for p in STAFF if p.id != 4), PROBLEM.absences)
    (short,) = shortages(problem, ROSTER)
    assert (short.shift_id, short.missing) == (2, 1)
    assert short.reasons == {
        "rest.between_shifts": (1,),
        "hours.rolling": (1,),
        "protected.no_night": (3,),
        "limits.max_shifts": (5,),
        "absence.away": (6,),
        "eligibility.duty": (2,),
    }


def test_checking_the_edited_cell_finds_what_the_whole_check_finds_there() -> None:
    roster = seats((1, 1), (2, 1), (2, 4))
    whole = [v.rule for v in check(PROBLEM, roster) if v.staff_id == 1 or v.shift_ids == (2,)]
    cell = [v.rule for v in violations_for(PROBLEM, roster, shift_ids=[2], staff_ids=[1])]
    assert (
        sorted(cell)
        == sorted(whole)
        == [
            "coverage.headcount",
            "fairness.load",
            "hours.rolling",
            "rest.between_shifts",
        ]
    )
