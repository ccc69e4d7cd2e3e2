"""The one bridge between rows and the engine's dataclasses. Ids are those of the rows: shifts, people, seats.

What does not depend on who sits where is read, and kept, in ``plans``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import ColumnElement
from sqlalchemy.orm import selectinload

from core.db import db
from core.errors import NotFound
from planning.certificate_facts import roster_fingerprint
from planning.problem import Assignment, Pin, Problem
from roster import models
from roster.campaigns.models import Campaign
from roster.models import Seat
from roster.snapshot import plans, sitting
from roster.snapshot.plans import SolvePlan
from roster.snapshot.sitting import DraftCell


@dataclass(frozen=True)
class Snapshot:
    """A draft at one moment. ``seats``: shift id → seat ids in order; ``cells``: seat id → who sits there."""

    campaign_id: int
    draft_version: int
    problem: Problem
    seats: Mapping[int, tuple[int, ...]]
    cells: Mapping[int, DraftCell]
    fixed: frozenset[int]
    """Shifts that are published and over: never rewritten."""

    @cached_property
    def assignments(self) -> tuple[Assignment, ...]:
        cells = self.cells
        return tuple(
            Assignment(shift_id, cell.person_id)
            for shift_id, seats in self.seats.items()
            for seat in seats
            if (cell := cells.get(seat)) is not None
        )

    @cached_property
    def pairs(self) -> frozenset[tuple[int, int]]:
        """(shift id, person id) of ``assignments``."""
        return frozenset((each.shift_id, each.staff_id) for each in self.assignments)

    @cached_property
    def fingerprint(self) -> str:
        """Return it as certificates name a roster."""
        return roster_fingerprint(self.assignments)

    @cached_property
    def shift_of_seat(self) -> Mapping[int, int]:
        """Seat id → shift id."""
        return {seat: shift_id for shift_id, seats in self.seats.items() for seat in seats}

    @cached_property
    def excused(self) -> frozenset[tuple[int, int]]:
        """(shift id, person id) of the cells that carry an override reason."""
        return frozenset(
            (shift_id, self.cells[seat].person_id)
            for shift_id, seats in self.seats.items()
            for seat in seats
            if seat in self.cells and self.cells[seat].reason
        )


def take(
    campaign_id: int, *, now: datetime, also: Collection[int] = (), cells: Mapping[int, DraftCell] | None = None
) -> Snapshot:
    """The draft of a campaign as a Problem; ``also`` are ids of people to judge who are not of the campaign's units.

    ``cells`` stand for those of the draft, to see what is not written yet.

    Raises NotFound. Reads only; call it inside a transaction when what it says must still hold at the end.
    """
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("campaign.unknown", id=campaign_id)
    if cells is not None:
        plan = plans.plan_for(campaign, also={*also, *(cell.person_id for cell in cells.values())})
        return _taken(campaign, plan, cells, sitting.over_and_published(campaign_id, now))
    memory = sitting.memory_now()
    drafted, over = sitting.drafted(campaign_id, memory), sitting.over_and_published(campaign_id, now)
    plan = plans.plan_for(campaign, also={*also, *drafted.people})
    key = ("taken", campaign_id, campaign.draft_version, over)
    last: tuple[SolvePlan, Snapshot] | None = memory.get(key)
    if last is None or last[0] is not plan:
        last = memory[key] = (plan, _taken(campaign, plan, drafted.cells, over))
        sitting.forget(memory, "taken")
    return last[1]


def _taken(campaign: Campaign, plan: SolvePlan, cells: Mapping[int, DraftCell], over: frozenset[int]) -> Snapshot:
    pinned = {
        (shift_id, cell.person_id)
        for shift_id, seats in plan.seats.items()
        for seat in seats
        if (cell := cells.get(seat)) is not None and (cell.pinned or shift_id in over)
    }
    problem = plan.problem.pinned(Pin(shift_id, person_id) for shift_id, person_id in sorted(pinned))
    return Snapshot(campaign.id, campaign.draft_version, problem, plan.seats, cells, over)


def published(taken: Snapshot) -> tuple[Assignment, ...]:
    """Return what the campaign's last revision says, for the people whom the snapshot knows."""
    known = taken.problem.person
    pairs = sorted(sitting.published_pairs(taken.campaign_id))
    return tuple(Assignment(*each) for each in pairs if each[1] in known)


def as_published(taken: Snapshot) -> Snapshot:
    """Return it with the seats that the last revision has: what the draft asks for since then is no gap of it."""
    asked = sitting.published_for(taken.campaign_id)
    if not asked:
        return taken
    holders_of: dict[int, set[int]] = {}
    for shift_id, person_id in sitting.published_pairs(taken.campaign_id):
        holders_of.setdefault(shift_id, set()).add(person_id)
    shifts = tuple(
        replace(each, headcount=asked[each.id] or 0, wanted=each.wanted if asked[each.id] is not None else None)
        if each.id in asked
        else each
        for each in taken.problem.shifts
    )
    gone = {each for each, number in asked.items() if number is None and each not in holders_of}
    seats = {shift_id: () if shift_id in gone else own for shift_id, own in taken.seats.items()}
    return replace(taken, problem=replace(taken.problem, shifts=shifts), seats=seats)


def holders(campaign_id: int) -> Set[int]:
    """Ids of those on the list that holds: who has left since, and is in the draft no more, still is."""
    return sitting.published_people(campaign_id)


def shift_rows(campaign_id: int, *only: ColumnElement[bool], seats: bool = True) -> Sequence[models.Shift]:
    """The shifts of a campaign in order, with unit, and with seats and draft unless they are not wanted.

    There may be thousands: callers that need a few say which with ``only``.
    """
    wanted = plans.shifts_of(campaign_id).where(*only)
    if seats:
        wanted = wanted.options(selectinload(models.Shift.seats).joinedload(Seat.draft))
    return db.session.scalars(wanted).all()
