"""Delivery reports: what a provider says later of a message that it took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db import transaction
from notify import results
from notify.gateways import recipe, services as gateways
from notify.gateways.recipe import Nonsense
from notify.models import Message


def take(gateway_id: int, fields: Mapping[str, Any], *, now: datetime) -> bool:
    """Note what the provider says; whether it named a message of ours. A message that did not arrive lets the person's
    next way go at once. The same report again changes nothing.

    Raises ``NotFound("gateway.unknown")``.
    """
    row = gateways.by_id(gateway_id)
    try:
        provider_id, outcome, _words = recipe.read_report(recipe.from_json(row.settings), fields)
    except Nonsense:
        return False
    if not provider_id:
        return False
    with transaction() as session:
        message = session.scalar(
            select(Message)
            .where(Message.provider_id == provider_id, Message.channel == row.channel)
            .order_by(Message.id.desc())
            .limit(1)
        )
        if message is None:
            return False
        if outcome and message.reported != outcome:
            for each in session.scalars(
                select(Message).where(Message.letter_id == message.letter_id, Message.address == message.address)
            ):
                each.reported, each.reported_at = outcome, now
                if outcome == "undelivered" and each.ladder:
                    results.next_rung(each.ladder, each.rung, now=now)
        return True
