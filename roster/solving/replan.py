"""The least change: a draft that people know already, as the baseline of a new Problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from roster.planning.problem import Assignment, Pin, Problem, Shift
from roster.snapshot.snapshot import Snapshot


def as_replan(taken: Snapshot, *, now: datetime, keeps_all: bool = False) -> Snapshot:
    """The same draft, with the Problem of changing it as little as can be; `keeps_all`: of moving nobody at all.

    What has begun is history: who is there stays, and seats that were empty stay empty. Pinned cells are pins as ever.
    Absences, and whatever else was learnt since the draft was made, count as in any solve.
    """
    problem = taken.problem
    draft = tuple(sorted(each for each in taken.assignments if each.staff_id in problem.person))
    begun = {shift.id for shift in problem.shifts if shift.start <= now}
    kept = [each for each in draft if keeps_all or each.shift_id in begun]
    pins = {*problem.pins, *(Pin(each.shift_id, each.staff_id) for each in kept)}
    return replace(taken, problem=_over(problem, draft, begun, pins))


def asked_again(problem: Problem, draft: Iterable[Assignment], pins: Iterable[Pin], *, begun_by: datetime) -> Problem:
    """The question that a re-plan of ``draft`` asked at ``begun_by``, of the facts in ``problem``."""
    begun = {shift.id for shift in problem.shifts if shift.start <= begun_by}
    return _over(problem, tuple(draft), begun, set(pins))


def _over(problem: Problem, draft: tuple[Assignment, ...], begun: set[int], pins: set[Pin]) -> Problem:
    there = Counter(each.shift_id for each in draft)
    shifts = tuple(_as_it_is(shift, there[shift.id]) if shift.id in begun else shift for shift in problem.shifts)
    ordered = tuple(sorted(pins, key=lambda pin: (pin.shift_id, pin.staff_id)))
    return replace(problem, shifts=shifts, pins=ordered, baseline=draft)


def _as_it_is(shift: Shift, people: int) -> Shift:
    return replace(shift, headcount=people, wanted=None, skills={})
