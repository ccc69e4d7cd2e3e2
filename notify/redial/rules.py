"""PURE when an automatic call rings a second time."""

from __future__ import annotations

from datetime import datetime, timedelta

AFTER = timedelta(seconds=75)
"""From the moment when the gateway took the first one: it has rung out by then."""
WITHIN = timedelta(seconds=150)
"""Both within three minutes as the telephone counts them, although a gateway takes its time to dial."""
SOON = timedelta(seconds=5)
"""After the provider's word that nobody picked up."""


def rings_again(setting: str, *, tells: bool) -> bool:
    """Whether calls of a gateway are repeated. ``tells``: it reports what becomes of a call, or keys.

    ``setting``: ``always``, ``never``, or empty, where the gateway tells.
    """
    return setting == "always" or (setting == "" and tells)


def due_at(taken_at: datetime) -> datetime:
    """Return when the second one is due, if nobody has answered by then."""
    return taken_at + AFTER


def good_until(taken_at: datetime) -> datetime:
    """Later it would be another call, and no telephone lets it through for the first one's sake."""
    return taken_at + WITHIN
