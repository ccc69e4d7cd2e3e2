"""The part of a big Problem that a question about some people needs, judged as the whole would judge it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from roster.planning.problem import Assignment, Problem

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
    staff = tuple(person for person in problem.staff if person.id in known)
    asked = {(duty, unit) for person in staff for duty in person.duties for unit in person.eligible_units}
    baseline = tuple(a for a in problem.baseline if a.staff_id in known)
    pins = tuple(pin for pin in problem.pins if pin.staff_id in known)
    kept = {*shift_ids, *(a.shift_id for a in held), *(a.shift_id for a in baseline), *(pin.shift_id for pin in pins)}
    # The first and the last date make the plan: windows and runs end there.
    edges = (min(problem.shifts, key=lambda s: s.local_date), max(problem.shifts, key=lambda s: s.local_date))
    kept |= {edge.id for edge in edges}
    made = replace(
        problem,
        shifts=tuple(s for s in problem.shifts if s.id in kept or (s.duty, s.unit) in asked),
        staff=staff, baseline=baseline, pins=pins,
        absences=tuple(row for row in problem.absences if row.staff_id in known),
        wishes=tuple(row for row in problem.wishes if row.staff_id in known),
        busy=tuple(row for row in problem.busy if row.staff_id in known),
        work=tuple(row for row in problem.work if row.staff_id in known),
        pairs=tuple(pair for pair in problem.pairs if {pair.first, pair.second} <= known),
    )  # fmt: skip
    return made, held
