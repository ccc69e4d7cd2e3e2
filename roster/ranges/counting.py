"""A range of the grid, people × days, that is to be assigned alone: which seats that means, counted before it begins.

Only the cells of the range change. What its people hold there and nobody has pinned may go to another of them, and they
may get the empty seats of those days that one of them may serve; nobody else gets or loses anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from core.actor import Actor
from core.errors import Conflict, Invalid
from people import queries as people
from planning.part import Part
from planning.problem import Staff
from planning.rules.base import may_serve
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.campaigns.queries import require
from roster.snapshot import snapshot
from roster.solving import parts

MOST = 500
"""People of one range: beyond it a unit, or the days, are what is meant."""


@dataclass(frozen=True)
class Range:
    """``held``: seats of its people that may change hands among them; ``empty``: those that they may get; ``pinned``:
    seats of theirs that stay."""

    part: Part
    who: tuple[Staff, ...]
    held: int
    empty: int
    pinned: int

    @property
    def seats(self) -> int:
        return self.held + self.empty

    @property
    def days(self) -> int:
        assert self.part.first is not None and self.part.last is not None  # noqa: S101 - asked for by ``look``
        return (self.part.last - self.part.first).days + 1


def look(campaign: Campaign, part: Part, *, actor: Actor, now: datetime) -> Range:
    """Return what would be assigned. Raises Invalid (nobody, too many, no days), NotFound, Forbidden, Conflict where
    there is nothing to assign."""
    if not part.people:
        raise Invalid("solve.nobody", field="people")
    if len(part.people) > MOST:
        raise Invalid("solve.too_many_people", field="people", most=MOST, n=len(part.people))
    if part.first is None or part.last is None:
        raise Invalid("solve.no_days", field="from")
    require(campaign, "solve")
    part = _within_reach(campaign, part, actor, now)
    found = parts.checked(campaign, part)
    assert found is not None  # noqa: S101 - it names people
    parts.ensure(actor, campaign, found, now=now, asks=True)
    counted = _counted(campaign, found, now)
    if not counted.seats:
        raise Conflict("solve.nothing_open", pinned=counted.pinned)
    return counted


def _within_reach(campaign: Campaign, part: Part, actor: Actor, now: datetime) -> Part:
    """Return the part that the actor may have assigned: of a campaign of a higher unit a unit's own manager has their
    own unit's shifts."""
    mine = rights.reach(actor, "campaign.solve", campaign, now=now)
    if part.unit is not None or not mine:
        return part
    rows = people.units(mine)
    top = [each for each in rows if each.parent_id not in mine]
    return replace(part, unit=top[0].code) if len(top) == 1 else part


def _counted(campaign: Campaign, part: Part, now: datetime) -> Range:
    taken = snapshot.take(campaign.id, now=now)
    problem = taken.problem
    outside = part.outside(problem, taken.assignments)
    who = tuple(each for each in problem.staff if each.code in (part.people or ()))
    mine = {each.id for each in who}
    held = empty = pinned = 0
    for shift_id, seats in taken.seats.items():
        if shift_id in outside or shift_id in taken.fixed:
            continue
        cells = [taken.cells[seat] for seat in seats if seat in taken.cells and taken.cells[seat].person_id in mine]
        fast = sum(cell.pinned for cell in cells)
        held, pinned = held + len(cells) - fast, pinned + fast
        if any(may_serve(each, problem.shift_of[shift_id]) for each in who):
            empty += _free(seats, taken.cells)
    return Range(part, who, held, empty, pinned)


def _free(seats: Collection[int], cells: Collection[int]) -> int:
    return sum(seat not in cells for seat in seats)
