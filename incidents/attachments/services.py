"""Photos and PDF of an incident: add, withdraw, erase, read. What a file may be: ``files``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, NotFound
from core.files import content as files
from core.security import tokens
from incidents.attachments.models import Attachment
from incidents.record import access, timeline, transitions
from incidents.record.models import Incident
from people.access import guard

MOST_FILES = 30
"""Of one incident, withdrawn ones included."""
MOST_BY_REPORTERS = 6
"""Of one incident, from reports without an account."""


def add(incident_id: int, *, stream: IO[bytes], filename: str, actor: Actor, now: datetime) -> Attachment:
    """Attach the file; the same one sent again is answered, not kept twice.

    Those who may see an incident and report about its unit may attach; so may those whom it called, and the reporter
    (``actor.via`` "report") of that unit. Raises ``Invalid`` at ``file``, ``Conflict`` beyond ``MOST_FILES``,
    ``NotFound``, ``Forbidden``.
    """
    return add_file(incident_id, file=read_upload(stream, filename), actor=actor, now=now)


def read_upload(stream: IO[bytes], filename: str) -> files.File:
    """Look at the file before any transaction: decoding takes its time. Raises ``Invalid`` at ``file``."""
    return files.read_file(stream.read(files.MOST_BYTES + 1), filename)


def add_file(incident_id: int, *, file: files.File, actor: Actor, now: datetime) -> Attachment:
    """``add`` for what was ``read`` already: when a report and its photo are to be written together."""
    with _adding(incident_id, actor, now) as (session, incident):
        _ensure_add(actor, incident, now)
        known = _same(session, incident, file)
        if known is not None:
            return known
        _ensure_room(session, incident, actor)
        # A phone or a scanner named it: marks of secrecy are taken out, and nobody is sent back for that.
        name = timeline.discreet(incident, file.name, "")
        row = Attachment(
            incident_id=incident.id,
            key=tokens.new_token(),
            **file.columns() | {"name": name},
            thumbnail=file.thumbnail,
            added_at=now,
            added_by=actor.name,
            added_by_ref=actor.ref,
        )
        session.add(row)
        session.flush()
        timeline.write(session, incident, "attached", actor, now=now, name=row.name, size=row.size, sha256=row.sha256)
        return row


def withdraw(incident_id: int, key: str, *, actor: Actor, now: datetime, erase: bool = False) -> Attachment:
    """Take it back: it is kept, and shown to those only who may close the incident. ``erase`` destroys the bytes,
    which is theirs alone to do; name, size and hash stay in the timeline. Doing it again changes nothing."""
    with transitions.changing(incident_id, actor, "detach", now) as (session, incident):
        row = _row(session, incident, key)
        if erase:
            access.ensure_close(actor, incident, now=now)
        elif row.added_by_ref != actor.ref:
            access.ensure_dispatch(actor, incident, now=now)
        if row.erased_at is not None or (row.withdrawn_at is not None and not erase):
            return row
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by = now, actor.name
        if erase:
            row.erased_at, row.content, row.thumbnail = now, None, None
        kind = "attachment_erased" if erase else "attachment_withdrawn"
        timeline.write(session, incident, kind, actor, now=now, name=row.name, size=row.size, sha256=row.sha256)
        return row


def listed(incident: Incident, *, actor: Actor, now: datetime) -> list[Attachment]:
    """The oldest first, without bytes; withdrawn ones for those who may close the incident."""
    wanted = select(Attachment).where(Attachment.incident_id == incident.id).order_by(Attachment.id)
    if not access.may(actor, "incident.close", incident, now=now):
        wanted = wanted.where(Attachment.withdrawn_at.is_(None))
    return list(db.session.scalars(wanted))


def one(incident: Incident, key: str, *, actor: Actor, now: datetime) -> Attachment:
    """Return it with its bytes, for those who see the incident. Raises ``NotFound``: also when it was withdrawn or
    erased."""
    access.ensure_visible(actor, incident, now=now)
    row = db.session.scalar(
        select(Attachment)
        .options(undefer(Attachment.content), undefer(Attachment.thumbnail))
        .where(Attachment.incident_id == incident.id, Attachment.key == key)
    )
    hidden = row is not None and (
        row.content is None
        or (row.withdrawn_at is not None and not access.may(actor, "incident.close", incident, now=now))
    )
    if row is None or hidden:
        raise NotFound("attachment.unknown")
    return row


def may_add(actor: Actor, incident: Incident, *, now: datetime) -> bool:
    """Whether pages offer to add one."""
    try:
        _ensure_add(actor, incident, now)
    except Forbidden:
        return False
    return True


def named(incident: Incident, keys: Sequence[str]) -> dict[str, str]:
    """key → name of those that are there and not withdrawn."""
    mine = select(Attachment.key, Attachment.name).where(
        Attachment.incident_id == incident.id, Attachment.key.in_(keys), Attachment.withdrawn_at.is_(None)
    )
    return {row.key: row.name for row in db.session.execute(mine)}


@contextmanager
def _adding(incident_id: int, actor: Actor, now: datetime) -> Iterator[tuple[Session, Incident]]:
    """As ``transitions.changing``; but a reporter adds to what they reported, and is shown none of it."""
    if actor.via != "report":
        with transitions.changing(incident_id, actor, "attach", now) as changed:
            yield changed
        return
    with transaction() as session:
        incident = transitions.exclusively(session, incident_id)
        yield session, incident
        audit.record(actor, "incident.attach", "incident", incident.code, now=now, status=incident.status)


def _ensure_add(actor: Actor, incident: Incident, now: datetime) -> None:
    if actor.via == "system" or access.was_called(incident, actor.person_id):
        return
    if actor.via == "report" and actor.unit_id == incident.unit_id:
        return
    guard.ensure(actor, "incident.log", incident.unit_id, now=now)


def _same(session: Session, incident: Incident, file: files.File) -> Attachment | None:
    return session.scalar(
        select(Attachment).where(
            Attachment.incident_id == incident.id,
            Attachment.sent_sha256 == file.sent_sha256,
            Attachment.withdrawn_at.is_(None),
        )
    )


def _ensure_room(session: Session, incident: Incident, actor: Actor) -> None:
    count = select(func.count()).select_from(Attachment).where(Attachment.incident_id == incident.id)
    if session.scalar(count) >= MOST_FILES:  # type: ignore[operator]
        raise Conflict("attachment.many", state={"most": MOST_FILES}, most=MOST_FILES)
    by_reporters = count.where(Attachment.added_by_ref.startswith("report:"))
    if actor.via == "report" and session.scalar(by_reporters) >= MOST_BY_REPORTERS:  # type: ignore[operator]
        raise Conflict("attachment.many", state={"most": MOST_BY_REPORTERS}, most=MOST_BY_REPORTERS)


def _row(session: Session, incident: Incident, key: str) -> Attachment:
    row = session.scalar(select(Attachment).where(Attachment.incident_id == incident.id, Attachment.key == key))
    if row is None:
        raise NotFound("attachment.unknown")
    return row
