"""The codes of the public QR sheets "BÁO SỰ CỐ": one for each unit, signed, replaceable, never stored.

A code names a unit and a generation, and is signed with the unit's salt: no other unit ever gets the same. It opens the
report form of that unit and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import Gone, NotFound
from core.security import signatures, tokens
from incidents.public_reports.models import CounterCode, ReportCode
from people import queries as people
from people.access import guard
from people.models import Unit

PURPOSE = "report-code"
COUNTER = "counter-code"
"""Of the sheet behind the counter (``counter_codes``)."""
_SHAPE = re.compile(r"(\d{1,9})\.(\d{1,6})\.([\w-]{20,40})")


def token_of(unit: Unit, generation: int) -> str:
    """Return what the sheet of that generation carries; the same every time it is printed."""
    return f"{unit.id}.{generation}.{signatures.sign(PURPOSE, unit.id, generation, unit.salt)}"


def by_token(token: str) -> tuple[Unit, int]:
    """The unit and the generation of a scanned sheet.

    Raises ``NotFound("report.code_unknown")`` for what we never printed, ``Gone("report.code_gone")`` for a sheet that
    was replaced or withdrawn.
    """
    signed = signed_as(PURPOSE, token)
    if signed is None:
        raise NotFound("report.code_unknown")
    unit, generation = signed
    row = db.session.get(ReportCode, unit.id)
    current, revoked = (row.generation, row.revoked_at is not None) if row else (1, False)
    if revoked or generation != current:
        raise Gone("report.code_gone", unit=unit.name)
    return unit, generation


def signed_as(purpose: str, token: str) -> tuple[Unit, int] | None:
    """The unit and the generation of a code that we signed for this purpose, whether or not it still holds."""
    found = _SHAPE.fullmatch(token)
    unit = db.session.get(Unit, int(found[1])) if found else None
    if found is None or unit is None:
        return None
    if signatures.is_signed(found[3], purpose, unit.id, int(found[2]), unit.salt):
        return unit, int(found[2])
    kept = signatures.kept(purpose, token)
    return (unit, int(found[2])) if kept is not None and kept.thing_id == unit.id else None


def sign_anew(session: Session, unit: Unit) -> None:
    """Another salt, and today's key; sheets that hang go on working, and those replaced go on saying so."""
    for purpose, model in ((PURPOSE, ReportCode), (COUNTER, CounterCode)):
        generation = session.scalar(select(model.generation).where(model.unit_id == unit.id)) or 1
        for each in range(1, generation + 1):
            for mac in signatures.signed_by_each(purpose, unit.id, each, unit.salt):
                signatures.keep(session, purpose, f"{unit.id}.{each}.{mac}", unit.id, generation=each)
    unit.salt = tokens.new_salt()


def states(unit_ids: Collection[int]) -> dict[int, ReportCode]:
    """Return what was ever replaced or withdrawn, by unit; every other unit has generation 1, in force."""
    rows = db.session.scalars(select(ReportCode).where(ReportCode.unit_id.in_(unit_ids)))
    return {row.unit_id: row for row in rows}


def rotate(unit_id: int, *, actor: Actor, now: datetime) -> ReportCode:
    """A new code; every sheet that hangs now stops working. Also ends a withdrawal."""
    with transaction() as session:
        row = _row(session, unit_id, actor, now)
        unit = people.unit_by_id(unit_id)
        if not unit.salt:
            sign_anew(session, unit)
        row.generation, row.revoked_at = row.generation + 1, None
        audit.record(actor, "report_code.rotate", "unit", unit_id, now=now, generation=row.generation)
        return row


def revoke(unit_id: int, *, actor: Actor, now: datetime) -> ReportCode:
    """No sheet of this unit works until there is a new one."""
    with transaction() as session:
        row = _row(session, unit_id, actor, now)
        row.revoked_at = row.revoked_at or now
        audit.record(actor, "report_code.revoke", "unit", unit_id, now=now, generation=row.generation)
        return row


def _row(session: Session, unit_id: int, actor: Actor, now: datetime) -> ReportCode:
    guard.ensure(actor, "report.manage", people.unit_by_id(unit_id).id, now=now)
    first = {"unit_id": unit_id, "generation": 1, "changed_at": now, "changed_by": actor.name}
    session.execute(insert_into(ReportCode).values(first).on_conflict_do_nothing())  # two may be the first at once
    row = session.scalars(
        select(ReportCode)
        .where(ReportCode.unit_id == unit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    row.changed_at, row.changed_by = now, actor.name
    return row
