"""Forgetting what has served its time, a thousand rows at a time: nobody waits for the writer any longer than that."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, delete, select, tuple_

from core.db import BATCH, db, transaction


def forget(model: type[db.Model], condition: ColumnElement[bool]) -> int:  # type: ignore[name-defined]
    """Delete the rows of ``model`` that meet the condition, in short transactions; answers how many."""
    key = tuple_(*model.__table__.primary_key.columns)
    some = select(*model.__table__.primary_key.columns).where(condition).limit(BATCH)
    gone: int = 0
    while True:
        with transaction() as session:
            found: Any = session.execute(
                delete(model).where(key.in_(some)), execution_options={"synchronize_session": False}
            )
            count: int = found.rowcount
        gone += count
        if count < BATCH:
            return gone
