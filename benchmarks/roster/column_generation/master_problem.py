"""The master programme: one path for everybody so that cover costs least; as a linear one, and in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from benchmarks.roster.column_generation.horizon import Span, keep_tail
from benchmarks.roster.column_generation.model import Array, PathModel

NOBODY = 1e6  # what a person without a path costs the linear programme; no real price is near it
WHOLE_GAP = 0.99  # costs are whole numbers
SIMPLEX_PRIMAL = 4


@dataclass(frozen=True)
class Duals:
    """What the linear programme pays: per person of the master, and per (day of the span, kind) for one more there."""

    people: Array
    cover: Array


@dataclass(frozen=True)
class Choice:
    """A path for everybody, None where none was found, and a lower bound of any choice from the same columns."""

    paths: dict[int, Array] | None
    bound: float


def quiet(seconds: float | None = None) -> highspy.Highs:
    """HiGHS on one thread, silent."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    if seconds is not None:
        highs.setOptionValue("time_limit", max(0.1, seconds))
    return highs


class Master:
    """Columns of `people` over a span; `base` (days, kinds) is what everybody else covers there.

    `held` (P, D) is the roster whose days after the span's last changeable one stay.
    """

    def __init__(
        self, model: PathModel, people: Sequence[int], span: Span, base: Array, held: Array | None = None
    ) -> None:
        self.model, self.people, self.span = model, list(people), span
        self.cost = model.cost[self.people][:, span.days].copy()
        if held is not None:
            keep_tail(self.cost, held[self.people], span)
        self.row = {person: row for row, person in enumerate(self.people)}
        self.needed = (model.wanted[span.days] - base).ravel()
        self.under, self.over = model.under[span.days].ravel(), model.over[span.days].ravel()
        self.active = np.flatnonzero((self.under != 0) | (self.over != 0))
        self.row_of = np.full(len(self.needed), -1)
        self.row_of[self.active] = len(self.people) + np.arange(len(self.active))
        self.paths: list[Array] = []
        self.owners: list[int] = []
        self.costs: list[float] = []
        self._known: set[bytes] = set()
        self.objective, self.share, self.is_whole = np.inf, np.zeros(0), False
        self._highs = quiet()
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("simplex_strategy", SIMPLEX_PRIMAL)
        self._begin()

    def _begin(self) -> None:
        """Rows, and the columns that are always there: nobody's path, too few, too many."""
        people, slots = len(self.people), len(self.active)
        sides = np.concatenate([np.ones(people), self.needed[self.active]])
        none: Array = np.zeros(0, dtype=np.int32)
        self._highs.addRows(len(sides), sides, sides, 0, np.zeros(len(sides), np.int32), none, np.zeros(0))
        rows = np.concatenate([np.arange(people + slots), people + np.arange(slots)]).astype(np.int32)
        values = np.concatenate([np.ones(people + slots), -np.ones(slots)])
        costs = np.concatenate([np.full(people, NOBODY), self.under[self.active], self.over[self.active]])
        self.fixed = len(rows)
        top = np.full(self.fixed, highspy.kHighsInf)
        starts: Array = np.arange(self.fixed, dtype=np.int32)
        self._highs.addCols(self.fixed, costs, np.zeros(self.fixed), top, self.fixed, starts, rows, values)

    def add(self, columns: Iterable[tuple[int, Array]]) -> int:
        """Take in (person, path over the span) that are new; returns how many were."""
        starts: list[int] = []
        rows: list[int] = []
        fresh = 0
        for person, path in columns:
            key = person.to_bytes(4, "little") + path.astype(np.int16).tobytes()
            if key in self._known:
                continue
            self._known.add(key)
            starts.append(len(rows))
            rows.extend(self._rows(person, path))
            self.paths.append(path)
            self.owners.append(person)
            self.costs.append(self.model.path_cost(person, path, self.span.first))
            fresh += 1
        if fresh:
            self._highs.addCols(
                fresh,
                np.array(self.costs[-fresh:]),
                np.zeros(fresh),
                np.full(fresh, highspy.kHighsInf),
                len(rows),
                np.array(starts, dtype=np.int32),
                np.array(rows, dtype=np.int32),
                np.ones(len(rows)),
            )
        return fresh

    def table(self, cover: Array, people: Sequence[int]) -> Array:
        """(n, days of the span, kinds + 1): what each choice costs a person when cover is paid for at these prices."""
        table = self.cost[[self.row[person] for person in people]]
        table[:, :, :-1] -= cover[None]
        return table

    def _rows(self, person: int, path: Array) -> list[int]:
        worked = np.flatnonzero(path < self.model.kinds)
        rows = self.row_of[worked * self.model.kinds + path[worked]]
        return [self.row[person], *rows[rows >= 0].tolist()]

    def solve(self) -> Duals:
        """Solve the linear programme; `objective` and `share` (of each column) tell the rest."""
        self._highs.run()
        solution = self._highs.getSolution()
        self.objective = float(self._highs.getInfo().objective_function_value)
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        self.share = values[self.fixed :]
        self.is_whole = bool(values[: len(self.people)].sum() < 1e-6)
        cover = np.zeros(len(self.needed))
        cover[self.active] = duals[len(self.people) :]
        # Tolerances may leave a price a hair outside of what the bound's proof allows.
        cover = np.clip(cover, -self.over, self.under)
        return Duals(duals[: len(self.people)], cover.reshape(self.span.length, self.model.kinds))

    def fix(self, columns: Iterable[int], low: float, high: float = highspy.kHighsInf) -> None:
        """Set the bounds of these columns."""
        for column in columns:
            self._highs.changeColBounds(int(self.fixed + column), float(low), float(high))

    def reduced_costs(self, duals: Duals) -> Array:
        """Per column, what taking it would add to the linear optimum."""
        paths = np.array(self.paths)
        prices = np.pad(duals.cover, ((0, 0), (0, 1)))
        paid = prices[np.arange(self.span.length)[None], paths].sum(axis=1)
        rows = np.array([self.row[person] for person in self.owners])
        return np.array(self.costs) - paid - duals.people[rows]

    def choose(self, columns: Sequence[int], *, seconds: float, below: float, seed: int) -> Choice:
        """One of these columns for everybody, at a cost below `below`, if HiGHS finds it in time."""
        highs = quiet(seconds)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", WHOLE_GAP)
        highs.setOptionValue("random_seed", seed)
        highs.setOptionValue("objective_bound", below)
        highs.passModel(self._whole_model(columns))
        highs.run()
        info = highs.getInfo()
        bound = float(info.mip_dual_bound)
        if highs.getModelStatus() in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound):
            bound = below
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Choice(None, bound)
        if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            bound = max(bound, float(info.objective_function_value) - WHOLE_GAP)
        taken = np.flatnonzero(np.array(highs.getSolution().col_value)[: len(columns)] > 0.5)
        return Choice({self.owners[columns[each]]: self.paths[columns[each]] for each in taken.tolist()}, bound)

    def _whole_model(self, columns: Sequence[int]) -> highspy.HighsLp:
        people, slots, count = len(self.people), len(self.active), len(columns)
        lists = [self._rows(self.owners[column], self.paths[column]) for column in columns]
        rows = [row for each in lists for row in each]
        ends: Array = np.cumsum([0, *(len(each) for each in lists)])
        slack: Array = people + np.arange(slots)
        sides = np.concatenate([np.ones(people), self.needed[self.active]])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = count + 2 * slots, people + slots
        own = np.array([self.costs[column] for column in columns])
        lp.col_cost_ = np.concatenate([own, self.under[self.active], self.over[self.active]])
        lp.col_lower_ = np.zeros(lp.num_col_)
        lp.col_upper_ = np.concatenate([np.ones(count), np.full(2 * slots, highspy.kHighsInf)])
        lp.row_lower_, lp.row_upper_ = sides, sides
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([ends, ends[-1] + 1 + np.arange(2 * slots)]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([rows, slack, slack]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([np.ones(len(rows) + slots), -np.ones(slots)])
        whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [whole] * count + [real] * (2 * slots)
        return lp
