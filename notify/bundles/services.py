"""Which calls share a letter, and when it may go: rows for the rules of ``bundles.rules``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from notify.bundles import rules as bundling
from notify.deaths import services as deaths
from notify.models import Message

_Later = aliased(Message)

LEASE = timedelta(seconds=75)
"""Longer than twice the longest time of one attempt: two gateways of 15 seconds each; room for a slow database."""


def is_due(now: datetime) -> ColumnElement[bool]:
    waiting = and_(Message.state == "pending", Message.next_at <= now)
    return or_(waiting, and_(Message.state == "leased", Message.leased_until <= now))


def goes_again_with_others(message: Message) -> bool:
    """Whether a letter that names others too may have carried it."""
    return message.letter_id not in ("", message.message_id)


def leads(now: datetime) -> ColumnElement[bool]:
    """Alone, or the newest part of a letter that goes again: by it alone the whole is claimed, by one sender."""
    same = _Later.letter_id == Message.letter_id
    follows = exists(select(_Later.id).where(same, _Later.id > Message.id, is_unsent(now, _Later)))
    return or_(Message.letter_id == "", Message.letter_id == Message.message_id, ~follows)


def leader(part: Message, now: datetime) -> Select[tuple[int]]:
    """The part that leads the letter of ``part`` (its id), if it is free to go."""
    newest = select(func.max(Message.id)).where(Message.letter_id == part.letter_id, is_unsent(now))
    return select(Message.id).where(Message.id == newest.scalar_subquery(), is_due(now))


def opens_for(session: Session, message: Message, now: datetime) -> datetime:
    """Return from when a letter may go to this address; urgent calls only, for others nobody waits."""
    if not _is_call(message):
        return now
    sent = (
        select(Message.letter_id, func.max(Message.sent_at))
        .where(
            Message.address == message.address,
            Message.channel == message.channel,
            _within_the_window(now),
        )
        .group_by(Message.letter_id)
    )
    leased = select(Message.letter_id, Message.leased_until).where(
        Message.state == "leased",
        Message.channel == message.channel,
        Message.address == message.address,
        Message.leased_until > now,
        Message.id != message.id,
    )
    when = {letter: at for letter, at in session.execute(sent) if at is not None}
    when |= {letter: until - LEASE for letter, until in session.execute(leased) if until is not None}
    if len(when) < bundling.FREE:
        return now
    return bundling.opens_at(len(when), max(when.values()), now)


def put_off(session: Session, message: Message, opens: datetime, now: datetime) -> None:
    """Everything to that address waits for the next letter."""
    seconds = max(1, round((opens - now).total_seconds()))
    theirs = and_(
        Message.address == message.address,
        Message.channel == message.channel,
        Message.ladder != "",
        # Not by the index of states: nearly everything is pending in a storm, but little of it is for this address.
        func.coalesce(Message.state, "") == "pending",
        Message.next_at < opens,
    )
    for which in (Message.id == message.id, theirs):
        session.execute(
            update(Message)
            .where(which)
            .values(state="pending", lease_owner=None, leased_until=None, next_at=opens, delay_seconds=seconds)
            .execution_options(synchronize_session=False)
        )


def companions(session: Session, first: Message, now: datetime) -> Sequence[Message]:
    """Return what goes in the same letter: in a storm everything due to that address that was not tried yet; what a
    broken attempt may have delivered goes again exactly as it was."""
    if not _is_call(first) or (first.letter_id and first.letter_id == first.message_id):
        return []
    same = select(Message).where(
        Message.address == first.address,
        Message.channel == first.channel,
        Message.recipient == first.recipient,
        Message.local_only == first.local_only,
        Message.ladder != "",
        Message.id != first.id,
        Message.letter_id == first.letter_id,
        is_unsent(now) if first.letter_id else is_due(now),
    )
    if not first.letter_id and not _in_a_storm(session, first, now):
        return []
    if not first.letter_id:  # of more than fit, by topic, those that would leave first; no suspect (``notify.alone``)
        same = same.where(deaths.is_ordinary(now))
        due = same.with_only_columns(Message.topic).where(Message.topic != first.topic)
        line = due.group_by(Message.topic).order_by(*_in_line()).limit(bundling.MOST_IN_ONE - 1)
        same = same.where(Message.topic.in_([first.topic, *session.scalars(line)]))
    newest_first = same.order_by(Message.created_at.desc(), Message.id.desc())
    # A letter that goes again must not go in parts: two letters of one Message-ID are one to many a mail server.
    held = newest_first.with_for_update(skip_locked=not first.letter_id)
    held = held.execution_options(populate_existing=True)
    found = session.scalars(held)
    return [message for message in found if _is_call(message)]


def _in_line() -> tuple[ColumnElement[Any], ...]:
    """The order in which topics leave, by the message of each that would be the first to go."""
    return func.min(Message.rank), func.min(Message.next_at), func.min(Message.id)


def bundle_id(messages: Sequence[Message]) -> str:
    """The same messages make the same Message-ID."""
    named = sorted(message.message_id for message in messages)
    domain = named[0].rpartition("@")[2]
    return f"<{hashlib.sha256(' '.join(named).encode()).hexdigest()[:32]}@{domain}"


def is_unsent(now: datetime, row: type[Message] = Message) -> ColumnElement[bool]:
    return or_(row.state == "pending", and_(row.state == "leased", row.leased_until <= now))


def _is_call(message: Message) -> bool:
    """Whether it is one of those that may share a letter."""
    return bool(message.urgent and message.facts and not message.facts.get("alone"))


def _in_a_storm(session: Session, first: Message, now: datetime) -> bool:
    sent = select(Message.letter_id).where(
        Message.address == first.address, Message.channel == first.channel, _within_the_window(now)
    )
    return len(session.scalars(sent.distinct().limit(bundling.FREE)).all()) >= bundling.FREE


def _within_the_window(now: datetime) -> ColumnElement[bool]:
    """Sent within the window that ends ``now``: what a clock that jumped back puts into the future is no storm."""
    return and_(Message.sent_at > now - bundling.WINDOW, Message.sent_at < now + bundling.WINDOW)
