"""Carrying what is due: claim one message, look once more, hand it over, note the answer.

At least once: an attempt is counted when it is claimed, so a crash between claim and answer is tried again after the
lease, with the same Message-ID. Marks are fenced by (owner, attempt): whoever lost the lease cannot write over the
one who took it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from flask import current_app
from sqlalchemy import ColumnElement, and_, case, or_, select, update

from core import clock
from core.db import db, is_sqlite, transaction
from core.failpoints import hit
from notify import backoff
from notify.channels.base import Channel, ChannelError, Letter
from notify.channels.registry import Channels, hold_reason
from notify.models import Delivery, Message

LEASE = timedelta(seconds=60)
"""Longer than twice the longest channel time-out, which also leaves room for a slow database."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A message that is ours until the lease ends. (``owner``, ``attempt``) is the fence."""

    id: int
    owner: str
    attempt: int
    channel: str
    local_only: bool
    letter: Letter


@dataclass(frozen=True)
class Result:
    """What one attempt came to; ``answer`` is the other side's word or our reason."""

    outcome: Literal["sent", "refused", "again", "held"]
    answer: str


def deliver_due(
    *, owner: str, channels: Channels | None = None, should_stop: Callable[[], bool] = lambda: False
) -> int:
    """Carry messages one after the other until none is due; how many attempts that took.

    ``owner`` names this thread among all threads of all nodes. ``channels`` keeps lines open between calls; the lines
    of a call without it are closed at its end. Runs outside any transaction of the caller's.
    """
    lines, attempts = channels or Channels(current_app.config), 0
    try:
        while not should_stop():
            claimed = claim(owner, now=clock.now())
            if claimed is None:
                break
            hit("outbox.claimed")
            result = _carry(claimed, lines)
            if result is not None:
                mark(claimed, result, now=clock.now())
            hit("outbox.marked")
            attempts += 1
    finally:
        if channels is None:
            lines.close()
    return attempts


def has_due(*, now: datetime) -> bool:
    """A look without locks: is there anything to claim?"""
    return db.session.scalar(select(Message.id).where(_is_due(now)).limit(1)) is not None


