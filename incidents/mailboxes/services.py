"""The mailbox of a source: set up, changed, taken away. Its password goes in and never comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, FieldError, NotFound, ensure_none
from core.security import sealing
from core.sweeping import forget
from core.text import is_email
from incidents.intake import sources
from incidents.intake.models import Intake
from incidents.mailboxes.imap import Account
from incidents.mailboxes.models import SECURITY, Mailbox, ReceivedMail
from notify.addresses import is_loopback

EVERY = timedelta(seconds=20)
"""From look to look."""
AGAIN_AFTER = timedelta(seconds=60)
"""After a visit that failed."""
TURNS, LOOKS = 3, timedelta(seconds=10)
"""A mailbox that nobody came back from for so many turns is forgotten; how often the worker sees which are due."""
KEPT_FOR = timedelta(days=90)
"""So long a mail is known again, also when the server numbers its mails anew."""
MOST_SENDERS = 50


@dataclass(frozen=True)
class Settings:
    """What a page sends. ``password`` empty: as it was, unless it would go to another place."""

    host: str
    port: int
    security: str
    username: str
    password: str
    folder: str
    senders: tuple[str, ...]
    allow_private: bool


def find_mailbox(source_id: int) -> Mailbox | None:
    return db.session.get(Mailbox, source_id, populate_existing=True)


def save(source_id: int, given: Settings, *, actor: Actor, now: datetime) -> Mailbox:
    """Set it up or change it; another place is read from its next mail on. Whether ``actor`` may asks the caller.

    Raises Invalid with the fields, NotFound, Conflict for a source that reads no mail.
    """
    with transaction() as session:
        source = sources.exclusively(source_id)
        if source.kind != "generic" or source.revoked_at is not None:
            raise Conflict("mailbox.source")
        row = find_mailbox(source_id)
        there = row and (row.host, row.username)
        moved = there != (given.host, given.username)
        ensure_none(list(_faults(given, needs_password=moved or row is None or row.port != given.port)))
        if row is None:
            row = Mailbox(intake_id=source_id, problem="")
            session.add(row)
        if moved or row.folder != given.folder:  # another folder begins with its next mail
            row.uidvalidity = row.last_uid = row.visited_at = None
        if given.password:
            row.sealed = sealing.seal({"password": given.password})
        row.host, row.port, row.security, row.username = given.host, given.port, given.security, given.username
        row.folder, row.senders, row.allow_private = given.folder, list(given.senders), given.allow_private
        row.changed_at, row.changed_by, row.next_at = now, actor.name, now
        row.failing_since, row.problem = None, ""
        session.flush()
        facts = {"host": row.host, "username": row.username, "folder": row.folder, "senders": row.senders}
        audit.record(actor, "mailbox.save", "intake", source_id, now=now, **facts)
        return row


def _faults(given: Settings, *, needs_password: bool) -> Iterator[FieldError]:
    if not given.host or len(given.host) > 253 or not given.host.isprintable() or set(" /@") & set(given.host):
        yield FieldError("host", "mailbox.host")
    if not 1 <= given.port <= 65_535:
        yield FieldError("port", "mailbox.port")
    if given.security not in SECURITY:
        yield FieldError("security", "mailbox.security")
    elif given.security == "none" and not is_loopback(given.host):
        yield FieldError("security", "mailbox.unsealed")
    for name, value in (("username", given.username), ("folder", given.folder)):
        if not value or len(value) > 200 or not value.isprintable():
            yield FieldError(name, f"mailbox.{name}")
    if len(given.password) > 500 or not given.password.isprintable() or (needs_password and not given.password):
        yield FieldError("password", "mailbox.password")
    wrong = next((each for each in given.senders if not is_email(each if each[0] != "@" else f"x{each}")), None)
    if not given.senders or len(given.senders) > MOST_SENDERS:
        yield FieldError("senders", "mailbox.senders", {"most": MOST_SENDERS})
    elif wrong is not None:
        yield FieldError("senders", "mailbox.sender", {"wrong": wrong})


def remove(source_id: int, *, actor: Actor, now: datetime) -> None:
    """Its mails are not read any more; what is known of those that were stays for its time. Raises NotFound."""
    with transaction() as session:
        row = session.get(Mailbox, source_id, with_for_update=True)
        if row is None:
            raise NotFound("mailbox.unknown")
        session.delete(row)
        audit.record(actor, "mailbox.remove", "intake", source_id, now=now, host=row.host)


def account(row: Mailbox) -> Account | None:
    """Return what the line needs; None when no SECRET_KEY opens the password."""
    found = sealing.unseal(row.sealed)
    if not found:
        return None
    return Account(
        row.host, row.port, row.security, row.username, found.get("password", ""), row.folder, row.allow_private
    )


def received(source_id: int, limit: int) -> Sequence[ReceivedMail]:
    """Mails that are done with, the newest first."""
    wanted = select(ReceivedMail).where(ReceivedMail.intake_id == source_id)
    return db.session.scalars(wanted.order_by(ReceivedMail.id.desc()).limit(limit)).all()


def failing(before: datetime) -> Sequence[Mailbox]:
    """Return those that could not be read since before that moment."""
    wanted = select(Mailbox).join(Intake, Intake.id == Mailbox.intake_id).where(Intake.revoked_at.is_(None))
    wanted = wanted.where(Mailbox.failing_since.is_not(None), Mailbox.failing_since < before)
    return db.session.scalars(wanted.order_by(Mailbox.failing_since)).all()


def unvisited(now: datetime) -> Sequence[Mailbox]:
    """Return those that nobody came back from for three turns: nobody looks, or whoever does hangs."""
    wanted = select(Mailbox).join(Intake, Intake.id == Mailbox.intake_id).where(Intake.revoked_at.is_(None))
    seen, is_well = func.coalesce(Mailbox.visited_at, Mailbox.changed_at), Mailbox.failing_since.is_(None)
    late = or_(is_well & (seen < now - _turns(EVERY)), ~is_well & (seen < now - _turns(AGAIN_AFTER)))
    return db.session.scalars(wanted.where(late).order_by(seen)).all()


def _turns(turn: timedelta) -> timedelta:
    return TURNS * (turn + LOOKS)


def all_read() -> Sequence[Mailbox]:
    """Return those of sources that were not revoked."""
    wanted = select(Mailbox).join(Intake, Intake.id == Mailbox.intake_id).where(Intake.revoked_at.is_(None))
    return db.session.scalars(wanted.order_by(Mailbox.intake_id)).all()


def forget_before(moment: datetime) -> int:
    """Housekeeping: mails from before ``moment``; answers how many."""
    return forget(ReceivedMail, ReceivedMail.at < moment)
