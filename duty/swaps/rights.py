"""Who may ask, answer and decide about a seat, and who reads of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import Invalid, NotFound
from duty.swaps import queries
from duty.swaps.models import Swap
from people.access import guard
from roster.approvals import queries as approvals
from roster.campaigns.models import Campaign
from roster.models import Duty, Shift
from roster.publishing import parts


def readable(swap_id: int, *, actor: Actor, now: datetime) -> Swap:
    """Return it to those who made it, were asked, or answer for its unit; NotFound for others, as if there were
    none."""
    units = guard.reach(actor, "duty.confirm", now=now)
    seen = select(Swap).where(Swap.id == swap_id, queries.visible_to(actor.person_id, units))
    swap = db.session.scalar(seen)
    if swap is None:
        raise NotFound("swap.unknown", id=swap_id)
    return swap


def passes(held: Duty, in_return: Duty | None, actor: Actor, now: datetime) -> bool:
    """Whether the first lawful yes moves the seats without anybody else's word."""
    campaign = db.session.get_one(Campaign, held.campaign_id)
    shifts = [held.shift, *([in_return.shift] if in_return is not None else [])]
    return campaign.swaps_pass or all(may_decide(actor, shift, now=now) for shift in shifts)


def may_decide(actor: Actor, shift: Shift, *, now: datetime) -> bool:
    """Managers of the unit, and where the roster is a leader's word that leader; leadership and operations on duty for
    shifts of the day, and whoever else covers those."""
    if is_bound(shift.campaign):
        if approves(actor, shift.campaign, now=now):
            return True
    elif guard.allowed(actor, "campaign.publish", shift.unit_id, now=now):
        return True
    return parts.is_of_the_day(shift, now) and bool(guard.allowed(actor, "roster.cover", shift.unit_id, now=now))


def is_bound(campaign: Campaign) -> bool:
    """What was approved is not changed by swaps, unless the campaign lets them (``swaps_pass``)."""
    return campaign.needs_approval and not campaign.swaps_pass


def approves(actor: Actor, campaign: Campaign, *, now: datetime) -> bool:
    """Who could be asked to approve its drafts, or may do without that."""
    if guard.allowed(actor, "approval.waive", campaign.unit_id, now=now):
        return True
    return actor.person_id is not None and any(each.id == actor.person_id for each in approvals.approvers(campaign))


def ensure_speaks_for(person_id: int, unit_id: int, note: str, *, actor: Actor, now: datetime) -> None:
    """One's own affairs; or of those who confirm for others, with how one heard it."""
    if actor.person_id == person_id:
        return
    guard.ensure(actor, "duty.confirm", unit_id, now=now, person_id=person_id)
    if not note:
        raise Invalid("swap.how", field="note")


def ensure_may_ask_for(held: Duty, *, actor: Actor, now: datetime) -> None:
    """One's own seat; or whoever may note what people say, or decide about the shift. Raises Forbidden."""
    if actor.person_id == held.person_id or may_decide(actor, held.shift, now=now):
        return
    guard.refuse_unless(actor, "duty.confirm", held.unit_id, now=now)
