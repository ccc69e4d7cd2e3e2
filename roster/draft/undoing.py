"""Undo and redo of one's own changes of a draft: each seat goes back to exactly what it was, or nothing happens.

A draft may hold what a rule forbids, so nothing is judged here; the page shows it and publishing asks for a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core import audit, prepared
from core.actor import Actor
from core.db import db
from core.errors import Conflict
from roster.campaigns import rights
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.consents import services as consents
from roster.draft import edit_log, lessening
from roster.draft.lessening import Asked
from roster.draft.models import DraftEdit
from roster.draft.services import get_shift, write_seats
from roster.models import Campaign
from roster.snapshot import snapshot
from roster.snapshot.sitting import Cell
from roster.snapshot.snapshot import Snapshot
from roster.words.names import names_for


@dataclass(frozen=True)
class Turned:
    """A change that was undone or done again: ``text`` says what it had done."""

    edit: int
    text: str
    shifts: tuple[int, ...]
    draft_version: int
    people: frozenset[int] = frozenset()
    """Ids of those who came or left."""


@dataclass(frozen=True)
class Offer:
    """What undo or redo would touch next; ``fits`` unless somebody else has changed one of its shifts since."""

    text: str
    fits: bool


def undo(campaign_id: int, *, actor: Actor, now: datetime) -> Turned:
    """Take back the actor's last change since the last publish. Conflict without one, or when it was changed since."""
    return _turn(campaign_id, back=True, actor=actor, now=now)


def redo(campaign_id: int, *, actor: Actor, now: datetime) -> Turned:
    """Do again what the actor undid last. Conflict when there is nothing, or its shifts were changed since."""
    return _turn(campaign_id, back=False, actor=actor, now=now)


def offers(campaign: Campaign, taken: Snapshot, *, actor: Actor) -> tuple[Offer | None, Offer | None]:
    """(what undo would take back, what redo would do again), for the page."""
    found = (edit_log.next_to_undo(campaign, actor.ref), True), (edit_log.next_to_redo(campaign, actor.ref), False)
    undoing, redoing = (
        None
        if edit is None
        else Offer(edit_log.described(edit), not edit_log.moved(taken, edit, after=back) and _open(taken, edit))
        for edit, back in found
    )
    return undoing, redoing


def last_lessening(campaign: Campaign, *, actor: Actor) -> str | None:
    """What undo would take back, in words, where that is a smaller demand; ``None`` where it is something else."""
    edit = edit_log.next_to_undo(campaign, actor.ref)
    return edit_log.described(edit) if edit is not None and edit_log.demand_of(edit, after=True) else None


@dataclass(frozen=True)
class _Plan:
    edit: int
    text: str
    shifts: tuple[int, ...]
    units: frozenset[int]
    seen: tuple[int, int]
    """Version of the draft, and revision: what is published since is history."""
    cells: Mapping[int, Cell]
    target: Mapping[int, Cell]
    seats: tuple[int, ...]
    demand: Mapping[int, Asked]
    people: frozenset[int]


def _turn(campaign_id: int, *, back: bool, actor: Actor, now: datetime) -> Turned:
    name = "draft.undo" if back else "draft.redo"

    def prepare() -> _Plan:
        campaign = get_campaign(campaign_id)
        rights.ensure(actor, "campaign.write", campaign, (), now=now, asks=True)
        require(campaign, "edit")
        return _planned(campaign, back=back, actor=actor, now=now)

    def act(plan: _Plan) -> Turned:
        campaign = locked_campaign(campaign_id)
        rights.ensure(actor, "campaign.write", campaign, plan.units, now=now)
        require(campaign, "edit")
        edit = db.session.get(DraftEdit, plan.edit, populate_existing=True)
        if (campaign.draft_version, campaign.revision) != plan.seen or edit is None or (edit.undone_at is None) != back:
            raise prepared.Stale
        write_seats(plan.cells, plan.seats, plan.target, "manual", actor=actor, now=now)
        lessening.write(plan.demand)
        campaign.draft_version += 1
        edit.undone_at = now if back else None
        _ask(plan, edit, actor=actor, now=now)
        audit.record(
            actor,
            name,
            "campaign",
            campaign_id,
            now=now,
            edit=plan.edit,
            shifts=list(plan.shifts),
            draft_version=campaign.draft_version,
        )
        return Turned(plan.edit, plan.text, plan.shifts, campaign.draft_version, plan.people)

    return prepared.write((name, campaign_id), prepare, act)


def _planned(campaign: Campaign, *, back: bool, actor: Actor, now: datetime) -> _Plan:
    look = edit_log.next_to_undo if back else edit_log.next_to_redo
    edit = look(campaign, actor.ref)
    if edit is None:
        raise Conflict("undo.nothing" if back else "redo.nothing")
    taken = snapshot.take(campaign.id, now=now)
    changed = edit_log.moved(taken, edit, after=back)
    if changed:
        name = names_for(changed[:1], ()).shift(changed[0])
        raise Conflict("undo.changed" if back else "redo.changed", state={"shifts": changed}, shift=name)
    shifts = tuple(edit_log.shifts_of(edit))
    if not _open(taken, edit):
        raise Conflict("shift.past", state={"shifts": [each for each in shifts if each in taken.fixed]})
    wanted = edit_log.cells_of(edit, after=not back)
    target = {seat: cell for seat, cell in wanted.items() if cell is not None}
    text = edit_log.described(edit)
    demand = {shift: Asked(*asked) for shift, asked in edit_log.demand_of(edit, after=not back).items()}
    return _Plan(
        edit=edit.id,
        text=text,
        shifts=shifts,
        units=frozenset(get_shift(each).unit_id for each in shifts),
        seen=(taken.draft_version, campaign.revision),
        cells=taken.cells,
        target=target,
        seats=tuple(wanted),
        demand=demand,
        people=frozenset(edit_log.people_of(edit)),
    )


def _open(taken: Snapshot, edit: DraftEdit) -> bool:
    """Whether all its shifts are still there and none has been served."""
    return all(shift in taken.seats and shift not in taken.fixed for shift in edit_log.shifts_of(edit))


def _ask(plan: _Plan, edit: DraftEdit, *, actor: Actor, now: datetime) -> None:
    """Those from outside who come are asked, those who leave need not answer any more."""
    for shift_id in plan.shifts:
        seats = [row[0] for row in edit.cells if row[1] == shift_id]
        was = {plan.cells[seat].person_id for seat in seats if seat in plan.cells}
        becomes = {plan.target[seat].person_id for seat in seats if seat in plan.target}
        if was != becomes:
            consents.ask_for_shift(get_shift(shift_id), becomes - was, was - becomes, actor=actor, now=now)
