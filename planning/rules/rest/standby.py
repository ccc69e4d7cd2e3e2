"""rest.standby: duties at home are spread, for whoever is called out of one comes tired to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule

_MINUTE = timedelta(minutes=1)


def spread(problem: Problem) -> timedelta:
    """The time that should lie between two duties at home."""
    return timedelta(minutes=STANDBY_SPREAD.number(problem, "minutes"))


def too_soon(shifts: Sequence[Shift], apart: timedelta) -> Iterator[tuple[Shift, Shift]]:
    """Pairs of duties at home that do not overlap and are less than `apart` from each other; shifts in order."""
    home = [shift for shift in shifts if shift.form != "onsite"]
    for position, first in enumerate(home):
        for second in islice(home, position + 1, None):
            if second.start >= first.end + apart:
                break
            if second.start >= first.end:
                yield first, second


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for first, second in too_soon(shifts, spread(problem)):
        params = {"gap_minutes": (second.start - first.end) // _MINUTE}
        yield STANDBY_SPREAD.breach(problem, person.id, (first.id, second.id), params)


STANDBY_SPREAD = Rule(
    "rest.standby",
    hard=False,
    fixed=True,
    weight=2_00,
    parameters=(Parameter("minutes", "minutes", 720, high=2880),),
    of_person=_check_person,
)
