"""PURE what may be grouped, and whether an alarm that joins an incident calls its people anew.

An incident that nobody has taken is being called about anyhow: a storm that spreads from place to place must not begin
the calls again and again, or the second step would never be reached. So there a new place begins them anew only when
they have not been begun for ``REST``. Whoever has it, or has put it off, decided on less than is known now: they are
called anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.catalogue.severity import restricted_by_law
from incidents.record import secrecy

REST = timedelta(minutes=15)
MOST_MINUTES = 720


def may_group(category: str, *, restricted: bool, legal: bool, party_state: bool, title: str) -> bool:
    """KT1, Party and State, and what only those see who need it, are incidents of their own; so is what has steps by
    law, for each has its own record."""
    if party_state or restricted or legal or category == "kt1" or restricted_by_law(category):
        return False
    return not secrecy.speaks_of_state(title)


@dataclass(frozen=True)
class CallState:
    """How the calls of the incident stand: ``begun_at`` is when they were last begun; None: the first is still to
    come, and will tell of everything."""

    is_open: bool
    begun_at: datetime | None


def calls_anew(standing: CallState, *, is_worse: bool, is_elsewhere: bool, now: datetime) -> bool:
    """Whether the calls begin again with the first step."""
    if standing.is_open and standing.begun_at is None:
        return False
    if is_worse:
        return True
    rested = standing.begun_at is None or now - standing.begun_at >= REST
    return is_elsewhere and (rested or not standing.is_open)
