"""work.ordinary: on-site duty keeps clear of ordinary working hours, by as much rest as between two shifts.

A shift that replaces ordinary work drops that of its dates, for itself and for every other shift of the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.law import REST_BETWEEN_SHIFTS
from planning.time.minutes import DAY, Slot, WorkSlot, day_of, row


def gap_minutes(slot: Slot, work: WorkSlot) -> int:
    """Minutes between a duty and ordinary hours, negative when they overlap."""
    return max(slot.start - work.end, work.start - slot.end)


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own = row(problem, person, shifts)
    if not own.work:
        return
    required = ORDINARY_WORK.number(problem, "minutes", person=person)
    margin = required // DAY + 1
    for shift, slot in zip(own.onsite, own.slots, strict=True):
        near = range(slot.days[0][0] - margin, slot.days[-1][0] + margin + 1)
        found = [(gap_minutes(slot, work), day) for day in near for work in own.work.get(day, ())]
        gap, day = min(found, default=(required, 0))
        if gap < 0:
            yield ORDINARY_WORK.breach(problem, person.id, (shift.id,), {"date": day_of(day), "overlap": 1})
        elif gap < required:
            params: dict[str, int | str] = {"date": day_of(day), "gap_minutes": gap, "required_minutes": required}
            yield ORDINARY_WORK.breach(problem, person.id, (shift.id,), params)


ORDINARY_WORK = Rule(
    "work.ordinary",
    hard=True,
    weight=50_00,
    parameters=(Parameter("minutes", "minutes", 720, high=2880, norms=REST_BETWEEN_SHIFTS),),
    of_person=_check_person,
)
