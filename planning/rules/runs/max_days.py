"""runs.max_days: not too many days of on-site duty one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.runs.in_a_row import too_many
from planning.time.minutes import row


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own = row(problem, person, shifts)
    return too_many(MAX_DAYS_IN_A_ROW, problem, person, own.days, starting=own.starting)


MAX_DAYS_IN_A_ROW = Rule(
    "runs.max_days",
    hard=True,
    weight=50_00,
    parameters=(Parameter("most", "days", 6, low=1, high=366),),
    of_person=_check_person,
)
