"""PURE Days of one Tết beside those of another: by phase, and by how far they are from Mùng 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar.holidays import Phase, phase


@dataclass(frozen=True)
class TetDay:
    """A local date; ``offset``: days after Mùng 1, negative before it."""

    on: date
    offset: int
    phase: Phase


def days_around(first: date, last: date, mung_1: date, rest: tuple[date, date]) -> list[TetDay]:
    """Every date from ``first`` to ``last`` (both inclusive); ``rest``: the break, both days free."""
    dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [TetDay(on, (on - mung_1).days, phase(on, *rest)) for on in dates]


def models(wanted: Sequence[TetDay], there: Sequence[TetDay]) -> dict[date, date | None]:
    """Return for each date that is wanted the date to do as: of the same phase the one that lies as far from Mùng 1,
    else the nearest to that, of two the earlier. None where there is no day of that phase.

    A break that is shorter this year so takes the days in its middle, not those of the week before.
    """
    found: dict[date, date | None] = {}
    for day in wanted:
        same = [each for each in there if each.phase == day.phase]
        nearest = min(same, key=lambda each: (abs(each.offset - day.offset), each.on), default=None)
        found[day.on] = nearest.on if nearest else None
    return found
