"""Looking into mailboxes, each in a thread of its own: none waits for another's server or for another's mail.

Each mail is one transaction, in which it is known, becomes an alarm, and is done with. Whoever dies half-way leaves a
mail that the next one reads; whoever reads one that is known already does nothing. That a mail is about to be parsed is
counted and committed before: one that takes its parser down, or the machine, is stepped over after two times, and said.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import InterfaceError
from sqlalchemy.orm import Session

from core import audit, clock
from core.actor import SYSTEM
from core.db import db, transaction
from core.errors import Unavailable
from core.files.apart import ChildDied
from core.storage import faults
from core.storage.failpoints import hit
from incidents.intake import ingest, own_links
from incidents.intake.formats import MalformedAlarm
from incidents.intake.models import Intake
from incidents.mailboxes import imap, parsing, raising, reading, scan, services, strangers, trying
from incidents.mailboxes.imap import Folder, UnreadableMailbox
from incidents.mailboxes.models import Mailbox, ReceivedMail
from incidents.mailboxes.reading import Mail, Refused
from incidents.mailboxes.scan import Scan
from incidents.mailboxes.services import AGAIN_AFTER, EVERY
from incidents.mailboxes.visits import Elsewhere, JudgedMail, MailboxVisit, Visiting, busy
from notify.channels.mime import single_address

LOOK_BACK = timedelta(days=3)
"""How old mails are read again when the server numbers them anew: by then each of them is known."""
MOST_A_VISIT = 200
LONGEST_VISIT = 45.0
"""Seconds after which no other mail is begun: the rest next time."""
WAITS = 9.0
"""Seconds that one look waits for its visits: the next look must find the mailboxes that are due then. Visits that last
longer go on."""
log = logging.getLogger(__name__)


def look(now: datetime) -> int:
    """Look into every mailbox that is due; how many mails were done with by those that ended soon. Safe beside other
    workers."""
    due = (
        select(Mailbox.intake_id)
        .join(Intake, Intake.id == Mailbox.intake_id)
        .where(_is_due(now), Intake.revoked_at.is_(None))
    )
    ids = db.session.scalars(due.order_by(Mailbox.next_at)).all()
    db.session.rollback()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    free = [each for each in ids if each not in busy(app) and _claimed(each, now)]
    visits = [Visiting(app, each, partial(visit, each, now)) for each in free]
    for begun in visits:
        begun.start()
    until = clock.monotonic() + WAITS
    for begun in visits:
        begun.join(max(0.0, until - clock.monotonic()))
    faults = [begun.fault for begun in visits if begun.fault is not None]
    if faults:
        raise faults[0]
    return sum(begun.done for begun in visits)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Also what is due later than anybody writes: then the clock was set back."""
    return or_(Mailbox.next_at <= now, Mailbox.next_at > now + AGAIN_AFTER)


def _claimed(source_id: int, now: datetime) -> bool:
    with transaction() as session:
        mine: Any = session.execute(
            update(Mailbox).where(Mailbox.intake_id == source_id, _is_due(now)).values(next_at=now + EVERY)
        )
        return bool(mine.rowcount == 1)


def visit(source_id: int, now: datetime) -> int:
    """Read what is new; a server that cannot be read is said on pages and to administrators."""
    row = services.find_mailbox(source_id)
    if row is None:
        return 0
    own = single_address(current_app.config["MAIL_FROM"]) or ""
    about = MailboxVisit(
        source_id, services.account(row), row.uidvalidity, row.last_uid or 0, tuple(row.senders), own, now
    )
    db.session.rollback()
    try:
        if about.account is None:
            raise UnreadableMailbox("sealed")
        with imap.opened(about.account) as folder:
            done = _read_folder(about, folder)
    except UnreadableMailbox as fault:
        _failed(source_id, fault, now)
        return 0
    except Elsewhere:
        return 0
    _well(about)
    return done


def _read_folder(about: MailboxVisit, folder: Folder) -> int:
    last = about.last_uid
    if folder.validity != about.validity:
        last = _begin(about, folder)
    done = read = 0
    for is_strangers, uids, heads in strangers.told_apart(about, folder, folder.after(last)):
        if about.lasts() > LONGEST_VISIT:
            break
        if is_strangers:
            strangers.pass_over(about, folder.validity, uids, heads)
            done += len(uids)
            continue
        some = _those_read(about, folder, uids[: MOST_A_VISIT - read])
        done, read = done + some, read + some
        if some < len(uids):
            break
    return done


def _those_read(about: MailboxVisit, folder: Folder, uids: Sequence[int]) -> int:
    """How many of them are done with: the rest next time."""
    for done, uid in enumerate(uids):
        if about.lasts() > LONGEST_VISIT:
            return done
        try:
            _one(about, folder, uid)
        except Unavailable:  # more than a source may send in a minute
            return done
    return len(uids)


def _begin(about: MailboxVisit, folder: Folder) -> int:
    """The first visit begins after what is there; when mails are numbered anew, with those of the last days."""
    last = folder.following - 1
    if about.validity is not None:
        recent = folder.since((about.now - LOOK_BACK).date())
        last = recent[0] - 1 if recent else last
    with transaction() as session:
        row = trying.held(session, about.source_id)
        row.uidvalidity, row.last_uid = folder.validity, last
        row.trying_uid, row.tries, row.trying_until = None, 0, None
    return last


