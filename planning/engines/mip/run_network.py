"""The network of runs of one person: one way through the days, run of work after run of rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from planning.engines.mip.model import Model


@dataclass(frozen=True)
class Lengths:
    """Cost of a run by its length less one; None: not allowed. `edge` is for runs that touch the first or last day.

    `beyond` is what each day past the last of these lengths costs; None: runs end there.
    """

    inner: Sequence[int | None]
    edge: Sequence[int | None]
    beyond: int | None


class Network:
    """Nodes are "a run of work (of rest) begins on this day" and "a long run may go on"; arcs are runs.

    Days that are `pinned` to work may make a run longer than allowed: what pins break, they excuse.
    """

    def __init__(self, model: Model, days: int, work: Lengths, rest: Lengths, *, pinned: Sequence[bool]) -> None:
        self.model, self.days, self.pinned = model, days, pinned
        self.flow: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        self._work_on: list[list[int]] = [[] for _ in range(days)]
        self._arcs("work", "rest", work)
        self._arcs("rest", "work", rest)
        for (_, day), terms in sorted(self.flow.items()):
            if 0 < day < days:
                model.row(terms, 0, 0)
        model.row([term for kind in ("work", "rest") for term in self.flow[kind, 0]], -1, -1)

    def work_on(self, day: int) -> list[int]:
        """Columns of the runs of work that cover the day."""
        return self._work_on[day]

    def _arcs(self, kind: str, other: str, lengths: Lengths) -> None:
        """Every run of this kind. Long ones are a start of the last known length and then day by day."""
        for start in range(self.days):
            for length in range(1, self.days - start + 1):
                is_edge = start == 0 or start + length == self.days
                costs = lengths.edge if is_edge else lengths.inner
                if length <= len(costs):
                    cost = costs[length - 1]
                elif lengths.beyond is None and kind == "work" and all(self.pinned[start : start + length]):
                    cost = 0
                else:
                    break
                if cost is not None:
                    self._arc(kind, start, length, (kind, start), head=(other, start + length), cost=cost)
            if lengths.beyond is not None:
                self._long(kind, other, start, lengths)

    def _long(self, kind: str, other: str, start: int, lengths: Lengths) -> None:
        """Runs longer than the known lengths: they go on from day to day, and end when they like."""
        known = len(lengths.inner)
        cost, going = (lengths.edge if start == 0 else lengths.inner)[-1], f"long {kind}"
        if start + known < self.days and cost is not None:
            # The first day beyond is part of the start, so that a run of a known length is said in one way alone.
            end = start + known + 1
            self._arc(kind, start, known + 1, (kind, start), head=(going, end), cost=cost + (lengths.beyond or 0))
        if start > known:
            self._arc(kind, start, 1, (going, start), head=(going, start + 1), cost=lengths.beyond or 0)
            self._arc(kind, start, 0, (going, start), head=(other, start), cost=0)

    def _arc(
        self, kind: str, start: int, length: int, tail: tuple[str, int], *, head: tuple[str, int], cost: int
    ) -> None:
        column = self.model.column(cost, 0, 1, whole=kind == "work")
        self.flow[tail].append((column, -1))
        self.flow[head].append((column, 1))
        if kind == "work":
            for day in range(start, start + length):
                self._work_on[day].append(column)
