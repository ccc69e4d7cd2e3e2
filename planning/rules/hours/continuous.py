"""hours.continuous: on-site duty without a break is no longer than a number of minutes, across midnight as well.

Shifts that touch are one duty. A shift whose length the employer states a ground for counts no more than the limit:
the ground excuses that shift, and nothing joined to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.law import LONG_DUTY
from planning.time.minutes import day_of, row


def excused_minutes(shift: Shift, most: int) -> int:
    """Return what a stated ground takes off the minutes that count of an on-site shift."""
    return max(0, shift.minutes - most) if shift.grounded else 0


def lacks_ground(problem: Problem, shift: Shift, rule: Rule | None = None) -> bool:
    """Whether the shift by itself is longer than the rule lets one person be on site, and nobody states a ground.

    ``rule``: another whose parameter ``most`` limits minutes on site.
    """
    most = (rule or HOURS_CONTINUOUS).value(problem, "most", on=shift.local_date)
    return shift.form == "onsite" and not shift.grounded and most is not None and shift.minutes > most


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    most = HOURS_CONTINUOUS.value(problem, "most", person=person)
    if most is None:
        return
    own = row(problem, person, shifts)
    joined: list[int] = []
    since = until = excused = 0
    for shift, slot in zip(own.onsite, own.slots, strict=True):
        if not joined or slot.start > until:
            joined, since, until, excused = [], slot.start, slot.end, 0
        joined.append(shift.id)
        excused += excused_minutes(shift, most)
        until = max(until, slot.end)
        if (minutes := until - since - excused) > most:
            params: dict[str, int | str] = {"date": day_of(slot.day), "minutes": minutes, "limit": most}
            yield HOURS_CONTINUOUS.breach(problem, person.id, tuple(joined), params)


HOURS_CONTINUOUS = Rule(
    "hours.continuous",
    hard=True,
    weight=50_00,
    parameters=(Parameter("most", "minutes", 720, high=2880, norms=LONG_DUTY),),
    of_person=_check_person,
)
