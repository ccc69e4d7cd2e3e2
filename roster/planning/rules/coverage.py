"""coverage.headcount: every shift has exactly the people it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roster.planning.problem import Problem, Shift, Violation
from roster.planning.rules.base import Rule


def _of_shift(problem: Problem, shift: Shift, staff_ids: Sequence[int]) -> Iterator[Violation]:
    present = len(set(staff_ids))
    if present == shift.headcount:
        return
    missing = max(0, shift.headcount - present)
    params = {"required": shift.headcount, "present": present, "missing": missing}
    cost = missing * problem.parameters.empty_seat_cost
    yield Violation(HEADCOUNT.code, True, None, (shift.id,), params, cost)


HEADCOUNT = Rule("coverage.headcount", hard=True, parameters=("empty_seat_cost",), of_shift=_of_shift)
