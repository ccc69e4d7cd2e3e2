"""hours.rolling: on-site duty within any 24 hours stays within a number of minutes, wherever midnight falls.

The fullest 24 hours begin with a shift, so those are looked at. A shift whose length the employer states a ground for
counts no more than the limit in them, and its last hours up to the limit begin 24 hours of their own: the ground
excuses that shift, and nothing near it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.law import LONG_DUTY
from planning.time.minutes import DAY, Slot, day_of, row

Held = tuple[Shift, Slot]


def windows(held: Held, most: int) -> Iterator[int]:
    """The minutes at which 24 hours begin because of this shift."""
    shift, slot = held
    yield slot.start
    if shift.grounded and slot.end - slot.start > most:
        yield slot.end - most


def minutes_within(held: Held, since: int, most: int) -> int:
    """Return what the shift counts in the 24 hours from this minute on."""
    shift, slot = held
    inside = min(slot.end, since + DAY) - max(slot.start, since)
    return max(0, min(inside, most) if shift.grounded else inside)


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    most = HOURS_ROLLING.value(problem, "most", person=person)
    if most is None:
        return
    own = row(problem, person, shifts)
    held = list(zip(own.onsite, own.slots, strict=True))
    for each in held:
        for since in windows(each, most):
            inside = list(_inside(held, since))
            total = sum(minutes_within(other, since, most) for other in inside)
            if total > most:
                ids = tuple(shift.id for shift, _ in inside)
                params: dict[str, int | str] = {"date": day_of(since // DAY), "start": since % DAY}
                params |= {"minutes": total, "limit": most}
                yield HOURS_ROLLING.breach(problem, person.id, ids, params, amount=total - most)


def _inside(held: Iterable[Held], since: int) -> Iterator[Held]:
    for each in held:
        if each[1].start >= since + DAY:
            return
        if each[1].end > since:
            yield each


HOURS_ROLLING = Rule(
    "hours.rolling",
    hard=True,
    weight=10,
    most_weight=1_00,
    parameters=(Parameter("most", "minutes", 720, high=1440, norms=LONG_DUTY),),
    of_person=_check_person,
)
