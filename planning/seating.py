"""PURE who sits where on a shift. Whoever stays keeps the seat, because the seat is what calendars know it by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

Who = TypeVar("Who")


def seated(seats: Sequence[int], now_on: Mapping[int, Who], people: Sequence[Who]) -> dict[int, Who]:
    """Seat id → person for ``people``, given who sits where now; newcomers take the free seats in order.

    People beyond the number of seats are left out; the caller refuses them.
    """
    wanted = list(dict.fromkeys(people))
    staying = {seat: now_on[seat] for seat in seats if seat in now_on and now_on[seat] in wanted}
    free = [seat for seat in seats if seat not in staying]
    coming = [person for person in wanted if person not in staying.values()]
    return staying | dict(zip(free, coming, strict=False))
