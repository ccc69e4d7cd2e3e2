"""Who could take a shift, were it the only one: what is known before any choice is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import cast

from roster.planning.engines.candidates.forbidden import BARS, bars_of, is_strict
from roster.planning.problem import Problem, Shift, Staff

Test = Callable[[Shift], object]


def candidates(problem: Problem) -> dict[int, tuple[int, ...]]:
    """Shift id → ids of the people who may take it, in the order of the problem; pins are not asked."""
    found = problem.memo.get("candidates")
    if found is None:
        found = problem.memo["candidates"] = _candidates(problem, problem.shifts)
    return cast(dict[int, tuple[int, ...]], found)


def _candidates(problem: Problem, shifts: Sequence[Shift]) -> dict[int, tuple[int, ...]]:
    pool, tests = _pools(problem, shifts), dict[int, tuple[Test, ...]]()
    can: dict[int, tuple[int, ...]] = {}
    for shift in shifts:
        people = pool[shift.duty, shift.unit]
        for p in people:
            if p not in tests:
                tests[p] = tuple(bars_of(problem, problem.person[p]).values())
        can[shift.id] = tuple(p for p in people if not any(test(shift) for test in tests[p]))
    return can


def _pools(problem: Problem, shifts: Sequence[Shift]) -> Mapping[tuple[str, str], list[int]]:
    """Who may be asked at all, by duty and unit: spares asking 1,600 people about each of 12,000 seats."""
    by_unit = "eligibility.unit" in BARS and is_strict(problem, "eligibility.unit")
    units: defaultdict[str, list[Staff]] = defaultdict(list)
    for person in problem.staff if by_unit else ():
        for unit in person.eligible_units:
            units[unit].append(person)
    asked = sorted({(shift.duty, shift.unit) for shift in shifts})
    return {(duty, unit): list(_asked(problem, duty, units[unit] if by_unit else None)) for duty, unit in asked}


def _asked(problem: Problem, duty: str, people: list[Staff] | None) -> Iterator[int]:
    for person in problem.staff if people is None else people:
        if "eligibility.duty" not in BARS or duty in person.duties:
            yield person.id


def repeats(person: Staff, shift: Shift) -> int:
    """How many peaks of the last Tết the person would stand again on this shift."""
    again_at_giao_thua = person.last_giao_thua and "giao_thua" in shift.peak
    again_on_mung_1 = person.last_mung_1 and "mung_1" in shift.peak
    return int(again_at_giao_thua) + int(again_on_mung_1)


def surely_missing(problem: Problem, among: Collection[int] | None = None) -> int:
    """Seats that stay empty whatever is chosen, because too few people could take the shift at all.

    `among`: only these shifts are looked at, which of a province takes a moment and not many seconds.
    """
    if among is None:
        shifts, can = problem.shifts, candidates(problem)
    else:
        shifts = tuple(shift for shift in problem.shifts if shift.id in among)
        can = _candidates(problem, shifts)
    could = {shift_id: set(people) for shift_id, people in can.items()}
    for pin in problem.pins:
        if pin.shift_id in could:
            could[pin.shift_id].add(pin.staff_id)
    return sum(max(0, shift.headcount - len(could[shift.id])) for shift in shifts)
