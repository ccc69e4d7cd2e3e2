"""coverage.wanted: soft cover; each person too few or too many costs what the shift says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift
from planning.rules.base import Rule


def _check_shift(problem: Problem, shift: Shift, staff_ids: Sequence[int]) -> Iterator[Violation]:
    if shift.wanted is None:
        return
    over = len(set(staff_ids)) - shift.wanted.number
    cost = shift.wanted.over * over if over > 0 else shift.wanted.under * -over
    if cost:
        params = {"wanted": shift.wanted.number, "present": shift.wanted.number + over}
        yield Violation(WANTED.code, False, None, (shift.id,), params, cost, abs(over))


WANTED = Rule("coverage.wanted", hard=False, fixed=True, locked=True, of_shift=_check_shift)
