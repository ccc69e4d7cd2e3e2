"""How many people a shift has, and with which skills."""

from __future__ import annotations

from planning.engines.mip.builder import Builder
from planning.engines.mip.model import INF, Tag
from planning.problem import Shift


def headcount(builder: Builder, shift: Shift) -> None:
    """Exactly so many people (at least so many with soft cover); seats may stay empty only where the stage allows."""
    terms = [(column, 1) for _, column in builder.seats[shift.id]]
    pinned = builder.pinned(terms)
    if (builder.max_missing or builder.counts_missing) and shift.headcount > pinned:
        empty = builder.model.column(int(builder.counts_missing), 0, shift.headcount)
        builder.empty[shift.id] = empty
        terms.append((empty, 1))
    asked = max(shift.headcount, pinned)
    if terms:
        most = INF if shift.wanted else asked
        builder.model.row(terms, asked, most, tag=Tag("coverage.headcount", shift_id=shift.id))


def skills(builder: Builder, shift: Shift) -> None:
    """Empty seats may still be filled by people with the skill, so they count for it."""
    for skill, required in sorted(shift.skills.items()):
        terms = [(c, 1) for staff_id, c in builder.seats[shift.id] if skill in builder.problem.person[staff_id].skills]
        if shift.id in builder.empty:
            terms.append((builder.empty[shift.id], 1))
        builder.at_least("coverage.skills", terms, required, shift_id=shift.id)


def wanted(builder: Builder, shift: Shift) -> None:
    """Each person under or over the number has its price."""
    if shift.wanted is None:
        return
    model, people = builder.model, builder.seats[shift.id]
    under = model.column(shift.wanted.under, 0, max(0, shift.wanted.number))
    over = model.column(shift.wanted.over, 0, max(0, len(people) - shift.wanted.number))
    terms = [(column, 1) for _, column in people]
    number = shift.wanted.number
    model.row([*terms, (under, 1), (over, -1)], number, number, tag=Tag("coverage.wanted", shift_id=shift.id))
