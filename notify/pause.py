"""Sending paused: after a restore nothing leaves, and no step is fired, until a person has chosen what happens.

The restored database remembers messages that left long ago and steps that fell due meanwhile. A row of ``settings``
says so; all that claims messages or fires steps looks at it. Deadlines stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import db
from core.models import Setting
from notify.models import Message

KEY = "sending.paused"


@dataclass(frozen=True)
class Pause:
    """``since``: when it was restored; ``copied_at``: when the copy was taken."""

    since: datetime
    copied_at: datetime


def current() -> Pause | None:
    """A look without locks; ``None`` is the ordinary state."""
    value: Any = db.session.scalar(select(Setting.value).where(Setting.key == KEY))
    return _parse(value) if value else None


def end(session: Session) -> Pause | None:
    """Let things leave again, in the caller's transaction; what it was, ``None`` when somebody else had ended it."""
    row = session.scalar(
        select(Setting).where(Setting.key == KEY).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        return None
    ended = _parse(row.value)
    session.delete(row)
    return ended


def cancel_older(session: Session, than: datetime) -> int:
    """Take back every message written before; what is held stays, since only a person's click sends it."""
    taken_back = session.scalars(
        update(Message)
        .where(Message.state.in_(("pending", "leased")), Message.created_at < than)
        .values(state="cancelled", lease_owner=None, leased_until=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return len(taken_back.all())


def value(since: datetime, copied_at: datetime) -> dict[str, str]:
    """Return what the row holds."""
    return {"since": since.isoformat(), "copied_at": copied_at.isoformat()}


def _parse(value: dict[str, str]) -> Pause:
    return Pause(datetime.fromisoformat(value["since"]), datetime.fromisoformat(value["copied_at"]))
