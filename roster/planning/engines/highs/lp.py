"""A mixed-integer programme under construction, in whole numbers. Rows remember which rule and whom they serve."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import gcd

import highspy
import numpy as np
from numpy.typing import NDArray

INF = math.inf
IMPLIED = highspy.HighsVarType(4)  # "implicit integer": counts as whole in proofs, but nothing branches on it
Terms = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Tag:
    """What a row is there for: a rule, and the person or the shift it binds (0: none)."""

    code: str
    staff_id: int = 0
    shift_id: int = 0


_NO_TAG = Tag("")


@dataclass
class Model:
    """Columns and rows as plain lists; costs are whole numbers, and so is the value of every column in a roster.

    `unit` is the common measure of all costs: the objective, divided by it, is a whole number at every roster.
    """

    costs: list[int] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[int] = field(default_factory=list)
    constant: int = 0

    def column(self, cost: int = 0, lower: float = 0, upper: float = INF, *, whole: bool = False) -> int:
        """A new column; one that is not `whole` takes whole values by itself once the others do."""
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(
        self, terms: Iterable[tuple[int, int]], lower: float = -INF, upper: float = INF, *, tag: Tag = _NO_TAG
    ) -> None:
        for column, factor in terms:
            self.index.append(column)
            self.value.append(factor)
        self.starts.append(len(self.index))
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        self.tags.append(tag)

    @property
    def unit(self) -> int:
        return reduce(gcd, (abs(cost) for cost in self.costs), 0) or 1

    def as_lp(self, *, relaxed: bool = False) -> highspy.HighsLp:
        """The programme for HiGHS, its objective in units and without the constant."""
        lp, unit = highspy.HighsLp(), self.unit
        lp.num_col_, lp.num_row_ = len(self.costs), len(self.row_lower)
        lp.col_cost_ = _reals([cost // unit for cost in self.costs])
        lp.col_lower_, lp.col_upper_ = _reals(self.lower), _reals(self.upper)
        lp.row_lower_, lp.row_upper_ = _reals(self.row_lower), _reals(self.row_upper)
        if not relaxed:
            lp.integrality_ = [highspy.HighsVarType.kInteger if whole else IMPLIED for whole in self.whole]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
        lp.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.index, dtype=np.int32)
        lp.a_matrix_.value_ = _reals(self.value)
        return lp


def _reals(numbers: Sequence[float]) -> NDArray[np.float64]:
    return np.asarray(numbers, dtype=np.float64)
