"""What became of words that were meant for somebody: one vocabulary for pages, papers, messages and the API.

*Told*, *asked* and *called* are said only of what has left (``HAS_LEFT``): words that lie here were heard by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, select

from core.db import db
from notify.models import Message

DeliveryState = Literal["known", "delivered", "sent", "waiting", "failed", "no_channel"]
"""``known``: its reader showed that they know (decision 29); ``delivered``: the telephone said that it came; ``sent``:
a carrier took it; ``waiting``: it will be tried; ``failed``: it was refused for good; ``no_channel``: nothing carries
it here."""
ORDER: tuple[DeliveryState, ...] = ("known", "delivered", "sent", "waiting", "failed", "no_channel")
"""The best first."""
HAS_LEFT: frozenset[DeliveryState] = frozenset({"known", "delivered", "sent"})


_REPORTED: dict[str, DeliveryState] = {"delivered": "delivered", "undelivered": "failed"}


def state_of(state: str, reported: str = "") -> DeliveryState | None:
    """Return what became of a message that is in ``state`` of the outbox; ``None`` when it was taken back.

    ``reported``: what the provider said later.
    """
    if state == "sent" and reported in _REPORTED:
        return _REPORTED[reported]
    states: dict[str, DeliveryState] = {
        "sent": "sent",
        "pending": "waiting",
        "leased": "waiting",
        "held": "no_channel",
        "failed_permanent": "failed",
    }
    return states.get(state)


def left() -> ColumnElement[bool]:
    """Whether a ``Message`` has left: the same as :data:`HAS_LEFT` of :func:`state_of`, for the database."""
    return and_(Message.state == "sent", Message.reported != "undelivered")


def best(states: Iterable[DeliveryState | None]) -> DeliveryState | None:
    """Return how far the words came by any of several ways; ``None`` when nothing was written."""
    return min((each for each in states if each is not None), key=ORDER.index, default=None)


def latest_state(topic: str) -> DeliveryState | None:
    """Return how far what was written last about it has come, to whomever of its receivers; ``None``: nothing was
    written, or it was taken back."""
    at = select(func.max(Message.created_at)).where(Message.topic == topic).scalar_subquery()
    rows = select(Message.state, Message.reported).where(Message.topic == topic, Message.created_at == at)
    return best(state_of(state, reported) for state, reported in db.session.execute(rows).tuples())
