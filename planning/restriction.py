"""A part of a Problem as a Problem of its own: some of its shifts and people, judged as the whole would judge them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from planning.problem import Assignment, Pin, Problem, Shift
from planning.rules.eligibility.unit import ELIGIBLE_UNIT

Row = TypeVar("Row")
Kind = tuple[str, str]
SMALL = 1000  # shifts; below it a part is not worth making


def restricted(
    problem: Problem, shift_ids: Collection[int], staff_ids: Collection[int], held: Iterable[Assignment] = ()
) -> Problem:
    """Return only these shifts and people, over the dates of the whole plan.

    `held` are duties that people of the part have on shifts outside it and keep: such a shift comes along with
    just those people pinned on it, so that hours, rest, peaks and load count it exactly as in the whole.
    """
    people = frozenset(staff_ids)
    fixed = [each for each in held if each.staff_id in people and each.shift_id not in shift_ids]
    kept = _kept(problem, fixed)
    shifts = [kept.get(s.id, s) for s in problem.shifts if s.id in shift_ids or s.id in kept]
    known = {shift.id for shift in shifts}
    pins = [pin for p in people for pin in problem.pins_of.get(p, ()) if pin.shift_id in shift_ids]
    baseline = [each for p in sorted(people) for each in _baseline(problem).get(p, ()) if each.shift_id in known]
    return replace(
        problem,
        shifts=tuple(shifts),
        staff=tuple(person for person in problem.staff if person.id in people),
        absences=_owned(problem.absences_of, people),
        wishes=_owned(problem.wishes_of, people),
        pins=tuple(sorted({*pins, *(Pin(each.shift_id, each.staff_id) for each in fixed)}, key=_by_ids)),
        busy=_owned(problem.busy_of, people),
        work=_owned(problem.work_of, people),
        pairs=tuple(pair for pair in problem.pairs if pair.first in people and pair.second in people),
        baseline=tuple(baseline),
        span=(problem.dates[0], problem.dates[-1]) if problem.dates else None,
    )


def around(
    problem: Problem, people: Collection[int], shift_ids: Collection[int], assignments: Iterable[Assignment]
) -> tuple[Problem, list[Assignment]]:
    """Return what a question about some people needs: they, these shifts, what they hold or could be asked for, and
    their assignments.

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
    found: dict[int, tuple[Assignment, ...]] | None = problem.memo.get("restriction.baseline")
    if found is None:
        grouped: defaultdict[int, list[Assignment]] = defaultdict(list)
        for each in problem.baseline:
            grouped[each.staff_id].append(each)
        found = problem.memo["restriction.baseline"] = {staff_id: tuple(own) for staff_id, own in grouped.items()}
    return found
