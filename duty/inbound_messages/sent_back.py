"""How many texts went back today through each gateway that reported: each costs, and somebody may want them to go.

An hour's limit for one number stops two machines that answer each other; this one stops many numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core import clock
from core.db import db
from duty.inbound_messages.models import SENT_BACK, Reply
from notify.gateways import services as gateways
from notify.gateways.models import Gateway


@dataclass(frozen=True)
class Spent:
    """A gateway that sends nothing back any more today, and after how many."""

    name: str
    limit: int


def is_spent(gateway_id: int, *, now: datetime) -> bool:
    """Whether today's texts back of this gateway are used up; of one that is gone there is nothing to count."""
    row = db.session.get(Gateway, gateway_id)
    limit = gateways.answers_daily(row) if row is not None else 0
    return bool(limit) and _today(gateway_id, now) >= limit


def spent(*, now: datetime) -> Sequence[Spent]:
    """Gateways whose limit of today is reached, for whoever works off what waits."""
    return [Spent(row.name, gateways.answers_daily(row)) for row in gateways.listed() if is_spent(row.id, now=now)]


def _today(gateway_id: int, now: datetime) -> int:
    midnight = clock.at_local(clock.local_date(now))
    sent = (Reply.state.in_(SENT_BACK), Reply.gateway_id == gateway_id, Reply.came_at >= midnight)
    return db.session.scalar(select(func.count()).where(*sent)) or 0
