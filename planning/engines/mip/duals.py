"""A lower bound of the cost out of prices, in whole numbers: no solver is asked, and no rounding trusted.

By weak duality any prices of the rows of a programme give a bound: what the rows are worth at them, and for every
column the better of its ends. So whoever has problem and prices can work the bound out again; the prices alone decide
how good it is. Here they are whole multiples of 1/``SCALE``, so that the sum is exact.
"""

from __future__ import annotations

import math
import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from fractions import Fraction

from planning.engines.mip.build import build, reach
from planning.engines.mip.model import Model
from planning.problem import Problem
from planning.rules.cover.headcount import HEADCOUNT
from planning.score.score import score_among

SCALE = 2**30
MOST = 2**63 - 1


class Programme:
    """The programme of a whole problem in which any seat may stay empty at its price, and what it does not see.

    Every lawful roster is one of its solutions and costs as much there, so a bound of it is one of them all.
    """

    def __init__(self, problem: Problem) -> None:
        seats = sum(shift.headcount for shift in problem.shifts)
        builder = build(problem, problem.shifts, reach(problem), max_missing=seats)
        for column in builder.empty.values():
            builder.charge(column, HEADCOUNT.weight_in(problem))
        idle = {person.id for person in problem.staff} - builder.own.keys()
        self.model: Model = builder.model
        self.beside = score_among(problem, idle, (), ()).cost

    def bound(self, prices: Sequence[int]) -> int | None:
        """Return what every lawful roster costs at least, in hundredths of a point; None where the prices prove
        nothing."""
        found = least(self.model, prices)
        return None if found is None else math.ceil(found) * self.model.unit + self.model.constant + self.beside


def least(model: Model, prices: Sequence[int]) -> Fraction | None:
    """The bound of a programme in its units and without its constant. Prices count in 1/``SCALE`` of a unit."""
    unit = model.unit
    reduced = [cost // unit * SCALE for cost in model.costs]
    worth = Fraction(0)
    for row, price in enumerate(prices):
        if price:
            end = model.row_lower[row] if price > 0 else model.row_upper[row]
            if not math.isfinite(end):
                return None
            worth += price * Fraction(end)
            for at in range(model.starts[row], model.starts[row + 1]):
                reduced[model.index[at]] -= model.value[at] * price
    for column, rest in enumerate(reduced):
        if rest:
            end = model.lower[column] if rest > 0 else model.upper[column]
            if not math.isfinite(end):
                return None
            worth += rest * Fraction(end)
    return worth / SCALE


def written(prices: Sequence[int]) -> str:
    """Prices as text that a certificate can keep: 64-bit whole numbers, compressed."""
    return b64encode(zlib.compress(struct.pack(f"<{len(prices)}q", *prices), 9)).decode("ascii")


def parse(text: str) -> tuple[int, ...] | None:
    """Return what :func:`written` wrote; None of anything else."""
    try:
        raw = zlib.decompress(b64decode(text, validate=True))
        return struct.unpack(f"<{len(raw) // 8}q", raw)
    except (ValueError, zlib.error, struct.error):
        return None


def proven(problem: Problem, text: str) -> int | None:
    """The bound that kept prices prove of the problem; None where there are none, or they are of another programme."""
    prices = parse(text) if text else None
    if prices is None:
        return None
    programme = Programme(problem)
    return programme.bound(prices) if len(prices) == len(programme.model.row_lower) else None
