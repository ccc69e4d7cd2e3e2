"""Reading the outbox. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from core.db import db
from core.errors import NotFound
from notify import precedence
from notify.gateways.models import Breaker
from notify.models import Message

Row = TypeVar("Row", bound=tuple[Any, ...])
SHOWN = ("email", "sms", "voice")
"""Channels whose addresses people read."""
IS_CALL = and_(Message.urgent, Message.rank < precedence.NOTICE)
"""Somebody is called. A trial is sent as a call is, and leaves behind all of them: nobody waits for it."""
People = Select[tuple[int]]
"""A select of the ids of those whose messages are wanted; ``None`` = all."""


def messages_statement(
    *, states: Collection[str] = (), q: str = "", people: People | None = None
) -> Select[tuple[Message]]:
    """Messages in one of ``states`` (none = any) whose name, address or subject holds ``q``; paginate it yourself.

    Addresses of devices and services are secrets: a person who may not read one must not find it out letter by letter.
    """
    wanted = _within(select(Message), people).options(selectinload(Message.deliveries))
    if states:
        wanted = wanted.where(Message.state.in_(states))
    if q.strip():
        needle = q.strip().lower()
        shown = case((Message.channel.in_(SHOWN), Message.address), else_="")
        columns = (Message.recipient, shown, Message.subject)
        wanted = wanted.where(or_(*(func.lower(column).contains(needle, autoescape=True) for column in columns)))
    return wanted


def has_sent() -> bool:
    """Whether any message has ever left."""
    return db.session.scalar(select(Message.id).where(Message.state == "sent").limit(1)) is not None


def sent_by() -> set[str]:
    """The gateways of SMS and calls that have ever taken a message."""
    return {name for name in db.session.scalars(select(Message.carried_by).distinct()) if name}


def counts(people: People | None = None) -> dict[str, int]:
    """How many messages are in each state."""
    rows = db.session.execute(_within(select(Message.state, func.count()), people).group_by(Message.state)).all()
    return {row[0]: row[1] for row in rows}


def message_by_id(message_id: int, people: People | None = None) -> Message:
    """Return it with its deliveries. Raises ``NotFound("message.unknown")``, also when it is of nobody among
    ``people``."""
    wanted = _within(select(Message).where(Message.id == message_id), people)
    message = db.session.scalars(wanted.options(selectinload(Message.deliveries))).one_or_none()
    if message is None:
        raise NotFound("message.unknown")
    return message


def by_topic(topic: str) -> Sequence[Message]:
    """Return what was said about ``topic``, oldest first."""
    return db.session.scalars(select(Message).where(Message.topic == topic).order_by(Message.id)).all()


def held_ids(people: People | None = None) -> Sequence[int]:
    """Held messages, the oldest first."""
    return db.session.scalars(
        _within(select(Message.id).where(Message.state == "held"), people).order_by(Message.id)
    ).all()


def _within(statement: Select[Row], people: People | None) -> Select[Row]:
    return statement if people is None else statement.where(Message.person_id.in_(people))


def message_text(message_id: int | None) -> str:
    """The words of a message, empty when there is none: what a provider reads aloud."""
    return db.session.scalar(select(Message.body).where(Message.id == message_id)) or ""


def messages_of_ladders(ladders: Collection[str]) -> Sequence[Message]:
    """Every message of these ladders with its attempts, rung by rung; without second rings."""
    wanted = select(Message).where(Message.ladder.in_(ladders), Message.ladder != "", Message.again_of.is_(None))
    ordered = wanted.order_by(Message.ladder, Message.rung)
    return db.session.scalars(ordered.options(selectinload(Message.deliveries))).all()


def second_rings(message_ids: Collection[int]) -> dict[int, Message]:
    """The second ring of each of these calls that has one planned or made, with its attempts."""
    wanted = select(Message).where(Message.again_of.in_(message_ids)).options(selectinload(Message.deliveries))
    return {each.again_of: each for each in db.session.scalars(wanted) if each.again_of is not None}


def same_call(first: type[Message]) -> ColumnElement[bool]:
    """Whether ``Message`` went out for the same call by the same channel as ``first`` (an alias), to whichever of the
    person's addresses; itself included."""
    by_another = and_(first.ladder != "", Message.ladder == first.ladder, Message.channel == first.channel)
    return or_(Message.id == first.id, by_another)


def open_breakers() -> Sequence[Breaker]:
    """Gateways that are left alone at present, the longest first."""
    return db.session.scalars(select(Breaker).where(Breaker.opened_at.is_not(None)).order_by(Breaker.opened_at)).all()
