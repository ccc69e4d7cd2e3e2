"""Rules that one person and one shift decide, whatever else the person does: each says how much such a pair breaks.

While a rule is hard the pair is no candidate; while it is soft the amount is a fee for that seat. Duties elsewhere are
not chosen here, so what a shift breaks beside them belongs here too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from planning.problem import Problem, Shift, Staff
from planning.rules import RULE_OF
from planning.rules.peaks import repeated
from planning.rules.rest.between_shifts import rest_minutes
from planning.rules.wishes import asks_for
from planning.time.minutes import minute, slots
from planning.time.overtime import overtime_alone

Amount = Callable[[Shift], int]
"""By how much the person breaks the rule on this shift."""
Judge = Callable[[Problem, Staff], Amount | None]
"""None: on no shift does this person break the rule."""


def is_strict(problem: Problem, code: str) -> bool:
    """Whether the campaign has this rule on and hard."""
    return RULE_OF[code].is_on(problem) and RULE_OF[code].is_hard(problem)


def _duty(problem: Problem, person: Staff) -> Amount:
    return lambda shift: shift.duty not in person.duties


def _unit(problem: Problem, person: Staff) -> Amount:
    return lambda shift: shift.unit not in person.eligible_units


def _place(problem: Problem, person: Staff) -> Amount:
    return lambda shift: shift.form == "onsite" and shift.unit != person.unit


def _away(problem: Problem, person: Staff) -> Amount | None:
    leave = [(minute(a.start), minute(a.end)) for a in problem.absences_of.get(person.id, ())]
    return _touches(problem, leave) if leave else None


def _overlap(problem: Problem, person: Staff) -> Amount | None:
    busy = [(minute(b.start), minute(b.end)) for b in problem.busy_of.get(person.id, ())]
    return _touches(problem, busy) if busy else None


def _touches(problem: Problem, closed: list[tuple[int, int]]) -> Amount:
    times = slots(problem)

    def amount(shift: Shift) -> int:
        slot = times[shift.id]
        return sum(slot.start < end and start < slot.end for start, end in closed)

    return amount


def _rest(problem: Problem, person: Staff) -> Amount | None:
    busy = problem.busy_of.get(person.id, ())
    return (lambda shift: sum(_lacks_rest(problem, shift, b.start, b.end, form=b.form) for b in busy)) if busy else None


def _lacks_rest(problem: Problem, shift: Shift, start: datetime, end: datetime, *, form: str) -> bool:
    """Whether too little time lies between the shift and a duty elsewhere; False when they overlap."""
    gap = max(shift.start - end, start - shift.end)
    return timedelta(0) <= gap < timedelta(minutes=rest_minutes(problem, on_site="onsite" in (shift.form, form)))


def _night(problem: Problem, person: Staff) -> Amount | None:
    return (lambda shift: shift.night and shift.form == "onsite") if person.no_night else None


def _overtime(problem: Problem, person: Staff) -> Amount | None:
    return (lambda shift: overtime_alone(problem, person, shift, protected=True) > 0) if person.no_overtime else None


def _repeated_peak(problem: Problem, person: Staff) -> Amount | None:
    stood = person.last_giao_thua or person.last_mung_1
    return (lambda shift: len(repeated(problem, person, shift))) if stood else None


def _wished_off(problem: Problem, person: Staff) -> Amount | None:
    wishes = [wish for wish in problem.wishes_of.get(person.id, ()) if wish.want == "off"]
    return (lambda shift: sum(wish.weight for wish in wishes if asks_for(wish, shift))) if wishes else None


SINGLE_SHIFT: dict[str, Judge] = {
    "eligibility.duty": _duty,
    "eligibility.unit": _unit,
    "eligibility.place": _place,
    "absence.away": _away,
    "protected.no_night": _night,
    "protected.no_overtime": _overtime,
    "overlap.shifts": _overlap,
    "rest.between_shifts": _rest,
    "peaks.repeat": _repeated_peak,
    "wishes.off": _wished_off,
}
