"""Whose message is whose: claiming what is due, the last look, leases that outlived their owner.

Marks are fenced by (owner, attempt): whoever lost the lease cannot write over the one who took it. In a storm one
claim takes several calls to one address, which then share a letter (rules: ``storm``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from core.db import db, is_sqlite, transaction
from notify import backoff, storm
from notify.channels.base import Letter
from notify.models import Message

LEASE = timedelta(seconds=75)
"""Longer than twice the longest time of one attempt: two gateways of 15 seconds each; room for a slow database."""
QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True)
class Part:
    """One message of a claim; ``attempt`` is its half of the fence."""

    id: int
    attempt: int
    letter: Letter
    ladder: str
    rung: int


@dataclass(frozen=True)
class Claim:
    """Messages that are ours until the lease ends, for one letter to one address."""

    owner: str
    channel: str
    local_only: bool
    letter_id: str
    parts: tuple[Part, ...]

    @property
    def address(self) -> str:
        return self.parts[0].letter.address


def has_due(*, now: datetime) -> bool:
    """A look without locks: is there anything to claim?"""
    return bool(due_channels(now=now))


def due_channels(*, now: datetime) -> frozenset[str]:
    """Channels with something to claim; a look without locks."""
    return frozenset(db.session.scalars(select(Message.channel).where(_is_due(now)).distinct()))


def claim(owner: str, *, now: datetime, only: Collection[str] = (), but_not: Collection[str] = ()) -> Claim | None:
    """Take the most urgent, then newest, due message of the channels ``only`` (none: any); older unsent ones to that
    person on its topic step back. In a storm it brings others to the same address, or waits for them."""
    with transaction() as session:
        for _each in range(storm.MOST_IN_ONE):
            first = _first(session, now, only, but_not)
            if first is None:
                return None
            opens = _opens(session, first, now)
            if opens > now:
                _put_off(session, first, opens, now)
                continue
            together = [first, *_companions(session, first, now)]
            return _lease(session, together, owner, now)
    return None


def still_ours(claimed: Claim) -> Claim | None:
    """The last look before the words leave: what of it is not cancelled and not taken over, if anything."""
    db.session.rollback()
    ids = [part.id for part in claimed.parts]
    rows = db.session.execute(
        select(Message.id, Message.attempts).where(
            Message.id.in_(ids), Message.state == "leased", Message.lease_owner == claimed.owner
        )
    ).all()
    db.session.rollback()
    ours = {row[0]: row[1] for row in rows}
    kept = tuple(part for part in claimed.parts if ours.get(part.id) == part.attempt)
    return Claim(claimed.owner, claimed.channel, claimed.local_only, claimed.letter_id, kept) if kept else None


def fenced(claimed: Claim, attempt: int) -> ColumnElement[bool]:
    """The rows of ``claimed`` at ``attempt`` that are still its owner's."""
    ids = [part.id for part in claimed.parts if part.attempt == attempt]
    return and_(Message.id.in_(ids), Message.lease_owner == claimed.owner, Message.attempts == attempt)


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
    last = len(backoff.WAITS)
    planned = select(Message.delay_seconds).where(
        Message.state == "pending", Message.next_at > now, Message.delay_seconds > 0
    )
    # Waits meant for a rung of a ladder or in a storm may be longer than those after failures.
    longest = case(
        *((Message.delay_seconds == each, now + max(timedelta(seconds=each), backoff.wait_after(last)))
          for each in db.session.scalars(planned.distinct())),
        *((Message.attempts == n, now + backoff.wait_after(n)) for n in range(last)),
        else_=now + backoff.wait_after(last),
    )  # fmt: skip
    far = and_(Message.state == "pending", Message.next_at > longest)
    stale = and_(Message.state == "leased", Message.leased_until > now + LEASE)
    if db.session.scalar(select(Message.id).where(or_(far, stale)).limit(1)) is None:
        return 0
    with transaction() as session:
        session.execute(update(Message).where(stale).values(leased_until=now + LEASE), execution_options=QUIETLY)
        pulled = update(Message).where(far).values(next_at=longest).returning(Message.id)
        return len(session.scalars(pulled, execution_options=QUIETLY).all())


def _is_due(now: datetime) -> ColumnElement[bool]:
    waiting = and_(Message.state == "pending", Message.next_at <= now)
    return or_(waiting, and_(Message.state == "leased", Message.leased_until <= now))


def _first(session: Session, now: datetime, only: Collection[str], but_not: Collection[str]) -> Message | None:
    """An expired lease before anything else (there are few), then the most urgent and newest."""
    # Ids first: an index holds all that is asked, so that a long backlog need not be read and sorted for each letter.
    expired = select(Message.id).where(Message.state == "leased", Message.leased_until <= now)
    waiting = (
        select(Message.id)
        .where(Message.state == "pending", Message.next_at <= now)
        .order_by(Message.urgent.desc(), Message.created_at.desc(), Message.id.desc())
    )
    for query in (expired, waiting):
        if only:
            query = query.where(Message.channel.in_(only))
        if but_not:
            query = query.where(Message.channel.not_in(but_not))
        found = session.scalar(query.limit(1).with_for_update(skip_locked=True))
        if found is not None:
            return session.get_one(Message, found, populate_existing=True)
    return None


