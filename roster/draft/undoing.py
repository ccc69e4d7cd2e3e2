"""Undo and redo of one's own changes of a draft: each seat goes back to exactly what it was, or nothing happens. What
was changed once more since is shown as it is and as it was, and whoever asked says which of the two shall be.

A draft may hold what a rule forbids, so nothing is judged here; the page shows it and publishing asks for a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core import audit, prepared
from core.actor import Actor
from core.db import db
from core.errors import Conflict
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.consents import services as consents
from roster.draft import edit_log, edit_plan, reduce_headcount
from roster.draft.models import DraftEdit
from roster.draft.reduce_headcount import SeatDemand
from roster.draft.services import get_shift, write_seats
from roster.snapshot import snapshot
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot
from roster.words.names import maker_names, names_for


@dataclass(frozen=True)
class Turned:
    """A change that was undone or done again: ``text`` says what it had done, without what was kept. All of it was kept
    where there are no ``shifts``."""

    edit: int
    text: str
    shifts: tuple[int, ...]
    draft_version: int
    since: int
    """The draft's version before."""
    people: frozenset[int] = frozenset()
    """Ids of those who came or left."""


Clash = Literal["refuse", "keep", "put_back"]
CLASHES: tuple[Clash, ...] = ("refuse", "keep", "put_back")
"""Where the change was itself changed since: Conflict with both versions; leave what stands and take back the rest; or
put back what was before, as a change of its own."""


_FOLLOWED: dict[str, Callable[..., None]] = {}


def follow(what: str, turned: Callable[..., None]) -> None:
    """Whoever keeps something of edits that are ``about`` this hears in the same transaction when one is taken back or
    done again: ``turned(about, back=…, actor=…, now=…)``."""
    _FOLLOWED[what] = turned


