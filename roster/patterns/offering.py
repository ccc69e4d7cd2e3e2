"""PURE which unit is offered patterns before the solver: one that has shifts, and few people for them."""

from __future__ import annotations

from planning.problem import Problem

SMALL = 6
"""People up to whom the shifts are dealt by hand sooner than by a solver."""


def small_unit(problem: Problem, code: str = "") -> str:
    """The code of the unit, "" where it is not one; without a code: of the only unit that has shifts."""
    units = {code} if code else {shift.unit for shift in problem.shifts}
    if len(units) != 1:
        return ""
    unit = units.pop()
    has_shifts = any(shift.unit == unit for shift in problem.shifts)
    people = sum(person.unit == unit and bool(person.duties) for person in problem.staff)
    return unit if has_shifts and 0 < people <= SMALL else ""
