"""The address of somebody's own page, as a message to them has it: what a slip may not do, it may."""

from __future__ import annotations

from datetime import datetime

from people import queries as people
from scripts.samples import own_links


def own_path(code: str, *, now: datetime, to: str = "") -> str:
    """``to``: a mail or number of theirs; else the first that is their own."""
    return f"/p/me/{own_links.sent(people.person_by_code(code), now=now, to=to)}"
