"""Who is suspected, as the database says it, and what a worker leaves that died or stops."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.db import transaction
from notify.deaths.rules import REMEMBERED, SUSPECT_FROM
from notify.models import HAS_KILLED, Message

_Killer = aliased(Message)


def died_with() -> ColumnElement[int]:
    """Deaths of a message that is claimed now: a lease that nobody gave back was a dead sender's."""
    return Message.deaths + case((Message.state == "leased", 1), else_=0)


def is_ordinary(now: datetime) -> ColumnElement[bool]:
    """What senders carry side by side: whatever is not suspected, by itself or by the company that it keeps.

    Of what is not urgent only itself: a notice to hundreds shall not go one by one because one of them kills.
    """
    # Not by adding, so that an index of deaths may be read.
    few = or_(Message.deaths < SUSPECT_FROM - 1, and_(Message.deaths < SUSPECT_FROM, Message.state != "leased"))
    alone = or_(Message.topic.in_(killers(_Killer.topic, now)), Message.address.in_(killers(_Killer.address, now)))
    return and_(few, or_(~Message.urgent, ~alone))


def killers(column: InstrumentedAttribute[str], now: datetime) -> Select[tuple[str]]:
    """``column`` (of an alias of ``Message``) of what has killed lately; by its index there is nearly always none."""
    killed = text(HAS_KILLED)
    return select(column).where(killed, column.class_.created_at > now - REMEMBERED)


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
