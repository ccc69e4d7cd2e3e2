"""rest.between_shifts: enough rest between the end of one duty and the start of the next, where either is on site.

Duties at home that follow each other need none by default: nobody works until called out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from planning.outcome import Violation
from planning.problem import Busy, Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.law import REST_BETWEEN_SHIFTS

Duty = Shift | Busy


def rest_minutes(problem: Problem, *, on_site: bool) -> int:
    """The rest asked between two duties of which one is on site, or none; for the others it may only be relaxed."""
    full = REST.number(problem, "minutes")
    return full if on_site else min(full, REST.number(problem, "standby_minutes"))


def _required_minutes(problem: Problem, first: Duty, second: Duty) -> int:
    return rest_minutes(problem, on_site="onsite" in (first.form, second.form))


def _shortfall(problem: Problem, one: Duty, other: Duty) -> dict[str, int | str] | None:
    """How much rest lies between two duties and how much is asked, None when it is enough or they overlap."""
    first, second = (one, other) if one.start <= other.start else (other, one)
    if second.start < first.end:
        return None
    gap = (second.start - first.end) // timedelta(minutes=1)
    required = _required_minutes(problem, first, second)
    return {"gap_minutes": gap, "required_minutes": required} if gap < required else None


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    longest = timedelta(minutes=REST.number(problem, "minutes"))
    for position, first in enumerate(shifts):
        enough = first.end + longest
        for second in islice(shifts, position + 1, None):
            if second.start >= enough:
                break
            if params := _shortfall(problem, first, second):
                yield REST.breach(problem, person.id, (first.id, second.id), params)
    for shift in shifts:
        for busy in problem.busy_of.get(person.id, ()):
            if params := _shortfall(problem, shift, busy):
                params |= {"busy_start": busy.start.isoformat(), "busy_end": busy.end.isoformat()}
                yield REST.breach(problem, person.id, (shift.id,), params)


REST = Rule(
    "rest.between_shifts",
    hard=True,
    weight=50_00,
    parameters=(
        Parameter("minutes", "minutes", 720, high=2880, norms=REST_BETWEEN_SHIFTS),
        Parameter("standby_minutes", "minutes", 0, high=2880),
    ),
    of_person=_check_person,
)
