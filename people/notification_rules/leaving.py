"""Whether words to people would leave by a machine now: asked before anything is announced or asked, and said there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from core.db import batched, db
from notify import channel_outages, outbox
from people.models import Person
from people.notification_rules.rules import Rung

Way = Literal["leaves", "waits", "no_channel", "no_way"]
"""``waits``: its carrier fails at present; ``no_channel``: nothing here carries it; ``no_way``: there is no address."""


@dataclass(frozen=True)
class LeavingCounts:
    """How many people words would leave to now, and how many not, by why."""

    leaves: int = 0
    waits: int = 0
    no_channel: int = 0
    no_way: int = 0

    @property
    def by_hand(self) -> int:
        """How many somebody has to tell."""
        return self.waits + self.no_channel + self.no_way

    @property
    def people(self) -> int:
        return self.leaves + self.by_hand


def ways(rungs: Mapping[int, Rung | None]) -> dict[int, Way]:
    """Return person id → what would become of words by that rung now; a handful of statements."""
    carriers, faults, invented = outbox.Carriers(), channel_outages.current(), _invented(rungs)

    def way(person_id: int, rung: Rung | None) -> Way:
        if rung is None:
            return "no_way"
        if carriers.hold_reason(rung.channel, rung.address, local_only=person_id in invented):
            return "no_channel"
        return "waits" if rung.channel in faults.shut else "leaves"

    return {person_id: way(person_id, rung) for person_id, rung in rungs.items()}


def counted(found: Iterable[Way]) -> LeavingCounts:
    each = list(found)
    return LeavingCounts(*(each.count(way) for way in ("leaves", "waits", "no_channel", "no_way")))


def _invented(person_ids: Collection[int]) -> set[int]:
    """Return those of the demo: to them words leave only by gateways on this machine."""
    found = set[int]()
    for some in batched(sorted(person_ids)):
        found |= set(db.session.scalars(select(Person.id).where(Person.id.in_(some), Person.is_demo)))
    return found
