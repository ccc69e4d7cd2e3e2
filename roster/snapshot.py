"""The one bridge between rows and the engine's dataclasses. Ids are those of the rows: shifts, people, seats."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from core.clock import at_local
from core.db import db
from core.errors import NotFound
from people import queries as people
from people.models import Absence, Person, Unit
from roster import models
from roster.models import Campaign, Duty, LedgerEntry, Seat
from roster.planning.points import is_night, peaks
from roster.planning.problem import (
    Absence as Away,
    Assignment,
    Busy,
    Form,
    Pin,
    Problem,
    Shift,
    Staff,
    Want,
    Wish,
)

YEARS_CARRIED = 3
"""Earlier Tết whose points count: enough to even out, not so many that a newcomer pays for ten years."""
_REST = timedelta(days=1)


@dataclass(frozen=True)
class Cell:
    """Who sits on a seat of the draft."""

    person_id: int
    pinned: bool
    reason: str | None


@dataclass(frozen=True)
class Snapshot:
    """A draft at one moment. ``seats``: shift id → seat ids in order; ``cells``: seat id → who sits there."""

    campaign_id: int
    draft_version: int
    problem: Problem
    seats: Mapping[int, tuple[int, ...]]
    cells: Mapping[int, Cell]
    fixed: frozenset[int]
    """Shifts that are published and over: never rewritten."""

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        return tuple(
            Assignment(shift_id, self.cells[seat].person_id)
            for shift_id, seats in self.seats.items()
            for seat in seats
            if seat in self.cells
        )

    @property
    def excused(self) -> frozenset[tuple[int, int]]:
        """(shift id, person id) of the cells that carry an override reason."""
        return frozenset(
            (shift_id, self.cells[seat].person_id)
            for shift_id, seats in self.seats.items()
            for seat in seats
            if seat in self.cells and self.cells[seat].reason
        )


def take(campaign_id: int, *, now: datetime, also: Collection[int] = ()) -> Snapshot:
    """The draft of a campaign as a Problem; ``also`` are ids of people to judge who are not of the campaign's units.

    Raises NotFound. Reads only; call it inside a transaction when what it says must still hold at the end.
    """
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("campaign.unknown", id=campaign_id)
    rows = shift_rows(campaign_id)
    cells = {
        seat.id: Cell(seat.draft.person_id, seat.draft.pinned, seat.draft.override_reason)
        for row in rows
        for seat in row.seats
        if seat.draft
    }
    seats = {row.id: tuple(seat.id for seat in row.seats) for row in rows}
    fixed = frozenset(over_and_published(campaign_id, now))
    pinned = {(row.id, c.person_id) for row in rows for c in _cells(row, cells) if c.pinned or row.id in fixed}
    staff = _staff(campaign, {*also, *(cell.person_id for cell in cells.values())})
    ids = {person.id for person in staff}
    problem = Problem(
        shifts=tuple(_shift(row) for row in rows),
        staff=tuple(staff),
        absences=tuple(_absences(ids, campaign)),
        wishes=tuple(_wishes(ids, campaign)),
        pins=tuple(Pin(shift_id, person_id) for shift_id, person_id in sorted(pinned)),
        busy=tuple(_busy(ids, campaign, rows)),
    )
    return Snapshot(campaign.id, campaign.draft_version, problem, seats, cells, fixed)


def shift_rows(campaign_id: int) -> Sequence[models.Shift]:
    """The shifts of a campaign in order, with seats, draft and unit."""
    return db.session.scalars(
        select(models.Shift)
        .where(models.Shift.campaign_id == campaign_id)
        .options(selectinload(models.Shift.seats).joinedload(Seat.draft), joinedload(models.Shift.unit))
        .order_by(models.Shift.starts_at, models.Shift.id)
        .execution_options(populate_existing=True)
    ).all()


def over_and_published(campaign_id: int, now: datetime) -> set[int]:
    """Ids of shifts that have been served: published, and ended by ``now``."""
    statement = select(Duty.shift_id).where(Duty.campaign_id == campaign_id, Duty.ends_at <= now).distinct()
    return set(db.session.scalars(statement))


def _cells(row: models.Shift, cells: Mapping[int, Cell]) -> Iterable[Cell]:
    return (cells[seat.id] for seat in row.seats if seat.id in cells)


def _shift(row: models.Shift) -> Shift:
    return Shift(
        id=row.id, duty=row.duty, unit=row.unit.code, start=row.starts_at, end=row.ends_at,
        form=cast(Form, row.form), headcount=row.headcount, points=row.points,
        night=is_night(row.starts_at, row.ends_at), peak=peaks(row.starts_at, row.ends_at),
        local_date=row.local_on, template=row.template, replaces_work=row.replaces_work,
    )  # fmt: skip


def _staff(campaign: Campaign, also: Collection[int]) -> list[Staff]:
    below = people.subtree_ids(campaign.unit_id)
    rows = db.session.scalars(
        select(Person)
        .where((Person.unit_id.in_(below) & Person.active) | Person.id.in_(also))
        .options(selectinload(Person.duties))
        .order_by(Person.code)
    ).all()
    chain = _Chain()
    carried, last = _history(campaign.tet_year), _last_tet(campaign.tet_year)
    return [
        Staff(
            id=row.id, code=row.code, name=row.full_name, duties=frozenset(each.duty for each in row.duties),
            # Whoever has left may serve nowhere; the checker then says so.
            eligible_units=chain.codes(row.unit_id) if row.active else frozenset(),
            no_night=row.no_night, max_shifts=row.max_shifts, history_points=carried.get(row.id, 0),
            last_giao_thua=row.id in last["giao_thua"], last_mung_1=row.id in last["mung_1"],
            work_pattern=row.work_pattern,
        )
        for row in rows
    ]  # fmt: skip


class _Chain:
    """Codes of a unit and of those above it, from one reading of the tree."""

    def __init__(self) -> None:
        rows = db.session.execute(select(Unit.id, Unit.parent_id, Unit.code))
        self._of = {row.id: (row.parent_id, row.code) for row in rows}

    def codes(self, unit_id: int | None) -> frozenset[str]:
        found: set[str] = set()
        while unit_id is not None:
            unit_id, code = self._of[unit_id]
            found.add(code)
        return frozenset(found)


def _history(tet_year: int) -> dict[int, int]:
    """Hundredths of a point carried in from the latest Tết, by person."""
    rows = db.session.execute(
        select(LedgerEntry.person_id, func.sum(LedgerEntry.points))
        .where(LedgerEntry.tet_year < tet_year, LedgerEntry.tet_year >= tet_year - YEARS_CARRIED)
        .group_by(LedgerEntry.person_id)
    )
    return {person_id: int(total) for person_id, total in rows}


def _last_tet(tet_year: int) -> dict[str, set[int]]:
    rows = db.session.scalars(select(LedgerEntry).where(LedgerEntry.tet_year == tet_year - 1)).all()
    return {
        "giao_thua": {row.person_id for row in rows if row.giao_thua},
        "mung_1": {row.person_id for row in rows if row.mung_1},
    }


def _absences(ids: Collection[int], campaign: Campaign) -> Iterable[Away]:
    rows = db.session.scalars(
        select(Absence).where(
            Absence.person_id.in_(ids),
            Absence.to_on >= campaign.starts_on,
            # A duty of the last evening runs into the day after.
            Absence.from_on <= campaign.ends_on + timedelta(days=2),
        )
    )
    return (Away(row.person_id, at_local(row.from_on), at_local(_next(row.to_on))) for row in rows)


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _wishes(ids: Collection[int], campaign: Campaign) -> Iterable[Wish]:
    rows = db.session.scalars(
        select(models.Wish).where(
            models.Wish.person_id.in_(ids),
            models.Wish.on_date.between(campaign.starts_on, campaign.ends_on),
        )
    )
    for row in rows:
        template = None if row.template == "any" else row.template
        yield Wish(row.person_id, row.on_date, template, cast(Want, row.want), row.weight)


def _busy(ids: Collection[int], campaign: Campaign, rows: Sequence[models.Shift]) -> Iterable[Busy]:
    """What other campaigns have published for these people around the same days."""
    if not rows:
        return ()
    first, last = min(row.starts_at for row in rows), max(row.ends_at for row in rows)
    duties = db.session.scalars(
        select(Duty).where(
            Duty.person_id.in_(ids),
            Duty.campaign_id != campaign.id,
            Duty.cancelled_at.is_(None),
            Duty.starts_at < last + _REST,
            Duty.ends_at > first - _REST,
        )
    )
    return (Busy(row.person_id, row.starts_at, row.ends_at, cast(Form, row.form)) for row in duties)