def claim(owner: str, *, now: datetime) -> Claim | None:
    """Take the most urgent, then newest, due message; older unsent ones to that person on its topic step back."""
    with transaction() as session:
        first = (
            select(Message.id)
            .where(_is_due(now))
            .order_by(Message.urgent.desc(), Message.created_at.desc(), Message.id.desc())
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        message = session.scalars(
            update(Message)
            .where(Message.id == first.scalar_subquery(), _is_due(now))
            .values(state="leased", lease_owner=owner, leased_until=now + LEASE, attempts=Message.attempts + 1)
            .returning(Message)
            .execution_options(synchronize_session=False, populate_existing=True)
        ).one_or_none()
        if message is None:
            return None
        _supersede_older(message)
        return _claimed(message, owner)


def is_still_ours(claimed: Claim) -> bool:
    """The last look before the words leave: not cancelled, not taken over."""
    db.session.rollback()
    query = select(Message.id).where(_fence(claimed), Message.state == "leased")
    ours = db.session.scalar(query) is not None
    db.session.rollback()
    return ours


def mark(claimed: Claim, result: Result, *, now: datetime) -> bool:
    """Note the answer; False when the lease was lost meanwhile (the attempt is recorded all the same)."""
    # Cancelled while it was on its way and accepted all the same: then it was sent.
    from_states = ("leased", "cancelled") if result.outcome == "sent" else ("leased",)
    with transaction() as session:
        marked = session.scalar(
            update(Message)
            .where(_fence(claimed), Message.state.in_(from_states))
            .values(lease_owner=None, leased_until=None, **_as_columns(claimed, result, now))
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        if result.outcome != "held":
            session.add(_delivery(claimed, result, now, late=marked is None))
    if marked is None:
        log.warning("message %s: attempt %s had lost its lease (%s)", claimed.id, claimed.attempt, result.outcome)
    return marked is not None


def free_leases(owner_prefix: str, *, now: datetime) -> int:
    """Make due what a dead predecessor of this slot had claimed; call it before any sender of the slot starts."""
    with transaction() as session:
        freed = session.scalars(
            update(Message)
            .where(Message.state == "leased", Message.lease_owner.startswith(owner_prefix, autoescape=True))
            .values(state="pending", lease_owner=None, leased_until=None, next_at=now)
            .returning(Message.id)
        ).all()
    return len(freed)


def clamp(*, now: datetime) -> int:
    """After a clock that jumped back (SQLite has only the host's): no wait is longer than it was meant to be."""
    if not is_sqlite():
        return 0
    longest = case(
        *((Message.attempts == n, now + backoff.wait_after(n)) for n in range(len(backoff.WAITS))),
        else_=now + backoff.wait_after(len(backoff.WAITS)),
    )
    late = and_(Message.state == "pending", Message.next_at > longest)
    stale = and_(Message.state == "leased", Message.leased_until > now + LEASE)
    if db.session.scalar(select(Message.id).where(or_(late, stale)).limit(1)) is None:
        return 0
    with transaction() as session:
        options = {"synchronize_session": False}
        session.execute(update(Message).where(stale).values(leased_until=now + LEASE), execution_options=options)
        moved = update(Message).where(late).values(next_at=longest).returning(Message.id)
        return len(session.scalars(moved, execution_options=options).all())


def _is_due(now: datetime) -> ColumnElement[bool]:
    waiting = and_(Message.state == "pending", Message.next_at <= now)
    return or_(waiting, and_(Message.state == "leased", Message.leased_until <= now))


def _fence(claimed: Claim) -> ColumnElement[bool]:
    return and_(Message.id == claimed.id, Message.lease_owner == claimed.owner, Message.attempts == claimed.attempt)


def _supersede_older(message: Message) -> None:
    db.session.execute(
        update(Message)
        .where(
            Message.state == "pending", Message.topic == message.topic, Message.channel == message.channel,
            Message.address == message.address, Message.recipient == message.recipient,
            Message.created_at <= message.created_at, Message.id < message.id,
        )
        .values(state="superseded")
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _claimed(message: Message, owner: str) -> Claim:
    letter = Letter(
        message.address, message.recipient, message.subject, message.body, message.message_id, message.urgent,
        message.created_at,
    )  # fmt: skip
    return Claim(message.id, owner, message.attempts, message.channel, message.local_only, letter)


def _carry(claimed: Claim, lines: Channels) -> Result | None:
    """Send it; ``None`` when the last look found that it is no longer ours to send."""
    channel = lines.get(claimed.channel)
    reason = hold_reason(channel, local_only=claimed.local_only)
    if channel is None or reason:
        return Result("held", reason)
    try:
        return _attempt(claimed, channel)
    except ChannelError as error:
        return Result("refused" if error.permanent else "again", error.answer)
    except Exception as error:
        # Whatever it is, a message is never lost over it; the page shows it and it is tried again.
        log.exception("message %s: attempt %s failed unexpectedly", claimed.id, claimed.attempt)
        channel.close()
        return Result("again", f"{type(error).__name__}: {error}"[:500])


def _attempt(claimed: Claim, channel: Channel) -> Result | None:
    channel.open()
    if not is_still_ours(claimed):
        return None
    hit("outbox.opened")
    answer = channel.send(claimed.letter)
    hit("outbox.accepted")
    return Result("sent", answer)


def _as_columns(claimed: Claim, result: Result, now: datetime) -> dict[str, Any]:
    retry_at = now + backoff.wait_after(claimed.attempt)
    columns: dict[str, dict[str, Any]] = {
        "sent": {"state": "sent", "sent_at": now, "last_error": ""},
        "refused": {"state": "failed_permanent", "last_error": result.answer},
        "again": {"state": "pending", "next_at": retry_at, "last_error": result.answer},
        "held": {"state": "held", "hold_reason": result.answer},
    }
    return columns[result.outcome]


def _delivery(claimed: Claim, result: Result, now: datetime, *, late: bool) -> Delivery:
    return Delivery(
        message_id=claimed.id, attempt=claimed.attempt, at=now, accepted=result.outcome == "sent",
        answer=result.answer, detail={"late": True} if late else {},
    )  # fmt: skip
