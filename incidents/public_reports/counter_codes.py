"""The code of the sheet that a unit keeps behind its counter: it opens what the unit tells of its days, and no more.

Sheets that were printed before there were two carry the public code. They open the same page until the unit has
printed its counter's sheet, and what they say waits until somebody accepts it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.db import batched, db, insert_into, transaction
from core.errors import Gone, NotFound
from core.models import AuditEntry
from core.security import signatures
from incidents.public_reports import codes
from incidents.public_reports.models import CounterCode
from people import queries as people
from people.access import guard
from people.models import Unit

Sheet = Literal["counter", "old"]


@dataclass(frozen=True)
class Scanned:
    """Whose counter it is, and by which sheet somebody speaks for it."""

    unit: Unit
    sheet: Sheet

    @property
    def is_old(self) -> bool:
        return self.sheet == "old"


def token_of(unit: Unit, generation: int) -> str:
    """Return what the counter's sheet of that generation carries; the same every time it is printed."""
    return f"{unit.id}.{generation}.{signatures.sign(codes.COUNTER, unit.id, generation, unit.salt)}"


def by_token(token: str) -> Scanned:
    """Raises ``NotFound`` for what we never printed, ``Gone`` for a sheet that was replaced or withdrawn, and for a
    public one, which reports and does nothing else."""
    signed = codes.signed_as(codes.COUNTER, token)
    if signed is None:
        unit, generation = codes.by_token(token)
        if not _opens_as_old(unit.id, generation):
            raise Gone("report.public_sheet", unit=unit.name)
        return Scanned(unit, "old")
    unit, generation = signed
    row = db.session.get(CounterCode, unit.id)
    if generation != (row.generation if row else 1):
        raise Gone("report.code_gone", unit=unit.name)
    return Scanned(unit, "counter")


def is_old(token: str) -> bool:
    """Whether a public code still opens the counter's page, as one of before."""
    try:
        return by_token(token).is_old
    except (NotFound, Gone):
        return False


def _opens_as_old(unit_id: int, generation: int) -> bool:
    row = db.session.get(CounterCode, unit_id)
    return row is not None and not row.printed_generation and generation <= row.old_generation


def states(unit_ids: Collection[int]) -> dict[int, CounterCode]:
    """Every other unit has generation 1, not printed, and no sheet of before."""
    rows = db.session.scalars(select(CounterCode).where(CounterCode.unit_id.in_(unit_ids)))
    return {row.unit_id: row for row in rows}


def rotate(unit_id: int, *, actor: Actor, now: datetime) -> CounterCode:
    """A new code; the sheet behind the counter stops working, and so does one of before."""
    with transaction() as session:
        guard.ensure(actor, "report.manage", people.unit_by_id(unit_id).id, now=now)
        unit = people.unit_by_id(unit_id)
        if not unit.salt:
            codes.sign_anew(session, unit)
        row = _row(session, unit_id, actor, now)
        row.generation, row.old_generation = row.generation + 1, 0
        row.changed_at, row.changed_by = now, actor.name
        audit.record(actor, "counter_code.rotate", "unit", unit_id, now=now, generation=row.generation)
        return row


def mark_printed(session: Session, unit_ids: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Inside the caller's transaction, who has asked for the right and forgets what it read: these counters have their
    sheets. A province prints those of all its counters at once, with as many statements as one."""
    told: list[dict[str, Any]] = []
    for some in batched(sorted(unit_ids)):
        rows = _rows(session, some, actor, now)
        printed = {"printed_generation": CounterCode.generation, "printed_at": now, "printed_by": actor.name}
        session.execute(
            update(CounterCode).where(CounterCode.unit_id.in_(some)).values(printed),
            execution_options={"synchronize_session": False},
        )
        told += [
            audit.entry(actor, "counter_sheet.printed", "unit", row.unit_id, now=now, generation=row.generation)
            for row in rows
        ]
    if told:
        session.execute(insert(AuditEntry), told)


def _row(session: Session, unit_id: int, actor: Actor, now: datetime) -> CounterCode:
    return _rows(session, [unit_id], actor, now)[0]


def _rows(session: Session, unit_ids: Sequence[int], actor: Actor, now: datetime) -> Sequence[CounterCode]:
    """Made where there is none, and held until the end: always in one order, so that two wait for each other once."""
    first: dict[str, Any] = {"generation": 1, "old_generation": 0, "printed_generation": 0}
    first |= {"printed_by": "", "changed_at": now, "changed_by": actor.name}
    new = insert_into(CounterCode).values([{"unit_id": each, **first} for each in unit_ids])
    session.execute(new.on_conflict_do_nothing())  # two may be the first at once
    same = select(CounterCode).where(CounterCode.unit_id.in_(unit_ids)).order_by(CounterCode.unit_id).with_for_update()
    return session.scalars(same.execution_options(populate_existing=True)).all()
