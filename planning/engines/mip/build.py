"""From a problem to the programme of one component: every rule that is on writes itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from planning.engines.candidates.candidates import able
from planning.engines.candidates.single_shift import SINGLE_SHIFT
from planning.engines.mip.builder import Builder
from planning.engines.mip.formulations import runs
from planning.engines.mip.formulations.table import FORMULATIONS
from planning.engines.mip.model import Tag
from planning.problem import Problem, Shift

Can = Mapping[int, Collection[int]]


def reach(problem: Problem, shifts: Collection[Shift] | None = None) -> dict[int, tuple[int, ...]]:
    """Shift id → ids of the people who have a column on it: all but those whom the shift alone forbids."""
    bars = {code: SINGLE_SHIFT[code] for code in FORMULATIONS if code in SINGLE_SHIFT}
    return able(problem, problem.shifts if shifts is None else shifts, bars)


def build(
    problem: Problem,
    shifts: Sequence[Shift],
    can: Can,
    *,
    is_elastic: bool = False,
    max_missing: int = 0,
    counts_missing: bool = False,
) -> Builder:
    """The programme of these shifts. `max_missing`: so many seats may stay empty. `counts_missing`: the objective is
    their number alone. `is_elastic`: hard rules that ask for a least amount may be broken at a high price."""
    builder = Builder(
        problem,
        shifts,
        can,
        FORMULATIONS,
        is_elastic=is_elastic,
        max_missing=max_missing,
        counts_missing=counts_missing,
    )
    written = {code: FORMULATIONS[code] for code in FORMULATIONS if builder.uses(code)}
    for of_shift in [each.shift for each in written.values() if each.shift]:
        for shift in builder.shifts:
            of_shift(builder, shift)
    for person in builder.people:
        for each in written.values():
            if each.person:
                each.person(builder, person)
        runs.write(builder, person)
    _charge_fees(builder, written)
    if max_missing and builder.empty:
        empty = [(column, 1) for column in builder.empty.values()]
        builder.model.row(empty, upper=max_missing, tag=Tag("coverage.headcount"))
    return builder


def _charge_fees(builder: Builder, codes: Iterable[str]) -> None:
    """Soft breaches of one person on one shift are part of the price of that seat."""
    for code in codes:
        judge, price = SINGLE_SHIFT.get(code), builder.price(code)
        if judge is None or not price:
            continue
        for person in builder.people:
            amount_on = judge(builder.problem, person)
            if amount_on is None:
                continue
            for shift in builder.own[person.id]:
                if amount := amount_on(shift):
                    builder.charge(builder.pair_column[shift.id, person.id], price * amount)


class EligibleShifts(dict[int, Collection[int]]):
    """Who could take a shift, worked out when it is asked for: of a province few shifts are ever looked at."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem

    def __missing__(self, shift_id: int) -> Collection[int]:
        self.update(reach(self.problem, [self.problem.shift_of[shift_id]]))
        return self[shift_id]
