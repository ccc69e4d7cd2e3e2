"""Who could take a shift, were it the only one: what is known before any choice is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import cast

from planning.engines.candidates.forbidden import BARS
from planning.engines.candidates.single_shift import Amount, Judge, is_strict
from planning.problem import Problem, Shift, Staff


def candidates(problem: Problem) -> dict[int, tuple[int, ...]]:
    """Shift id → ids of the people who may take it, in the order of the problem; pins are not asked."""
    found = problem.memo.get("candidates")
    if found is None:
        found = problem.memo["candidates"] = able(problem, problem.shifts, BARS)
    return cast(dict[int, tuple[int, ...]], found)


def able(problem: Problem, shifts: Collection[Shift], bars: Mapping[str, Judge]) -> dict[int, tuple[int, ...]]:
    """The same for some shifts, as far as these rules forbid: while they are hard."""
    strict = {code: bar for code, bar in bars.items() if is_strict(problem, code)}
    pool, tests = _pools(problem, shifts, strict), dict[int, list[Amount]]()
    can: dict[int, tuple[int, ...]] = {}
    for shift in shifts:
        people = pool[shift.duty, shift.unit]
        for p in people:
            if p not in tests:
                judged = (bar(problem, problem.person[p]) for bar in strict.values())
                tests[p] = [amount for amount in judged if amount is not None]
        can[shift.id] = tuple(p for p in people if not any(amount(shift) for amount in tests[p]))
    return can


def _pools(problem: Problem, shifts: Iterable[Shift], strict: Collection[str]) -> Mapping[tuple[str, str], list[int]]:
    """Who may be asked at all, by duty and unit: spares asking 1,600 people about each of 12,000 seats."""
    by_unit, by_duty = "eligibility.unit" in strict, "eligibility.duty" in strict
    units: defaultdict[str, list[Staff]] = defaultdict(list)
    for person in problem.staff if by_unit else ():
        for unit in person.eligible_units:
            units[unit].append(person)

    def asked(duty: str, people: Iterable[Staff]) -> Iterator[int]:
        free = (person for person in people if person.id not in problem.closed)
        return (person.id for person in free if not by_duty or duty in person.duties)

    kinds = sorted({(shift.duty, shift.unit) for shift in shifts})
    return {(duty, unit): list(asked(duty, units[unit] if by_unit else problem.staff)) for duty, unit in kinds}


def surely_missing(problem: Problem, among: Collection[int] | None = None) -> int:
    """Seats that stay empty whatever is chosen, because too few people could take the shift at all.

    `among`: only these shifts are looked at, which of a province takes a moment and not many seconds.
    """
    if among is None:
        shifts, can = problem.shifts, candidates(problem)
    else:
        shifts = tuple(shift for shift in problem.shifts if shift.id in among)
        can = able(problem, shifts, BARS)
    could = {shift_id: set(people) for shift_id, people in can.items()}
    for pin in problem.pins:
        if pin.shift_id in could:
            could[pin.shift_id].add(pin.staff_id)
    return sum(max(0, shift.headcount - len(could[shift.id])) for shift in shifts)
