"""The rows of the demand that shifts were made from, for who is told to mend the demand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from core.db import db
from people.models import Unit
from roster.models import Shift
from roster.sources.models import Demand


@dataclass(frozen=True)
class DemandRow:
    """``id``: of the row; None once it is gone. ``is_grounded``: it states a ground now, which the shifts may not."""

    id: int | None
    unit: Unit
    duty: str
    phase: str
    template: str
    is_grounded: bool


def behind(shift_ids: Collection[int]) -> list[DemandRow]:
    """The rows that these shifts come from, each once, by unit, in the order of their shifts."""
    same = and_(
        Demand.unit_id == Shift.unit_id,
        Demand.duty == Shift.duty,
        Demand.phase == Shift.phase,
        Demand.template == Shift.template,
    )
    found = db.session.execute(
        select(Shift, Demand)
        .outerjoin(Demand, same)
        .where(Shift.id.in_(shift_ids))
        .options(joinedload(Shift.unit))
        .order_by(Shift.starts_at, Shift.id)
    ).tuples()
    rows: dict[tuple[int, str, str, str], DemandRow] = {}
    for shift, demand in found:
        key = (shift.unit_id, shift.duty, shift.phase, shift.template)
        number, ground = (demand.id, bool(demand.legal_ground)) if demand is not None else (None, False)
        rows.setdefault(key, DemandRow(number, shift.unit, shift.duty, shift.phase, shift.template, ground))
    return sorted(rows.values(), key=lambda row: row.unit.code)
