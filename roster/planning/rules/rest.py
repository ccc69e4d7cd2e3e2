"""rest.between_shifts: enough rest between the end of one duty and the start of the next, whatever their form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations

from roster.planning.problem import Busy, Problem, Shift, Staff, Violation
from roster.planning.rules.base import Rule

Duty = Shift | Busy


def _required_minutes(problem: Problem, first: Duty, second: Duty) -> int:
    parameters = problem.parameters
    on_site = first.form == "onsite" and second.form == "onsite"
    return parameters.rest_minutes if on_site else parameters.standby_rest_minutes


def _shortfall(problem: Problem, one: Duty, other: Duty) -> dict[str, int | str] | None:
    """How much rest lies between two duties and how much is asked, None when it is enough or they overlap."""
    first, second = (one, other) if one.start <= other.start else (other, one)
    if second.start < first.end:
        return None
    gap = (second.start - first.end) // timedelta(minutes=1)
    required = _required_minutes(problem, first, second)
    return {"gap_minutes": gap, "required_minutes": required} if gap < required else None


def _of_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for first, second in combinations(shifts, 2):
        if params := _shortfall(problem, first, second):
            yield Violation(REST.code, True, person.id, (first.id, second.id), params, 0)
    for shift in shifts:
        for busy in problem.busy_of.get(person.id, ()):
            if params := _shortfall(problem, shift, busy):
                params |= {"busy_start": busy.start.isoformat(), "busy_end": busy.end.isoformat()}
                yield Violation(REST.code, True, person.id, (shift.id,), params, 0)


REST = Rule("rest.between_shifts", True, ("rest_minutes", "standby_rest_minutes"), of_person=_of_person)
