"""pairs.apart: two people never share a shift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift
from planning.rules.base import Rule
from planning.rules.pairs.together import touching


def _check_shift(problem: Problem, shift: Shift, staff_ids: Sequence[int]) -> Iterator[Violation]:
    for pair in touching(problem, "apart", staff_ids):
        if pair.first in staff_ids and pair.second in staff_ids:
            yield APART.breach(problem, pair.first, (shift.id,), {"other": pair.second})


APART = Rule("pairs.apart", hard=True, weight=50_00, of_shift=_check_shift)
