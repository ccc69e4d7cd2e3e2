"""Rules that look at the people of one shift: seats, skills, soft cover, pairs of people."""

from __future__ import annotations

from roster.planning.engines.mip.builder import Builder
from roster.planning.engines.mip.model import INF, Tag
from roster.planning.problem import Shift
from roster.planning.rules.pairs_together import pairs, shares


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


def together(builder: Builder, shift: Shift) -> None:
    """Whoever of the two is there without the other is one breach."""
    column_of = dict(builder.seats[shift.id])
    for pair in pairs(builder.problem, "together"):
        if not shares(builder.problem, pair, shift):
            continue
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if one in column_of:
                terms = [(column_of[one], -1)] + ([(column_of[other], 1)] if other in column_of else [])
                builder.at_least("pairs.together", terms, 0, staff_id=one, shift_id=shift.id)


def apart(builder: Builder, shift: Shift) -> None:
    column_of = dict(builder.seats[shift.id])
    for pair in pairs(builder.problem, "apart"):
        if pair.first in column_of and pair.second in column_of:
            terms = [(column_of[pair.first], 1), (column_of[pair.second], 1)]
            builder.at_most("pairs.apart", terms, 1, staff_id=pair.first, shift_id=shift.id)
