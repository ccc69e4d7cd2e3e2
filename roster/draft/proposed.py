"""A draft as a pattern or a rotation of crews would have it: what is shown, then done as one edit that undo takes back.

``roster.patterns`` and ``roster.crews`` work out who would sit where; what becomes of it is the same for both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.actor import Actor
from core.errors import Conflict
from roster.draft import services
from roster.draft.edits import SeatEdit, SeatsEdited


@dataclass(frozen=True)
class KeptSeats:
    """How many seats are left as they are: begun or served, pinned, taken."""

    begun: int = 0
    pinned: int = 0
    taken: int = 0


class ProposedSeats(Protocol):
    """What :func:`write` reads of a proposal."""

    @property
    def edits(self) -> Sequence[SeatEdit]: ...
    @property
    def stamp(self) -> str: ...
    @property
    def draft_version(self) -> int: ...


def stamp_of(edits: Iterable[SeatEdit], *further: str) -> str:
    """The same as long as the edits are, and the lines that stand beside them."""
    lines = [*further, *(f"{each.seat} {each.was} {each.person} {each.pin}" for each in edits)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def refuse_moved(found: ProposedSeats, stamp: str | None, code: str) -> None:
    """Raise Conflict ``code`` where the proposal is another by now than the one that was looked at (``stamp``)."""
    if stamp is not None and stamp != found.stamp:
        raise Conflict(code, state={"stamp": found.stamp})


def write(
    campaign_id: int, found: ProposedSeats, *, reason: str, about: Mapping[str, str], actor: Actor, now: datetime
) -> SeatsEdited:
    """Do what was proposed; where it changes nothing, nothing is written. ``about``: what undo names it by.

    Raises as ``services.edit_seats`` does: what the whole of it breaks without a reason is a Conflict.
    """
    if not found.edits:
        return SeatsEdited(None, (), (), found.draft_version, found.draft_version)
    return services.edit_seats(
        campaign_id, found.edits, reason=reason.strip() or None, about=about, actor=actor, now=now
    )
