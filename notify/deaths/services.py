"""Who is suspected, as the database says it, and what a worker leaves that died or stops."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.db import transaction
from notify.deaths.rules import REMEMBERED, SUSPECT_FROM
from notify.models import HAS_DIED, Message

_Other = aliased(Message)


def died_with() -> ColumnElement[int]:
    """Deaths of a message that is claimed now: a lease that nobody gave back was a dead sender's."""
    return Message.deaths + case((Message.state == "leased", 1), else_=0)


def is_ordinary(now: datetime) -> ColumnElement[bool]:
    """Return what senders carry side by side: whatever is not suspected, by itself or by the company that it keeps.

    Of what is not urgent only itself: a notice to hundreds shall not go one by one because one of them kills.
    """
    alone = or_(Message.topic.in_(deadly_topics(now)), Message.address.in_(deadly_addresses(now)))
    return and_(~_is_suspect(Message), or_(~Message.urgent, ~alone))


def deadly_topics(now: datetime) -> Select[tuple[str]]:
    """Return what a suspect is about until it has left, and what has killed for a day."""
    waits = and_(_is_suspect(_Other), _Other.state.in_(("pending", "leased")))
    return _claimed_by_others(_Other.topic).where(or_(waits, _has_killed(1, now)))


def deadly_addresses(now: datetime) -> Select[tuple[str]]:
    """Select the addresses where even plain words have killed, for a day. Not those of suspects: one person may be
    called about all."""
    return _claimed_by_others(_Other.address).where(_has_killed(2, now))


def _claimed_by_others(column: InstrumentedAttribute[str]) -> Select[tuple[str]]:
    """By an index that is empty as long as nobody dies."""
    return select(column).where(text(HAS_DIED))


def _has_killed(times: int, now: datetime) -> ColumnElement[bool]:
    return and_(_Other.deaths_alone >= times, _Other.created_at > now - REMEMBERED)


def _is_suspect(row: type[Message]) -> ColumnElement[bool]:
    """Also what was left leased by its last but one: to claim it is to count the third."""
    return or_(row.deaths >= SUSPECT_FROM, and_(row.deaths == SUSPECT_FROM - 1, row.state == "leased"))


def free_leases(owner_prefix: str, *, now: datetime, died: bool = True) -> int:
    """Make due what a predecessor of this slot had claimed; call it before any sender of the slot starts.

    ``died``: it did not stop in order, and each of these may have been why. Twice a message keeps its place in the
    line; then it is a suspect, and in line from now on.
    """
    deaths = Message.deaths + int(died)
    not_later = case((Message.next_at > now, now), else_=Message.next_at)
    with transaction() as session:
        freed = session.scalars(
            update(Message)
            .where(Message.state == "leased", Message.lease_owner.startswith(owner_prefix, autoescape=True))
            .values(
                state="pending",
                lease_owner=None,
                leased_until=None,
                deaths=deaths,
                next_at=case((deaths >= SUSPECT_FROM, now), else_=not_later),
            )
            .returning(Message.id)
        ).all()
    return len(freed)
