"""Somebody else was quicker: whether a part still is what was looked at, and who changed it since. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from core.errors import Conflict
from core.models import AuditEntry
from people import queries as people
from planning.change_bundles import SeatMove
from roster.models import Duty, Revision
from roster.publishing.parts import PartBaseline
from roster.words.names import names_for

Shown: TypeAlias = Mapping[int, tuple[int | None, int | None]]
"""Seat id → who is published there and whom the draft wants: person ids, ``None`` for nobody."""


def shown(moves: Iterable[SeatMove]) -> dict[int, tuple[int | None, int | None]]:
    return {each.seat: (each.out, each.came) for each in moves}


def refuse(stands: PartBaseline, meant: Collection[int], now_on: Shown, was: Shown, *, named: Collection[int]) -> None:
    """Conflict ``part.changed`` when a seat that is ``meant``, or on which one of the people ``named`` (ids) was
    shown, is not as it ``was`` shown: ``state`` tells each such seat. What others did elsewhere does not count.
    """
    watched = {seat for seat, pair in was.items() if seat in meant or not set(named).isdisjoint(pair)}
    watched |= {seat for seat in now_on if seat in meant}
    _refuse(stands, sorted(seat for seat in watched if was.get(seat) != now_on.get(seat)), was)


def refuse_published(stands: PartBaseline, was: Shown) -> None:
    """The same when somebody has published one of these seats since. A draft edited since is taken as it is."""
    _refuse(stands, sorted(seat for seat, (holder, _comes) in was.items() if stands.published.get(seat) != holder), was)


def _refuse(stands: PartBaseline, moved: Sequence[int], was: Shown) -> None:
    if not moved:
        return
    shift_of = stands.taken.shift_of_seat
    drafted = {seat: cell.person_id for seat, cell in stands.taken.cells.items() if seat in moved}
    codes = people.codes_of({who for seat in moved for who in (stands.published.get(seat), drafted.get(seat)) if who})
    facts = [
        {
            "seat": seat,
            "shift": shift_of[seat],
            "published": codes.get(stands.published.get(seat, 0)),
            "draft": codes.get(drafted.get(seat, 0)),
        }
        for seat in moved
        if seat in shift_of
    ]
    first, shift_id = moved[0], shift_of.get(moved[0], 0)
    published = first in was and was[first][0] != stands.published.get(first)
    raise Conflict(
        "part.changed",
        state={"seats": facts, "revision": stands.campaign.revision, "draft_version": stands.taken.draft_version},
        what=names_for([shift_id], ()).shift(shift_id),
        who=_publisher(stands.campaign.id, first) if published else _editor(shift_id),
    )


def _publisher(campaign_id: int, seat: int) -> str:
    """Return whoever published the seat last."""
    by = db.session.scalar(
        select(Revision.published_by)
        .join(Duty, (Duty.campaign_id == Revision.campaign_id) & (Duty.sequence == Revision.number))
        .where(Revision.campaign_id == campaign_id, Duty.seat_id == seat)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return by or _("người khác")


def _editor(shift_id: int) -> str:
    """Return whoever edited the shift in the draft last."""
    edited = select(AuditEntry.actor).where(AuditEntry.thing == "shift", AuditEntry.thing_id == str(shift_id))
    ref = db.session.scalar(edited.order_by(AuditEntry.id.desc()).limit(1))
    return people.actor_names([ref])[ref] if ref else _("người khác")
