"""Which letters the demo entered: written down with them, so that a demo that was cut short can be taken back."""

from __future__ import annotations

from sqlalchemy import delete

from core.db import db, transaction
from core.models import Setting

KEY = "demo.letters"
"""Setting: ids of the letters that the demo entered; it is there as soon as the demo tells of any letter."""


def begin() -> None:
    """Begin before the first word, so that letter 77 is taken back whatever becomes of the rest."""
    with transaction() as session:
        session.merge(Setting(key=KEY, value=[]))


def add(letter_id: int) -> None:
    """Add it in the transaction that enters the letter."""
    with transaction() as session:
        row = session.get_one(Setting, KEY)
        row.value = [*row.value, letter_id]


def ids() -> set[int] | None:
    """None: the demo has told of no letter."""
    row = db.session.get(Setting, KEY)
    return None if row is None else set(row.value)


def forget() -> None:
    """Forget it in the caller's transaction."""
    db.session.execute(delete(Setting).where(Setting.key == KEY))
