"""Totals that a path has used up so far (weekends, minutes, shifts of counted kinds), as one flat index.

A day's choice moves every total by a known amount, so the whole table moves by a constant distance on the flat
index; cells that would run over an edge of their own axis are closed by a mask. Minutes are kept relative to a floor
that rises from day to day: below it the least minutes could no longer be reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.roster.column_generation.model import Array


@dataclass(frozen=True)
class Move:
    """`target` cells come from `source` cells, `distance` further down; `mask` (n, 1) is `inf` at closed ones.

    `closed` (cells) is `inf` at every cell that this move cannot reach.
    """

    target: slice
    source: slice
    distance: int
    mask: Array | None
    closed: Array


class Grid:
    """`shape`: cells per axis; axis 0 weekends, axis 1 units of minutes, then one per counted kind."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.size = int(np.prod(shape))
        self.place = np.array(np.unravel_index(np.arange(self.size), shape))
        self._strides = [int(np.prod(shape[axis + 1 :])) for axis in range(len(shape))]
        self._moves: dict[tuple[int, ...], Move] = {}

    def move(self, amounts: tuple[int, ...]) -> Move:
        """The move that adds these amounts, one per axis, some perhaps negative."""
        if amounts not in self._moves:
            self._moves[amounts] = self._made(amounts)
        return self._moves[amounts]

    def _made(self, amounts: tuple[int, ...]) -> Move:
        distance = sum(amount * stride for amount, stride in zip(amounts, self._strides, strict=True))
        closed: Array = np.zeros(self.size, dtype=bool)
        for axis, amount in enumerate(amounts):
            before = self.place[axis] - amount
            closed |= (before < 0) | (before >= self.shape[axis])
        if abs(distance) >= self.size:
            target = source = slice(0, 0)
        else:
            target = slice(max(distance, 0), self.size + min(distance, 0))
            source = slice(max(-distance, 0), self.size - max(distance, 0))
        price = np.where(closed, np.inf, 0.0)
        mask = price[target][:, None] if closed[target].any() else None
        return Move(target, source, distance, mask, price)
