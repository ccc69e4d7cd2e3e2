"""Whose message is whose: claiming what is due, the last look, leases that outlived their owner.

Marks are fenced by (owner, attempt): a worker that lost the lease cannot overwrite the one that took it. In a storm one
claim takes several calls to one address, which then share a letter (rules: ``bundles.rules``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from core.db import db, is_sqlite, transaction
from notify import backoff
from notify.bundles import gathering, rules as bundling, services as bundles
from notify.channels.base import CarriedLetter
from notify.deaths import services as deaths
from notify.erasing import GONE
from notify.models import IS_PENDING, Message

_Newer = aliased(Message)

QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True)
class ClaimedMessage:
    """One message of a claim; ``attempt`` is its half of the fence."""

    id: int
    attempt: int
    letter: CarriedLetter
    ladder: str
    rung: int


@dataclass(frozen=True)
class ClaimedMessages:
    """Messages that are ours until the lease ends, for one letter to one address."""

    owner: str
    channel: str
    local_only: bool
    letter_id: str
    parts: tuple[ClaimedMessage, ...]
    plain: bool = False
    """In words that nobody wrote (``notify.channels.plain``)."""

    @property
    def address(self) -> str:
        return self.parts[0].letter.address


def due_channels(*, now: datetime) -> frozenset[str]:
    """Channels with something to claim; a look without locks. What goes alone is none of it (``notify.alone``)."""
    due = select(Message.channel).where(bundles.is_due(now), deaths.is_ordinary(now))
    return frozenset(db.session.scalars(due.distinct()))


def claim(
    owner: str,
    *,
    now: datetime,
    only: Collection[str] = (),
    but_not: Collection[str] = (),
    under_way: Collection[int] = (),
) -> ClaimedMessages | None:
    """Take what goes first of the channels ``only`` (none: any): by rank (``precedence``), then what has been due the
    longest. Of several to one person on its topic the newest goes in its place, the others step back. In a storm it
    brings others to the same address, or waits for them. Leases of messages ``under_way`` are never over: a sender that
    has them lives."""
    with transaction() as session:
        for _each in range(bundling.MOST_IN_ONE):
            first = _first(session, now, only, but_not, under_way=under_way)
            if first is None:
                return None
            if gathering.is_gathered(first):
                along = gathering.companions(session, first, now)
                if along is None:
                    continue
                return lease(session, [first, *along], owner, now)
            opens = bundles.opens_for(session, first, now)
            if opens > now:
                bundles.put_off(session, first, opens, now)
                continue
            first = newest(session, first, now, deaths.is_ordinary(now))
            together = [first, *bundles.companions(session, first, now)]
            return lease(session, together, owner, now)
    return None


def still_ours(claimed: ClaimedMessages) -> ClaimedMessages | None:
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
    return replace(claimed, parts=kept) if kept else None


def in_hand(owner: str, attempts: Mapping[int, int], *, plain: bool) -> ClaimedMessages | None:
    """The claim that ``owner`` holds of these messages (id → attempt), read anew by whoever carries it for them."""
    held = Message.id.in_(attempts), Message.state == "leased", Message.lease_owner == owner
    rows = {row.id: row for row in db.session.scalars(select(Message).where(*held))}
    ours = [rows[each] for each, attempt in attempts.items() if each in rows and rows[each].attempts == attempt]
    found = None
    if ours:
        first, parts = ours[0], tuple(_part(row) for row in ours)
        found = ClaimedMessages(owner, first.channel, first.local_only, first.letter_id, parts, plain)
    db.session.rollback()
    return found


def fenced(claimed: ClaimedMessages, attempt: int) -> ColumnElement[bool]:
    """The rows of ``claimed`` at ``attempt`` that are still its owner's."""
    ids = [part.id for part in claimed.parts if part.attempt == attempt]
    return and_(Message.id.in_(ids), Message.lease_owner == claimed.owner, Message.attempts == attempt)


def clamp(*, now: datetime) -> int:
    """Shorten waits after a clock that jumped back (SQLite has only the host's): no wait is longer than it was meant to
    be."""
    if not is_sqlite():
        return 0
    last = len(backoff.WAITS)
    planned = select(Message.delay_seconds).where(
        Message.state == "pending", Message.next_at > now, Message.delay_seconds > 0
    )
    # Waits meant for a rung of a ladder or in a storm may be longer than those after failures.
    longest = case(
        *(
            (Message.delay_seconds == each, now + max(timedelta(seconds=each), backoff.wait_after(last)))
            for each in db.session.scalars(planned.distinct())
        ),
        *((Message.attempts == n, now + backoff.wait_after(n)) for n in range(last)),
        else_=now + backoff.wait_after(last),
    )
    far = and_(Message.state == "pending", Message.next_at > longest)
    stale = and_(Message.state == "leased", Message.leased_until > now + bundles.LEASE)
    if db.session.scalar(select(Message.id).where(or_(far, stale)).limit(1)) is None:
        return 0
    with transaction() as session:
        session.execute(
            update(Message).where(stale).values(leased_until=now + bundles.LEASE), execution_options=QUIETLY
        )
        pulled = update(Message).where(far).values(next_at=longest).returning(Message.id)
        return len(session.scalars(pulled, execution_options=QUIETLY).all())


