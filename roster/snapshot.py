"""The one bridge between rows and the engine's dataclasses. Ids are those of the rows: shifts, people, seats.

What is known of people (leave, ordinary work, duties elsewhere …) is read in ``snapshot_people``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from core.db import db
from core.errors import NotFound
from roster import models, rule_settings, snapshot_people as facts
from roster.models import Campaign, Duty, Seat
from roster.planning.points import is_night, peaks
from roster.planning.problem import Assignment, Form, Pin, Problem, Shift, Wanted
from roster.planning.rules.coverage import HEADCOUNT

FEWER_THAN_WANTED = 1000_00
"""Hundredths of a point for each person fewer than a shift would like: far below a needed seat, and above what one more
duty costs in fairness, or nobody would ever be put there."""


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


def take(
    campaign_id: int, *, now: datetime, also: Collection[int] = (), cells: Mapping[int, Cell] | None = None
) -> Snapshot:
    """The draft of a campaign as a Problem; ``also`` are ids of people to judge who are not of the campaign's units.

    ``cells`` stand for those of the draft, to see what is not written yet.

    Raises NotFound. Reads only; call it inside a transaction when what it says must still hold at the end.
    """
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("campaign.unknown", id=campaign_id)
    rows = db.session.scalars(_shifts_of(campaign_id)).all()
    seats, sitting = _seats_of(campaign_id, [row.id for row in rows])
    cells = sitting if cells is None else cells
    fixed = frozenset(over_and_published(campaign_id, now))
    pinned = {
        (row.id, c.person_id) for row in rows for c in _cells(seats[row.id], cells) if c.pinned or row.id in fixed
    }
    tree = facts.Tree()
    days = facts.Days(campaign)
    staff = facts.staff(campaign, {*also, *(cell.person_id for cell in cells.values())}, tree, days)
    ids = {person.id for person in staff}
    absences = tuple(facts.absences(ids, campaign))
    problem = Problem(
        shifts=tuple(_shift(row) for row in rows),
        staff=tuple(staff),
        absences=absences,
        wishes=tuple(facts.wishes(ids, campaign)),
        pins=tuple(Pin(shift_id, person_id) for shift_id, person_id in sorted(pinned)),
        busy=tuple(facts.busy(ids, campaign, rows)),
        work=tuple(days.work(staff, absences, rows)),
        pairs=tuple(facts.pairs(ids)),
        settings=rule_settings.chosen(campaign_id),
        free_days=days.free,
        parents=tree.parents,
        span=(campaign.starts_on, campaign.ends_on),
        normal_hours=days.normal_hours,
    )
    return Snapshot(campaign.id, campaign.draft_version, problem, seats, cells, fixed)


def shift_rows(campaign_id: int, *, seats: bool = True) -> Sequence[models.Shift]:
    """The shifts of a campaign in order, with unit, and with seats and draft unless they are not wanted."""
    wanted = _shifts_of(campaign_id)
    if seats:
        wanted = wanted.options(selectinload(models.Shift.seats).joinedload(Seat.draft))
    return db.session.scalars(wanted).all()


def _shifts_of(campaign_id: int) -> Select[tuple[models.Shift]]:
    return (
        select(models.Shift)
        .where(models.Shift.campaign_id == campaign_id)
        .options(joinedload(models.Shift.unit))
        .order_by(models.Shift.starts_at, models.Shift.id)
        .execution_options(populate_existing=True)
    )


def _seats_of(campaign_id: int, shift_ids: Iterable[int]) -> tuple[dict[int, tuple[int, ...]], dict[int, Cell]]:
    """The seats of each shift in order, and who sits on them. Plain columns: there are thousands in a province."""
    seats: dict[int, list[int]] = {shift_id: [] for shift_id in shift_ids}
    cells: dict[int, Cell] = {}
    draft = models.DraftAssignment
    statement = (
        select(Seat.shift_id, Seat.id, draft.person_id, draft.pinned, draft.override_reason)
        .join(models.Shift, models.Shift.id == Seat.shift_id)
        .outerjoin(draft, draft.seat_id == Seat.id)
        .where(models.Shift.campaign_id == campaign_id)
        .order_by(Seat.shift_id, Seat.position)
    )
    for shift_id, seat, person_id, pinned, reason in db.session.execute(statement).tuples():
        if shift_id not in seats:
            continue  # made between the two readings
        seats[shift_id].append(seat)
        if person_id is not None:
            cells[seat] = Cell(person_id, pinned, reason)
    return {shift_id: tuple(found) for shift_id, found in seats.items()}, cells


def over_and_published(campaign_id: int, now: datetime) -> set[int]:
    """Ids of shifts that have been served: published, and ended by ``now``."""
    statement = select(Duty.shift_id).where(Duty.campaign_id == campaign_id, Duty.ends_at <= now).distinct()
    return set(db.session.scalars(statement))


def _cells(seats: Iterable[int], cells: Mapping[int, Cell]) -> Iterable[Cell]:
    return (cells[seat] for seat in seats if seat in cells)


@lru_cache(maxsize=4096)
def _night_and_peaks(start: datetime, end: datetime) -> tuple[bool, frozenset[str]]:
    """Hundreds of units change shifts at the same hours."""
    return is_night(start, end), peaks(start, end)


def _shift(row: models.Shift) -> Shift:
    night, peak = _night_and_peaks(row.starts_at, row.ends_at)
    return Shift(
        id=row.id, duty=row.duty, unit=row.unit.code, start=row.starts_at, end=row.ends_at,
        form=cast(Form, row.form), headcount=row.headcount, points=row.points,
        night=night, peak=peak, local_date=row.local_on, template=row.template,
        replaces_work=row.replaces_work, skills=row.skills, wanted=_wanted(row), points_by=row.points_by,
        grounded=bool(row.legal_ground),
    )  # fmt: skip


def _wanted(row: models.Shift) -> Wanted | None:
    """Nobody sits where there is no seat, so more than wanted costs as much as an empty one."""
    if row.wanted is None or row.wanted <= row.headcount:
        return None
    return Wanted(row.wanted, under=FEWER_THAN_WANTED, over=HEADCOUNT.weight)
