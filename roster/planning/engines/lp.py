"""A mixed-integer programme under construction, and one run of HiGHS on it. Imported in child processes only."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

INF = math.inf
PROOF_GAP = 0.9  # the objective is a whole number, so a bound less than one below the cost is a proof
TOLERANCE = 0.05  # of HiGHS's real numbers, far below the whole number that matters


@dataclass
class Model:
    """Columns and rows as plain lists; the objective is minimised and must be whole at whole solutions."""

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def column(self, cost: float, lower: float = 0, upper: float = INF, *, whole: bool = False) -> int:
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, terms: Iterable[tuple[int, float]], lower: float = -INF, upper: float = INF) -> None:
        for column, factor in terms:
            self.index.append(column)
            self.value.append(factor)
        self.starts.append(len(self.index))
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def as_lp(self) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.costs), len(self.row_lower)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = map(_reals, (self.costs, self.lower, self.upper))
        lp.row_lower_, lp.row_upper_ = _reals(self.row_lower), _reals(self.row_upper)
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        lp.integrality_ = [kinds[whole] for whole in self.whole]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.index, dtype=np.int32)
        lp.a_matrix_.value_ = _reals(self.value)
        return lp


def _reals(numbers: list[float]) -> NDArray[np.float64]:
    return np.asarray(numbers, dtype=np.float64)


def whole_bound(bound: float) -> int | None:
    """The least whole objective that a proven real bound leaves possible; None when there is no bound yet."""
    return math.ceil(bound - TOLERANCE) if math.isfinite(bound) else None


Values = list[float]
News = Callable[[Values | None, int | None], None]


def minimise(model: Model, start: Mapping[int, float], *, seconds: float, seed: int, on_news: News) -> None:
    """Run HiGHS on one thread. `on_news` hears of each better solution and of each better bound.

    `start` gives the whole columns of a known solution. Nothing is returned: what was heard is what there is.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {"threads": 1, "random_seed": seed % 2**31, "mip_rel_gap": 0.0, "mip_abs_gap": PROOF_GAP}
    for name, value in options.items() | {"output_flag": False, "time_limit": max(seconds, 0.05)}.items():
        highs.setOptionValue(name, value)
    highs.passModel(model.as_lp())
    if start:
        highs.setSolution(len(start), np.array(list(start), dtype=np.int32), _reals(list(start.values())))

    def on_solution(event: highspy.highs.HighsCallbackEvent) -> None:
        on_news(list(event.data_out.mip_solution), whole_bound(event.data_out.mip_dual_bound))

    def on_log(event: highspy.highs.HighsCallbackEvent) -> None:
        on_news(None, whole_bound(event.data_out.mip_dual_bound))

    highs.cbMipImprovingSolution.subscribe(on_solution)
    highs.cbMipLogging.subscribe(on_log)
    highs.run()
    _report_end(highs, on_news)


def _report_end(highs: highspy.Highs, on_news: News) -> None:
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise RuntimeError("the elastic roster model cannot be infeasible")
    solved = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    # A model that presolve empties, or without whole columns, has no tree and so no bound of its own.
    proven = status == highspy.HighsModelStatus.kOptimal
    bound = max(info.mip_dual_bound, info.objective_function_value - PROOF_GAP) if proven else info.mip_dual_bound
    on_news(list(highs.getSolution().col_value) if solved else None, whole_bound(bound))