def undo(
    campaign_id: int,
    *,
    edit: int | None = None,
    clash: Clash = "refuse",
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> Turned:
    """Take back a change of the actor since the last publish: ``edit``, else the last. Conflict without one.

    ``seen``: version of the draft of which both versions were shown; what came later is not overwritten unseen.
    """
    return _turn(campaign_id, edit, _Choice(clash, seen), back=True, actor=actor, now=now)


def redo(
    campaign_id: int,
    *,
    edit: int | None = None,
    clash: Clash = "refuse",
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> Turned:
    """Do again a change that the actor undid: ``edit``, else the one undone last. Conflict when there is none."""
    return _turn(campaign_id, edit, _Choice(clash, seen), back=False, actor=actor, now=now)


def last_lessening(campaign: Campaign, *, actor: Actor) -> str | None:
    """Return what undo would take back, in words, where that is a smaller demand; ``None`` where it is something
    else."""
    edit = edit_log.next_to_undo(campaign, actor.ref)
    return edit_log.described(edit) if edit is not None and edit_log.demand_of(edit, after=True) else None


@dataclass(frozen=True)
class _UndoPlan:
    edit: int
    text: str
    shifts: tuple[int, ...]
    units: frozenset[int]
    seen: tuple[int, int]
    """Version of the draft, and revision: what is published since is history."""
    cells: Mapping[int, DraftCell]
    target: Mapping[int, DraftCell]
    rows: Sequence[list[Any]]
    """Of the log: what is turned."""
    demand: Mapping[int, SeatDemand]
    people: frozenset[int]
    is_new: bool
    """It overwrites what came since, so it is noted as a change of its own."""

    @property
    def seats(self) -> list[int]:
        return [row[0] for row in self.rows if row[0] is not None]

    @property
    def changes(self) -> list[edit_log.Change]:
        return [(row[1], _only(self.cells, row[0]), _only(self.target, row[0])) for row in self.rows]


def _only(cells: Mapping[int, DraftCell], seat: int) -> dict[int, DraftCell]:
    return {seat: cells[seat]} if seat in cells else {}


@dataclass(frozen=True)
class _Choice:
    """What shall be where the change was itself changed since, and as of which version of the draft that was chosen."""

    clash: Clash
    seen: int | None


def _turn(campaign_id: int, edit_id: int | None, choice: _Choice, *, back: bool, actor: Actor, now: datetime) -> Turned:
    name = "draft.undo" if back else "draft.redo"

    def prepare() -> _UndoPlan:
        campaign = get_campaign(campaign_id)
        rights.ensure(actor, "campaign.write", campaign, (), now=now, asks=True)
        require(campaign, "edit")
        return _planned(campaign, _chosen(campaign, edit_id, back=back, actor=actor), choice, back=back, now=now)

    def act(plan: _UndoPlan) -> Turned:
        campaign = locked_campaign(campaign_id)
        rights.ensure(actor, "campaign.write", campaign, plan.units, now=now)
        require(campaign, "edit")
        edit = db.session.get(DraftEdit, plan.edit, populate_existing=True)
        if (campaign.draft_version, campaign.revision) != plan.seen or edit is None or (edit.undone_at is None) != back:
            raise prepared.Stale
        write_seats(plan.cells, plan.seats, plan.target, "manual", actor=actor, now=now)
        reduce_headcount.write(plan.demand)
        about = edit.about or {}
        for what in _FOLLOWED.keys() & about.keys():
            _FOLLOWED[what](about, back=back, actor=actor, now=now)
        campaign.draft_version += bool(plan.rows)
        _note(campaign, edit, plan, back=back, actor=actor, now=now)
        _ask(plan, actor=actor, now=now)
        audit.record(
            actor,
            name,
            "campaign",
            campaign_id,
            now=now,
            edit=plan.edit,
            shifts=list(plan.shifts),
            clash=choice.clash,
            draft_version=campaign.draft_version,
        )
        return Turned(plan.edit, plan.text, plan.shifts, campaign.draft_version, plan.seen[0], plan.people)

    return prepared.write((name, campaign_id, edit_id, choice), prepare, act)


def _note(campaign: Campaign, edit: DraftEdit, plan: _UndoPlan, *, back: bool, actor: Actor, now: datetime) -> None:
    """What is turned waits for the other way round; what was put over a later change is a change, and undone as one."""
    if plan.is_new or not plan.rows:
        db.session.delete(edit)
        db.session.flush()
        edit_log.note(campaign, plan.changes, by=actor.ref, now=now)
        return
    edit.undone_at = now if back else None
    edit.since_version, edit.draft_version = campaign.draft_version - 1, campaign.draft_version
    if len(plan.rows) < len(edit.cells):
        edit.cells = list(plan.rows)


def _chosen(campaign: Campaign, edit_id: int | None, *, back: bool, actor: Actor) -> DraftEdit:
    if edit_id is not None:
        edit = edit_log.turnable(campaign, actor.ref, edit_id, back=back)
    else:
        edit = (edit_log.next_to_undo if back else edit_log.next_to_redo)(campaign, actor.ref)
    if edit is None:
        raise Conflict(f"{'undo' if back else 'redo'}.{'nothing' if edit_id is None else 'gone'}")
    return edit


def _planned(campaign: Campaign, edit: DraftEdit, choice: _Choice, *, back: bool, now: datetime) -> _UndoPlan:
    taken = snapshot.take(campaign.id, now=now, also=edit_log.people_of(edit))
    changed = edit_log.moved(taken, edit, after=back)
    puts_back = choice.clash == "put_back"
    rows = [row for row in edit.cells if puts_back or row not in changed]
    shifts = tuple(edit_log.shifts_in(rows))
    if not is_open(taken, shifts):  # nor is anybody asked to choose where no choice could be carried out
        raise Conflict("shift.past", state={"shifts": [each for each in shifts if each in taken.fixed]})
    if changed and (choice.clash == "refuse" or (puts_back and not _may_overwrite(campaign, changed, choice.seen))):
        raise _refusal(campaign, taken, edit, changed, back=back)
    wanted = {row[0]: row[2 if back else 3] for row in rows if row[0] is not None}
    target = {seat: DraftCell(*cell) for seat, cell in wanted.items() if cell}
    edit_plan.refuse_twice(taken, {each: taken.seats[each] for each in shifts}, {**dict.fromkeys(wanted), **target})
    demand = {row[1]: SeatDemand(*row[2 if back else 3]) for row in rows if row[0] is None}
    there = {taken.cells[row[0]].person_id for row in rows if row[0] in taken.cells}
    return _UndoPlan(
        edit=edit.id,
        text=edit_log.described(edit, rows=rows),
        shifts=shifts,
        units=frozenset(get_shift(each).unit_id for each in shifts),
        seen=(taken.draft_version, campaign.revision),
        cells=taken.cells,
        target=target,
        rows=rows,
        demand=demand,
        people=frozenset(there | {cell.person_id for cell in target.values()}),
        is_new=bool(changed) and puts_back,
    )


def _may_overwrite(campaign: Campaign, changed: Sequence[list[Any]], seen: int | None) -> bool:
    """Not what was asked for, which is signed; nor what came after both versions were shown."""
    seats = {row[0] for row in changed}
    return None not in seats and (seen is None or not edit_log.are_changed_since(campaign, seats, seen))


def _refusal(
    campaign: Campaign, taken: Snapshot, edit: DraftEdit, changed: Sequence[list[Any]], *, back: bool
) -> Conflict:
    """With both versions of each seat: who sits there now, put there by whom, and who would."""
    person, seats = taken.problem.person, [row[0] for row in changed if row[0] is not None]
    makers = edit_log.last_makers(campaign, seats)
    names, shifts = maker_names(set(makers.values())), edit_log.shifts_in(changed)
    words = names_for(shifts, ())

    def who(cell: DraftCell | list[Any] | None) -> tuple[str | None, str | None]:
        return (person[cell[0]].code, person[cell[0]].name) if cell else (None, None)

    rows = []
    for row in changed:
        if row[0] is not None:
            there, then = taken.cells.get(row[0]), row[2 if back else 3]
            (now_code, now_name), (then_code, then_name) = who(there), who(then)
            by = names.get(makers.get(row[0], ""))
            facts = {"seat": row[0], "shift": row[1], "where": words.shift(row[1]), "by": by}
            facts |= {"person": now_code, "name": now_name, "pinned": bool(there and there.pinned)}
            rows.append(facts | {"then": then_code, "then_name": then_name, "then_pinned": bool(then and then[1])})
    state = {
        "edit": edit.id,
        "text": edit_log.described(edit),
        "shifts": shifts,
        "seats": rows,
        "rest": len(edit.cells) - len(changed),
        "seen": taken.draft_version,
        "may_put_back": len(rows) == len(changed) and is_open(taken, shifts),
    }
    return Conflict("undo.changed" if back else "redo.changed", state=state, shift=words.shift(shifts[0]))


def is_open(taken: Snapshot, shifts: Collection[int]) -> bool:
    """Whether all of them are still there and none has been served."""
    return all(shift in taken.seats and shift not in taken.fixed for shift in shifts)


def _ask(plan: _UndoPlan, *, actor: Actor, now: datetime) -> None:
    """Those from outside who come are asked, those who leave need not answer any more."""
    for shift_id in plan.shifts:
        seats = [row[0] for row in plan.rows if row[1] == shift_id]
        was = {plan.cells[seat].person_id for seat in seats if seat in plan.cells}
        becomes = {plan.target[seat].person_id for seat in seats if seat in plan.target}
        if was != becomes:
            unit_id = get_shift(shift_id).unit_id
            consents.ask_for_shift(shift_id, unit_id, becomes - was, was - becomes, actor=actor, now=now)
