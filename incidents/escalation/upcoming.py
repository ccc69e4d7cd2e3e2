"""When the next call comes due: asked by index, so that nobody looks before there is anything to see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from core.db import db
from incidents.escalation.models import Ask
from incidents.record.models import Escalation
from notify.gateways.models import Breaker
from notify.models import Message


def next_moment(now: datetime) -> datetime | None:
    """The earliest step, question, message or lease end, or trial of a gateway. ``None``: nothing is planned.

    A step or a question that is due and still there is due now. A message that is due is the senders' affair: they have
    been woken, and go on by themselves until none is left.
    """
    pending, leased = Message.state == "pending", Message.state == "leased"
    asked = (
        select(func.min(Escalation.next_at)),
        select(func.min(Ask.next_at)).where(Ask.state == "open"),
        select(func.min(Message.next_at)).where(pending, Message.next_at > now),
        select(func.min(Message.leased_until)).where(leased, Message.leased_until > now),
        select(func.min(Breaker.probe_at)).where(Breaker.probe_at > now),
    )
    row = db.session.execute(select(*(each.scalar_subquery() for each in asked))).one()
    return min((moment for moment in row if moment is not None), default=None)


def seconds_until_next(now: datetime) -> float:
    """Infinite when nothing is planned."""
    moment = next_moment(now)
    return float("inf") if moment is None else (moment - now).total_seconds()
