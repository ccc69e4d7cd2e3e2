"""A programme handed to HiGHS. Whoever only reads or checks one needs no solver."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from planning.engines.mip.model import Model

IMPLIED = highspy.HighsVarType(4)  # "implicit integer": counts as whole in proofs, but nothing branches on it


def as_lp(model: Model, *, relaxed: bool = False) -> highspy.HighsLp:
    """The programme for HiGHS, its objective in units and without the constant."""
    lp, unit = highspy.HighsLp(), model.unit
    lp.num_col_, lp.num_row_ = len(model.costs), len(model.row_lower)
    lp.col_cost_ = _reals([cost // unit for cost in model.costs])
    lp.col_lower_, lp.col_upper_ = _reals(model.lower), _reals(model.upper)
    lp.row_lower_, lp.row_upper_ = _reals(model.row_lower), _reals(model.row_upper)
    if not relaxed:
        lp.integrality_ = [highspy.HighsVarType.kInteger if whole else IMPLIED for whole in model.whole]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = np.array(model.starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(model.index, dtype=np.int32)
    lp.a_matrix_.value_ = _reals(model.value)
    return lp


def _reals(numbers: Sequence[float]) -> NDArray[np.float64]:
    return np.asarray(numbers, dtype=np.float64)
