"""Looking into mailboxes: each mail is one transaction, in which it is known, becomes an alarm, and is done with.

Whoever dies half-way leaves a mail that the next one reads; whoever reads one that is known already does nothing.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core import audit
from core.actor import SYSTEM
from core.db import db, transaction
from core.errors import Unavailable
from incidents.intake import ingest
from incidents.intake.ingest import Arrival
from incidents.mailboxes import imap, reading, services
from incidents.mailboxes.imap import Account, Folder, Unreadable
from incidents.mailboxes.models import Mailbox, ReceivedMail
from incidents.mailboxes.reading import Mail, Refused
from incidents.record import secrecy
from incidents.record.models import Intake
from notify.channels.mime import single_address

EVERY = timedelta(seconds=20)
AGAIN_AFTER = timedelta(seconds=60)
"""After a visit that failed."""
LOOK_BACK = timedelta(days=3)
"""How old mails are read again when the server numbers them anew: by then each of them is known."""
MOST_A_VISIT = 200
log = logging.getLogger(__name__)


class Elsewhere(Exception):
    """Somebody changed, took away or revoked what is being read."""


@dataclass(frozen=True)
class Visit:
    """What is known of a mailbox while the line to it is open; no transaction is."""

    source_id: int
    account: Account | None
    validity: int | None
    last_uid: int
    senders: tuple[str, ...]
    own: str
    now: datetime


def look(now: datetime) -> int:
    """Look into every mailbox that is due; how many mails were done with. Safe beside other workers."""
    due = (
        select(Mailbox.intake_id)
        .join(Intake, Intake.id == Mailbox.intake_id)
        .where(Mailbox.next_at <= now, Intake.revoked_at.is_(None))
    )
    ids = db.session.scalars(due.order_by(Mailbox.next_at)).all()
    db.session.rollback()
    return sum(visit(each, now) for each in ids if _claimed(each, now))


def _claimed(source_id: int, now: datetime) -> bool:
    with transaction() as session:
        mine: Any = session.execute(
            update(Mailbox).where(Mailbox.intake_id == source_id, Mailbox.next_at <= now).values(next_at=now + EVERY)
        )
        return bool(mine.rowcount == 1)


def visit(source_id: int, now: datetime) -> int:
    """Read what is new; a server that cannot be read is said on pages and to administrators."""
    row = services.of(source_id)
    if row is None:
        return 0
    own = single_address(current_app.config["MAIL_FROM"]) or ""
    about = Visit(source_id, services.account(row), row.uidvalidity, row.last_uid or 0, tuple(row.senders), own, now)
    db.session.rollback()
    try:
        if about.account is None:
            raise Unreadable("sealed")
        with imap.opened(about.account) as folder:
            done = _read(about, folder)
    except Unreadable as fault:
        _failed(source_id, fault, now)
        return 0
    except Elsewhere:
        return 0
    _well(source_id, now)
    return done


def _read(about: Visit, folder: Folder) -> int:
    last = about.last_uid
    if folder.validity != about.validity:
        last = _begin(about, folder)
    done = 0
    for uid in folder.after(last)[:MOST_A_VISIT]:
        try:
            _one(about, folder, uid)
        except Unavailable:  # more than a source may send in a minute: the rest next time
            break
        done += 1
    return done


def _begin(about: Visit, folder: Folder) -> int:
    """The first visit begins after what is there; when mails are numbered anew, with those of the last days."""
    last = folder.following - 1
    if about.validity is not None:
        recent = folder.since((about.now - LOOK_BACK).date())
        last = recent[0] - 1 if recent else last
    with transaction() as session:
        row = _held(session, about.source_id)
        row.uidvalidity, row.last_uid = folder.validity, last
    return last


def _one(about: Visit, folder: Folder, uid: int) -> None:
    size = folder.size(uid)
    is_large = size is not None and size > reading.LARGEST
    raw = folder.head(uid) if is_large else folder.mail(uid)
    if size is None or raw is None:  # gone meanwhile
        _done_with(about, folder.validity, uid)
        return
    mail, refused = _judged(about, raw, is_large=is_large)
    try:
        _keep(about, folder.validity, uid, raw, mail, refused)
    except (
        Unavailable,
        Elsewhere,
        OperationalError,
        InterfaceError,
    ):  # the database is away: no fault of the mail
        raise
    except Exception:  # one mail that breaks something stops no other
        log.exception("mail %s of source %s could not be kept", uid, about.source_id)
        db.session.rollback()
        _keep(about, folder.validity, uid, raw, mail, "broken")


def _judged(about: Visit, raw: bytes, *, is_large: bool) -> tuple[Mail | None, str]:
    try:
        mail = reading.read(raw)
        reading.ensure_welcome(mail, about.senders, about.own)
    except Refused as fault:
        return reading.read(raw), fault.code
    except Exception:  # the parser of mails has many ways to give up
        log.exception("a mail of source %s cannot be read", about.source_id)
        return None, "broken"
    return mail, "too_large" if is_large else ""


def _keep(about: Visit, validity: int, uid: int, raw: bytes, mail: Mail | None, refused: str) -> None:
    digest = mail.digest if mail is not None else hashlib.sha256(raw).hexdigest()[:32]
    with transaction() as session:
        [source] = ingest.hold(session, ids=[about.source_id], now=about.now)
        row = _held(session, about.source_id)
        if row.uidvalidity != validity or source.intake.revoked_at is not None:
            raise Elsewhere
        row.last_uid = max(row.last_uid or 0, uid)
        if _is_known(session, about.source_id, validity, uid, digest):
            return
        outcome = refused
        if mail is not None and not refused:
            [told] = ingest.receive_all(session, [Arrival(source, mail.alarm, mail.kept)])
            if isinstance(told, Unavailable):
                raise told
            outcome = told.outcome
        session.add(
            ReceivedMail(
                intake_id=about.source_id,
                uidvalidity=validity,
                uid=uid,
                digest=digest,
                at=about.now,
                sender=mail.sender[:200] if mail else "",
                subject=_subject(mail.subject) if mail else "",
                outcome=outcome,
            )
        )


def _is_known(session: Session, source_id: int, validity: int, uid: int, digest: str) -> bool:
    by_number = (ReceivedMail.uidvalidity == validity) & (ReceivedMail.uid == uid)
    wanted = select(ReceivedMail.id).where(ReceivedMail.intake_id == source_id)
    return session.scalars(wanted.where(or_(by_number, ReceivedMail.digest == digest))).first() is not None


def _done_with(about: Visit, validity: int, uid: int) -> None:
    with transaction() as session:
        row = _held(session, about.source_id)
        if row.uidvalidity == validity:
            row.last_uid = max(row.last_uid or 0, uid)


def _held(session: Session, source_id: int) -> Mailbox:
    row = session.get(Mailbox, source_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Elsewhere
    return row


def _failed(source_id: int, fault: Unreadable, now: datetime) -> None:
    log.warning("the mailbox of source %s cannot be read: %s %s", source_id, fault.problem, fault.said)
    with transaction() as session:
        row = session.get(Mailbox, source_id, with_for_update=True, populate_existing=True)
        if row is None:
            return
        if row.failing_since is None:
            row.failing_since = now
            audit.record(SYSTEM, "mailbox.fault", "intake", source_id, now=now, problem=fault.problem, said=fault.said)
        row.problem, row.next_at = f"{fault.problem} {fault.said}".strip(), now + AGAIN_AFTER


def _well(source_id: int, now: datetime) -> None:
    with transaction() as session:
        row = session.get(Mailbox, source_id, with_for_update=True, populate_existing=True)
        if row is None:
            return
        if row.failing_since is not None:
            audit.record(SYSTEM, "mailbox.mended", "intake", source_id, now=now)
        row.looked_at, row.failing_since, row.problem = now, None, ""


def _subject(given: str) -> str:
    """As the list of mails keeps it: of items of Party and State without what must not be written."""
    return secrecy.without(given, secrecy.names_in(given)) if secrecy.speaks_of_state(given) else given
