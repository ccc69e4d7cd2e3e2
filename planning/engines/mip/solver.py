"""One run of HiGHS on a programme: what it finds is told as it comes, in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

import highspy
import numpy as np

from planning.claims import refuse
from planning.engines.mip.model import Model
from planning.engines.mip.passing import as_lp
from planning.engines.work_budget import Meter, WorkBudget

PROOF_GAP = 0.9  # the objective is a whole number, so a bound less than one below the cost is a proof
BOUND_SECONDS = 0.3  # between two bounds told
COMPLETION_SECONDS = 5.0
HALF = 0.5  # of a unit: two accounts of the same values never differ by so much
TOLERANCE = 0.05  # of HiGHS's real numbers, far below the whole number that matters

Values = list[float]
# (values of the columns or None, proven bound in hundredths of a point or None) → stop now?
News = Callable[[Values | None, int | None], bool]
Better = Callable[[], Mapping[int, float] | None]


@dataclass(frozen=True)
class RunEnd:
    """What a run came to. `bound` is proven, in hundredths of a point; None: nothing is.

    `is_best`: HiGHS has proved its `values` best, and they cost in the programme what it says that the best cost.
    """

    values: Values | None
    bound: int | None
    is_best: bool


class Infeasible(Exception):  # noqa: N818 - an answer, not a fault
    """No values of the columns keep all rows."""


def whole_bound(model: Model, bound: float) -> int | None:
    """The least cost that a proven real bound leaves possible; None when there is no bound yet."""
    return math.ceil(bound - TOLERANCE) * model.unit + model.constant if math.isfinite(bound) else None


@dataclass(frozen=True)
class MipListener:
    """Who follows a run.

    `on_news` hears of each better solution and bound, and stops the run by returning True. `better` is asked now and
    then for the whole columns of a solution found elsewhere meanwhile; `is_over`, whether the answer is still wanted.
    """

    on_news: News
    better: Better | None = None
    is_over: Callable[[], bool] | None = None


def minimise(
    model: Model,
    start: Mapping[int, float],
    *,
    seconds: float,
    seed: int,
    listener: MipListener,
    work: WorkBudget | None = None,
) -> RunEnd:
    """Run HiGHS on one thread. Raises Infeasible.

    `start` gives the whole columns of a known solution. With `work` the seconds are counted and not measured.
    """
    until = monotonic() + seconds

    def left() -> float:
        return until - monotonic() if work is None else work.seconds_left

    meter = None if work is None else Meter(work, len(model.index), seconds)
    known = complete(model, start, COMPLETION_SECONDS if work is None else left())
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    chosen = {"threads": 1, "random_seed": seed % 2**31, "mip_rel_gap": 0.0, "mip_abs_gap": PROOF_GAP}
    for name, value in (chosen | {"output_flag": False}).items():
        highs.setOptionValue(name, value)
    highs.passModel(as_lp(model))
    _listen(highs, model, listener, meter)
    end = run(highs, model, known, left)
    if work is not None:
        work.is_clocked |= highs.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
    listener.on_news(end.values, end.bound)
    return end


def run(highs: highspy.Highs, model: Model, known: Values | None, left: Callable[[], float]) -> RunEnd:
    """Run HiGHS on the programme that it holds, from known values of all columns. Raises Infeasible.

    Where presolve leaves nothing of a programme, HiGHS may hand out the values that it was given and call them best,
    with an objective that is not theirs nor that of any others. What it says then is not believed, and it has to look
    again without them.
    """
    _start(highs, known, left())
    end = _end(highs, model)
    if end is None and known is not None:
        _start(highs, None, left())
        end = _end(highs, model)
    if end is None:
        refuse("HiGHS proved best what costs in its programme something else than it says")
        return RunEnd(list(highs.getSolution().col_value), None, is_best=False)
    return end


def _start(highs: highspy.Highs, known: Values | None, seconds: float) -> None:
    highs.clearSolver()
    highs.setOptionValue("time_limit", max(seconds, 0.05))
    if known is not None:
        highs.setSolution(len(known), np.arange(len(known), dtype=np.int32), np.array(known))
    highs.run()


def _end(highs: highspy.Highs, model: Model) -> RunEnd | None:
    """None: what HiGHS calls best is not what it hands out."""
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise Infeasible
    solved = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = list(highs.getSolution().col_value) if solved else None
    if status != highspy.HighsModelStatus.kOptimal:
        return RunEnd(values, whole_bound(model, info.mip_dual_bound), is_best=False)
    if values is None or abs(_cost(model, values) - info.objective_function_value) > HALF:
        return None
    # A model that presolve empties, or without whole columns, has no tree and so no bound of its own.
    bound = max(info.mip_dual_bound, info.objective_function_value - PROOF_GAP)
    return RunEnd(values, whole_bound(model, bound), is_best=True)


def _cost(model: Model, values: Values) -> float:
    """In units of the model and without its constant, as HiGHS counts."""
    return float(np.dot(np.asarray(model.costs, dtype=np.float64), np.asarray(values))) / model.unit


def complete(model: Model, start: Mapping[int, float], seconds: float = COMPLETION_SECONDS) -> Values | None:
    """All columns from some, as cheap as can be; None when the rows do not allow it, or not in time.

    HiGHS would do that too, but it tells the bound of the completion as if it were that of the whole.
    """
    if not start:
        return None
    lp = as_lp(model)
    lower, upper = np.array(model.lower, dtype=np.float64), np.array(model.upper, dtype=np.float64)
    for column, value in start.items():
        lower[column] = upper[column] = value
    lp.col_lower_, lp.col_upper_ = lower, upper
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {"threads": 1, "output_flag": False, "time_limit": max(seconds, 0.05)}.items():
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    highs.run()
    solved = highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return list(highs.getSolution().col_value) if solved else None


def _listen(
    highs: highspy.Highs,
    model: Model,
    listener: MipListener,
    meter: Meter | None,
) -> None:
    on_news, better, is_over = listener.on_news, listener.better, listener.is_over
    stop, told_at, told = False, 0.0, None
    # Where work is counted, what is told may not hang on the clock: it may be the word that ends the run.
    pause = BOUND_SECONDS if meter is None else 0.0

    def on_solution(event: highspy.highs.HighsCallbackEvent) -> None:
        nonlocal stop
        stop |= on_news(list(event.data_out.mip_solution), whole_bound(model, event.data_out.mip_dual_bound))

    def on_interrupt(event: highspy.highs.HighsCallbackEvent) -> None:
        nonlocal stop, told_at, told
        bound = whole_bound(model, event.data_out.mip_dual_bound)
        if bound != told and monotonic() >= told_at + pause:
            told_at, told = monotonic(), bound
            stop |= on_news(None, bound)
        stop |= is_over is not None and is_over()
        if meter is not None and meter.count(event.data_out.mip_node_count):
            stop = True
        if stop:
            event.interrupt()

    def on_request(event: highspy.highs.HighsCallbackEvent) -> None:
        found = better() if better is not None else None
        values = complete(model, found) if found else None
        if values and event.data_in is not None:
            event.data_in.setSolution(np.array(values))

    highs.cbMipImprovingSolution.subscribe(on_solution)
    highs.cbMipInterrupt.subscribe(on_interrupt)
    if better is not None:
        highs.cbMipUserSolution.subscribe(on_request)
