"""One ask with the shifts that it is about, as whoever reads or tells of it needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from duty.swaps.models import OPEN, Swap, SwapAsked
from notify.message_states.delivery_states import HAS_LEFT, DeliveryState
from people.models import Person
from roster.models import Shift


@dataclass(frozen=True)
class Chained:
    """The other ask of a chain of two. ``is_first``: it is the one whose taker gives away the seat of the other."""

    swap: Swap
    shift: Shift
    is_first: bool

    @property
    def taker(self) -> SwapAsked:
        """The only one who is asked for each seat of a chain."""
        return self.swap.asked[0]


@dataclass(frozen=True)
class SwapLine:
    """An ask with the shifts that it is about. ``state``: as it is now. ``mine``: what the reader was asked."""

    swap: Swap
    shift: Shift
    in_return: Shift | None
    other: Person | None
    """Who holds the shift that comes back."""
    state: str
    delivery: Mapping[int, DeliveryState] = field(default_factory=dict)
    """Person id → how far the question to them has come."""
    mine: SwapAsked | None = None
    chained: Chained | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def starts_at(self) -> datetime:
        """Return the start of what changes hands: the shift, or the part of it that is asked about."""
        return self.swap.from_at or self.shift.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.swap.to_at or self.shift.ends_at

    @property
    def unit_ids(self) -> list[int]:
        """Return the unit ids of the seats that would change hands, beginning with the seat that is asked about."""
        units = [self.swap.unit_id]
        if self.in_return is not None:
            units.append(self.in_return.unit_id)
        if self.chained is not None:
            units.append(self.chained.swap.unit_id)
        return list(dict.fromkeys(units))

    @property
    def accepted(self) -> list[SwapAsked]:
        return [each for each in self.swap.asked if each.answer == "accepted"]

    def delivered(self, asked: SwapAsked) -> DeliveryState | None:
        """How far the question to somebody who was asked has come, of a chain also by the other ask."""
        return self.delivery.get(asked.person_id)

    @property
    def is_asked(self) -> bool:
        """Somebody knows of it: it has left to them, or they have answered."""
        every = [*self.swap.asked, *(self.chained.swap.asked if self.chained is not None else [])]
        heard = any(each in HAS_LEFT for each in self.delivery.values())
        return heard or any(each.answer is not None for each in every)

    @property
    def is_agreed(self) -> bool:
        """Somebody would take it; of a chain both would."""
        return bool(self.accepted) and (self.chained is None or self.chained.taker.answer == "accepted")

    @property
    def willing(self) -> list[Person]:
        """Who said yes, to either ask of a chain."""
        other = [self.chained.taker] if self.chained is not None else []
        return [each.person for each in (*self.swap.asked, *other) if each.answer == "accepted"]

    @property
    def declined(self) -> list[SwapAsked]:
        return [each for each in self.swap.asked if each.answer == "declined"]

    @property
    def waiting(self) -> list[SwapAsked]:
        return [each for each in self.swap.asked if each.answer is None]
