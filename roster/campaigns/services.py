"""Make a campaign with its shifts and seats; delete one that was never published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, literal, or_, select

from core import audit, prepared
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.fast_path import shared_cache
from people import queries as people
from people.access.guard import ensure, refuse_unless
from people.models import Unit
from roster.campaigns import copying, demand_expansion
from roster.campaigns.copying import CopiedDemand, LeftOut
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, require
from roster.days.holiday_sets import FIRST_YEAR, LAST_YEAR
from roster.models import Seat, Shift
from roster.rulebook.models import CampaignRule

MAX_DAYS = 120


@dataclass(frozen=True)
class _Planned:
    """A campaign to be: its unit, the rows of its shifts, what it takes over of another."""

    unit_id: int
    shifts: list[dict[str, Any]]
    rules: Sequence[Mapping[str, Any]] = ()
    chosen: Mapping[str, Any] = field(default_factory=dict)
    copied: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Made:
    """A campaign that was made, and what of its model did not fit."""

    campaign: Campaign
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class CampaignWanted:
    """A campaign as somebody asks for it; ``unit``: code; both dates inclusive; ``copy_from``: id of the campaign to do
    as, None to follow today's demand."""

    name: str
    tet_year: int
    unit: str
    starts_on: date
    ends_on: date
    copy_from: int | None = None


def create_campaign(*, actor: Actor, now: datetime, is_demo: bool = False, **wanted: Any) -> Campaign:
    """``create`` with the fields of ``CampaignWanted`` by name."""
    return create(CampaignWanted(**wanted), actor=actor, now=now, is_demo=is_demo).campaign


def create(wanted: CampaignWanted, *, actor: Actor, now: datetime, is_demo: bool = False) -> Made:
    """A draft campaign with its shifts and empty seats, from the demand of the unit and below, or as another was.

    Raises Invalid (dates, year, name, no demand), NotFound (unit, campaign to copy), Forbidden.
    """

    def prepare() -> _Planned:
        unit = check(wanted, actor=actor, now=now)
        planned = _planned(wanted, unit, actor, now)
        if not planned.shifts:
            raise Invalid("campaign.no_demand", field="unit", unit=unit.name)
        return planned

    def act(planned: _Planned) -> Made:
        ensure(actor, "campaign.write", planned.unit_id, now=now)
        campaign = Campaign(
            name=wanted.name.strip(),
            tet_year=wanted.tet_year,
            unit_id=planned.unit_id,
            starts_on=wanted.starts_on,
            ends_on=wanted.ends_on,
            state="draft",
            created_at=now,
            created_by=actor.ref,
            is_demo=is_demo,
            **planned.chosen,
        )
        db.session.add(campaign)
        db.session.flush()
        add_shifts(campaign.id, planned.shifts)
        for row in planned.rules:
            db.session.add(CampaignRule(**row, campaign_id=campaign.id, changed_at=now, changed_by=actor.ref))
        facts = {"name": campaign.name, "shifts": len(planned.shifts), **planned.copied}
        audit.record(actor, "campaign.create", "campaign", campaign.id, now=now, **facts)
        db.session.flush()
        return Made(campaign, planned.left_out)

    return prepared.write(("campaign.create", wanted), prepare, act)


def check(wanted: CampaignWanted, *, actor: Actor, now: datetime) -> Unit:
    """The unit of a campaign that may be asked for. Reads only. Raises as ``create``, but for demand."""
    unit = people.unit_by_code(wanted.unit)
    _check_span(wanted)
    refuse_unless(actor, "campaign.write", unit.id, now=now)
    return unit


def preview(wanted: CampaignWanted, *, actor: Actor, now: datetime) -> CopiedDemand:
    """Return what a campaign would take over of the one that it copies. Writes nothing. Raises as ``create``."""
    unit = check(wanted, actor=actor, now=now)
    if wanted.copy_from is None:
        shifts = demand_expansion.shifts(unit.id, wanted.tet_year, wanted.starts_on, wanted.ends_on)
        return CopiedDemand(shifts, [], (), 0)
    return _copy(wanted, unit, actor, now)[1]


def _planned(wanted: CampaignWanted, unit: Unit, actor: Actor, now: datetime) -> _Planned:
    span = wanted.tet_year, wanted.starts_on, wanted.ends_on
    if wanted.copy_from is None:
        return _Planned(unit.id, demand_expansion.shifts(unit.id, *span))
    model, copy = _copy(wanted, unit, actor, now)
    chosen = {"needs_approval": model.needs_approval, "swaps_pass": model.swaps_pass}
    copied = {"copied_from": model.id, "left_out": [each.code for each in copy.left_out]}
    return _Planned(unit.id, copy.shifts, copy.rules, chosen, copied, copy.left_out)


def _copy(wanted: CampaignWanted, unit: Unit, actor: Actor, now: datetime) -> tuple[Campaign, CopiedDemand]:
    model = get_campaign(wanted.copy_from or 0)
    refuse_unless(actor, "campaign.read", model.unit_id, now=now)
    return model, copying.made_of(model, unit, wanted.tet_year, wanted.starts_on, ends_on=wanted.ends_on)


def add_shifts(campaign_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Shifts by their columns, and their seats, in the caller's transaction, which holds the campaign: one statement
    for all shifts, one for all first seats, one for all second ones …"""
    if not rows:
        return
    last = db.session.scalar(select(func.max(Shift.id)).where(Shift.campaign_id == campaign_id)) or 0
    db.session.execute(insert(Shift), [{**row, "campaign_id": campaign_id} for row in rows])
    own = (Shift.campaign_id == campaign_id) & (Shift.id > last)
    for position in range(1, max(max(row["headcount"], row["wanted"] or 0) for row in rows) + 1):
        with_it = select(Shift.id, literal(position)).where(
            own, or_(Shift.headcount >= position, Shift.wanted >= position)
        )
        db.session.execute(insert(Seat).from_select(["shift_id", "position"], with_it.order_by(Shift.id)))


def delete_campaign(campaign_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove a draft with everything in it. Raises Conflict once something was published."""
    with transaction() as session:
        shared_cache.hold_ground()  # whoever answers an ask that goes with it holds this before the campaign
        campaign = get_campaign(campaign_id)
        ensure(actor, "campaign.write", campaign.unit_id, now=now)
        require(campaign, "delete")
        if campaign.revision:  # withdrawn: a draft again, and what was published is kept
            raise Conflict("campaign.cannot_delete", state={"revision": campaign.revision}, name=campaign.name)
        audit.record(actor, "campaign.delete", "campaign", campaign.id, now=now, name=campaign.name)
        session.execute(delete(Campaign).where(Campaign.id == campaign_id))
        session.expire_all()


def _check_span(wanted: CampaignWanted) -> None:
    starts_on, ends_on = wanted.starts_on, wanted.ends_on
    if not wanted.name.strip():
        raise Invalid("campaign.name_missing", field="name")
    if not FIRST_YEAR <= wanted.tet_year <= LAST_YEAR:
        raise Invalid("campaign.year_range", field="tet_year", first=FIRST_YEAR, last=LAST_YEAR)
    if ends_on < starts_on:
        raise Invalid("campaign.dates_reversed", field="ends_on")
    if (ends_on - starts_on).days >= MAX_DAYS:
        raise Invalid("campaign.too_long", field="ends_on", days=MAX_DAYS)
    if starts_on.year < FIRST_YEAR or ends_on.year > LAST_YEAR:
        raise Invalid("campaign.date_range", field="starts_on", first=FIRST_YEAR, last=LAST_YEAR)
