"""A mixed-integer programme under construction, in whole numbers. Rows remember which rule and whom they serve."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import gcd

INF = math.inf
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
