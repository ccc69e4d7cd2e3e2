"""The dynamic programme over days: the cheapest legal path of many people at once.

A state is what is worked today (a class of kinds, or off), for how many days in a row, and the totals so far. All
people of one programme share the limits on runs and weekends. Tables hold, for each state and person, the least cost
of a path that leads there: `work[i]` (class, days in a row - 1, totals, person) and `off[i]` (days off - 1, totals,
person) after i days of the span. The last index of `off` means "long enough".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.roster.column_generation.horizon import Span, entry_of, rooms_of
from benchmarks.roster.column_generation.model import Array, PathModel
from benchmarks.roster.column_generation.resources import Move
from benchmarks.roster.column_generation.state_space import classes_of, lay_out


class Programme:
    """Made once for people of equal limits, then run on many costs. `held`: see `rooms_of`; a legal roster.

    `counted` kinds have their number kept as a total; the caps of others are not looked at. `kinds`: those that may
    be used at all.
    """

    def __init__(
        self,
        model: PathModel,
        people: Sequence[int],
        span: Span,
        *,
        counted: Sequence[int] = (),
        held: Array | None = None,
        kinds: Sequence[int] | None = None,
    ) -> None:
        self.model, self.people, self.span, self.counted = model, list(people), span, tuple(counted)
        self.limits = model.limits[self.people[0]]
        self.is_endless = self.limits.longest is None
        self.runs = min(self.limits.longest or self.limits.shortest, model.days)
        self.rests = self.limits.least_off
        possible = np.isfinite(model.cost[self.people][:, span.days, :-1]).any(axis=(0, 1))
        usable = range(model.kinds) if kinds is None else kinds
        self.classes = classes_of(model, [kind for kind in usable if possible[kind]], self.counted)
        self.rooms = rooms_of(model, self.people, span, held)
        self.layout = lay_out(model, self.limits, span, self.classes, self.counted, self.rooms)
        self.entries = [
            entry_of(model, model.cost[p, :, 0] if held is None else held[p], span.first, self.limits)
            for p in self.people
        ]
        self.work: list[Array] = []
        self.off: list[Array] = []
        self.choice: list[Array] = []
        self.closed_in_last_run: Array = None
        self._closed: dict[int, Array] = {}
        self._moves: dict[tuple[int, int | None, bool], Move] = {}

    @property
    def cells(self) -> int:
        """Cells of the tables per person."""
        states = len(self.classes.members) * self.runs + self.rests
        return (self.span.length + 1) * states * self.layout.grid.size

    def run(self, rows: Sequence[int], cost: Array) -> Array:
        """(cells, n): least costs of ending at each cell, for the people at these places of `people`.

        `cost` (n, days of the span, kinds + 1) may hold `inf`.
        """
        work_cost = self._class_costs(cost)
        off_cost = np.ascontiguousarray(cost[:, :, -1].T)
        self._enter(rows)
        for index in range(self.span.length):
            self.work.append(self._next_work(index, work_cost[index]))
            self.off.append(self._next_off(index, off_cost[index]))
        best = np.minimum(self.work[-1].min(axis=(0, 1), initial=np.inf), self.off[-1].min(axis=0))
        self.closed_in_last_run = np.stack([self._closed_for(row) for row in rows], axis=1)
        return best + self.closed_in_last_run

    def forget(self) -> None:
        """Let go of the tables."""
        self.work, self.off, self.choice = [], [], []

    def _closed_for(self, row: int) -> Array:
        if row not in self._closed:
            self._closed[row] = self.layout.closed(self.rooms[row], self.counted)
        return self._closed[row]

    def _class_costs(self, cost: Array) -> Array:
        """(days, classes, n), and in `choice` which kind of the class that is."""
        found = np.empty((self.span.length, len(self.classes.members), cost.shape[0]))
        self.choice = []
        for number, kinds in enumerate(self.classes.members):
            own = cost[:, :, list(kinds)]
            found[:, number] = own.min(axis=2).T
            self.choice.append(np.array(kinds)[own.argmin(axis=2)])
        return found

    def _enter(self, rows: Sequence[int]) -> None:
        size = self.layout.grid.size
        work = np.full((len(self.classes.members), self.runs, size, len(rows)), np.inf)
        off = np.full((self.rests, size, len(rows)), np.inf)
        for column, row in enumerate(rows):
            entry = self.entries[row]
            if entry.kind == self.model.kinds:
                off[min(entry.run, self.rests) - 1, 0, column] = 0
            else:
                work[self.classes.class_of(entry.kind), min(entry.run, self.runs) - 1, 0, column] = 0
        self.work, self.off = [work], [off]

    def move(self, index: int, number: int | None, opens: bool) -> Move:
        """How totals move on day `index` of the span by working a class, or by a day off (None)."""
        key = (index, number, opens)
        if key not in self._moves:
            layout = self.layout
            rise = int(layout.floor[index + 1] - layout.floor[index])
            length = 0 if number is None else layout.lengths[number]
            is_counted = [number is not None and kind in self.classes.members[number] for kind in self.counted]
            weekend = int(opens and layout.counts_weekends)
            self._moves[key] = layout.grid.move((weekend, length - rise, *map(int, is_counted)))
        return self._moves[key]

    def moves_of(self, index: int, number: int) -> tuple[Move, Move]:
        """(after a day off, after a worked day)."""
        day = self.span.first + index
        first, second = bool(self.model.weekend_start[day]), bool(self.model.weekend_end[day])
        return self.move(index, number, first or second), self.move(index, number, first)

    def _next_work(self, index: int, cost: Array) -> Array:
        work, rested = self.work[-1], self.off[-1][-1]
        new = np.full_like(work, np.inf)
        for number, going in self._going(work):
            start, on = self.moves_of(index, number)
            np.add(rested[start.source], _masked(start, cost[number]), out=new[number, 0, start.target])
            if going is None:
                continue
            price = _masked(on, cost[number])
            if self.runs > 1:
                np.add(going[:-1, on.source], price, out=new[number, 1:, on.target])
            if self.is_endless:
                last = new[number, -1, on.target]
                np.minimum(last, going[-1, on.source] + price, out=last)
        return new

    def _going(self, work: Array) -> list[tuple[int, Array | None]]:
        """Per class the least cost over the classes that may come the day before; nested sets build on each other."""
        done: list[tuple[Array, Array | None]] = []
        found: list[tuple[int, Array | None]] = []
        for number in np.argsort(self.classes.before.sum(axis=1), kind="stable").tolist():
            wanted = self.classes.before[number]
            inner = [(row, least) for row, least in done if not (row & ~wanted).any()]
            row, least = max(inner, key=lambda each: int(each[0].sum()), default=(np.zeros_like(wanted), None))
            for other in np.flatnonzero(wanted & ~row).tolist():
                least = work[other] if least is None else np.minimum(least, work[other])
            done.append((wanted, least))
            found.append((number, least))
        return found

    def _next_off(self, index: int, cost: Array) -> Array:
        work, off = self.work[-2], self.off[-1]
        move = self.move(index, None, False)
        price = _masked(move, cost)
        new = np.full_like(off, np.inf)
        ended = self.ending(work, index).min(axis=(0, 1), initial=np.inf)
        if self.rests == 1:
            np.add(np.minimum(ended, off[0])[move.source], price, out=new[0, move.target])
            return new
        np.add(ended[move.source], price, out=new[0, move.target])
        np.add(off[:-2, move.source], price, out=new[1:-1, move.target])
        np.add(np.minimum(off[-2], off[-1])[move.source], price, out=new[-1, move.target])
        return new

    def ending(self, work: Array, index: int) -> Array:
        """The states after which a day off may come on day `index`."""
        return work[:, self.usable_runs(index)]

    def usable_runs(self, index: int) -> list[int]:
        """Places of the runs that may end before day `index`: those long enough, or going since the first day."""
        day, shortest = self.span.first + index, self.limits.shortest
        early = [day - 1] if 0 < day < shortest and day <= self.runs else []
        return early + list(range(shortest - 1, self.runs))


def _masked(move: Move, cost: Array) -> Array:
    return cost if move.mask is None else move.mask + cost
