"""A share of a Problem as a Problem of its own: some shifts with the people whom they reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from roster.planning.problem import Assignment, Pin, Problem, Shift

Row = TypeVar("Row")


def part_of(
    problem: Problem, shifts: Iterable[Shift], staff_ids: Collection[int], held: Iterable[Assignment] = ()
) -> Problem:
    """These shifts and people, judged over the dates of the whole.

    `held` are duties that people of the part have on shifts outside it and keep: such a shift comes along with
    just those people pinned on it, so that hours, rest, peaks and load count it exactly as in the whole.
    """
    own = {shift.id: shift for shift in shifts}
    people = frozenset(staff_ids)
    fixed = [each for each in held if each.staff_id in people and each.shift_id not in own]
    kept = _kept(problem, fixed)
    pins = [pin for p in people for pin in problem.pins_of.get(p, ()) if pin.shift_id in own]
    known = own.keys() | kept.keys()
    return Problem(
        shifts=tuple(own.get(s.id) or kept[s.id] for s in problem.shifts if s.id in known),
        staff=tuple(person for person in problem.staff if person.id in people),
        absences=_owned(problem.absences_of, people),
        wishes=_owned(problem.wishes_of, people),
        pins=tuple(sorted({*pins, *(Pin(each.shift_id, each.staff_id) for each in fixed)}, key=_by_ids)),
        busy=_owned(problem.busy_of, people),
        work=_owned(problem.work_of, people),
        pairs=tuple(pair for pair in problem.pairs if pair.first in people and pair.second in people),
        baseline=tuple(
            each for p in sorted(people) for each in _baseline(problem).get(p, ()) if each.shift_id in known
        ),
        settings=problem.settings,
        free_days=problem.free_days,
        parents=problem.parents,
        span=span_of(problem),
        normal_hours=problem.normal_hours,
    )


def span_of(problem: Problem) -> tuple[date, date] | None:
    """First and last date of the plan."""
    return (problem.dates[0], problem.dates[-1]) if problem.dates else None


def within(shift_ids: Collection[int], roster: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """The assignments on these shifts, in order."""
    return tuple(sorted(each for each in roster if each.shift_id in shift_ids))


def _kept(problem: Problem, fixed: Iterable[Assignment]) -> dict[int, Shift]:
    people: defaultdict[int, set[int]] = defaultdict(set)
    for each in fixed:
        people[each.shift_id].add(each.staff_id)
    return {
        shift_id: replace(problem.shift_of[shift_id], headcount=len(there), wanted=None, skills={})
        for shift_id, there in people.items()
    }


def _by_ids(pin: Pin) -> tuple[int, int]:
    return pin.shift_id, pin.staff_id


def _owned(rows: Mapping[int, tuple[Row, ...]], people: Collection[int]) -> tuple[Row, ...]:
    return tuple(row for staff_id in sorted(people) for row in rows.get(staff_id, ()))


def _baseline(problem: Problem) -> Mapping[int, tuple[Assignment, ...]]:
    found: dict[int, tuple[Assignment, ...]] | None = problem.memo.get("parts.baseline")
    if found is None:
        grouped: defaultdict[int, list[Assignment]] = defaultdict(list)
        for each in problem.baseline:
            grouped[each.staff_id].append(each)
        found = problem.memo["parts.baseline"] = {staff_id: tuple(own) for staff_id, own in grouped.items()}
    return found
