"""nights.in_a_row: not too many nights on site one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.runs.in_a_row import too_many
from planning.time.minutes import row


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own = row(problem, person, shifts)
    return too_many(NIGHTS_IN_A_ROW, problem, person, own.night_days, starting=partial(own.starting, nights=True))


NIGHTS_IN_A_ROW = Rule(
    "nights.in_a_row",
    hard=True,
    weight=50_00,
    parameters=(Parameter("most", "nights", 3, low=1, high=366),),
    of_person=_check_person,
)
