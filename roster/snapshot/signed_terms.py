"""What the last revision says of the shifts themselves, held against those of now; who serves is not asked here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from core.calendar.moments import rfc3339
from core.db import db
from core.fast_path import shared_cache
from people.models import Unit
from roster.campaigns.models import Campaign
from roster.models import Revision, Seat, Shift
from roster.snapshot import sitting

TERMS = ("duty", "unit", "name", "form", "starts_at", "ends_at", "phase", "required", "legal_ground")
"""Of an entry in the content of a revision (``roster.publishing.revision_content``); names of units and people may
change without another list."""


def changed(campaign: Campaign) -> Mapping[int, str]:
    """Ids of the shifts of which the next revision would say something else than the last one, or that it would have
    more or less, with the code of the unit. A process remembers them until something of it changes."""
    memory = shared_cache.kept_now(shared_cache.PLAN)
    return sitting.kept_of(memory, f"terms of {campaign.revision}", campaign.id, lambda each: _changed(campaign))


def _changed(campaign: Campaign) -> dict[int, str]:
    wanted = select(Revision.content).filter_by(campaign_id=campaign.id, number=campaign.revision)
    signed: dict[int, Mapping[str, Any]] = {each["shift"]: each for each in db.session.scalar(wanted) or ()}
    now, seated = _now(campaign.id), _seated(campaign.id)
    both = {each for each in signed.keys() & now.keys() if _terms(signed[each]) != _terms(now[each])}
    gone = {each for each in signed.keys() - now.keys() if signed[each]["required"] or signed[each]["people"]}
    found = both | gone | (now.keys() - signed.keys()) & seated
    return {each: (now.get(each) or signed[each])["unit"] for each in found}


def _terms(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) or "" for name in TERMS)


def _now(campaign_id: int) -> dict[int, Mapping[str, Any]]:
    columns = (Shift.id, Shift.duty, Unit.code, Shift.template, Shift.form, Shift.starts_at, Shift.ends_at)
    more = (Shift.phase, Shift.headcount, Shift.legal_ground)
    wanted = select(*columns, *more).join(Unit, Unit.id == Shift.unit_id).where(Shift.campaign_id == campaign_id)
    return {
        shift_id: {
            "duty": duty,
            "unit": unit,
            "name": name,
            "form": form,
            "starts_at": rfc3339(starts),
            "ends_at": rfc3339(ends),
            "phase": phase,
            "required": number,
            "legal_ground": ground,
        }
        for shift_id, duty, unit, name, form, starts, ends, phase, number, ground in db.session.execute(wanted).tuples()
    }


def _seated(campaign_id: int) -> frozenset[int]:
    has_seats = exists().where(Seat.shift_id == Shift.id)
    return frozenset(db.session.scalars(select(Shift.id).where(Shift.campaign_id == campaign_id, has_seats)))
