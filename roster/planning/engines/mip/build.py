"""From a problem to the programme of one group: every rule that is on writes itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from roster.planning.engines.mip.builder import Draft
from roster.planning.engines.mip.formulations import runs
from roster.planning.engines.mip.formulations.table import FORMULATIONS
from roster.planning.engines.mip.model import Tag
from roster.planning.problem import Problem, Shift, Staff
from roster.planning.rules import RULE_OF

Can = Mapping[int, Collection[int]]


def reach(problem: Problem, shifts: Iterable[Shift] | None = None) -> dict[int, tuple[int, ...]]:
    """Shift id → ids of the people who could take it, were it their only one. Pins are not looked at."""
    hard = [code for code in FORMULATIONS if RULE_OF[code].is_on(problem) and RULE_OF[code].is_hard(problem)]
    alone = [lone for code in hard if (lone := FORMULATIONS[code].lone)]
    pool = _pools(problem, by_duty="eligibility.duty" in hard, by_unit="eligibility.unit" in hard)
    return {
        shift.id: tuple(p.id for p in pool(shift) if not any(lone(problem, p, shift) for lone in alone))
        for shift in (problem.shifts if shifts is None else shifts)
    }


class _pools:  # noqa: N801 - used as a function
    """Shift → people worth a look; an index, so that a province of 1,600 is not asked shift by shift."""

    def __init__(self, problem: Problem, *, by_duty: bool, by_unit: bool) -> None:
        self.by_duty, self.by_unit = by_duty, by_unit
        self.found: defaultdict[tuple[str, str], list[Staff]] = defaultdict(list)
        for person in problem.staff:
            for duty in person.duties if by_duty else ("",):
                for unit in person.eligible_units if by_unit else ("",):
                    self.found[duty, unit].append(person)

    def __call__(self, shift: Shift) -> Sequence[Staff]:
        return self.found.get((shift.duty if self.by_duty else "", shift.unit if self.by_unit else ""), ())


def build(
    problem: Problem,
    shifts: Sequence[Shift],
    can: Can,
    *,
    is_elastic: bool = False,
    max_missing: int = 0,
    counts_missing: bool = False,
) -> Draft:
    """The programme of these shifts. `max_missing`: so many seats may stay empty. `counts_missing`: the objective is
    their number alone. `is_elastic`: hard rules that ask for a least amount may be broken at a high price."""
    draft = Draft(
        problem,
        shifts,
        can,
        FORMULATIONS,
        is_elastic=is_elastic,
        max_missing=max_missing,
        counts_missing=counts_missing,
    )
    written = {code: FORMULATIONS[code] for code in FORMULATIONS if draft.uses(code)}
    for of_shift in [each.shift for each in written.values() if each.shift]:
        for shift in draft.shifts:
            of_shift(draft, shift)
    for person in draft.people:
        for each in written.values():
            if each.person:
                each.person(draft, person)
        runs.write(draft, person)
    _charge_alone(draft, written)
    if max_missing and draft.empty:
        empty = [(column, 1) for column in draft.empty.values()]
        draft.model.row(empty, upper=max_missing, tag=Tag("coverage.headcount"))
    return draft


def _charge_alone(draft: Draft, codes: Iterable[str]) -> None:
    """Soft breaches of one person on one shift are part of the price of that seat."""
    for code in codes:
        lone, price = FORMULATIONS[code].lone, draft.price(code)
        if lone is None or not price:
            continue
        for person in draft.people:
            for shift in draft.own[person.id]:
                if amount := lone(draft.problem, person, shift):
                    draft.charge(draft.pair_column[shift.id, person.id], price * amount)


class Reach(dict[int, Collection[int]]):
    """Who could take a shift, worked out when it is asked for: of a province few shifts are ever looked at."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem

    def __missing__(self, shift_id: int) -> Collection[int]:
        self.update(reach(self.problem, [self.problem.shift_of[shift_id]]))
        return self[shift_id]
