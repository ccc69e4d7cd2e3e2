"""The auditor: looks every minute whether the engine keeps its promises, and says so when it does not.

What is found is kept (``SystemFault``), told to the administrators by a channel that is not the one at fault, and told
again every hour while it lasts; its end is told too. The outside watchdog's address is asked only when all is well.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.actor import SYSTEM
from core.db import db, transaction
from core.models import SystemFault
from core.observability import heartbeat
from core.storage.failpoints import hit
from core.storage.faults import is_databases
from desk.audit import watchdog, words as auditor_words
from desk.audit.findings import KEPT, UNTOLD
from desk.health_checks.check import CheckError, CheckFinding, CheckResult, CheckSkipped, examine
from notify import outbox, pause
from notify.channels.registry import wholly_blocked
from notify.gateways import breakers
from notify.message_states.still_true import Reason
from notify.models import Message
from people import queries as people
from people.accounts import queries as accounts
from people.models import User
from people.notification_rules import ladders
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import Rung

EVERY = 60
"""Seconds from look to look."""
AGAIN_AFTER = timedelta(hours=1)
MOST_CHANNELS = 2
BEAT = "auditor"
log = logging.getLogger(__name__)


def inspect(now: datetime) -> Sequence[CheckFinding]:
    """Look, keep, tell; then ask the watchdog's address when nothing was found. Safe beside other workers' auditors."""
    answers = list(examine(KEPT, now=now, rescue=_failed))
    found = [each.outcome for each in answers if isinstance(each.outcome, CheckFinding)]
    for each in found:
        log.error("the auditor found %s: %s (%s)", each.kind, each.count, each.example)
    with transaction() as session:
        _keep(session, found, _elsewhere(answers), now)
    hit("audit.kept")
    heartbeat.beat(BEAT, now=now, findings=[each.kind for each in found])
    url = current_app.config["WATCHDOG_URL"]
    if url and not any(each.grave for each in found):
        watchdog.note(url, watchdog.ping(url), now=now)
    return found


def _failed(why: Exception) -> CheckError:
    """One check that breaks off keeps no other from being asked. A database that is away is everybody's fault."""
    if is_databases(why):
        raise why
    log.exception("a check of the auditor broke off", exc_info=why)
    return CheckError(str(why))


def _elsewhere(answers: Sequence[CheckResult]) -> frozenset[str]:
    """Return what cannot be judged from this machine, or now: it is not over because we cannot see it."""
    broken = {each.check.name for each in answers if isinstance(each.outcome, CheckError)}
    hidden = {each.check.name: each.outcome for each in answers if isinstance(each.outcome, CheckSkipped)}
    return (
        frozenset(name for name, seen in hidden.items() if seen.why or seen.after in hidden or seen.after in broken)
        | broken
    )


def _keep(session: Session, found: Sequence[CheckFinding], elsewhere: Collection[str], now: datetime) -> None:
    wanted = select(SystemFault).where(SystemFault.ended_at.is_(None)).order_by(SystemFault.id).with_for_update()
    known = {row.kind: row for row in session.scalars(wanted.execution_options(populate_existing=True))}
    paused = pause.current() is not None
    suspects = {channel for each in found for channel in each.channels} | set(_down(now))
    for each in found:
        row = known.pop(each.kind, None)
        if row is None:
            row = SystemFault(kind=each.kind, since=now, told=0)
            session.add(row)
            audit.record(SYSTEM, "system.fault", "system", each.kind, now=now, count=each.count, example=each.example)
        row.count, row.example, row.seen_at = each.count, each.example, now
        # While sending is paused letters would only pile up: every page says it.
        if paused or each.kind in UNTOLD:
            continue
        if row.told == 0 or now >= row.since + row.told * AGAIN_AFTER:
            row.told += 1
            session.flush()
            _tell(row, suspects, now)
    for gone in known.values():
        if gone.kind in elsewhere:
            continue
        gone.ended_at = now
        audit.record(SYSTEM, "system.mended", "system", gone.kind, now=now)
        if gone.told and not paused:
            _tell(gone, suspects, now)


def _down(now: datetime) -> tuple[str, ...]:
    return wholly_blocked(breakers.blocked(now=now))


def held(messages: Sequence[Message], now: datetime) -> dict[int, Reason]:
    """Return why held letters need not leave: those about faults of a kind that is wrong no more."""
    still = set(db.session.scalars(select(SystemFault.kind).where(SystemFault.ended_at.is_(None))))
    return {each.id: "over" for each in messages if each.topic.partition("/")[2] not in still}


def _tell(row: SystemFault, suspects: Collection[str], now: datetime) -> None:
    """A message to each administrator by the first two healthy channels, in their language; caller's transaction."""
    for user in accounts.active_admin_accounts():
        if user.person_id is None:
            continue
        person = people.person_by_id(user.person_id)
        subject, body = auditor_words.letter(row, language=user.locale, now=now)
        for rung in ways(ladders.ladder(person), suspects):
            outbox.enqueue(
                topic=f"system/{row.kind}",
                key=_key(row, user, rung),
                **addressed(person, rung.channel, rung.address),
                subject=subject,
                body=body,
                now=now,
                urgent=True,
                link=auditor_words.link(),
            )


def ways(ladder: Sequence[Rung], suspects: Collection[str]) -> Sequence[Rung]:
    """One address of each of two channels: healthy ones before suspects, e-mail before others that are as healthy."""
    first: dict[str, Rung] = {}
    for rung in ladder:
        first.setdefault(rung.channel, rung)
    return sorted(first.values(), key=lambda rung: (rung.channel in suspects, rung.channel != "email"))[:MOST_CHANNELS]


def _key(row: SystemFault, user: User, rung: Rung) -> str:
    which = "end" if row.ended_at else str(row.told)
    return f"system/{row.id}/{which}/{user.id}/{rung.channel}"
