"""A revision before it is written: who gets and who loses which seat, worked out as rows. Only ``put`` writes.

Duties and the draft are read as plain columns: a province has thousands, and their rows would be made twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from core.actor import SYSTEM
from core.db import db
from planning.seating import seated
from roster.consents import queries as consent_queries
from roster.draft.services import write_seats
from roster.models import Duty, Shift
from roster.publishing import duty_rows
from roster.snapshot import snapshot
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot


@dataclass(frozen=True)
class Before:
    """A published duty of the campaign, current or cancelled."""

    id: int
    person_id: int
    cancelled: bool


@dataclass
class RevisionChanges:
    """What a revision changes. ``told``: whom it touches; ``coming``, ``gained`` and ``lost``: shifts ahead by person,
    in order; ``on``: who serves a shift ahead."""

    draft: Snapshot
    target: Mapping[int, DraftCell]
    new: list[dict[str, Any]] = field(default_factory=list)
    renewed: list[dict[str, Any]] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    now_on: dict[int, DraftCell] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    coming: defaultdict[int, list[Shift]] = field(default_factory=lambda: defaultdict(list))
    gained: defaultdict[int, list[Shift]] = field(default_factory=lambda: defaultdict(list))
    lost: defaultdict[int, list[Shift]] = field(default_factory=lambda: defaultdict(list))
    running: dict[int, tuple[Shift, int | None]] = field(default_factory=dict)
    """By id, shifts that run and would be taken from somebody (their id), or had nobody until now (None)."""
    on: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class PublishableDraft:
    """The draft as publishing would take it: as it is, with everybody on their seats, and without those who have not
    agreed yet; and what that changes."""

    draft: Snapshot
    seated: Snapshot
    taken: Snapshot
    changes: RevisionChanges


def drafted(campaign_id: int, *, now: datetime) -> PublishableDraft:
    """Return what publishing the draft would make. Reads only."""
    draft = snapshot.take(campaign_id, now=now)
    seated = reseated(draft, now=now)
    taken = consent_queries.without_waiting(seated)
    return PublishableDraft(draft, seated, taken, changes(draft, seated, taken, now=now))


def reseated(taken: Snapshot, *, now: datetime) -> Snapshot:
    """The draft with everybody who was already published on a shift back on the seat that calendars know.

    A shift that was served meanwhile goes back to the people who served it.
    """
    published = {
        seat: row.person_id for seat, rows in _duties(taken.campaign_id).items() for row in rows if not row.cancelled
    }
    target: dict[int, DraftCell] = {}
    for shift_id, seats in taken.seats.items():
        cells = {taken.cells[seat].person_id: taken.cells[seat] for seat in seats if seat in taken.cells}
        was = {seat: published[seat] for seat in seats if seat in published}
        people_on = list(was.values()) if shift_id in taken.fixed else list(cells)
        target |= {
            seat: cells.get(who, DraftCell(who, False, None)) for seat, who in seated(seats, was, people_on).items()
        }
    return taken if target == taken.cells else snapshot.take(taken.campaign_id, now=now, cells=target)


def changes(draft: Snapshot, seated: Snapshot, taken: Snapshot, *, now: datetime) -> RevisionChanges:
    """Return what brings the published duties in line with ``taken``; ``seated``: the draft with its people on their
    seats, those included who have not agreed yet and are not published.

    A duty that is already past tells nobody. Shifts that are published and over stay as they are.
    """
    every, found = _duties(taken.campaign_id), RevisionChanges(draft, seated.cells)
    for shift in snapshot.shift_rows(taken.campaign_id, seats=False):
        for seat in taken.seats[shift.id]:
            if shift.id in taken.fixed:
                current = next((row for row in every[seat] if not row.cancelled), None)
                if current is not None:
                    found.now_on[seat] = DraftCell(current.person_id, False, None)
                continue
            _seat(found, shift, seat, taken.cells.get(seat), rows=every[seat], now=now)
    return found


def put(found: RevisionChanges, number: int, *, now: datetime) -> None:
    """Write the duties, and the draft where people went back to their seats. In the caller's transaction."""
    session, draft = db.session, found.draft
    if found.target != draft.cells:
        seats = [seat for each in draft.seats.values() for seat in each]
        write_seats(draft.cells, seats, found.target, "manual", actor=SYSTEM, now=now)
    changed = {"sequence": number, "changed_at": now}
    rows = [{"id": each, **changed, "cancelled_at": now} for each in found.cancelled]
    if rows:
        session.execute(update(Duty), rows)
    if found.renewed:
        session.execute(update(Duty), [{**row, **changed, "cancelled_at": None} for row in found.renewed])
    if found.new:
        session.execute(insert(Duty), [{**row, **changed, "cancelled_at": None} for row in found.new])


def _duties(campaign_id: int) -> defaultdict[int, list[Before]]:
    """Every duty of the campaign by seat."""
    found: defaultdict[int, list[Before]] = defaultdict(list)
    rows = select(Duty.seat_id, Duty.id, Duty.person_id, Duty.cancelled_at.is_not(None))
    for seat, *row in db.session.execute(rows.where(Duty.campaign_id == campaign_id)):
        found[seat].append(Before(*row))
    return found


def _seat(
    found: RevisionChanges, shift: Shift, seat: int, cell: DraftCell | None, *, rows: Sequence[Before], now: datetime
) -> None:
    wanted = cell.person_id if cell else None
    leaving = [row for row in rows if not row.cancelled and row.person_id != wanted]
    found.cancelled += [row.id for row in leaving]
    changed = {row.person_id for row in leaving}
    own = next((row for row in rows if row.person_id == wanted), None)
    if duty_rows.is_running(shift, now):
        if leaving:
            found.running[shift.id] = (shift, leaving[0].person_id)
        elif cell is not None and (own is None or own.cancelled):
            found.running.setdefault(shift.id, (shift, None))
    if cell is not None:
        found.now_on[seat] = cell
        if own is None:
            found.new.append(duty_rows.new(shift, seat, cell.person_id))
        elif own.cancelled:
            # The seat may have other hours than when they lost it.
            found.renewed.append({"id": own.id, **duty_rows.new(shift, seat, cell.person_id)})
        if own is None or own.cancelled:
            changed.add(cell.person_id)
    if shift.ends_at > now:
        found.told |= changed
        _count(found, shift, wanted, wanted in changed, gone=(row.person_id for row in leaving))


def _count(found: RevisionChanges, shift: Shift, serves: int | None, is_new: bool, *, gone: Iterable[int]) -> None:
    if serves is not None:
        found.coming[serves].append(shift)
        found.on[shift.id].append(serves)
        if is_new:
            found.gained[serves].append(shift)
    for person_id in gone:
        found.lost[person_id].append(shift)
