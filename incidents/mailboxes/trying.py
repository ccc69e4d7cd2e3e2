"""How often the parsing of a mail was begun: counted on the row of its mailbox, and committed, before each time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.db import db, transaction
from incidents.mailboxes import parsing
from incidents.mailboxes.models import Mailbox
from incidents.mailboxes.visits import Elsewhere, MailboxVisit

MOST_TRIES = 2
HOLDS = timedelta(seconds=parsing.WITHIN + 10)
"""So long whoever began to parse a mail may be at it. Two of them would count each other's as deaths."""


def held(session: Session, source_id: int) -> Mailbox:
    row = session.get(Mailbox, source_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Elsewhere
    return row


def begun(about: MailboxVisit, validity: int, uid: int, *, is_mine: bool) -> bool:
    """Note that it is about to be parsed; False when that was begun too often. ``is_mine``: we began the last time, and
    know how that ended. Raises ``Elsewhere``."""
    with transaction() as session:
        row, moment = held(session, about.source_id), about.moment()
        if row.uidvalidity != validity or (row.last_uid or 0) >= uid:
            raise Elsewhere
        if row.trying_uid != uid:
            row.trying_uid, row.tries, row.trying_until = uid, 0, None
        until = row.trying_until
        # Further away it was written before the clock was set back.
        if not is_mine and until is not None and moment < until <= moment + HOLDS:
            raise Elsewhere
        if row.tries >= MOST_TRIES:
            return False
        row.tries, row.trying_until = row.tries + 1, moment + HOLDS
        return True


def outlived(about: MailboxVisit) -> None:
    """It was parsed, and is tried again for another reason: that was no death."""
    db.session.rollback()
    try:
        with transaction() as session:
            row = held(session, about.source_id)
            row.trying_uid, row.tries, row.trying_until = None, 0, None
    except (Elsewhere, DBAPIError):
        db.session.rollback()
