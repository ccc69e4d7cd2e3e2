"""Reading campaigns, shifts and revisions. Nothing here writes; the grid has a module of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from core.db import db
from core.errors import Conflict, NotFound
from people import queries as people
from people.models import Person
from roster.campaigns import lifecycle
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Duty, Revision, Seat, Shift


@dataclass(frozen=True)
class CampaignSeat:
    """A seat and who sits there, in the draft or as published; ``person`` is a code."""

    seat_id: int
    person: str | None
    pinned: bool


def get_campaign(campaign_id: int) -> Campaign:
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("campaign.unknown", id=campaign_id)
    return campaign


def locked_campaign(campaign_id: int) -> Campaign:
    """The campaign as it is now, kept from other writers of its draft until the transaction ends. Raises NotFound.

    Call first in the transaction: what was read before the lock may be old. SQLite has one writer anyhow.
    """
    campaign = db.session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id)
        .with_for_update(of=Campaign, key_share=True)
        .execution_options(populate_existing=True)
    )
    if campaign is None:
        raise NotFound("campaign.unknown", id=campaign_id)
    return campaign


def require(campaign: Campaign, action: lifecycle.Action) -> lifecycle.State:
    """The state that ``action`` leads to; Conflict when the campaign's state forbids it."""
    state = lifecycle.after(campaign.state, action)
    if state is None:
        raise Conflict(f"campaign.cannot_{action}", state={"campaign_state": campaign.state}, name=campaign.name)
    return state


def campaigns_statement(unit_id: int | None = None) -> Select[tuple[Campaign]]:
    """Campaigns of ``unit_id`` and below (or all), with their unit."""
    wanted = select(Campaign).options(joinedload(Campaign.unit))
    return wanted if unit_id is None else wanted.where(Campaign.unit_id.in_(people.subtree_ids(unit_id)))


def latest_first() -> Sequence[Campaign]:
    """Every campaign with its unit, by its first day."""
    every = select(Campaign).options(joinedload(Campaign.unit))
    return db.session.scalars(every.order_by(Campaign.starts_on.desc(), Campaign.id.desc())).all()


def shifts_statement(campaign_id: int) -> Select[tuple[Shift]]:
    """The shifts of a campaign with unit and seats; order and page are the caller's."""
    return (
        select(Shift)
        .where(Shift.campaign_id == campaign_id)
        .options(joinedload(Shift.unit), selectinload(Shift.seats))
        .execution_options(populate_existing=True)
    )


def seated_draft(shift_ids: Iterable[int]) -> dict[int, CampaignSeat]:
    """Seat id → who sits there in the draft."""
    rows = db.session.execute(
        select(Seat.id, Person.code, DraftAssignment.pinned)
        .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .join(Person, Person.id == DraftAssignment.person_id)
        .where(Seat.shift_id.in_(list(shift_ids)))
    )
    return {row.id: CampaignSeat(row.id, row.code, row.pinned) for row in rows}


def seated_published(shift_ids: Iterable[int]) -> dict[int, CampaignSeat]:
    """Seat id → who sits there by the latest revision."""
    rows = db.session.execute(
        select(Duty.seat_id, Person.code)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.shift_id.in_(list(shift_ids)), Duty.cancelled_at.is_(None))
    )
    return {row.seat_id: CampaignSeat(row.seat_id, row.code, False) for row in rows}


def revisions_statement(campaign_id: int) -> Select[tuple[Revision]]:
    return select(Revision).where(Revision.campaign_id == campaign_id)


def revision(campaign_id: int, number: int) -> Revision:
    """Raises NotFound."""
    found = db.session.scalar(select(Revision).filter_by(campaign_id=campaign_id, number=number))
    if found is None:
        raise NotFound("revision.unknown", number=number)
    return found


def legal_grounds(campaign_id: int) -> dict[int, str]:
    """Shift id → what the employer states for its length on site, of the shifts that have such a statement."""
    wanted = select(Shift.id, Shift.legal_ground).where(Shift.campaign_id == campaign_id, Shift.legal_ground != "")
    return dict(db.session.execute(wanted).tuples().all())
