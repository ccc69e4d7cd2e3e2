"""A part of a published shift is given to somebody else: it becomes a shift with a seat of its own.

Whoever gives it keeps their seat for what is left before it, or after it where nothing is before; a part from the
middle leaves a third piece, which is a new seat too. Of a seat that was nobody's what is over stays nobody's; where
nobody had to be on it, it stays whole, and whoever comes gets a seat besides. Ids are never used again. Others on the
shift are not touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select

from core import audit, clock
from core.actor import Actor
from core.calendar.holidays import phase
from core.db import db
from planning.problem import Form
from roster.campaigns.models import Campaign
from roster.days import holiday_sets
from roster.days.points_table import Worth
from roster.dividing.parting import SplitSpan, left_of
from roster.dividing.split_preview import Cut
from roster.draft.judging import JudgedDraft
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.publishing import amending
from roster.publishing.amending import AmendedPart
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot


def carry_out(
    part: AmendedPart, cuts: Sequence[Cut], *, actor: Actor, now: datetime
) -> tuple[AmendedPart, dict[int, DraftCell]]:
    """Make the pieces that a part was judged with: answers the part with the ids of rows, and what of the draft
    follows.

    In the transaction that publishes it, when the campaign is locked. Raises ``amending.Moved`` where the campaign is
    not what the part was judged from: nothing is cut then.
    """
    campaign = db.session.get_one(Campaign, part.campaign_id)
    if (campaign.draft_version, campaign.revision) != (part.draft_version, part.revision):
        raise amending.Moved
    drafted, seats, shifts = dict[int, DraftCell](), dict[int, int](), dict[int, int]()
    for each in cuts:
        made = _cut(each, campaign.revision + 1, now)
        seats |= dict(zip([each.pieces[0], *each.rest], [made.given.id, *(seat.id for seat in made.rest)], strict=True))
        shifts |= dict(zip(each.pieces, [seat.shift_id for seat in (made.given, made.kept, *made.rest)], strict=True))
        drafted |= _drafted(made, _cells(part.becomes, seats, [each.pieces[0], *each.rest]))
        _record(each, made, actor, now)
    campaign.draft_version += 1
    db.session.flush()
    kept, left = {each.seat_id for each in cuts}, {each.shift_id for each in cuts}
    becomes = _with_rows(part.becomes, seats, shifts, left)
    whole = replace(
        part,
        draft_version=campaign.draft_version,
        becomes=becomes,
        seats=frozenset({seats.get(seat, seat) for seat in part.seats} | kept),
        named=frozenset(seats.get(seat, seat) for seat in part.named),
        judged=_judged(part.judged, shifts),
        left=frozenset(left),
    )
    for shift in whole.shift_ids:
        amending.refuse_impossible(becomes, shift)
    return whole, drafted


def _cells(becomes: Snapshot, seats: Mapping[int, int], pieces: Sequence[int]) -> dict[int, DraftCell]:
    """By the ids of rows; a piece that nobody takes has none."""
    return {seats[piece]: becomes.cells[piece] for piece in pieces if piece in becomes.cells}


@dataclass(frozen=True)
class _Made:
    """Rows: the duty that was cut, if the seat was somebody's, and the seats of its pieces."""

    held: Duty | None
    given: Seat
    kept: Seat
    rest: Sequence[Seat]


def _cut(cut: Cut, number: int, now: datetime) -> _Made:
    wanted = select(Duty).where(Duty.seat_id == cut.seat_id, Duty.person_id == cut.person_id)
    held = db.session.scalars(wanted.where(Duty.cancelled_at.is_(None))).one() if cut.person_id is not None else None
    seat = db.session.get_one(Seat, cut.seat_id)
    shift = seat.shift
    if cut.beside:
        return _Made(None, _piece(shift, cut.given, beside=True), seat, [])
    first, *others = left_of(SplitSpan(shift.starts_at, shift.ends_at), cut.given)
    if held is not None:
        _reseat_draft(shift, held)
    given = _piece(shift, cut.given)
    rest = [_piece(shift, each) for each in others]
    kept = _narrowed(shift, seat, first)
    if held is not None:
        held.shift_id, held.starts_at, held.ends_at = kept.id, kept.starts_at, kept.ends_at
        held.sequence, held.changed_at = number, now
    db.session.flush()
    return _Made(held, given, seat, rest)


