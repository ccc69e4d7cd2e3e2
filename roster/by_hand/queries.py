"""Who holds published seats ahead and was told by no machine, and what became of the last message to each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from core.actor import Actor
from core.db import batched, db
from notify.message_states.delivery_states import HAS_LEFT, DeliveryState, state_of
from notify.models import Message
from people import queries as people
from people.access import guard
from people.models import Person
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.confirmations.models import Confirmation
from roster.models import Duty
from roster.publishing import notices


@dataclass(frozen=True)
class UnreachedPerson:
    """Somebody who has not answered and to whom nothing has left. ``state``: of the last message; ``None``: there is
    none, because nothing carries words to them."""

    person: Person
    shifts: int
    state: DeliveryState | None


def unreached(campaign: Campaign, *, actor: Actor, now: datetime) -> list[UnreachedPerson]:
    """Return those of the actor's units, by given name; a handful of statements however many they are."""
    units = guard.reach(actor, "reach.write", now=now)
    waiting, states = _waiting(campaign.id, units, now), last_states(campaign.id)
    # Whoever lost their last shift does not know that they need not come; without a message nobody meant to tell them.
    waiting = dict.fromkeys(_relieved(campaign.id, units, now) & states.keys(), 0) | waiting
    ids = [person_id for person_id in waiting if states.get(person_id) not in HAS_LEFT]
    rows = [person for some in batched(ids) for person in people.people_by_ids(some).values()]
    found = [UnreachedPerson(each, waiting[each.id], states.get(each.id)) for each in rows]
    return sorted(found, key=lambda each: (each.person.sort_key, each.person.code))


def last_states(campaign_id: int) -> dict[int, DeliveryState]:
    """Return person id → what became of the last message about their shifts; without those who have none."""
    last = select(func.max(Message.id)).where(
        Message.topic == notices.topic(campaign_id), Message.person_id.is_not(None), notices.about_own_shifts()
    )
    wanted = select(Message.person_id, Message.state, Message.reported)
    rows = db.session.execute(wanted.where(Message.id.in_(last.group_by(Message.person_id)))).tuples()
    stands = {person_id or 0: state_of(state, reported) for person_id, state, reported in rows}
    return {each: state for each, state in stands.items() if state is not None}


def _relieved(campaign_id: int, units: Collection[int] | None, now: datetime) -> set[int]:
    """Ids of those who had a published seat that is not over and have none any more."""
    ahead = Duty.campaign_id == campaign_id, Duty.ends_at > now
    serving = select(Duty.person_id).where(*ahead, Duty.cancelled_at.is_(None))
    wanted = select(Duty.person_id).join(Person, Person.id == Duty.person_id).where(*ahead, Person.active)
    if units is not None:
        wanted = wanted.where(Person.unit_id.in_(sorted(units)))
    return set(db.session.scalars(wanted.where(Duty.person_id.not_in(serving)).distinct()))


def _waiting(campaign_id: int, units: Collection[int] | None, now: datetime) -> dict[int, int]:
    """Person id → how many of their published seats that are not over they have not answered for."""
    wanted = (
        select(Duty.person_id, func.count())
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None), Duty.ends_at > now, Person.active)
        .where(~exists(select(Confirmation.duty_id).where(confirmations.holds()).correlate(Duty)))
        .group_by(Duty.person_id)
    )
    if units is not None:
        wanted = wanted.where(Person.unit_id.in_(sorted(units)))
    return dict(db.session.execute(wanted).tuples().all())
