"""Delivery reports: what a provider says later of a message that it took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from core.db import db, transaction
from notify import results
from notify.gateways import answers, recipe, services as gateways
from notify.gateways.models import Gateway
from notify.gateways.recipe import InvalidRecipe
from notify.models import Message
from notify.redial import services as redial


def take(gateway_id: int, fields: Mapping[str, Any], *, now: datetime) -> bool:
    """Note what the provider says; whether it named a message of ours. A message that did not arrive lets the person's
    next way go at once. What arrived has arrived: the same report again, or one of before, changes nothing.

    Raises ``NotFound("gateway.unknown")``.
    """
    row = gateways.by_id(gateway_id)
    try:
        provider_id, outcome, _words = answers.read_report(recipe.from_json(row.settings), fields)
    except InvalidRecipe:
        return False
    if not provider_id:
        return False
    with transaction() as session:
        message = session.scalar(
            select(Message)
            .where(Message.provider_id == provider_id, Message.channel == row.channel, _may_be_of(row))
            .order_by(Message.id.desc())
            .limit(1)
        )
        if message is None:
            return False
        of_letter = Message.letter_id == message.letter_id, Message.address == message.address
        # With the first rings of second ones, in one order: each of two reports at once reads what the other wrote.
        rung_before = select(Message.again_of).where(*of_letter, Message.again_of.is_not(None))
        held = select(Message).where(or_(and_(*of_letter), Message.id.in_(rung_before))).order_by(Message.id)
        rows = session.scalars(held.with_for_update().execution_options(populate_existing=True)).all()
        letter = [each for each in rows if (each.letter_id, each.address) == (message.letter_id, message.address)]
        for each in letter if outcome else ():
            first = db.session.get(Message, each.again_of) if each.again_of is not None else None
            if not _is_news(outcome, each, first):
                continue
            _report(each, first, outcome, now)
            if outcome == "undelivered" and each.ladder:
                results.next_rung(each.ladder, each.rung, now=now)
        return True


def _is_news(outcome: str, message: Message, first: Message | None) -> bool:
    """Not what was said before, and no failure of what has arrived, by this ring or by the ``first`` one."""
    said = {each.reported for each in (message, first) if each is not None}
    return message.reported != outcome and (outcome == "delivered" or "delivered" not in said)


def _may_be_of(row: Gateway) -> ColumnElement[bool]:
    """Not carried by another gateway: providers count from one, each for itself, and none speaks for its rival. What a
    gateway took under a name that it has no more is still told of."""
    others = [gateways.name_of(each) for each in gateways.listed() if each.id != row.id]
    return or_(Message.carried_by.is_(None), Message.carried_by.not_in(others))


def _report(message: Message, first: Message | None, outcome: str, now: datetime) -> None:
    """What becomes of a second ring is what became of the call."""
    message.reported, message.reported_at = outcome, now
    if first is not None:
        first.reported, first.reported_at = outcome, now
    if message.channel == redial.CHANNEL and outcome == "delivered":
        redial.heard_by(message.person_id, message.topic, now=now)
    elif message.channel == redial.CHANNEL:
        redial.hurry(message, now=now)
