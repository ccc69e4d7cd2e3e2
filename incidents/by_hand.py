"""PURE: who must be telephoned by hand, because nothing that the system sent can have reached them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Why = Literal["no_channel", "held", "failed", "stuck"]
STUCK_AFTER = timedelta(seconds=60)
"""A message that should have left and has not for so long: the telephone is faster."""
CLAIM = timedelta(minutes=3)
"""How long whoever rings is left alone."""
BUSY = timedelta(minutes=2)
"""A busy line is tried again after that."""


@dataclass(frozen=True)
class Way:
    """One way by which a person was called; ``state`` is that of the message, empty when none was made.

    ``tried``: an attempt was made, or its gateway was known to be down. ``due_at``: when its next attempt may be made.
    """

    state: str
    tried: bool
    created_at: datetime
    due_at: datetime


def why(ways: Iterable[Way], now: datetime) -> Why | None:
    """Why this person has to be rung, or ``None`` while a message is on its way or has arrived.

    Looks at all ways of one call together: one that works is enough.
    """
    found = list(ways)
    if any(_works(way, now) for way in found):
        return None
    states = {way.state for way in found}
    if states & {"pending", "leased"}:
        return "stuck"
    if "held" in states:
        return "held"
    return "failed" if "failed_permanent" in states else "no_channel"


def _works(way: Way, now: datetime) -> bool:
    if way.state in ("sent", "superseded", "cancelled"):
        return True
    if way.state not in ("pending", "leased"):
        return False
    # While a gateway is left alone most messages behind it are never tried: being due for so long says the same.
    return now - (way.created_at if way.tried else way.due_at) <= STUCK_AFTER
