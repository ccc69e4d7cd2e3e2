"""PURE what may be said of an incident in a group chat, and how long its link opens."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Protocol

OPEN_AFTER_CLOSING = timedelta(hours=24)
_NUMBER = re.compile(r"(?<![\w-])\+?\d(?:[\s.\-()]*\d){8,}(?!\w)")
"""Nine digits and more: a telephone, an identity card, a bank card."""


class SharedFacts(Protocol):
    """What of an incident decides."""

    category: str
    restricted: bool
    party_state: bool
    status: str
    closed_at: datetime | None
    joined_to_id: int | None


def why_not(incident: SharedFacts, now: datetime) -> str | None:
    """The code of why it must not be in a group, or None. It is asked at each look, not only when it is sent: an
    incident may turn out to be of that kind afterwards."""
    if incident.restricted:
        return "share.restricted"
    if incident.category == "kt1":
        return "share.kt1"
    if incident.party_state:
        return "share.party_state"
    if incident.joined_to_id is not None:
        return "share.joined"
    if is_over(incident, now):
        return "share.closed"
    return None


def is_over(incident: SharedFacts, now: datetime) -> bool:
    """Whether it was closed a day ago; opened again it is not."""
    closed = incident.closed_at if incident.status == "closed" else None
    return closed is not None and now >= closed + OPEN_AFTER_CLOSING


def without_numbers(text: str) -> str:
    """People write the number of whoever reported into the title."""
    return _NUMBER.sub("…", text)
