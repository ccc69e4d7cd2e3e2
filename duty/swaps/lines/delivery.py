"""Whether those who are asked to take a seat were asked: what became of the words and calls to each of them.

An ask runs out only after it has left to somebody: nobody's silence counts to whom nothing was said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Text, and_, cast, exists, literal, or_, select

from core.db import batched, db
from duty.swaps.models import Swap
from notify.message_states.delivery_states import DeliveryState, best, left, state_of
from notify.models import Message

ASKED, AGAIN = "asked", "again"
"""What a message about an ask is for, in its key: others of the same topic tell how it ended."""


def topic(swap_id: int) -> str:
    """Return the topic of the messages about an ask in the outbox."""
    return f"swap/{swap_id}"


def call_topic(swap_id: int) -> str:
    """Return the topic of the calls about an ask."""
    return f"swap/{swap_id}/call"


def key(swap_id: int, what: str) -> str:
    """Return the key of a message about an ask, up to the id of its receiver."""
    return f"{topic(swap_id)}/{what}"


def states(swap_ids: Collection[int]) -> Mapping[tuple[int, int], DeliveryState]:
    """Return (swap id, person id) → how far the question to that person has come; without those to whom nothing was
    written, or from whom it was taken back."""
    found: dict[tuple[int, int], DeliveryState] = {}
    for some in batched(sorted(swap_ids)):
        swap_of = {each: swap_id for swap_id in some for each in (topic(swap_id), call_topic(swap_id))}
        columns = (Message.topic, Message.idempotency_key, Message.person_id, Message.state, Message.reported)
        wanted = select(*columns).where(Message.topic.in_(swap_of), Message.person_id.is_not(None))
        for about, named, person_id, state, reported in db.session.execute(wanted).tuples():
            swap_id = swap_of[about]
            questions = (f"{key(swap_id, ASKED)}/", f"{key(swap_id, AGAIN)}/")
            if about == topic(swap_id) and not named.startswith(questions):
                continue
            of = swap_id, person_id or 0
            if (further := best((found.get(of), state_of(state, reported)))) is not None:
                found[of] = further
    return found


def has_left() -> ColumnElement[bool]:
    """Return the condition on ``Swap`` that the question has left to somebody."""
    about = literal("swap/") + cast(Swap.id, Text)
    by_words = and_(Message.topic == about, Message.idempotency_key.startswith(about + f"/{ASKED}/"))
    return exists().where(left(), or_(by_words, Message.topic == about + "/call"))
