"""Rules that look at one person and one shift alone: duty, unit, place, leave, protection, duties elsewhere."""

from __future__ import annotations

from datetime import timedelta

from roster.planning.problem import Problem, Shift, Staff
from roster.planning.rules.rest import rest_minutes
from roster.planning.time.overtime import overtime_alone


def other_duty(problem: Problem, person: Staff, shift: Shift) -> int:
    return int(shift.duty not in person.duties)


def other_unit(problem: Problem, person: Staff, shift: Shift) -> int:
    return int(shift.unit not in person.eligible_units)


def other_place(problem: Problem, person: Staff, shift: Shift) -> int:
    return int(shift.form == "onsite" and shift.unit != person.unit)


def on_leave(problem: Problem, person: Staff, shift: Shift) -> int:
    leave = problem.absences_of.get(person.id, ())
    return sum(shift.start < each.end and each.start < shift.end for each in leave)


def protected_night(problem: Problem, person: Staff, shift: Shift) -> int:
    return int(person.no_night and shift.night and shift.form == "onsite")


def protected_overtime(problem: Problem, person: Staff, shift: Shift) -> int:
    return int(person.no_overtime and overtime_alone(problem, person, shift, protected=True) > 0)


def busy_elsewhere(problem: Problem, person: Staff, shift: Shift) -> int:
    elsewhere = problem.busy_of.get(person.id, ())
    return sum(shift.start < busy.end and busy.start < shift.end for busy in elsewhere)


def short_rest_elsewhere(problem: Problem, person: Staff, shift: Shift) -> int:
    """Duties elsewhere that leave less rest than asked; those that overlap are another rule's."""
    found = 0
    for busy in problem.busy_of.get(person.id, ()):
        on_site = "onsite" in (shift.form, busy.form)
        gap = max(shift.start - busy.end, busy.start - shift.end)
        found += timedelta() <= gap < timedelta(minutes=rest_minutes(problem, on_site=on_site))
    return found