def _opens(session: Session, message: Message, now: datetime) -> datetime:
    """From when a letter may go to this address; urgent calls only, for others nobody waits."""
    if not _is_call(message):
        return now
    sent = (
        select(Message.letter_id, func.max(Message.sent_at))
        .where(
            Message.address == message.address, Message.channel == message.channel,
            Message.sent_at > now - storm.WINDOW,
        )
        .group_by(Message.letter_id)
    )  # fmt: skip
    leased = select(Message.letter_id, Message.leased_until).where(
        Message.state == "leased", Message.channel == message.channel, Message.address == message.address,
        Message.leased_until > now, Message.id != message.id,
    )  # fmt: skip
    when = {letter: at for letter, at in session.execute(sent) if at is not None}
    when |= {letter: until - LEASE for letter, until in session.execute(leased) if until is not None}
    if len(when) < storm.FREE:
        return now
    return storm.opens_at(len(when), max(when.values()), now)


def _is_call(message: Message) -> bool:
    """Whether it is one of those that may share a letter."""
    return bool(message.urgent and message.facts and not message.facts.get("alone"))


def _put_off(session: Session, message: Message, opens: datetime, now: datetime) -> None:
    """Everything to that address waits for the next letter."""
    seconds = max(1, round((opens - now).total_seconds()))
    theirs = and_(
        Message.address == message.address, Message.channel == message.channel, Message.ladder != "",
        # Not by the index of states: nearly everything is pending in a storm, but little of it is for this address.
        func.coalesce(Message.state, "") == "pending", Message.next_at < opens,
    )  # fmt: skip
    for which in (Message.id == message.id, theirs):
        session.execute(
            update(Message)
            .where(which)
            .values(state="pending", lease_owner=None, leased_until=None, next_at=opens, delay_seconds=seconds)
            .execution_options(synchronize_session=False)
        )


def _companions(session: Session, first: Message, now: datetime) -> Sequence[Message]:
    """What goes in the same letter: in a storm everything due to that address that was not tried yet; what a broken
    attempt may have delivered goes again exactly as it was."""
    if not _is_call(first) or (first.letter_id and first.letter_id == first.message_id):
        return []
    same = select(Message).where(
        Message.address == first.address, Message.channel == first.channel, Message.recipient == first.recipient,
        Message.local_only == first.local_only, Message.ladder != "", Message.id != first.id,
        Message.letter_id == first.letter_id, _is_due(now),
    )  # fmt: skip
    if not first.letter_id and not _in_a_storm(session, first, now):
        return []
    newest_first = same.order_by(Message.created_at.desc(), Message.id.desc()).limit(storm.MOST_IN_ONE - 1)
    held = newest_first.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    found = session.scalars(held)
    return [message for message in found if _is_call(message)]


def _in_a_storm(session: Session, first: Message, now: datetime) -> bool:
    sent = select(Message.letter_id).where(
        Message.address == first.address, Message.channel == first.channel, Message.sent_at > now - storm.WINDOW
    )
    return len(session.scalars(sent.distinct().limit(storm.FREE)).all()) >= storm.FREE


def _lease(session: Session, together: Sequence[Message], owner: str, now: datetime) -> Claim:
    kept: dict[str, Message] = {}
    for message in together:  # the newest call of each topic; older ones of the same claim step back
        kept.setdefault(message.topic, message)
    parts = list(kept.values())
    letter_id = parts[0].letter_id or (parts[0].message_id if len(parts) == 1 else _bundle_id(parts))
    ids = [message.id for message in parts]
    _supersede_older(session, parts)
    leased = session.execute(
        update(Message)
        .where(Message.id.in_(ids))
        .values(
            state="leased", lease_owner=owner, leased_until=now + LEASE, attempts=Message.attempts + 1,
            letter_id=letter_id,
        )
        .returning(Message.id, Message.attempts)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    attempts, first = dict(leased.tuples().all()), parts[0]
    carried = tuple(replace(_part(message), attempt=attempts[message.id]) for message in parts)
    return Claim(owner, first.channel, first.local_only, letter_id, carried)


def _bundle_id(messages: Sequence[Message]) -> str:
    """The same messages make the same Message-ID."""
    named = sorted(message.message_id for message in messages)
    domain = named[0].rpartition("@")[2]
    return f"<{hashlib.sha256(' '.join(named).encode()).hexdigest()[:32]}@{domain}"


def _supersede_older(session: Session, parts: Sequence[Message]) -> None:
    """What waits for the same person and is about the same as one of ``parts``, but older, is told no more."""
    first, newer = parts[0], aliased(Message)
    told = exists(
        select(newer.id).where(
            newer.id.in_([message.id for message in parts]), newer.topic == Message.topic, newer.id > Message.id,
            newer.created_at >= Message.created_at,
        )
    )  # fmt: skip
    session.execute(
        update(Message)
        .where(
            Message.state == "pending", Message.topic.in_([message.topic for message in parts]),
            Message.channel == first.channel, Message.address == first.address, Message.recipient == first.recipient,
            told,
        )
        .values(state="superseded")
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _part(row: Message) -> Part:
    letter = Letter(
        row.address, row.recipient, row.subject, row.body, row.message_id, row.urgent, row.created_at, row.link,
        row.facts,
    )  # fmt: skip
    return Part(row.id, row.attempts, letter, row.ladder, row.rung)
