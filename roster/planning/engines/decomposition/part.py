"""The part of a big Problem that a question about some people needs, judged as the whole would judge it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from roster.planning.problem import Assignment, Problem
from roster.planning.rules.eligibility_unit import ELIGIBLE_UNIT

Kind = tuple[str, str]

SMALL = 1000  # shifts; below it a part is not worth making


def part(
    problem: Problem, people: Collection[int], shift_ids: Collection[int], assignments: Iterable[Assignment]
) -> tuple[Problem, list[Assignment]]:
    """These people, these shifts, what they hold or could be asked for, and their assignments.

    The rows of these people break and cost there what they do in the whole; those of others are not all there.
    """
    held = [a for a in assignments if a.staff_id in people or a.shift_id in shift_ids]
    if len(problem.shifts) <= SMALL:
        return problem, held
    known = {*people, *(a.staff_id for a in held)}
    staff = [person for person in problem.staff if person.id in known]
    asked = {(duty, unit) for person in staff for duty in person.duties for unit in person.eligible_units}
    kept = {*shift_ids, *(a.shift_id for a in held)}
    kept |= {a.shift_id for a in problem.baseline if a.staff_id in known}
    kept |= {pin.shift_id for pin in problem.pins if pin.staff_id in known}
    kept |= {shift.id for shift in problem.shifts if (shift.duty, shift.unit) in asked}
    return restricted(problem, kept, known), held


def restricted(problem: Problem, shift_ids: Collection[int], people: Collection[int]) -> Problem:
    """Only these shifts and these people, over the dates of the whole plan."""
    return replace(
        problem,
        shifts=tuple(shift for shift in problem.shifts if shift.id in shift_ids),
        staff=tuple(person for person in problem.staff if person.id in people),
        absences=tuple(row for row in problem.absences if row.staff_id in people),
        wishes=tuple(row for row in problem.wishes if row.staff_id in people),
        pins=tuple(row for row in problem.pins if row.staff_id in people and row.shift_id in shift_ids),
        busy=tuple(row for row in problem.busy if row.staff_id in people),
        work=tuple(row for row in problem.work if row.staff_id in people),
        pairs=tuple(pair for pair in problem.pairs if pair.first in people and pair.second in people),
        baseline=tuple(a for a in problem.baseline if a.staff_id in people and a.shift_id in shift_ids),
        span=(problem.dates[0], problem.dates[-1]) if problem.dates else problem.span,
    )


def connected(problem: Problem, shift_ids: Collection[int]) -> Problem:
    """These shifts with all that could share people with them, by lists and units alone: a coarse but quick cut."""
    by_unit = ELIGIBLE_UNIT.is_on(problem) and ELIGIBLE_UNIT.is_hard(problem)
    kinds_of: dict[int, set[Kind]] = {
        p.id: {(duty, unit) for duty in p.duties for unit in (p.eligible_units if by_unit else [""])}
        for p in problem.staff
    }
    kind_of = {shift.id: (shift.duty, shift.unit if by_unit else "") for shift in problem.shifts}
    held = [(pin.staff_id, pin.shift_id) for pin in problem.pins]
    held += [(each.staff_id, each.shift_id) for each in problem.baseline]
    for staff_id, shift_id in held:
        kinds_of[staff_id].add(kind_of[shift_id])
    partners = [(pair.first, pair.second) for pair in problem.pairs if pair.kind == "together"]
    people_of: defaultdict[Kind, set[int]] = defaultdict(set)
    for staff_id, kinds in kinds_of.items():
        for kind in kinds:
            people_of[kind].add(staff_id)
    kinds, people = {kind_of[shift_id] for shift_id in shift_ids}, set[int]()
    fresh = set(kinds)
    while fresh:
        coming = {p for kind in fresh for p in people_of[kind]} - people
        coming |= {p for pair in partners if not coming.isdisjoint(pair) for p in pair} - people
        people |= coming
        fresh = {kind for p in coming for kind in kinds_of[p]} - kinds
        kinds |= fresh
    return restricted(problem, {shift_id for shift_id, kind in kind_of.items() if kind in kinds}, people)
