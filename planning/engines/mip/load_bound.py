"""Is a roster the best there can be, by the loads alone? Who carries how much of what, never mind when.

The relaxation cuts shifts into parts until every load comes out even, so that no tree closes the last gap, however
long it grows. But whole shifts do not add up to every load. Here alike shifts of one person become one whole number;
of the rules remains what can be said of such numbers. That is a small programme which every roster keeps, and it
need only ask for one thing: can anything cheaper still be?

What a roster costs above the bound of the relaxation is at least the sum, over the columns, of how far they are from
where the relaxation has them, times their reduced costs. So columns that are dear to move hardly move at all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np

from planning.engines.mip.builder import Builder
from planning.engines.mip.lp_bound import AMID, Reals, Relaxation, Relaxed
from planning.engines.mip.model import INF, Model, Tag
from planning.engines.mip.solver import TOLERANCE, Infeasible, MipListener, Values, minimise, whole_bound
from planning.problem import Shift

MOST_ROOM = 40
"""Units between cost and relaxation; with more, loads have room enough to come out even."""
COMMON_SHARE = 0.8
"""So much of what a person may take is worth a multiple of the common measure."""
EXACT = 1e-6


class Loads:
    """What can be proven of a programme without its tree. The relaxation is solved once, when first asked for."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.relaxation = builder, Relaxation(builder.model)
        self.relaxed: Relaxed | None = None

    def bound(self, seconds: float) -> int | None:
        """Return what all values of the programme cost at least, in hundredths of a point; None: not known in time."""
        if self.relaxed is None:
            self.relaxed = self.relaxation.solve(seconds, AMID)
        return whole_bound(self.builder.model, self.relaxed.bound)

    def is_cheapest(self, cost: int, *, seconds: float, seed: int, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Whether nothing costs less than this (in hundredths of a point); False: not known."""
        until = monotonic() + seconds
        if self.bound(seconds) is None or self.relaxed is None:
            return False
        # So many units a cheaper roster may lie above the relaxation; it costs whole units.
        model = self.builder.model
        room = -((model.constant - cost) // model.unit) - 1 - self.relaxed.bound + TOLERANCE
        if room < 0 or room >= MOST_ROOM:
            return room < 0
        narrowed = _Narrowed(self.builder, self.relaxation.reduced(self.relaxed.prices), room)
        return not _may_keep(narrowed.model, until - monotonic(), seed, is_over)


def _may_keep(model: Model, seconds: float, seed: int, is_over: Callable[[], bool]) -> bool:
    """Whether any values keep all rows, for all that can be told in time."""

    def on_news(values: Values | None, _: int | None) -> bool:
        return values is not None

    try:
        minimise(model, {}, listener=MipListener(on_news, is_over=is_over), seconds=seconds, seed=seed)
    except Infeasible:
        return False
    return True


@dataclass(frozen=True)
class _Row:
    terms: Sequence[tuple[int, int]]  # columns of the builder
    lower: float
    upper: float
    tag: Tag


class _Narrowed:
    """The programme of the loads. `place[column]` of the builder is the column here that counts it."""

    def __init__(self, builder: Builder, reduced: Reals, room: float) -> None:
        self.model, self.builder = Model(), builder
        self.lower, self.upper = list(builder.model.lower), list(builder.model.upper)
        rises = np.floor(np.abs(reduced) + EXACT).astype(int).tolist()
        self._narrow(reduced, room)
        self.kind = {shift.id: _kind(shift) for shift in builder.shifts}
        self.members: list[list[int]] = []
        self.place = self._gather()
        for row in self._rows():
            self._write(row)
        self._keep_cheap(rises, reduced, room)

    def _narrow(self, reduced: Reals, room: float) -> None:
        for column in np.flatnonzero(np.abs(reduced) > EXACT):
            steps = math.floor(room / abs(reduced[column]) + EXACT)
            if reduced[column] > 0:
                self.upper[column] = min(self.upper[column], self.lower[column] + steps)
            else:
                self.lower[column] = max(self.lower[column], self.upper[column] - steps)

    def _gather(self) -> list[int]:
        """Alike shifts of one person are counted together; every other column stands for itself."""
        alike: defaultdict[object, list[int]] = defaultdict(list)
        for (shift_id, staff_id), column in self.builder.pair_column.items():
            alike[staff_id, self.kind[shift_id]].append(column)
        counted = {column for columns in alike.values() for column in columns}
        place = [-1] * len(self.lower)
        for columns in [*alike.values(), *([c] for c in range(len(self.lower)) if c not in counted)]:
            lower, upper = sum(self.lower[c] for c in columns), sum(self.upper[c] for c in columns)
            at = self.model.column(0, lower, upper, whole=True)
            self.members.append(columns)
            for column in columns:
                place[column] = at
        return place

    def _rows(self) -> Iterator[_Row]:
        """The rows of the builder; those that fill alike shifts are added up."""
        model = self.builder.model
        cover: defaultdict[object, list[_Row]] = defaultdict(list)
        for at, tag in enumerate(model.tags):
            span = slice(model.starts[at], model.starts[at + 1])
            terms = tuple(zip(model.index[span], model.value[span], strict=True))
            row = _Row(terms, model.row_lower[at], model.row_upper[at], tag)
            if tag.code == "coverage.headcount" and tag.shift_id:
                cover[self.kind[tag.shift_id]].append(row)
            else:
                yield row
        for rows in cover.values():
            terms = tuple(term for row in rows for term in row.terms)
            yield _Row(terms, sum(row.lower for row in rows), sum(row.upper for row in rows), rows[0].tag)

    def _write(self, row: _Row) -> None:
        """What of a row can be said of sums: exactly, where it treats all members alike, else a weaker limit."""
        factors: defaultdict[int, list[int]] = defaultdict(list)
        for column, factor in row.terms:
            factors[self.place[column]].append(factor)
        for at, found in factors.items():
            found += [0] * (len(self.members[at]) - len(found))
        least = [(at, min(found)) for at, found in factors.items()]
        most = [(at, max(found)) for at, found in factors.items()]
        if least == most:
            whole = row.tag.code == "fairness.load" and row.lower == row.upper
            self.model.row(self._measured(least) if whole else least, row.lower, row.upper, tag=row.tag)
            return
        # Columns are never below nothing, so smaller factors make the sum smaller, and larger ones larger.
        if self._reaches(least, row.upper):
            self.model.row([term for term in least if term[1]], upper=row.upper, tag=row.tag)
        if self._reaches([(at, -factor) for at, factor in most], -row.lower):
            self.model.row([term for term in most if term[1]], lower=row.lower, tag=row.tag)

    def _measured(self, terms: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """A load said as a multiple of what most shifts are worth multiples of, and the rest: a solver that sees the
        multiple as one whole number cuts off by it what the rest cannot make up.
        """
        measure = self._common_measure(terms)
        common = [(at, factor // measure) for at, factor in terms if factor > 0 and factor % measure == 0]
        if measure == 1 or len(common) < 2:
            return list(terms)
        multiple = self.model.column(0, 0, INF, whole=True)
        self.members.append([])
        self.model.row([*common, (multiple, -1)], 0, 0)
        return [*((at, factor) for at, factor in terms if factor < 0 or factor % measure), (multiple, measure)]

    def _common_measure(self, terms: Sequence[tuple[int, int]]) -> int:
        worths = [(factor, self.model.upper[at]) for at, factor in terms if factor > 0]
        most = COMMON_SHARE * sum(count for _, count in worths)
        for measure in range(max((factor for factor, _ in worths), default=1), 1, -1):
            if sum(count for factor, count in worths if factor % measure == 0) >= most > 0:
                return measure
        return 1

    def _reaches(self, terms: Sequence[tuple[int, int]], limit: float) -> bool:
        """Whether the sum can be more than the limit, so that there is a point in writing it down."""
        ends = (self.model.upper if factor > 0 else self.model.lower for _, factor in terms)
        return sum(f * end[at] for (at, f), end in zip(terms, ends, strict=True) if f) > limit

    def _keep_cheap(self, rises: Sequence[int], reduced: Reals, room: float) -> None:
        """No more above the relaxation than there is room, by the columns that still stand for themselves.

        `rises`: what a step of each column of the builder away from where the relaxation has it costs, in whole units.
        """
        terms, limit = [], math.floor(room + EXACT)
        for at, columns in enumerate(self.members):
            if len(columns) != 1 or not rises[column := columns[0]]:
                continue
            up = reduced[column] > 0
            rise, end = (rises[column], self.lower[column]) if up else (-rises[column], self.upper[column])
            terms.append((at, rise))
            limit += rise * int(end)
        self.model.row(terms, upper=limit)


def _kind(shift: Shift) -> tuple[object, ...]:
    """Shifts are alike when they count the same for everybody."""
    worth = (shift.points, *sorted(shift.points_by.items()))
    return shift.duty, shift.unit, shift.night, shift.minutes, shift.form, worth