def _first(
    session: Session, now: datetime, only: Collection[str], but_not: Collection[str], *, under_way: Collection[int]
) -> Message | None:
    """An expired lease before anything else (there are few), then by rank what has been due the longest."""
    # Ids first: an index holds all that is asked, so that a long backlog need not be read and sorted for each letter.
    expired = select(Message.id).where(Message.state == "leased", Message.leased_until <= now)
    if under_way:
        expired = expired.where(Message.id.not_in(under_way))
    waiting = (
        select(Message.id)
        .where(text(IS_PENDING), Message.next_at <= now)
        .order_by(Message.rank, Message.next_at, Message.id)
    )
    for query in (expired, waiting):
        query = query.where(deaths.is_ordinary(now), or_(Message.good_until.is_(None), Message.good_until > now))
        if only:
            query = query.where(Message.channel.in_(only))
        if but_not:
            query = query.where(Message.channel.not_in(but_not))
        found = locked(session, query)
        if found is not None and bundles.goes_again_with_others(found):
            # The whole letter, by the part that leads it; where somebody else has that, whatever comes next (dear).
            leading = locked(session, bundles.leader(found, now))
            found = leading or locked(session, query.where(bundles.leads(now)))
        if found is not None:
            return found
    return None


def locked(session: Session, query: Select[tuple[int]]) -> Message | None:
    """The first of these that nobody else holds, until commit nobody else's."""
    found = session.scalar(query.limit(1).with_for_update(skip_locked=True))
    return None if found is None else session.get_one(Message, found, populate_existing=True)


def newest(session: Session, first: Message, now: datetime, which: ColumnElement[bool]) -> Message:
    """Return what goes in place of ``first``: the newest of ``which`` that is due to the same person about the same."""
    if first.state != "pending" or bundles.goes_again_with_others(first):
        return first
    same = select(Message.id).where(
        which,
        Message.topic == first.topic,
        Message.state == "pending",
        Message.channel == first.channel,
        Message.address == first.address,
        Message.recipient == first.recipient,
        Message.local_only == first.local_only,
        Message.created_at >= first.created_at,
        Message.id > first.id,
        Message.next_at <= now,
        Message.letter_id.in_(("", Message.message_id)),
    )
    return locked(session, same.order_by(Message.created_at.desc(), Message.id.desc())) or first


def lease(session: Session, together: Sequence[Message], owner: str, now: datetime) -> ClaimedMessages:
    """Take these, the first of which leads, for one letter; an older one about the same as another steps back."""
    kept: dict[str, Message] = {}
    for message in together:  # the newest call of each topic; older ones of the same claim step back
        kept.setdefault(message.topic, message)
    parts = list(kept.values())
    letter_id = parts[0].letter_id or (parts[0].message_id if len(parts) == 1 else bundles.bundle_id(parts))
    ids = [message.id for message in parts]
    _supersede_older(session, parts)
    leased = session.execute(
        update(Message)
        .where(Message.id.in_(ids))
        .values(
            state="leased",
            lease_owner=owner,
            leased_until=now + bundles.LEASE,
            attempts=Message.attempts + 1,
            deaths=deaths.died_with(),
            letter_id=letter_id,
        )
        .returning(Message.id, Message.attempts)
        .execution_options(synchronize_session=False)
    )
    attempts, first = dict(leased.tuples().all()), parts[0]
    carried = tuple(replace(_part(message), attempt=attempts[message.id]) for message in parts)
    return ClaimedMessages(owner, first.channel, first.local_only, letter_id, carried)


def _supersede_older(session: Session, parts: Sequence[Message]) -> None:
    """What waits for the same person and is about the same as one of ``parts``, but older, is told no more."""
    first = parts[0]
    told = exists(
        select(_Newer.id).where(
            _Newer.id.in_([message.id for message in parts]),
            _Newer.topic == Message.topic,
            _Newer.id > Message.id,
            _Newer.created_at >= Message.created_at,
        )
    )
    session.execute(
        update(Message)
        .where(
            Message.state == "pending",
            Message.topic.in_([message.topic for message in parts]),
            Message.channel == first.channel,
            Message.address == first.address,
            Message.recipient == first.recipient,
            told,
        )
        .values(state="superseded", **GONE)
        .execution_options(synchronize_session=False)
    )


def _part(row: Message) -> ClaimedMessage:
    return ClaimedMessage(row.id, row.attempts, letter_of(row), row.ladder, row.rung)


def letter_of(row: Message) -> CarriedLetter:
    """The message as channels take it."""
    return CarriedLetter(
        row.address,
        row.recipient,
        row.subject,
        row.body,
        row.message_id,
        row.urgent,
        row.created_at,
        row.link,
        row.facts,
    )
