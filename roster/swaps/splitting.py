"""A part of a published shift is given to somebody else: it becomes a shift with a seat of its own.

Whoever gives it keeps their seat for what is left before it, or after it where nothing is before; a part from the
middle leaves a third piece, which is a new seat too. Ids are never used again. Others on the shift are not touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict
from core.fast_path import shared_cache
from people.models import Person
from roster.campaigns.queries import locked_campaign
from roster.days import holiday_sets
from roster.days.points_table import Worth
from roster.holidays import phase
from roster.models import DraftAssignment, Duty, Revision, Seat, Shift
from roster.planning.problem import Form
from roster.publishing import amending, parts
from roster.snapshot.snapshot import Cell
from roster.swaps.parting import Span, left_of
from roster.words import violations

LEFT = "Phần còn lại của ca đã chia"
"""Why somebody has two pieces of one shift with less rest between them than rules ask; stored as all reasons are."""


def hold_ground() -> None:
    """Before anything else of the transaction: what plans rest on is held first everywhere (``core.prepared``)."""
    shared_cache.seen(shared_cache.GROUND, lock=True)


def give(
    held: Duty, span: Span, who: Person, *, note: str, reason: str | None, actor: Actor, now: datetime
) -> Revision:
    """In the caller's transaction, after ``hold_ground``. Raises Conflict as publishing a part does, and nothing is cut
    then. It is judged inside, for the pieces must be there: in a province that takes a second or two."""
    campaign = locked_campaign(held.campaign_id)
    shift, seat = held.shift, db.session.get_one(Seat, held.seat_id)
    first, *others = left_of(Span(held.starts_at, held.ends_at), span)
    _reseat_draft(shift, held)
    given = _piece(shift, span)
    rest = [_piece(shift, each) for each in others]
    kept = _narrowed(shift, seat, first)
    db.session.flush()
    wanted: dict[int, Cell | None] = {given.id: Cell(who.id, True, reason)}
    wanted |= {each.id: Cell(held.person_id, True, reason or LEFT) for each in rest}
    drafted = _drafted(held, given, rest, wanted)
    campaign.draft_version += 1
    db.session.flush()
    stands = parts.standing(campaign.id, now=now, also=[who.id])
    part = amending.judged(stands, wanted, accept_gaps=reason, now=now)
    broken = part.judged.verdict.violations
    if broken:
        raise Conflict("shift.breaks_rules", state={"violations": violations.listed(broken, part.judged.names)})
    whole = replace(part, seats=part.seats | {held.seat_id}, left=frozenset({shift.id}))
    held.shift_id, held.starts_at, held.ends_at = kept.id, kept.starts_at, kept.ends_at
    held.sequence, held.changed_at = campaign.revision + 1, now
    db.session.flush()
    revision = amending.switch(whole, note=note, accept_gaps=reason, drafted=drafted, may=True, actor=actor, now=now)
    audit.record(
        actor,
        "shift.part",
        "shift",
        shift.id,
        now=now,
        seat=held.seat_id,
        given=given.id,
        kept=[each.id for each in rest],
        start=span.start.isoformat(),
        end=span.end.isoformat(),
    )
    return revision


def _reseat_draft(shift: Shift, held: Duty) -> None:
    """In the draft the same people may sit on other seats of the shift: whoever gives a part is on their own before it
    is cut, or the next publish would give it back."""
    seats = select(Seat.id).where(Seat.shift_id == shift.id)
    rows = {
        row.seat_id: row
        for row in db.session.scalars(select(DraftAssignment).where(DraftAssignment.seat_id.in_(seats)))
    }
    here = next((row for row in rows.values() if row.person_id == held.person_id), None)
    if here is None or here.seat_id == held.seat_id:
        return
    there = rows.get(held.seat_id)
    if there is None:
        here.seat_id = held.seat_id
    else:
        for name in ("person_id", "pinned", "source", "override_reason"):
            mine, theirs = getattr(here, name), getattr(there, name)
            setattr(here, name, theirs)
            setattr(there, name, mine)
    db.session.flush()


def _drafted(held: Duty, given: Seat, rest: Sequence[Seat], wanted: Mapping[int, Cell | None]) -> dict[int, Cell]:
    """The new seats of the draft: as published where it had the same person there; else whoever was planned keeps all
    of it, or nobody."""
    planned = db.session.get(DraftAssignment, held.seat_id)
    if planned is not None and planned.person_id == held.person_id:
        return {seat_id: cell for seat_id, cell in wanted.items() if cell is not None}
    if planned is None:
        return {}
    other = Cell(planned.person_id, planned.pinned, planned.override_reason)
    return dict.fromkeys([given.id, *(each.id for each in rest)], other)


def _piece(shift: Shift, span: Span) -> Seat:
    """A new seat for this part of the shift: on a shift of its own, or on one that others made alike."""
    alike = _at(shift, span)
    if alike is None:
        alike = Shift(**_columns(shift, span), headcount=0)
        db.session.add(alike)
        db.session.flush()
    alike.headcount += 1
    seat = Seat(shift_id=alike.id, position=_next_position(alike))
    db.session.add(seat)
    db.session.flush()
    return seat


def _narrowed(shift: Shift, seat: Seat, span: Span) -> Shift:
    """The shift on which the seat is from now on: the same, narrowed, where nobody else is on it."""
    alone = db.session.scalar(select(func.count()).where(Seat.shift_id == shift.id)) == 1
    alike = _at(shift, span)
    if alone and alike is None:
        for name, value in _columns(shift, span).items():
            setattr(shift, name, value)
        return shift
    kept = alike
    if kept is None:
        kept = Shift(**_columns(shift, span), headcount=0)
        db.session.add(kept)
        db.session.flush()
    kept.headcount += 1
    seat.shift_id, seat.position = kept.id, _next_position(kept)
    shift.headcount = max(0, shift.headcount - 1)
    shift.wanted = None if shift.wanted is None or shift.wanted - 1 <= shift.headcount else shift.wanted - 1
    return kept


def _at(shift: Shift, span: Span) -> Shift | None:
    """A shift of the same kind at exactly these hours."""
    same = (
        Shift.campaign_id == shift.campaign_id,
        Shift.unit_id == shift.unit_id,
        Shift.duty == shift.duty,
        Shift.template == shift.template,
    )
    return db.session.scalar(select(Shift).where(*same, Shift.starts_at == span.start, Shift.ends_at == span.end))


def _next_position(shift: Shift) -> int:
    return (db.session.scalar(select(func.max(Seat.position)).where(Seat.shift_id == shift.id)) or 0) + 1


def _columns(shift: Shift, span: Span) -> dict[str, Any]:
    """Of a piece, but for how many serve there; it belongs to the date on which it starts."""
    on, campaign = clock.local_date(span.start), shift.campaign
    tet = holiday_sets.known({campaign.tet_year})[campaign.tet_year]
    points, points_by = Worth(on, clock.local_date(span.end)).of(span.start, span.end, cast(Form, shift.form))
    return {
        "campaign_id": shift.campaign_id,
        "parted_from": shift.parted_from or shift.id,
        "unit_id": shift.unit_id,
        "duty": shift.duty,
        "template": shift.template,
        "form": shift.form,
        "replaces_work": shift.replaces_work,
        "legal_ground": shift.legal_ground,
        "skills": dict(shift.skills) if shift.headcount == 1 else {},
        "starts_at": span.start,
        "ends_at": span.end,
        "local_on": on,
        "phase": phase(on, tet.starts_on, tet.ends_on),
        "points": points,
        "points_by": points_by,
    }
