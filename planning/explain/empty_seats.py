"""Empty seats: which rule keeps whom away from each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from planning.explain.eligible import Pool, pool
from planning.explain.what_if import EditEffect, Rows
from planning.outcome import Shortage
from planning.problem import Assignment, Problem, Shift

LOOKED_AT = 1000  # shifts whose reasons are looked for; of a plan with more gaps the rest say that nobody looked
NOT_LOOKED_AT: Mapping[str, tuple[int, ...]] = {"coverage.headcount": ()}
STRANGERS_LISTED = 200  # in a problem with more people, who may never serve there is left out: it would drown the rest


@dataclass(frozen=True)
class EmptyShift:
    """Seats of one shift that are empty, and what every person who may serve there would break.

    `taking`: person → what taking the seat would break and cost; without breaks the person could take it now.
    """

    shift: Shift
    missing: int
    taking: Mapping[int, EditEffect]
    strangers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def free(self) -> tuple[int, ...]:
        """People who could take a seat now, breaking nothing; the lowest cost first."""
        could = [(change.cost, staff_id) for staff_id, change in self.taking.items() if not change.breaks]
        return tuple(staff_id for _cost, staff_id in sorted(could))

    def shortage(self) -> Shortage:
        people: defaultdict[str, list[int]] = defaultdict(list)
        for staff_id, change in self.taking.items():
            for code in change.codes:
                people[code].append(staff_id)
        reasons = {code: tuple(sorted(ids)) for code, ids in people.items()}
        return Shortage(self.shift.id, self.missing, {**self.strangers, **reasons})


def shortages(problem: Problem, assignments: Iterable[Assignment]) -> tuple[Shortage, ...]:
    """Each shift with empty seats, and which rule keeps whom away from it.

    Somebody who may not serve that duty or unit at all is listed under that alone.
    """
    return tuple(gap.shortage() for gap in gaps(Rows(problem, assignments)))


def gaps(rows: Rows) -> tuple[EmptyShift, ...]:
    """Each shift with empty seats, in the order of the problem."""
    pools: dict[tuple[str, str, str], Pool] = {}
    found: list[EmptyShift] = []
    for shift in rows.problem.shifts:
        missing = rows.empty_on(shift)
        if missing > 0:
            if len(found) >= LOOKED_AT:
                found.append(EmptyShift(shift, missing, {}, NOT_LOOKED_AT))
                continue
            kind = (shift.duty, shift.unit, shift.form)
            if kind not in pools:
                pools[kind] = pool(rows.problem, shift)
            found.append(gap(rows, shift, missing, pools[kind]))
    return tuple(found)


def gap(rows: Rows, shift: Shift, missing: int, known: Pool) -> EmptyShift:
    people = rows.on(shift.id)
    taking = {p.id: rows.seating(shift, people, p.id) for p in known.able if p.id not in people}
    many = len(rows.problem.staff) > STRANGERS_LISTED
    return EmptyShift(shift, missing, taking, {} if many else known.strangers)
