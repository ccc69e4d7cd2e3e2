"""Who sits where: in a draft, and on the list that was published last. Thousands in a province, as plain columns.

A process keeps them until somebody changes any of it: whoever looks at a campaign looks again, and an edit judges the
draft before it and after it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, or_, select

from core.db import db
from core.fast_path import shared_cache
from people.models import Person
from roster.models import DraftAssignment, Duty, Seat, Shift

Found = TypeVar("Found")
CAMPAIGNS = 4
"""How many campaigns' worth is kept."""


class DraftCell(NamedTuple):
    """Who sits on a seat of the draft."""

    person_id: int
    pinned: bool
    reason: str | None


class DraftCells(NamedTuple):
    """``cells``: seat id → who sits there; ``people``: the ids of them."""

    cells: Mapping[int, DraftCell]
    people: Collection[int]


def memory_now() -> dict[Any, Any]:
    """Return what is kept of drafts under the stamp that the present transaction sees."""
    return shared_cache.kept_now(shared_cache.DRAFT)


def forget(memory: dict[Any, Any], name: str) -> None:
    """Those of the name beyond ``CAMPAIGNS``, the oldest first; other threads may be at it too."""
    for key in [key for key in list(memory) if key[0] == name][:-CAMPAIGNS]:
        memory.pop(key, None)


def drafted(campaign_id: int, memory: dict[Any, Any]) -> DraftCells:
    """Who sits where in the draft; ``memory``: as it is now."""
    return kept_of(memory, "drafted", campaign_id, _drafted)


def published_pairs(campaign_id: int) -> Set[tuple[int, int]]:
    """(shift id, person id) of what a campaign's last revision says, whoever has left since."""
    return kept_of(_kept_plans(), "published", campaign_id, _published)


def published_people(campaign_id: int) -> Set[int]:
    """Ids of those in ``published_pairs``."""
    return kept_of(_kept_plans(), "holders", campaign_id, lambda each: {who for _shift, who in published_pairs(each)})


def published_for(campaign_id: int) -> Mapping[int, int | None]:
    """Shift id → how many the last revision asks for, of shifts of which the draft asks for another number by now;
    ``None``: the revision does not have it."""
    return kept_of(_kept_plans(), "asked", campaign_id, _asked_since)


def over_and_published(campaign_id: int, now: datetime) -> frozenset[int]:
    """Ids of shifts that have been served: published, and ended by ``now``."""
    ends = kept_of(_kept_plans(), "ends", campaign_id, _ends)
    return frozenset(shift_id for shift_id, ends_at in ends if ends_at <= now)


def places_by_name() -> Mapping[int, int]:
    """Person id → their place among all people by name; the same names by code."""
    memory = _kept_plans()
    found: Mapping[int, int] | None = memory.get("by name")
    if found is None:
        in_order = db.session.scalars(select(Person.id).order_by(Person.sort_key, Person.code))
        found = memory["by name"] = {person_id: place for place, person_id in enumerate(in_order)}
    return found


def _kept_plans() -> dict[Any, Any]:
    """What is published changes with the duties, which plans are made of; an edit of a draft leaves it as it
    is."""
    return shared_cache.kept_now(shared_cache.PLAN)


def kept_of(memory: dict[Any, Any], name: str, campaign_id: int, look_up: Callable[[int], Found]) -> Found:
    """``look_up(campaign_id)``, or what it found under the same stamp; not to be changed."""
    key = (name, campaign_id)
    found: Found | None = memory.get(key)
    if found is None:
        found = memory[key] = look_up(campaign_id)  # from here on another thread may forget it
        forget(memory, name)
    return found


def _drafted(campaign_id: int) -> DraftCells:
    seats = kept_of(_kept_plans(), "seats", campaign_id, _seats)
    draft = DraftAssignment.__table__.c
    statement = select(draft.seat_id, draft.person_id, draft.pinned, draft.override_reason).order_by(draft.seat_id)
    # A campaign's seats are mostly numbered in one run: to read the run takes half as long as to join them.
    of_run = draft.seat_id.between(min(seats, default=0), max(seats, default=0))
    db.session.flush()  # the session would have before a question of its own; it takes twice as long to ask
    found = db.session.connection().execute(statement.where(of_run)).all()
    cells = {seat: DraftCell(person, pinned, reason) for seat, person, pinned, reason in found if seat in seats}
    return DraftCells(cells, frozenset(cell.person_id for cell in cells.values()))


def _seats(campaign_id: int) -> frozenset[int]:
    wanted = select(Seat.id).join(Shift, Shift.id == Seat.shift_id).where(Shift.campaign_id == campaign_id)
    return frozenset(db.session.scalars(wanted))


def _published(campaign_id: int) -> frozenset[tuple[int, int]]:
    of_campaign = select(Duty.shift_id, Duty.person_id).where(Duty.campaign_id == campaign_id)
    found = db.session.execute(of_campaign.where(Duty.cancelled_at.is_(None)))
    return frozenset((shift_id, person_id) for shift_id, person_id in found)  # rows compare twenty times as slowly


def _asked_since(campaign_id: int) -> dict[int, int | None]:
    had = Shift.published_for
    wanted = select(Shift.id, had).where(Shift.campaign_id == campaign_id)
    return dict(db.session.execute(wanted.where(or_(had.is_(None), had != Shift.headcount))).tuples().all())


def _ends(campaign_id: int) -> list[tuple[int, datetime]]:
    """(shift id, when the first of its duties was or will be over)."""
    wanted = select(Duty.shift_id, func.min(Duty.ends_at)).where(Duty.campaign_id == campaign_id)
    return list(db.session.execute(wanted.group_by(Duty.shift_id)).tuples())
