"""The worker's part: whose turn it is, who is asked once more, what ends by its time or because its seat moved.

All of it stands in rows: a worker that is killed, or two of them, say nothing twice and forget nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from core.actor import SYSTEM
from core.db import db, transaction
from roster.swaps import notices, queries, services as swaps
from roster.swaps.models import OPEN, Swap
from roster.swaps.queries import Line

EVERY = timedelta(seconds=20)


def look(now: datetime) -> int:
    """Do what has come due; how many asks it touched."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    ids = db.session.scalars(select(Swap.id).where(Swap.state.in_(OPEN)).order_by(Swap.id)).all()
    due = [
        line.swap.id for line in queries.lines_of(ids, now=now) if not line.is_open or notices.is_anybody_due(line, now)
    ]
    for swap_id in due:
        with transaction():
            _see_to(queries.line(swaps.locked(swap_id), now=now), now)
    current_app.extensions[__name__] = now
    return len(due)


def _see_to(line: Line, now: datetime) -> None:
    if line.is_open:
        notices.ask_those_due(line, now=now)
        notices.nudge_those_due(line, now=now)
        return
    if line.swap.state not in OPEN:
        return  # another worker, or an answer, was quicker
    first, ended = queries.legs_of(line.swap)[0], line.state
    swaps.close(first, ended, "", actor=SYSTEM, now=now)
    whole = queries.line(first, now=now)
    notices.release(whole, ended, now=now)
    if ended == "expired" or (whole.chained is not None and queries.is_held(first)):
        notices.tell_nobody_comes(whole, ended, actor=SYSTEM, now=now)
