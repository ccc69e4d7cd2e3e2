"""Edit the draft: who is on which shift, and which cells the engine must keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, NotFound
from people import queries as people
from people.guard import ensure
from roster import consents, snapshot, wording
from roster.campaigns import locked_campaign, require
from roster.lifecycle import NOT_FOR_THE_GATE
from roster.models import Campaign, DraftAssignment, Seat, Shift
from roster.planning.check import violations_for
from roster.planning.problem import Assignment, Violation
from roster.seating import seated
from roster.snapshot import Cell, Snapshot


@dataclass(frozen=True)
class Edited:
    """A shift after an edit: codes of the people in order of seat, and what they now break (hard and soft)."""

    shift_id: int
    campaign_id: int
    draft_version: int
    people: tuple[str, ...]
    pinned: tuple[str, ...]
    violations: tuple[Violation, ...]
    words: wording.Names


def set_people(
    shift_id: int, codes: Sequence[str], *, pin: bool = True, override_reason: str | None = None,
    draft_version: int | None = None, actor: Actor, now: datetime,
) -> Edited:  # fmt: skip
    """Put exactly the people with these codes on a shift of the draft; whoever stays keeps seat and reason.

    ``pin`` (for all of them): the engine will not move them. ``override_reason`` answers for every hard rule broken.

    ``draft_version``: what the editor was looking at; Conflict when somebody else has changed the draft since.
    A newcomer who breaks a hard rule needs ``override_reason``; without one Conflict, and nothing is written. An
    empty seat is no obstacle in a draft. Raises NotFound, Forbidden, Conflict.
    """
    with transaction():
        shift = get_shift(shift_id)
        campaign = _opened(locked_campaign(shift.campaign_id), draft_version, actor=actor, now=now)
        wanted = [people.person_by_code(code).id for code in dict.fromkeys(codes)]
        before = snapshot.take(campaign.id, now=now, also=wanted)
        _refuse_past(shift, before)
        seats = len(before.seats[shift_id])
        if len(wanted) > seats:
            raise Conflict("shift.too_many", required=seats, given=len(wanted))
        after = _with(before, shift_id, wanted)
        found = _judge(before, after, shift_id)
        newcomers = set(wanted) - set(_on(before, shift_id).values())
        reason = (override_reason or "").strip() or None
        refused = [each for each in found if _needs_reason(each) and each.staff_id in newcomers]
        names = wording.names_of(before.problem)
        if refused and reason is None:
            raise Conflict("shift.breaks_rules", state=_state(campaign, before, shift_id, refused, names))
        broken = {each.staff_id for each in found if _needs_reason(each)} if reason else set()
        target = _target(before, after, shift_id, pin, reason, broken)
        changed = write_seats(before.cells, before.seats[shift_id], target, "manual", actor=actor, now=now)
        if changed:
            campaign.draft_version += 1
            detail = {"people": list(codes), "pinned": pin, "reason": reason, "draft_version": campaign.draft_version}
            audit.record(actor, "shift.people", "shift", shift_id, now=now, **detail)
            was = set(_on(before, shift_id).values())
            consents.ask_for_shift(get_shift(shift_id), newcomers, was - set(wanted), actor=actor, now=now)
        return _edited(campaign, before, shift_id, target, found, names)


def set_pinned(shift_id: int, pinned: bool, *, codes: Iterable[str] | None = None, actor: Actor, now: datetime) -> None:
    """Pin or unpin the people of a shift (those of ``codes``, or all): the engine keeps pinned cells."""
    with transaction():
        shift = get_shift(shift_id)
        campaign = _opened(locked_campaign(shift.campaign_id), None, actor=actor, now=now)
        chosen = None if codes is None else {people.person_by_code(code).id for code in codes}
        rows = [seat.draft for seat in shift.seats if seat.draft and (chosen is None or seat.draft.person_id in chosen)]
        for row in rows:
            row.pinned, row.updated_at, row.updated_by = pinned, now, actor.ref
        campaign.draft_version += bool(rows)
        audit.record(actor, "shift.pin" if pinned else "shift.unpin", "shift", shift_id, now=now)


def get_shift(shift_id: int) -> Shift:
    shift = db.session.get(Shift, shift_id)
    if shift is None:
        raise NotFound("shift.unknown", id=shift_id)
    return shift


def write_seats(
    cells: Mapping[int, Cell], seats: Iterable[int], target: Mapping[int, Cell], source: str, *, actor: Actor,
    now: datetime,
) -> int:  # fmt: skip
    """Make the draft of ``seats`` equal ``target``; answers how many seats changed. In the caller's transaction."""
    changed = [seat for seat in seats if cells.get(seat) != target.get(seat)]
    if not changed:
        return 0
    # An identity map still holding the old row would shadow the new one of the same key.
    for seat in changed:
        row = db.session.get(DraftAssignment, seat)
        if row is not None:
            db.session.expunge(row)
    db.session.execute(delete(DraftAssignment).where(DraftAssignment.seat_id.in_(changed)))
    rows = [
        DraftAssignment(
            seat_id=seat, person_id=target[seat].person_id, pinned=target[seat].pinned, source=source,
            override_reason=target[seat].reason, updated_at=now, updated_by=actor.ref,
        )
        for seat in changed
        if seat in target
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    for seat in changed:
        if (loaded := db.session.get(Seat, seat)) is not None:
            db.session.expire(loaded, ["draft"])
    return len(changed)


def _opened(campaign: Campaign, draft_version: int | None, *, actor: Actor, now: datetime) -> Campaign:
    ensure(actor, "campaign.write", campaign.unit_id, now=now)
    require(campaign, "edit")
    if draft_version is not None and draft_version != campaign.draft_version:
        raise Conflict("draft.changed", state={"draft_version": campaign.draft_version})
    return campaign


def _refuse_past(shift: Shift, before: Snapshot) -> None:
    if shift.id in before.fixed:
        raise Conflict("shift.past", state={"ends_at": shift.ends_at})


def _on(taken: Snapshot, shift_id: int) -> dict[int, int]:
    """Seat id → person id."""
    return {seat: taken.cells[seat].person_id for seat in taken.seats[shift_id] if seat in taken.cells}


def _with(before: Snapshot, shift_id: int, wanted: Sequence[int]) -> list[Assignment]:
    others = [each for each in before.assignments if each.shift_id != shift_id]
    return others + [Assignment(shift_id, person) for person in wanted]


def _judge(before: Snapshot, after: Sequence[Assignment], shift_id: int) -> list[Violation]:
    """What the shift and its people break after the edit; taking a pinned person off is the manager's own will."""
    staff = [each.staff_id for each in after if each.shift_id == shift_id]
    found = violations_for(before.problem, after, shift_ids=[shift_id], staff_ids=staff)
    return [each for each in found if each.rule not in ("pins.kept", "fairness.load")]


def _needs_reason(violation: Violation) -> bool:
    return violation.hard and violation.rule not in NOT_FOR_THE_GATE


def _target(
    before: Snapshot, after: Sequence[Assignment], shift_id: int, pin: bool, reason: str | None, broken: set[int | None]
) -> dict[int, Cell]:
    wanted = [each.staff_id for each in after if each.shift_id == shift_id]
    was = {before.cells[seat].person_id: before.cells[seat] for seat in _on(before, shift_id)}
    placed = seated(before.seats[shift_id], _on(before, shift_id), wanted)
    return {
        seat: Cell(person, pin, reason if person in broken else was[person].reason if person in was else None)
        for seat, person in placed.items()
    }


def _state(
    campaign: Campaign, before: Snapshot, shift_id: int, refused: Sequence[Violation], names: wording.Names
) -> dict[str, Any]:
    codes = {person.id: person.code for person in before.problem.staff}
    return {
        "draft_version": campaign.draft_version,
        "people": [codes[person] for person in _on(before, shift_id).values()],
        "violations": wording.listed(refused, names),
    }


def _edited(
    campaign: Campaign, before: Snapshot, shift_id: int, target: Mapping[int, Cell], found: Sequence[Violation],
    names: wording.Names,
) -> Edited:  # fmt: skip
    codes = {person.id: person.code for person in before.problem.staff}
    ordered = [target[seat] for seat in before.seats[shift_id] if seat in target]
    return Edited(
        shift_id, campaign.id, campaign.draft_version, tuple(codes[cell.person_id] for cell in ordered),
        tuple(codes[cell.person_id] for cell in ordered if cell.pinned), tuple(found), names,
    )  # fmt: skip