def _one(about: MailboxVisit, folder: Folder, uid: int) -> None:
    size, head = folder.size(uid), folder.head(uid)
    if size is None or head is None:  # gone meanwhile
        _done_with(about, folder.validity, uid)
        return
    seen = scan.look_over(head)
    if not seen.may_be_of(about.senders):
        _keep(about, folder.validity, uid, JudgedMail(seen, head, refused="sender"))
    elif size > reading.LARGEST:
        _keep(about, folder.validity, uid, JudgedMail(seen, head, refused="too_large"))
    elif (raw := folder.mail(uid)) is None:
        _done_with(about, folder.validity, uid)
    else:
        _taken_in(about, folder.validity, uid, _judged(about, folder.validity, uid, raw, seen=seen))


def _judged(about: MailboxVisit, validity: int, uid: int, raw: bytes, *, seen: Scan) -> JudgedMail:
    mail = _parsed(about, validity, uid, raw)
    if mail is None:
        return JudgedMail(seen, raw)
    try:
        reading.ensure_welcome(mail, about.senders, about.own)
    except Refused as fault:
        # What was cut off may have been the sender.
        return (
            JudgedMail(seen, raw) if fault.code == "sender" and seen.is_cut else JudgedMail(seen, raw, mail, fault.code)
        )
    return JudgedMail(seen, raw, mail)


def _parsed(about: MailboxVisit, validity: int, uid: int, raw: bytes) -> Mail | None:
    """None: nobody can read it."""
    is_mine = False
    while trying.begun(about, validity, uid, is_mine=is_mine):
        is_mine = True
        hit("mail.counted")
        try:
            return parsing.parse_mail(raw)
        except ChildDied:
            log.warning("mail %s of source %s took its parser down", uid, about.source_id)
        except MalformedAlarm:
            break
    return None


def _taken_in(about: MailboxVisit, validity: int, uid: int, judged: JudgedMail) -> None:
    try:
        _keep(about, validity, uid, judged)
    except Exception as fault:  # one mail that breaks something stops no other
        if _is_not_its_own(fault):
            trying.outlived(about)
            raise
        log.exception("mail %s of source %s could not be kept", uid, about.source_id)
        db.session.rollback()
        _keep_bare(about, validity, uid, judged)


def _is_not_its_own(fault: Exception) -> bool:
    """Whether the fault is the database's, or the hour's: no fault of the mail."""
    return isinstance(fault, Unavailable | Elsewhere | InterfaceError) or faults.is_line(fault)


def _keep_bare(about: MailboxVisit, validity: int, uid: int, judged: JudgedMail) -> None:
    """As one that nobody can read; without its words where these are what breaks it."""
    for raw, refused in ((judged.raw, judged.refused), (b"", judged.refused), (b"", "broken")):
        try:
            _keep(about, validity, uid, JudgedMail(judged.seen, raw, refused=refused))
            return
        except Exception as fault:
            if _is_not_its_own(fault):
                trying.outlived(about)
                raise
            if refused == "broken":
                raise
            db.session.rollback()


def _keep(about: MailboxVisit, validity: int, uid: int, judged: JudgedMail) -> None:
    with transaction() as session:
        [source] = ingest.hold(session, ids=[about.source_id], now=about.now)
        row = trying.held(session, about.source_id)
        if row.uidvalidity != validity or source.intake.revoked_at is not None:
            raise Elsewhere
        row.last_uid = max(row.last_uid or 0, uid)
        row.trying_uid, row.tries, row.trying_until = None, 0, None
        refused = judged.refused or raising.forged_end(judged)
        # What is refused makes nothing known, what is forged only its like: the alarm it imitates may still come.
        is_forged = judged.mail is not None and judged.mail.marks.is_forged
        known = f"forged/{judged.digest}" if is_forged else judged.digest
        digest = reading.unknown(validity, uid) if refused else known
        if _is_known(session, about.source_id, validity, uid, digest=digest):
            return
        outcome = refused or raising.raised(session, source, judged)
        session.add(
            ReceivedMail(
                intake_id=about.source_id,
                uidvalidity=validity,
                uid=uid,
                digest=digest,
                at=about.now,
                sender=judged.sender[:200],
                subject=reading.shown(own_links.without(judged.subject)),
                outcome=outcome,
            )
        )


def _is_known(session: Session, source_id: int, validity: int, uid: int, *, digest: str) -> bool:
    by_number = (ReceivedMail.uidvalidity == validity) & (ReceivedMail.uid == uid)
    wanted = select(ReceivedMail.id).where(ReceivedMail.intake_id == source_id)
    return session.scalars(wanted.where(or_(by_number, ReceivedMail.digest == digest))).first() is not None


def _done_with(about: MailboxVisit, validity: int, uid: int) -> None:
    with transaction() as session:
        row = trying.held(session, about.source_id)
        if row.uidvalidity == validity:
            row.last_uid = max(row.last_uid or 0, uid)


def _failed(source_id: int, fault: UnreadableMailbox, now: datetime) -> None:
    log.warning("the mailbox of source %s cannot be read: %s %s", source_id, fault.problem, fault.said)
    with transaction() as session:
        row = session.get(Mailbox, source_id, with_for_update=True, populate_existing=True)
        if row is None:
            return
        row.visited_at = now
        if row.failing_since is None:
            row.failing_since = now
            audit.record(SYSTEM, "mailbox.fault", "intake", source_id, now=now, problem=fault.problem, said=fault.said)
        row.problem, row.next_at = f"{fault.problem} {fault.said}".strip(), now + AGAIN_AFTER


def _well(about: MailboxVisit) -> None:
    with transaction() as session:
        row = session.get(Mailbox, about.source_id, with_for_update=True, populate_existing=True)
        if row is None:
            return
        if row.failing_since is not None:
            audit.record(SYSTEM, "mailbox.mended", "intake", about.source_id, now=about.now)
        row.looked_at = row.visited_at = about.moment()
        row.failing_since, row.problem = None, ""
