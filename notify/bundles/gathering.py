"""What is gathered: notices of one kind to one person that leave as one message, by the oldest of them.

Calls share a letter only in a storm. These always do: what is due to that person within the next minutes goes along.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session

from notify import precedence
from notify.bundles.services import goes_again_with_others, is_unsent
from notify.deaths import services as deaths
from notify.models import IS_ENDING, Message

AHEAD = timedelta(minutes=10)
"""What is due by then need not be a message of its own."""
PUT_OFF = timedelta(seconds=1)
LEFT_TO_OTHERS = timedelta(seconds=5)
MOST = 199
"""Beside the one that leads."""


def is_gathered(message: Message) -> bool:
    return message.rank == precedence.ENDING


def companions(session: Session, first: Message, now: datetime) -> Sequence[Message] | None:
    """Return what goes along with ``first``, until commit nobody else's; ``None``: not now, and ``first`` is put off.
    Then another sender is looking at the same person's, or somebody is taking one back."""
    if first.letter_id:  # it may have been delivered, and goes again as it was
        same = select(Message).where(Message.letter_id == first.letter_id, Message.id != first.id, is_unsent(now))
        return session.scalars(same.with_for_update()).all() if goes_again_with_others(first) else []
    order = Message.next_at, Message.id
    found = session.scalars(select(Message.id).where(*_theirs(first, now)).order_by(*order).limit(MOST + 1)).all()
    if found and found[0] != first.id:
        _put_off(session, first, now + LEFT_TO_OTHERS)
        return None
    others = select(Message).where(Message.id.in_(found), *_theirs(first, now), Message.id != first.id)
    held = others.order_by(*order).with_for_update(skip_locked=True).execution_options(populate_existing=True)
    along = session.scalars(held).all()
    # Never waited for: whoever takes several back holds them one after the other.
    if len(along) + 1 < len(found):
        _put_off(session, first, now + PUT_OFF)
        return None
    return along


def _theirs(first: Message, now: datetime) -> list[ColumnElement[bool]]:
    """Select what goes to the same person by the same way, fresh, due or nearly."""
    return [
        text(IS_ENDING),  # type: ignore[list-item]
        Message.person_id == first.person_id,
        Message.sent_at.is_(None),
        Message.state == "pending",
        Message.channel == first.channel,
        Message.address == first.address,
        Message.local_only == first.local_only,
        Message.letter_id == "",
        Message.next_at <= now + AHEAD,
        deaths.is_ordinary(now),
    ]


def _put_off(session: Session, first: Message, until: datetime) -> None:
    later = update(Message).where(Message.id == first.id).values(next_at=until)
    session.execute(later.execution_options(synchronize_session=False))
