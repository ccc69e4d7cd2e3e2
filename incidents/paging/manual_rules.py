"""PURE who must be telephoned by hand, because nothing that the system sent can have reached them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Why = Literal["no_channel", "held", "failed", "stuck"]
STUCK_AFTER = timedelta(seconds=60)
"""So long may nothing of what was sent to a person have been accepted: then the telephone is faster."""
CLAIM = timedelta(minutes=3)
"""How long the person ringing is left alone."""
BUSY = timedelta(minutes=2)
"""A busy line is tried again after that."""
LATER = (5, 10, 20)
"""Minutes after which a person may ask to be rung again."""
UNDO = timedelta(minutes=2)
"""How long the result of a call can be taken back."""
AGAIN = timedelta(seconds=10)
"""The same result within that is a second tap, not a second call."""


@dataclass(frozen=True)
class CalledWay:
    """One way by which a person was called; ``state`` is that of the message, empty when none was made.

    ``shut``: its gateway is known to be down, or it kills whoever carries it: waiting for it helps nobody.
    """

    state: str
    shut: bool = False


def why(ways: Iterable[CalledWay], since: datetime, now: datetime) -> Why | None:
    """Why this person has to be rung, or ``None`` while a message may still leave in time or has left.

    Looks at all ways of one call together: one that works is enough. ``since``: when the person was first called of
    the calls that did not leave; a new round of calls is no new patience.
    """
    found = list(ways)
    if any(way.state in ("sent", "superseded", "cancelled") for way in found):
        return None
    waiting = [way for way in found if way.state in ("pending", "leased")]
    if any(not way.shut for way in waiting) and now - since < STUCK_AFTER:
        return None
    if waiting:
        return "stuck"
    states = {way.state for way in found}
    if "held" in states:
        return "held"
    return "failed" if "failed_permanent" in states else "no_channel"