def _record(cut: Cut, made: _Made, actor: Actor, now: datetime) -> None:
    audit.record(
        actor,
        "shift.part",
        "shift",
        cut.shift_id,
        now=now,
        seat=cut.seat_id,
        given=made.given.id,
        kept=[each.id for each in made.rest],
        start=cut.given.start.isoformat(),
        end=cut.given.end.isoformat(),
    )


def _with_rows(
    becomes: Snapshot, seats: Mapping[int, int], shifts: Mapping[int, int], left: Collection[int]
) -> Snapshot:
    """The roster to be with the rows that there are now in the place of those that were thought of."""
    touched = {*shifts.values(), *left}
    there = dict[int, list[int]]((shift, []) for shift in touched)
    rows = select(Seat.shift_id, Seat.id).where(Seat.shift_id.in_(touched)).order_by(Seat.position)
    for shift_id, seat_id in db.session.execute(rows).tuples():
        there[shift_id].append(seat_id)
    stay = {shift: mine for shift, mine in becomes.seats.items() if shift not in shifts and shift not in touched}
    cells = {seats.get(seat, seat): cell for seat, cell in becomes.cells.items()}
    return replace(becomes, seats=stay | {shift: tuple(mine) for shift, mine in there.items()}, cells=cells)


def _judged(judged: JudgedDraft, shifts: Mapping[int, int]) -> JudgedDraft:
    """What is kept of the judgement for good names shifts that there are."""

    def named(ids: Sequence[int]) -> tuple[int, ...]:
        return tuple(shifts.get(each, each) for each in ids)

    gaps = tuple(replace(each, shift_ids=named(each.shift_ids)) for each in judged.proof.gaps)
    violations = tuple(replace(each, shift_ids=named(each.shift_ids)) for each in judged.violations)
    return replace(judged, proof=replace(judged.proof, gaps=gaps), violations=violations)


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


def _drafted(made: _Made, wanted: Mapping[int, DraftCell]) -> dict[int, DraftCell]:
    """The new seats of the draft: as published where it had the same person there; else whoever was planned keeps all
    of it, or nobody."""
    planned = db.session.get(DraftAssignment, made.held.seat_id) if made.held is not None else None
    if made.held is None or planned is None:
        return {}
    if planned.person_id == made.held.person_id:
        return dict(wanted)
    return dict.fromkeys(wanted, DraftCell(planned.person_id, planned.pinned, planned.override_reason))


def _piece(shift: Shift, span: SplitSpan, *, beside: bool = False) -> Seat:
    """A new seat for this part of the shift: on a shift of its own, or on one that others made alike. ``beside``: one
    on which nobody has to be."""
    alike = _at(shift, span)
    if alike is None:
        alike = Shift(**_columns(shift, span) | ({"skills": {}} if beside else {}), headcount=0)
        db.session.add(alike)
        db.session.flush()
    _one_more(alike, beside=beside)
    seat = Seat(shift_id=alike.id, position=_next_position(alike))
    db.session.add(seat)
    db.session.flush()
    return seat


def _narrowed(shift: Shift, seat: Seat, span: SplitSpan) -> Shift:
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
    _one_more(kept)
    seat.shift_id, seat.position = kept.id, _next_position(kept)
    shift.headcount = max(0, shift.headcount - 1)
    shift.wanted = None if shift.wanted is None or shift.wanted - 1 <= shift.headcount else shift.wanted - 1
    return kept


def _one_more(shift: Shift, *, beside: bool = False) -> None:
    """Another seat, on which somebody has to be, or not."""
    seats = max(shift.headcount, shift.wanted or 0) + 1
    shift.headcount += not beside
    shift.wanted = seats if seats > shift.headcount else None


def _at(shift: Shift, span: SplitSpan) -> Shift | None:
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


def _columns(shift: Shift, span: SplitSpan) -> dict[str, Any]:
    """Return the columns of a piece, but for how many serve there; it belongs to the date on which it starts."""
    on, campaign = clock.local_date(span.start), shift.campaign
    tet = holiday_sets.known({campaign.tet_year})[campaign.tet_year]
    points, points_by = Worth(on, clock.local_date(span.end)).points_for(span.start, span.end, cast(Form, shift.form))
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
