"""The worker's part: whose turn it is, who is asked once more, who cannot come themselves by now, what ends by its time
or because its seat moved.

All of it stands in rows: a worker that is killed, or two of them, say nothing twice and forget nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from core.actor import SYSTEM
from core.db import db, transaction
from duty.swaps import deciding, notices, queries, services as swaps
from duty.swaps.lines.line import SwapLine
from duty.swaps.models import OPEN, Swap, SwapAsked
from people.absences import spans as away

EVERY = timedelta(seconds=20)
CANNOT = "Không đến được"
"""Why somebody is asked no more; stored as all reasons are, and colleagues may read it: not for what."""


def look(now: datetime) -> int:
    """Do what has come due; how many asks it touched."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    ids = db.session.scalars(select(Swap.id).where(Swap.state.in_(OPEN)).order_by(Swap.id)).all()
    lines = queries.lines_of(ids, now=now)
    gone = {line.swap.id for line, _asked in _gone([line for line in lines if line.is_open])}
    due = [
        line.swap.id for line in lines if not line.is_open or line.swap.id in gone or notices.is_anybody_due(line, now)
    ]
    for swap_id in due:
        with transaction():
            _see_to(queries.line(swaps.locked(swap_id), now=now), now)
    current_app.extensions[__name__] = now
    return len(due)


def _see_to(line: SwapLine, now: datetime) -> None:
    if line.is_open:
        for _line, asked in _gone([line]):
            deciding.says_no(line.swap, asked.person, CANNOT, actor=SYSTEM, now=now)
        if line.swap.state not in OPEN:
            return
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


def _gone(lines: Sequence[SwapLine]) -> list[tuple[SwapLine, SwapAsked]]:
    """Return those who were asked, or have said yes already, and are away themselves by now: nothing can come of it,
    and whoever comes next, or manages, does not wait until its time is over."""
    if not lines:
        return []
    persons = {each.person_id for line in lines for each in line.swap.asked}
    first, last = min(line.starts_at for line in lines), max(line.ends_at for line in lines)
    aways = away.during(persons, first, last)
    return [
        (line, each)
        for line in lines
        for each in line.swap.asked
        if each.answer != "declined" and away.hit(aways.get(each.person_id, ()), line.starts_at, line.ends_at)
    ]
