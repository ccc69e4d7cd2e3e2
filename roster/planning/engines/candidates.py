"""Who could take a shift, were it the only one: what is known before any choice is made."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from roster.planning.problem import Problem, Shift, Staff
from roster.planning.rules.rest import rest_minutes

Interval = tuple[datetime, datetime]


def rest_between(problem: Problem, one_form: str, other_form: str) -> timedelta:
    """The rest asked between two duties of these forms."""
    return timedelta(minutes=rest_minutes(problem, on_site=one_form == other_form == "onsite"))


def closed_intervals(problem: Problem, person: Staff, form: str) -> list[Interval]:
    """When a duty of this form may not touch the person: leave, and duties elsewhere with the rest around them."""
    closed = [(absence.start, absence.end) for absence in problem.absences_of.get(person.id, ())]
    for busy in problem.busy_of.get(person.id, ()):
        rest = rest_between(problem, busy.form, form)
        closed.append((busy.start - rest, busy.end + rest))
    return closed


def candidates(problem: Problem) -> dict[int, tuple[int, ...]]:
    """Shift id → ids of the people who may take it as far as duty, unit, leave, nights and duties elsewhere go."""
    qualified: defaultdict[tuple[str, str], list[Staff]] = defaultdict(list)
    for person in problem.staff:
        if person.max_shifts is None or person.max_shifts > 0:
            for duty in person.duties:
                for unit in person.eligible_units:
                    qualified[duty, unit].append(person)
    forms = ("onsite", "standby", "command")
    closed = {(p.id, form): closed_intervals(problem, p, form) for p in problem.staff for form in forms}
    return {
        shift.id: tuple(p.id for p in qualified[shift.duty, shift.unit] if _is_free(shift, p, closed[p.id, shift.form]))
        for shift in problem.shifts
    }


def _is_free(shift: Shift, person: Staff, closed: list[Interval]) -> bool:
    if person.no_night and shift.night and shift.form == "onsite":
        return False
    return all(shift.end <= start or end <= shift.start for start, end in closed)


def repeats(person: Staff, shift: Shift) -> int:
    """How many peaks of the last Tết the person would stand again on this shift."""
    again_at_giao_thua = person.last_giao_thua and "giao_thua" in shift.peak
    again_on_mung_1 = person.last_mung_1 and "mung_1" in shift.peak
    return int(again_at_giao_thua) + int(again_on_mung_1)


def surely_missing(problem: Problem) -> int:
    """Seats that stay empty whatever is chosen, because too few people could take the shift at all."""
    could = {shift_id: set(people) for shift_id, people in candidates(problem).items()}
    for pin in problem.pins:
        could[pin.shift_id].add(pin.staff_id)
    return sum(max(0, shift.headcount - len(could[shift.id])) for shift in problem.shifts)
