"""The draft of now as the question of a solve: to change it as little as can be, or to assign a part of it alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from planning.part import Part, alone
from planning.problem import Assignment, Pin, Problem, Shift
from roster.snapshot.snapshot import Snapshot


def as_part(taken: Snapshot, part: Part | None) -> Snapshot:
    """The part alone, with whom it concerns and what they hold elsewhere; of no part, the draft as it was taken."""
    if part is None:
        return taken
    draft = _known(taken)
    problem, outside = alone(taken.problem, part, draft), part.outside(taken.problem, draft)
    cells = {seat: cell for seat, cell in taken.cells.items() if cell.person_id in problem.person}
    seats = {
        shift_id: tuple(seat for seat in own if seat in cells) if shift_id in outside else own
        for shift_id, own in taken.seats.items()
        if shift_id in problem.shift_of
    }
    return replace(taken, problem=problem, seats=seats, cells=cells)


def as_replan(taken: Snapshot, *, now: datetime, keeps_all: bool = False) -> Snapshot:
    """The same draft, with the Problem of changing it as little as can be; `keeps_all`: of moving nobody at all.

    What has begun is history: who is there stays, and seats that were empty stay empty. Pinned cells are pins as ever.
    Absences, and whatever else was learnt since the draft was made, count as in any solve.
    """
    problem = taken.problem
    draft = _known(taken)
    begun = {shift.id for shift in problem.shifts if shift.start <= now}
    kept = [each for each in draft if keeps_all or each.shift_id in begun]
    pins = {*problem.pins, *(Pin(each.shift_id, each.staff_id) for each in kept)}
    return replace(taken, problem=_over(problem, draft, begun, pins))


def asked_again(problem: Problem, draft: Iterable[Assignment], pins: Iterable[Pin], *, begun_by: datetime) -> Problem:
    """The question that a re-plan of ``draft`` asked at ``begun_by``, of the facts in ``problem``."""
    begun = {shift.id for shift in problem.shifts if shift.start <= begun_by}
    return _over(problem, tuple(draft), begun, set(pins))


def _known(taken: Snapshot) -> tuple[Assignment, ...]:
    return tuple(sorted(each for each in taken.assignments if each.staff_id in taken.problem.person))


def _over(problem: Problem, draft: tuple[Assignment, ...], begun: set[int], pins: set[Pin]) -> Problem:
    there = Counter(each.shift_id for each in draft)
    shifts = tuple(_as_it_is(shift, there[shift.id]) if shift.id in begun else shift for shift in problem.shifts)
    ordered = tuple(sorted(pins, key=lambda pin: (pin.shift_id, pin.staff_id)))
    return replace(problem, shifts=shifts, pins=ordered, baseline=draft)


def _as_it_is(shift: Shift, people: int) -> Shift:
    return replace(shift, headcount=people, wanted=None, skills={})
