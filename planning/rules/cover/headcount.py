"""coverage.headcount: every shift has exactly the people it asks for; with soft cover at least as many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift
from planning.rules.base import Rule


def _check_shift(problem: Problem, shift: Shift, staff_ids: Sequence[int]) -> Iterator[Violation]:
    present = len(set(staff_ids))
    if present == shift.headcount or (shift.wanted and present > shift.headcount):
        return
    missing = max(0, shift.headcount - present)
    params = {"required": shift.headcount, "present": present, "missing": missing}
    cost = missing * HEADCOUNT.weight_in(problem)
    yield Violation(HEADCOUNT.code, True, None, (shift.id,), params, cost, abs(present - shift.headcount))


# The weight is far above any other cost, so that filling a seat always comes first.
HEADCOUNT = Rule("coverage.headcount", hard=True, fixed=True, locked=True, weight=100_000_00, of_shift=_check_shift)
