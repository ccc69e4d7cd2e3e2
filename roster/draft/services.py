"""Edit the draft: who is on which shift, and which cells the engine must keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm.util import identity_key

from core import audit, prepared
from core.actor import Actor
from core.db import batched, db, insert_into, transaction
from core.errors import Conflict, NotFound
from people import queries as people
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.consents import services as consents
from roster.draft import edit_log, edit_plan, shift_edits
from roster.draft.edits import Edited, Planned, SeatEdit, SeatsEdited
from roster.draft.models import DraftEdit
from roster.draft.shift_edits import ShiftEdit
from roster.models import DraftAssignment, Seat, Shift
from roster.snapshot.sitting import DraftCell

_AS_IT_IS = {"synchronize_session": False}
"""Rows in memory are seen to by hand."""


def set_people(
    shift_id: int,
    codes: Sequence[str],
    *,
    pin: bool = True,
    override_reason: str | None = None,
    draft_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Edited:
    """Put exactly the people with these codes on a shift of the draft; those who stay keep seat and reason.

    ``pin``: the engine will not move them.
    ``override_reason`` answers for every hard rule broken.

    ``draft_version``: what the editor was looking at; Conflict when somebody else has changed the draft since.
    A newcomer who breaks a hard rule needs ``override_reason``; without one Conflict, and nothing is written. An
    empty seat is no obstacle in a draft. Raises NotFound, Forbidden, Conflict.
    """
    edit = ShiftEdit(shift_id, codes, pin)
    return edit_shifts([edit], override_reason=override_reason, draft_version=draft_version, actor=actor, now=now)[0]


def edit_shifts(
    edits: Sequence[ShiftEdit],
    *,
    override_reason: str | None = None,
    draft_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> list[Edited]:
    """Who shall be on shifts of one campaign, judged by what all of the edits leave; all of them or none.

    What they would do is worked out before the draft is locked, and anew when it has moved by then. Raises as
    ``edit_seats`` does, Conflict ``shift.not_on_it``, ``shift.too_many``, ``draft.changed``.
    """
    shifts = [get_shift(each.shift_id) for each in edits]
    campaign_id, units = shifts[0].campaign_id, {each.unit_id for each in shifts}
    reason = (override_reason or "").strip() or None

    def prepare() -> Planned:
        campaign = get_campaign(campaign_id)
        rights.ensure(actor, "campaign.write", campaign, units, now=now, asks=True)
        _refuse_closed(campaign, draft_version)
        before = edit_plan.snapshot_with(campaign, [code for each in edits for code in each.brings], now=now)
        return edit_plan.plan(campaign, before, shift_edits.laid_out(before, edits), reason, elsewhere=True)

    def act(planned: Planned) -> list[Edited]:
        campaign = _opened(locked_campaign(campaign_id), units, draft_version, actor=actor, now=now)
        done, _noted = _written(campaign, planned, reason, actor=actor, now=now)
        of_shift = {each.shift_id: each for each in done}
        return [of_shift[each.shift_id] for each in edits]

    return prepared.write(("shift.people", tuple(each.shift_id for each in edits)), prepare, act)


def edit_seats(
    campaign_id: int,
    edits: Sequence[SeatEdit],
    *,
    reason: str | None = None,
    about: Mapping[str, str] | None = None,
    actor: Actor,
    now: datetime,
) -> SeatsEdited:
    """Any seats of one campaign at once, judged by what all of the edits leave; all of them or none. ``about``: what
    undo names it by (``DraftEdit``).

    A newcomer who breaks a hard rule anew needs a reason. Raises NotFound, Forbidden, Conflict (``seats.changed`` with
    those that others changed since they were looked at, ``seats.break_rules``, ``seats.past``, ``seats.twice``).
    """
    reason = (reason or "").strip() or None

    def prepare() -> Planned:
        campaign = get_campaign(campaign_id)
        before = edit_plan.snapshot_for(campaign, edits, now=now)
        units = edit_plan.units_of(before, edits)
        rights.ensure(actor, "campaign.write", campaign, units, now=now, asks=True)
        _refuse_closed(campaign, None)
        return replace(edit_plan.plan(campaign, before, edits, reason), unit_ids=units)

    def act(planned: Planned) -> SeatsEdited:
        campaign = _opened(locked_campaign(campaign_id), planned.unit_ids, None, actor=actor, now=now)
        done, noted = _written(campaign, planned, reason, about=about, actor=actor, now=now)
        number = noted.id if noted else None
        return SeatsEdited(number, planned.steps, done, campaign.draft_version, planned.draft_version)

    name = ("draft.seats", campaign_id, tuple((each.seat, each.person, each.pin, each.was) for each in edits), reason)
    return prepared.write(name, prepare, act)


def _written(
    campaign: Campaign,
    planned: Planned,
    reason: str | None,
    *,
    about: Mapping[str, str] | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[list[Edited], DraftEdit | None]:
    """Return what was planned, written and noted; in the caller's transaction. Raises Stale when the draft has moved
    on."""
    if campaign.draft_version != planned.draft_version:
        raise prepared.Stale
    done, changes = [], list[edit_log.Change]()
    for each in planned.steps:
        shift_id = each.shift_id
        if write_seats(each.before, each.seats, each.target, "manual", actor=actor, now=now):
            campaign.draft_version += 1
            changes.append((shift_id, each.before, each.target))
            was, becomes = _people(each.before), _people(each.target)
            consents.ask_for_shift(shift_id, each.unit_id, becomes - was, was - becomes, actor=actor, now=now)
            detail = {"people": list(each.edited.people), "pinned": list(each.edited.pinned), "reason": reason}
            audit.record(
                actor, "shift.people", "shift", shift_id, now=now, **detail, draft_version=campaign.draft_version
            )
        done.append(replace(each.edited, draft_version=campaign.draft_version))
    return done, edit_log.note(
        campaign, changes, source=edit_log.EditSource(about=about, since=planned.draft_version), by=actor.ref, now=now
    )


def _people(cells: Mapping[int, DraftCell]) -> set[int]:
    return {cell.person_id for cell in cells.values()}


def set_pinned(shift_id: int, pinned: bool, *, codes: Iterable[str] | None = None, actor: Actor, now: datetime) -> None:
    """Pin or unpin the people of a shift (those of ``codes``, or all): the engine keeps pinned cells."""
    with transaction():
        shift = get_shift(shift_id)
        campaign = _opened(locked_campaign(shift.campaign_id), {shift.unit_id}, None, actor=actor, now=now)
        chosen = None if codes is None else {people.person_by_code(code).id for code in codes}
        rows = [seat.draft for seat in shift.seats if seat.draft and (chosen is None or seat.draft.person_id in chosen)]
        before = {row.seat_id: _cell(row) for row in rows}
        for row in rows:
            row.pinned, row.updated_at, row.updated_by = pinned, now, actor.ref
        after = {row.seat_id: _cell(row) for row in rows}
        campaign.draft_version += bool(rows)
        edit_log.note(campaign, [(shift_id, before, after)], by=actor.ref, now=now)
        audit.record(actor, "shift.pin" if pinned else "shift.unpin", "shift", shift_id, now=now)


def _cell(row: DraftAssignment) -> DraftCell:
    return DraftCell(row.person_id, row.pinned, row.override_reason)


def get_shift(shift_id: int) -> Shift:
    shift = db.session.get(Shift, shift_id)
    if shift is None:
        raise NotFound("shift.unknown", id=shift_id)
    return shift


def write_seats(
    cells: Mapping[int, DraftCell],
    seats: Iterable[int],
    target: Mapping[int, DraftCell],
    source: str,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Make the draft of ``seats`` equal ``target``; answers how many seats changed. In the caller's transaction."""
    changed = [seat for seat in seats if cells.get(seat) != target.get(seat)]
    if not changed:
        return 0
    # An identity map still holding the old row would shadow the new one of the same key.
    kept = db.session.identity_map
    for seat in changed:
        if (row := kept.get(identity_key(DraftAssignment, seat))) is not None:
            db.session.expunge(row)
    db.session.flush()
    for some in batched([seat for seat in changed if seat not in target]):
        db.session.execute(
            delete(DraftAssignment).where(DraftAssignment.seat_id.in_(some)), execution_options=_AS_IT_IS
        )
    rows = [
        {
            "seat_id": seat,
            "person_id": target[seat].person_id,
            "pinned": target[seat].pinned,
            "source": source,
            "override_reason": target[seat].reason,
            "updated_at": now,
            "updated_by": actor.ref,
        }
        for seat in changed
        if seat in target
    ]
    if rows:
        putting = insert_into(DraftAssignment)
        others = {name: putting.excluded[name] for name in rows[0] if name != "seat_id"}
        db.session.execute(putting.on_conflict_do_update(index_elements=["seat_id"], set_=others), rows)
    for seat in changed:
        if (loaded := kept.get(identity_key(Seat, seat))) is not None:
            db.session.expire(loaded, ["draft"])
    return len(changed)


def _opened(
    campaign: Campaign, units: Collection[int], draft_version: int | None, *, actor: Actor, now: datetime
) -> Campaign:
    rights.ensure(actor, "campaign.write", campaign, units, now=now)
    _refuse_closed(campaign, draft_version)
    return campaign


def _refuse_closed(campaign: Campaign, draft_version: int | None) -> None:
    require(campaign, "edit")
    if draft_version is not None and draft_version != campaign.draft_version:
        raise Conflict("draft.changed", state={"draft_version": campaign.draft_version})
