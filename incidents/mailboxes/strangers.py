"""Mails of those whose mail is not read, passed over many at a time: whoever writes a thousand a minute must keep no
alarm waiting that comes behind them.

Nothing of them is parsed. The first of an hour are named on the page of the mailbox, all are counted in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import batched, transaction
from incidents.intake import ingest
from incidents.mailboxes import reading, scan, trying
from incidents.mailboxes.imap import Folder
from incidents.mailboxes.models import ReceivedMail
from incidents.mailboxes.scan import Scan
from incidents.mailboxes.visits import Elsewhere, MailboxVisit

AT_ONCE = 200
"""Heads that are asked for together."""
MOST_NAMED = 100
"""In an hour, of one mailbox: a flood must not fill the list, nor the database."""
log = logging.getLogger(__name__)


def told_apart(
    about: MailboxVisit, folder: Folder, uids: Sequence[int]
) -> Iterator[tuple[bool, list[int], list[Scan]]]:
    """The mails in their order, in runs: (whether they are strangers', numbers, their heads if they are)."""
    for some in batched(uids, AT_ONCE):
        seen = {uid: scan.look_over(head) for uid, head in folder.heads(some).items()}
        told = [(uid in seen and not seen[uid].may_be_of(about.senders), uid) for uid in some]
        for is_strangers, run in groupby(told, itemgetter(0)):
            numbers = [uid for _is, uid in run]
            yield is_strangers, numbers, [seen[uid] for uid in numbers] if is_strangers else []


def pass_over(about: MailboxVisit, validity: int, uids: Sequence[int], heads: Sequence[Scan]) -> None:
    """Pass it over, in one transaction. Raises ``Elsewhere``."""
    with transaction() as session:
        [source] = ingest.hold(session, ids=[about.source_id], now=about.now)
        row = trying.held(session, about.source_id)
        if row.uidvalidity != validity or source.intake.revoked_at is not None:
            raise Elsewhere
        row.last_uid = max(row.last_uid or 0, *uids)
        row.trying_uid, row.tries, row.trying_until = None, 0, None
        room = max(0, MOST_NAMED - _named(session, about))
        for uid, seen in list(zip(uids, heads, strict=True))[:room]:
            session.add(
                ReceivedMail(
                    intake_id=about.source_id,
                    uidvalidity=validity,
                    uid=uid,
                    digest=reading.unknown(validity, uid),
                    at=about.now,
                    sender=seen.sender[:200],
                    subject=reading.shown(seen.subject),
                    outcome="sender",
                )
            )
    if len(uids) > room:
        log.warning("%s mails of strangers to source %s were passed over unnamed", len(uids) - room, about.source_id)


def _named(session: Session, about: MailboxVisit) -> int:
    lately = ReceivedMail.intake_id == about.source_id, ReceivedMail.at > about.now - timedelta(hours=1)
    return session.scalar(select(func.count()).where(*lately, ReceivedMail.outcome == "sender")) or 0
