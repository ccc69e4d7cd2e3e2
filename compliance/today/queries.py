"""All that is asked of a point on a day, and how its last seven days went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select

from compliance.parcel_checks import expected, queries as parcels, refusals
from compliance.parcel_checks.models import ParcelCheck
from compliance.parcel_checks.queries import ParcelNumbers
from compliance.parcel_checks.refusals import Added, Refusals
from compliance.posting import parts, queries as posting
from compliance.posting.queries import PostingState
from compliance.service_hours import queries as hours
from compliance.service_hours.rules import OpeningHours, is_to_open
from compliance.today.models import PointDay, PointSend
from core.clock import local, local_date
from core.db import db
from people.models import Unit
from roster.resolver import numbers
from roster.resolver.numbers import DialNumber

Mark = Literal["ok", "other", "waiting", "missing", "closed", "before", "today"]
DAYS = 7
ROLES = ("operations", "leadership", "support")
"""Duties whose desk is rung from a point."""


@dataclass(frozen=True)
class DayTile:
    """``mark``: as usual, something else, told by a sheet of before, nobody told it, closed, before anything was asked,
    today."""

    day: date
    mark: Mark
    checked: int | None = None


@dataclass(frozen=True)
class Today:
    unit: Unit
    day: date
    today: date
    hours: OpeningHours | None
    posting: dict[str, PostingState]
    numbers: ParcelNumbers
    said: PointDay | None
    week: tuple[DayTile, ...]
    ring: tuple[tuple[str, DialNumber], ...]
    """(duty, number), each number once."""
    is_to_open: bool = False
    """It is today, and the doors are still to open: that they did in time cannot be said yet."""

    @property
    def owed(self) -> tuple[str, ...]:
        """Texts of which somebody here has to put up one, or take a photo."""
        return tuple(what for what, state in self.posting.items() if state.is_open)

    @property
    def hanging(self) -> int:
        """Return how many of the obligatory texts hang as they are now."""
        return sum(self.posting[what].code in ("posted", "waiting", "unproved") for what in parts.OBLIGATORY)

    @property
    def waiting(self) -> int:
        """Return of how many obligatory texts a photo waits to be accepted."""
        return sum(self.posting[what].code == "waiting" for what in parts.OBLIGATORY)


def today_at(unit: Unit, day: date, now: datetime) -> Today:
    today = local_date(now)
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    asked = sorted({*days, day})
    said = point_days([unit.id], asked[0], asked[-1])
    counted = parcels.by_day([unit.id], asked[0], asked[-1])
    told = parcels.told_days([unit.id], asked[0], asked[-1])
    open_on = hours.hours_by_day([unit.id], asked)
    since = expected.since([unit.id], today)[unit.id]
    week = tuple(
        DayTile(
            each,
            _mark(
                said.get((unit.id, each)),
                (unit.id, each) in told,
                open_on[unit.id, each],
                None if since is None else since <= each,
                is_today=each == today,
            ),
            counted[unit.id, each].checked if (unit.id, each) in counted else None,
        )
        for each in days
    )
    states = posting.states([unit.id], today)
    return Today(
        unit=unit,
        day=day,
        today=today,
        hours=open_on[unit.id, day],
        posting={what: state for (_unit, what), state in states.items()},
        numbers=counted.get((unit.id, day), ParcelNumbers()),
        said=said.get((unit.id, day)),
        week=week,
        ring=_ring(unit.id),
        is_to_open=day == today and is_to_open(open_on[unit.id, day], local(now).time()),
    )


def _mark(
    said: PointDay | None, told: bool, hours: OpeningHours | None, expected: bool | None, *, is_today: bool
) -> Mark:
    if said is not None and not said.waits:
        return "ok" if said.hours_kept and said.posting_kept else "other"
    if told:
        return "ok"
    if said is not None:
        return "waiting"
    if is_today:
        return "today"
    if hours is not None and hours.closed:
        return "closed"
    return "missing" if expected else "before"


def _ring(unit_id: int) -> tuple[tuple[str, DialNumber], ...]:
    found = numbers.to_ring_each([(unit_id, duty) for duty in ROLES])
    shown: dict[str, tuple[str, DialNumber]] = {}
    for duty in ROLES:
        number = found[unit_id, duty]
        if number.phone:
            shown.setdefault(number.phone, (duty, number))
    return tuple(shown.values())


@dataclass(frozen=True)
class Counter:
    """One telephone or program of a day: what it counted; every sending, the newest first; what it refused, None where
    the sheet told of no refusal."""

    row: ParcelCheck
    sendings: tuple[PointSend, ...]
    refusals: Refusals | None

    @property
    def code(self) -> str:
        return self.row.counter

    @property
    def is_by_sheet(self) -> bool:
        """Whether it came by the sheet, and not from a program, whose name a stranger may have sent."""
        told = bool(self.sendings) or self.refusals is not None
        is_open = self.row.checked is None or self.row.settled_at is not None
        return self.row.sheet_at is not None or (told and is_open)

    @property
    def refused_aside(self) -> int:
        """Parcels that are no part of its number."""
        return self.refusals.aside if self.refusals else 0

    @property
    def to_add(self) -> int:
        """Those of them that can become part of it (``refusals.to_add``)."""
        return self.refused_aside if self.is_by_sheet and self.row.settled_at is None else 0

    @property
    def added(self) -> tuple[Added, ...]:
        """Those that were left out and are part of it since somebody said so."""
        return self.refusals.added if self.refusals else ()

    @property
    def short_name(self) -> str:
        """The end of what a telephone named itself by lot; empty: the form without scripts."""
        return self.code[-4:]

    @property
    def left_out(self) -> PointSend | None:
        """What it said last, where no number of it is part of the point's."""
        return max(self.sendings, key=lambda sent: sent.said_at) if self.sendings and self.row.checked is None else None

    @property
    def counts(self) -> bool:
        """Whether anything of it is part of the point's numbers."""
        return self.row.checked is not None or self.row.refused > 0


def counters(unit_id: int, day: date) -> tuple[list[Counter], list[Counter]]:
    """Who counted, and of whom nothing is part of the point's numbers, each the first first: who comes later pushes
    nobody off a list."""
    sent: dict[str, list[PointSend]] = {}
    wanted = select(PointSend).where(PointSend.unit_id == unit_id, PointSend.day == day)
    for each in db.session.scalars(wanted.order_by(PointSend.id.desc())):
        sent.setdefault(each.said.get("counter", ""), []).append(each)
    refused = refusals.told(unit_id, day)
    found = [
        Counter(row, tuple(sent.get(row.counter, ())), refused.get(row.counter))
        for row in parcels.counters_of(unit_id, day)
    ]
    return [each for each in found if each.counts], [each for each in found if not each.counts]


def point_days(unit_ids: Collection[int], since: date, until: date) -> dict[tuple[int, date], PointDay]:
    wanted = select(PointDay).where(PointDay.unit_id.in_(unit_ids), PointDay.day >= since, PointDay.day <= until)
    return {(row.unit_id, row.day): row for row in db.session.scalars(wanted)}
