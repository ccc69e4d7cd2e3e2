"""Which seats of an edit are out of reach, and why: shifts that are over, shifts of units that somebody else plans."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from core.actor import Actor
from people import queries as people
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.draft.edits import SeatEdit
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot

Units = Collection[str] | None
"""Codes of those in whose shifts one may write; ``None``: in all."""


@dataclass(frozen=True)
class Barred:
    """A seat that an edit may not touch: whose it is or would be, on which day, and why not."""

    seat: int
    name: str
    on: date
    why: str


def units_of(actor: Actor, campaign: Campaign, *, now: datetime) -> Units:
    ids = rights.reach(actor, "campaign.write", campaign, now=now)
    return None if ids is None else {unit.code for unit in people.units(ids)}


def why_not(taken: Snapshot, shift_id: int, units: Units) -> str:
    """Empty where the shift may be edited."""
    shift = taken.problem.shift_of[shift_id]
    if shift_id in taken.fixed:
        return _("ca này đã qua và đã ban hành")
    if units is not None and shift.unit not in units:
        name = people.unit_by_code(shift.unit).name
        return _("ca %(shift)s là của %(unit)s: đồng chí không xếp ca của đơn vị ấy", shift=shift.template, unit=name)
    return ""


def barred(campaign: Campaign, edits: Sequence[SeatEdit], units: Units, *, now: datetime) -> list[Barred]:
    """Return those of several edits that stand in the way of the others; a single one is answered for itself."""
    if len(edits) < 2:
        return []
    taken, found = snapshot.take(campaign.id, now=now), list[Barred]()
    name_of = {person.code: person.name for person in taken.problem.staff}
    for each in edits:
        shift_id = taken.shift_of_seat.get(each.seat)
        if shift_id is not None and (why := why_not(taken, shift_id, units)):
            code = each.was or each.person or ""
            found.append(Barred(each.seat, name_of.get(code, code), taken.problem.shift_of[shift_id].local_date, why))
    return found
