"""wishes.off, wishes.on: what people asked for, in the measure of its weight.

A wish "on" counts only where a shift of that date and name asks for people of that duty and unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff, Want, Wish
from planning.rules.base import Rule, may_serve


def asks_for(wish: Wish, shift: Shift) -> bool:
    """Whether the wish is about this shift."""
    return shift.local_date == wish.local_date and wish.template in (None, shift.template)


def shifts_on(problem: Problem) -> dict[date, list[Shift]]:
    """Local date → the shifts of the problem that start on it."""
    found: dict[date, list[Shift]] | None = problem.facts.get("wishes.shifts")
    if found is None:
        found = problem.facts["wishes.shifts"] = {}
        for shift in problem.shifts:
            found.setdefault(shift.local_date, []).append(shift)
    return found


def _own(problem: Problem, person: Staff, want: Want) -> Iterator[tuple[Wish, dict[str, int | str]]]:
    for wish in problem.wishes_of.get(person.id, ()):
        if wish.want == want:
            params: dict[str, int | str] = {"date": wish.local_date.isoformat(), "weight": wish.weight}
            yield wish, params


def _off(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for wish, params in _own(problem, person, "off"):
        for shift in shifts:
            if asks_for(wish, shift):
                yield WISH_OFF.breach(problem, person.id, (shift.id,), params, amount=wish.weight)


def _on(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for wish, params in _own(problem, person, "on"):
        if any(asks_for(wish, shift) for shift in shifts):
            continue
        on_date = shifts_on(problem).get(wish.local_date, ())
        wanted = tuple(s.id for s in on_date if asks_for(wish, s) and may_serve(person, s))
        if wanted:
            yield WISH_ON.breach(problem, person.id, wanted, params, amount=wish.weight)


WISH_OFF = Rule("wishes.off", hard=False, fixed=True, weight=3_00, most_weight=300_00, of_person=_off)
WISH_ON = Rule("wishes.on", hard=False, fixed=True, weight=3_00, most_weight=300_00, of_person=_on)
