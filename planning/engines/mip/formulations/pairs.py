"""Who shares a shift with whom."""

from __future__ import annotations

from planning.engines.mip.builder import Builder
from planning.problem import Shift
from planning.rules.pairs.together import pairs, shares


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
