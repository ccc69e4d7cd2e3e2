"""What waited for the morning, for those who get the message of the morning: they read it there, in one letter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from core.db import db
from incidents.endings import words
from incidents.endings.judging import standing_of
from incidents.endings.rules import UNTIL_MORNING
from notify.bundles.gathering import AHEAD
from notify.erasing import GONE
from notify.models import IS_ENDING, Message


def waiting(person_id: int, now: datetime) -> Sequence[Message]:
    """Return what was left for the morning and would leave by itself within the next minutes; never what leaves at
    once."""
    kept = Message.delay_seconds == UNTIL_MORNING
    mine = (text(IS_ENDING), kept, Message.person_id == person_id, Message.sent_at.is_(None))
    due = select(Message).where(*mine, Message.state == "pending", Message.next_at <= now + AHEAD)
    return db.session.scalars(due.order_by(Message.id)).all()


def lines(messages: Sequence[Message], now: datetime) -> list[str]:
    """Return what of it still holds, in the present language."""
    return words.lines_of(standing_of(messages, now).lines)


def told_there(session: Session, message_ids: Collection[int]) -> None:
    """They leave no more by themselves, in the caller's transaction; what is on its way goes."""
    told = update(Message).where(Message.id.in_(message_ids), Message.state == "pending")
    session.execute(told.values(state="superseded", **GONE).execution_options(synchronize_session=False))
