"""protected.no_overtime: the protected do no overtime, by day and by week; why they are protected is nowhere stored.

Amounts are minutes. A normal day of theirs has eight hours, also where hours are set by the week.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule
from planning.rules.law import PROTECTED
from planning.time.minutes import day_of
from planning.time.overtime import overtime, thursday


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    if not person.no_overtime:
        return
    for day, minutes in sorted(overtime(problem, person, shifts, protected=True).items()):
        own = [shift for shift in shifts if shift.form == "onsite" and shift.local_date.toordinal() == day]
        if not own:  # the week's part alone
            own = [s for s in shifts if s.form == "onsite" and thursday(s.local_date.toordinal()) == day]
        ids = tuple(shift.id for shift in own)
        yield NO_OVERTIME.breach(problem, person.id, ids, {"minutes": minutes, "date": day_of(day)}, amount=minutes)


NO_OVERTIME = Rule(
    "protected.no_overtime", hard=True, fixed=True, locked=True, norms=PROTECTED, of_person=_check_person
)
