"""limits.max_shifts: nobody does more shifts in the campaign than their own limit, or else than the campaign's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule


def most_shifts(problem: Problem, person: Staff) -> int | None:
    """The person's own limit, else the campaign's; None: no limit."""
    if person.max_shifts is not None:
        return person.max_shifts
    return MAX_SHIFTS.value(problem, "most", person=person)


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    limit = most_shifts(problem, person)
    if limit is not None and len(shifts) > limit:
        params: dict[str, int | str] = {"limit": limit, "count": len(shifts)}
        ids = tuple(shift.id for shift in shifts)
        yield MAX_SHIFTS.breach(problem, person.id, ids, params, amount=len(shifts) - limit)


MAX_SHIFTS = Rule(
    "limits.max_shifts",
    hard=True,
    weight=50_00,
    parameters=(Parameter("most", "shifts", high=1000),),
    of_person=_check_person,
)
