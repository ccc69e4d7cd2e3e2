"""Whose units an ask is about: that of its seat, of the one given in return, and of the other ask of a chain."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from roster.models import Seat, Shift
from roster.swaps.models import Swap, SwapChain


def of_units(units: Collection[int]) -> ColumnElement[bool]:
    """Of ``Swap``: somebody of these units (ids) would be given a shift there, or lose one."""
    ids = sorted(units)
    other = aliased(Swap)
    tied = or_(
        and_(SwapChain.first_id == Swap.id, SwapChain.second_id == other.id),
        and_(SwapChain.second_id == Swap.id, SwapChain.first_id == other.id),
    )
    chained = exists().where(tied, other.unit_id.in_(ids))
    returned = exists().where(Seat.id == Swap.for_seat_id, Shift.id == Seat.shift_id, Shift.unit_id.in_(ids))
    return or_(Swap.unit_id.in_(ids), returned, chained)
