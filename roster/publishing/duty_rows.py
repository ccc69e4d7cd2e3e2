"""Rows of published duties: who has each seat now, one seat handed from one person to another, a new row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db import db
from core.errors import Conflict
from core.i18n import named, span
from people import queries as people
from roster.models import Duty, Shift
from roster.snapshot.sitting import DraftCell


def current(campaign_id: int) -> dict[int, Duty]:
    """Seat id → the duty of its holder."""
    rows = db.session.scalars(select(Duty).where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None)))
    return {row.seat_id: row for row in rows}


def write_seat(
    shift: Shift, seat: int, cell: DraftCell | None, rows: Mapping[int, Duty], *, number: int, now: datetime
) -> frozenset[int]:
    """Hand the seat over in revision ``number``. Answers the people who lost or got it; empty when it stays as it was.

    ``rows``: person id → the duty that they have, or had, on this seat.
    """
    wanted = cell.person_id if cell else None
    leaving = [row for row in rows.values() if row.cancelled_at is None and row.person_id != wanted]
    for row in leaving:
        row.cancelled_at, row.sequence, row.changed_at = now, number, now
    changed = {row.person_id for row in leaving}
    if wanted is not None and (wanted not in rows or rows[wanted].cancelled_at is not None):
        row = rows.get(wanted) or Duty()
        # Also of one that is had again: the seat may have other hours than when it was lost.
        for name, value in new(shift, seat, wanted).items():
            setattr(row, name, value)
        row.sequence, row.changed_at, row.cancelled_at = number, now, None
        db.session.add(row)
        changed.add(wanted)
    return frozenset(changed)


def refuse_running(running: Iterable[tuple[Shift, int | None]]) -> None:
    """Raises Conflict ``amend.running`` where a revision would take a shift that runs from its holder (person id): what
    was served until now would be somebody else's; ``amend.running_empty`` where it had nobody (None), and whoever comes
    would have served from its start. A cover, or a part, takes over what is left.
    """
    found = [*running]
    held = {who for _shift, who in found if who is not None}
    shifts = [shift for shift, who in found if who is not None or not held]
    if not shifts:
        return
    first = min(shifts, key=lambda each: (each.starts_at, each.id))
    kind = next((each for each in people.duty_kinds() if each.code == first.duty), None)
    what = f"{named(kind) if kind else first.duty}, {first.unit.name}, {span(first.starts_at, first.ends_at)}"
    state = {"shifts": sorted({each.id for each in shifts})}
    if not held:
        raise Conflict("amend.running_empty", state=state, what=what)
    names = sorted(each.full_name for each in people.people_by_ids(held).values())
    raise Conflict("amend.running", state=state, what=what, who=", ".join(names))


def is_running(shift: Shift, now: datetime) -> bool:
    return shift.starts_at <= now < shift.ends_at


def new(shift: Shift, seat: int, person_id: int) -> dict[str, Any]:
    """The columns of a duty that do not depend on the revision."""
    return {
        "seat_id": seat,
        "shift_id": shift.id,
        "campaign_id": shift.campaign_id,
        "unit_id": shift.unit_id,
        "person_id": person_id,
        "duty": shift.duty,
        "template": shift.template,
        "form": shift.form,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
    }
