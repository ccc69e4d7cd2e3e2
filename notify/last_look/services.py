"""What is worded at the last moment, from what is true then; whoever knows says whether it is still to be said.

A call is taken back by whoever answers it. What only tells may have become untrue in many ways: it is judged before
each try instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update

from core.db import db, transaction
from notify.claims import QUIETLY, ClaimedMessages, fenced
from notify.erasing import GONE
from notify.models import Message

JUDGED = "judged"
"""In the facts of a message that is worded here."""


@dataclass(frozen=True)
class LastLook:
    """One message for those of ``kept`` (message id → its own subject, by which it is told from an earlier one)."""

    subject: str
    body: str
    kept: Mapping[int, str]


Judge = Callable[[str, Sequence[Message], datetime], LastLook]
_judge: Judge | None = None


def set_judge(judge: Judge) -> None:
    """``judge(channel, messages to one person, now)``: what is said by it, and of which; without a word: of none."""
    global _judge
    _judge = judge


def look(claimed: ClaimedMessages, *, now: datetime) -> tuple[ClaimedMessages | None, LastLook | None]:
    """Return what of it is still to be said, and in which words (``None``: its own). What is not is taken back."""
    if not claimed.parts[0].letter.facts.get(JUDGED):
        return claimed, None
    if _judge is None:
        raise RuntimeError("nobody says whether it is still true")
    rows = db.session.scalars(select(Message).where(Message.id.in_([part.id for part in claimed.parts]))).all()
    said = _judge(claimed.channel, rows, now)
    subjects = {row.id: row.subject for row in rows}
    db.session.rollback()
    kept = tuple(part for part in claimed.parts if part.id in said.kept)
    _note(claimed, {each: words for each, words in said.kept.items() if words != subjects[each]}, said, now)
    return (replace(claimed, parts=kept), said) if kept else (None, None)


def _note(claimed: ClaimedMessages, changed: Mapping[int, str], said: LastLook, now: datetime) -> None:
    dropped = replace(claimed, parts=tuple(part for part in claimed.parts if part.id not in said.kept))
    if not dropped.parts and not changed:
        return
    with transaction() as session:
        for attempt in {part.attempt for part in dropped.parts}:
            gone = update(Message).where(fenced(dropped, attempt), Message.state == "leased")
            values = {"state": "cancelled", "next_at": now, "lease_owner": None, "leased_until": None, **GONE}
            session.execute(gone.values(values), execution_options=QUIETLY)
        for message_id, subject in changed.items():
            mine = update(Message).where(Message.id == message_id).values(subject=subject)
            session.execute(mine, execution_options=QUIETLY)
