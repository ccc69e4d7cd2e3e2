"""continuity.template: on-site shifts of two dates in a row have the same name, where it can be helped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule
from planning.time.minutes import day_of, row


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own = row(problem, person, shifts)
    names: dict[int, set[str]] = {}
    for shift, slot in zip(own.onsite, own.slots, strict=True):
        names.setdefault(slot.day, set()).add(shift.template)
    for day in own.days:
        if day + 1 in names and len(names[day] | names[day + 1]) > 1:
            yield CONTINUITY.breach(problem, person.id, own.starting(day, day + 1), {"date": day_of(day + 1)})


CONTINUITY = Rule("continuity.template", hard=False, fixed=True, on=False, weight=3_00, of_person=_check_person)
