"""pins.kept: whoever the manager pinned to a shift stays on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own = {shift.id for shift in shifts}
    for pin in problem.pins_of.get(person.id, ()):
        if pin.shift_id not in own:
            yield PINS.breach(problem, person.id, (pin.shift_id,))


PINS = Rule("pins.kept", hard=True, fixed=True, locked=True, of_person=_check_person)
