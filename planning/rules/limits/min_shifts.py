"""limits.min_shifts: everybody does at least as many shifts as they, or else the campaign, ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule, could_take_some


def least_shifts(problem: Problem, person: Staff) -> int | None:
    """The person's own number, else the campaign's for people who could take some shift of the plan; None: none."""
    if person.min_shifts is not None:
        return person.min_shifts
    least = MIN_SHIFTS.value(problem, "least", person=person)
    own = "limits.min_shifts:least" in person.limits
    return least if least is None or own or could_take_some(problem, person) else None


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    least = least_shifts(problem, person)
    if least is not None and len(shifts) < least:
        params: dict[str, int | str] = {"least": least, "count": len(shifts)}
        ids = tuple(shift.id for shift in shifts)
        yield MIN_SHIFTS.breach(problem, person.id, ids, params, amount=least - len(shifts))


MIN_SHIFTS = Rule(
    "limits.min_shifts",
    hard=True,
    weight=30_00,
    parameters=(Parameter("least", "shifts", high=1000),),
    of_person=_check_person,
)
