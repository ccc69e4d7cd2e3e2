"""What an absence, or leaving, does to what is published: which shifts are unsure, who could take them, and how."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from core import clock, prepared
from core.actor import Actor
from core.db import batched, db
from people.absences.effects import Affected, EligibleDuties
from people.models import Person, Unit
from planning.explain.substitutes import takers
from planning.problem import Assignment
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.coverage import doubt
from roster.coverage.doubt import HeldSeat
from roster.coverage.unsure import UnsureSeat
from roster.coverage.words import why
from roster.covers import bases, services as covering
from roster.models import DraftAssignment, Duty, Shift
from roster.words.names import names_of

SEARCHED = 5
"""For so many shifts covers are looked for at once: somebody away for a year has a hundred of them."""
NEAREST = 60
"""People judged for one shift: of a whole province that takes seconds, and the page of covers does it."""
MOST = 10
"""People named for one shift."""


@dataclass(frozen=True)
class CoverOption:
    """An unsure seat and what the asker can do about it. ``why``: in words; ``moved``: the draft has
    somebody else there already.
    """

    seat: UnsureSeat
    why: str
    may: bool
    moved: bool


def hit_by_absence(
    person: Person, from_on: date, to_on: date, *, covers: bool, actor: Actor, now: datetime
) -> Sequence[Affected]:
    """Published shifts to come of the person on these days, by time.

    It does not matter whether the absence is written yet: a repeatable call thinks before it writes.
    """
    person_id = person.id

    def look() -> list[Affected]:
        found = [affected for affected, _held in _shifts(person_id, _on_days(from_on, to_on), now)]
        return _with_covers(found, person_id, actor, now) if covers else _for(actor, found, now)

    return prepared.think(("absence.affected", person_id, from_on, to_on, covers), look)


def hit_by_standing(
    person: Person, was: EligibleDuties, standing: EligibleDuties, *, covers: bool, actor: Actor, now: datetime
) -> Sequence[Affected]:
    """Published shifts to come of somebody who has left, or lost the duty or the unit, by time.

    Those they might not serve before either are not told again. As with an absence it does not matter whether the
    change is written yet.
    """
    person_id = person.id

    def look() -> list[Affected]:
        mine = _shifts(person_id, (), now)
        held = [each for _affected, each in mine]
        barred, before = doubt.barred(held, {person_id: standing}), doubt.barred(held, {person_id: was})
        found = [affected for affected, each in mine if each in barred and each not in before]
        return _with_covers(found, person_id, actor, now) if covers else _for(actor, found, now)

    return prepared.think(("standing.affected", person_id, was, standing, covers), look)


def kept(person_id: int, *, now: datetime) -> int:
    """How many published shifts to come somebody holds."""
    return len(_shifts(person_id, (), now))


def ways(seats: Sequence[UnsureSeat], *, actor: Actor, now: datetime) -> list[CoverOption]:
    """Return the ways for pages: whether the asker may look for a cover, seat by seat."""
    shifts = _shift_rows({each.shift_id for each in seats})
    drafted = _drafted({each.seat_id for each in seats})
    return [
        CoverOption(
            each,
            why(each.doubt, now),
            _may(actor, shifts[each.shift_id], now),
            drafted.get(each.seat_id, each.person_id) != each.person_id,
        )
        for each in seats
        if each.shift_id in shifts
    ]


def _on_days(from_on: date, to_on: date) -> Sequence[ColumnElement[bool]]:
    starts_at, ends_at = clock.at_local(from_on), clock.at_local(to_on + timedelta(days=1))
    return Duty.ends_at > starts_at, Duty.starts_at < ends_at


def _shifts(person_id: int, where: Sequence[ColumnElement[bool]], now: datetime) -> list[tuple[Affected, HeldSeat]]:
    rows = db.session.execute(
        select(Duty, Unit.code)
        .join(Unit, Unit.id == Duty.unit_id)
        .where(Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > now, *where)
        .order_by(Duty.starts_at, Duty.seat_id)
    )
    return [
        (
            Affected(row.shift_id, row.seat_id, code, row.duty, row.starts_at, row.ends_at),
            HeldSeat.from_row(row),
        )
        for row, code in rows
    ]


def _for(actor: Actor, found: Sequence[Affected], now: datetime) -> list[Affected]:
    """Return the duties that are affected, and for the first few whether the asker may look for a cover."""
    shifts = _shift_rows({each.shift for each in found[:SEARCHED]})
    first = [replace(each, may_cover=_may(actor, shifts[each.shift], now)) for each in found[:SEARCHED]]
    return [*first, *found[SEARCHED:]]


def _with_covers(found: Sequence[Affected], person_id: int, actor: Actor, now: datetime) -> list[Affected]:
    shifts = _shift_rows({each.shift for each in found[:SEARCHED]})
    asked = [each for each in found[:SEARCHED] if _may(actor, shifts[each.shift], now)]
    codes: dict[int, tuple[str, ...] | None] = {}
    for campaign_id, some in groupby(asked, key=lambda each: shifts[each.shift].campaign_id):
        rosters = bases.Rosters(campaign_id, now)
        for each in some:
            codes[each.shift] = _covers(rosters, shifts[each.shift], person_id, actor, now=now)
    return [
        replace(each, covers=named, searched=True) if (named := codes.get(each.shift)) is not None else each
        for each in found
    ]


def _covers(
    rosters: bases.Rosters, shift: Shift, person_id: int, actor: Actor, *, now: datetime
) -> tuple[str, ...] | None:
    """Who could take it alone without breaking a rule, best first. None: nobody was found, and there are more ways."""
    edits = rights.may(actor, "campaign.write", shift.campaign, shift.unit_id, now=now)
    basis = rosters.holding(Assignment(shift.id, person_id), edits=edits)
    if basis is None:
        return None
    found = takers(basis.taken.problem, basis.seated, shift.id, person_id, nearest=NEAREST)
    if not found:
        return None
    names = names_of(basis.taken.problem)
    return tuple(names.people[each][0] for each in found[:MOST])


def _may(actor: Actor, shift: Shift, now: datetime) -> bool:
    if shift.campaign.state == "closed":
        return False
    edits = rights.may(actor, "campaign.write", shift.campaign, shift.unit_id, now=now)
    return edits or covering.may_cover(actor, shift, now=now)


def _shift_rows(shift_ids: Collection[int]) -> dict[int, Shift]:
    wanted = select(Shift).options(joinedload(Shift.campaign).joinedload(Campaign.unit))
    return {
        row.id: row
        for some in batched(sorted(shift_ids))
        for row in db.session.scalars(wanted.where(Shift.id.in_(some)))
    }


def _drafted(seat_ids: Collection[int]) -> dict[int, int]:
    wanted = select(DraftAssignment.seat_id, DraftAssignment.person_id)
    return {
        seat_id: person_id
        for some in batched(sorted(seat_ids))
        for seat_id, person_id in db.session.execute(wanted.where(DraftAssignment.seat_id.in_(some)))
    }
