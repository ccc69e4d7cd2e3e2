"""Loads."""

from __future__ import annotations

from functools import reduce
from math import gcd

from planning.engines.mip.builder import Builder
from planning.engines.mip.model import INF, Tag
from planning.problem import Staff
from planning.rules.fairness import load_cost, terms

SPARE_PIECES = 15


def fairness(builder: Builder, person: Staff) -> None:
    """The cost of a load is convex and made of straight pieces: one column per piece, dearer from piece to piece."""
    carried, step = terms(builder.problem, person)
    own = [(builder.pair_column[s.id, person.id], s.worth(person)) for s in builder.own[person.id] if s.worth(person)]
    weight = builder.price("fairness.load") or 0
    builder.model.constant += weight * load_cost(carried, step)
    if not own or not weight:
        return
    grain = reduce(gcd, (worth for _, worth in own), gcd(carried, step))
    rows = [(column, worth // grain) for column, worth in own]
    first, last = carried // step, (carried + sum(worth for _, worth in own)) // step
    last = min(last, first + _enough(builder, person) // step + SPARE_PIECES)
    for piece in range(first, last + 1):
        width = INF if piece == last else (step * (piece + 1) - max(carried, step * piece)) // grain
        rows.append((builder.model.column(weight * piece * grain, 0, width), -1))
    builder.model.row(rows, 0, 0, tag=Tag("fairness.load", person.id))


def _enough(builder: Builder, person: Staff) -> int:
    """Far more than the person's share of the points: pieces beyond only make the programme large, and a load up
    there is taken for a little cheaper than it is, which a proof can bear."""
    people = {shift.id: len(builder.seats[shift.id]) for shift in builder.own[person.id]}
    seats = [
        (shift, max(shift.headcount, shift.wanted.number if shift.wanted else 0)) for shift in builder.own[person.id]
    ]
    return 2 * sum(shift.worth(person) * count // people[shift.id] for shift, count in seats)
