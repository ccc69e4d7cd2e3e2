"""Evidence of a point: photos, files and links added, and withdrawn."""

from __future__ import annotations

import re
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from compliance.register import points, queries
from compliance.register.models import Evidence, Requirement, RequirementPoint
from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid
from core.files.content import File
from core.form_values import fitting
from core.text import nfc, shortened
from people import queries as people
from people.access import guard
from people.models import Unit

LONGEST_URL, LONGEST_NOTE = 2000, 500
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def add_file(
    requirement_id: int, unit_code: str, file: File, *, note: str = "", internal: bool, actor: Actor, now: datetime
) -> Evidence:
    """A photo or PDF; the same bytes again are the same evidence. Raises NotFound, Forbidden, Conflict."""
    row = Evidence(
        kind="photo" if file.media_type.startswith("image/") else "file",
        **file.columns(),
        thumbnail=file.thumbnail,
        internal=internal,
    )
    return _add(row, requirement_id, unit_code, note, actor=actor, now=now)


def add_link(
    requirement_id: int, unit_code: str, url: str, *, note: str = "", internal: bool, actor: Actor, now: datetime
) -> Evidence:
    """Raises NotFound, Forbidden, Conflict, Invalid ``url``."""
    address = nfc(url).strip()
    if len(address) > LONGEST_URL or not _ADDRESS.fullmatch(address):
        raise Invalid("register.url", field="url")
    row = Evidence(kind="link", name=shortened(address.partition("//")[2], 120), url=address, internal=internal)
    return _add(row, requirement_id, unit_code, note, actor=actor, now=now)


def _add(row: Evidence, requirement_id: int, unit_code: str, note: str, *, actor: Actor, now: datetime) -> Evidence:
    unit, requirement = people.unit_by_code(unit_code), queries.requirement(requirement_id)
    guard.ensure(actor, "requirement.report", unit.id, now=now)
    said = fitting(" ".join(nfc(note).split()), LONGEST_NOTE, "note", _("Ghi chú"))
    with transaction() as session:
        point = points.locked(session, requirement, unit, now)
        known = _same(row, requirement, unit)
        if known is not None:
            return known
        row.requirement_id, row.unit_id, row.note = requirement.id, unit.id, said
        row.added_at, row.added_by, row.owner = now, actor.name, actor.ref
        session.add(row)
        session.flush()
        if point.state == "todo":
            point.state, point.changed_at, point.changed_by = "doing", now, actor.name
        points.happen(point, "evidence", actor, now, note=row.outside_name)
        told = {"unit": unit.code, "evidence": row.id, "sha256": row.sha256}
        audit.record(actor, "evidence.add", "requirement", requirement.id, now=now, **told)
        return row


def _same(row: Evidence, requirement: Requirement, unit: Unit) -> Evidence | None:
    """Return what is there already of the same bytes or address."""
    live = select(Evidence).filter_by(requirement_id=requirement.id, unit_id=unit.id, kind=row.kind, withdrawn_at=None)
    if row.kind == "link":
        return db.session.scalars(live.filter_by(url=row.url)).first()
    return db.session.scalars(live.filter_by(sent_sha256=row.sent_sha256)).first()


def withdraw(evidence_id: int, why: str, *, actor: Actor, now: datetime) -> Evidence:
    """Take evidence back, by whoever may report for the unit; twice does no harm. What was accepted keeps its bytes,
    else they go. When nothing is left that proves it, the requirement is open again.

    Raises NotFound, Forbidden, Invalid ``why``.
    """
    row = queries.evidence(evidence_id)
    guard.ensure(actor, "requirement.report", row.unit_id, now=now)
    reason = points.said(why, "register.withdraw_why", "why", _("Lý do rút"))
    with transaction() as session:
        row = session.scalars(select(Evidence).where(Evidence.id == evidence_id).with_for_update()).one()
        if row.withdrawn_at is not None:
            return row
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = now, actor.name, reason
        if row.accepted_at is None:
            row.content = row.thumbnail = None
        key = (row.requirement_id, row.unit_id)
        point = session.scalars(
            select(RequirementPoint).filter_by(requirement_id=key[0], unit_id=key[1]).with_for_update()
        ).one()
        points.happen(point, "withdrawn", actor, now, note=f"{row.outside_name}: {reason}")
        session.flush()
        _open_again(point, queries.requirement(row.requirement_id), actor, now)
        told = {"unit": people.unit_by_id(key[1]).code, "evidence": row.id}
        audit.record(actor, "evidence.withdraw", "requirement", key[0], now=now, **told)
        return row


def _open_again(point: RequirementPoint, requirement: Requirement, actor: Actor, now: datetime) -> None:
    """Where people showed it and nothing computes it."""
    if point.state != "done" or point.holds or not requirement.wants:
        return
    if not points.has_evidence(requirement, point.unit_id):
        points.reopen(point, "withdrawn", actor.name, now)
