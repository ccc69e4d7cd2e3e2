"""What a message said is forgotten once nobody will send it again: it held the recipient's secret link or code.

Of the link a digest stays with the call that it answers. The row stays too: who, when, by which way, the subject, and
every answer of the carriers. Only what a voice says is kept a day longer, because providers fetch it when somebody
picks up; and as long the words that each attempt handed over (``Delivery.words``), which hold neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, or_, select, text, update

from core.db import transaction
from core.observability.logs import SECRET_PATH
from notify.models import HAS_WORDS, Delivery, Message

FINAL = ("sent", "failed_permanent", "cancelled", "superseded")
FETCHED_LATER = ("voice",)
KEPT_FOR = timedelta(hours=25)
"""As long as links in calls live, and a little."""
AT_ONCE = 500

GONE: dict[str, Any] = {
    "body": case((Message.channel.in_(FETCHED_LATER), Message.body), else_=""),
    "link": "",
    "facts": {},
}
"""Columns of a message that has become final."""


HAS_A_CODE = "has_a_code"
"""In the facts of a message whose words are a secret themselves."""


def kept_words(words: str, facts: Mapping[str, Any]) -> str:
    """Return what may be kept of what was handed over: nothing of a code, and no secret link."""
    return "" if facts.get(HAS_A_CODE) is True else without_secrets(words)


def without_secrets(answer: str) -> str:
    """A carrier's answer as it is kept: some quote what they were given."""
    return SECRET_PATH.sub(r"\1…", answer)


def sweep(*, now: datetime) -> int:
    """Housekeeping: what a voice said, and what attempts handed over, some at a time; answers how many."""
    return _erase_voices(now) + _erase_attempts(now)


def _erase_attempts(now: datetime) -> int:
    """Erase what old attempts to send final messages say, as their own words are; how many."""
    old = (text(HAS_WORDS), Delivery.at < now - KEPT_FOR, Message.id == Delivery.message_id, Message.state.in_(FINAL))
    some = select(Delivery.id).where(*old).limit(AT_ONCE)
    with transaction() as session:
        forgotten = update(Delivery).where(Delivery.id.in_(some)).values(words="").returning(Delivery.id)
        return len(session.scalars(forgotten.execution_options(synchronize_session=False)).all())


def _erase_voices(now: datetime) -> int:
    old = and_(Message.state.in_(FINAL), Message.channel.in_(FETCHED_LATER), Message.created_at < now - KEPT_FOR)
    some = select(Message.id).where(old, or_(Message.body != "", Message.link != "")).limit(AT_ONCE)
    with transaction() as session:
        erased = session.scalars(
            update(Message)
            .where(Message.id.in_(some))
            .values(body="", link="", facts={})
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        return len(erased.all())
