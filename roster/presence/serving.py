"""Who serves in a campaign: holders of its published duties, and who stood in for one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from core.db import db
from people import queries as people
from people.models import Person
from roster.models import Duty
from roster.presence.models import StandIn


def select_people(
    campaign_id: int, units: Collection[int] | None, *, person_id: int | None = None, q: str = ""
) -> Select[tuple[Person]]:
    """People with published duty in the campaign, or who stood in there, of these units (None: all) or this person, by
    name; ``q`` as in the directory."""
    holds = select(Duty.person_id).where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None))
    stood = _stood_in(campaign_id)
    wanted = select(Person).where(or_(Person.id.in_(holds), Person.id.in_(stood))).options(joinedload(Person.unit))
    if units is not None:
        wanted = wanted.where(or_(Person.unit_id.in_(sorted(units)), Person.id == person_id))
    for word in people.search_words(q):
        wanted = wanted.where(Person.search_key.contains(word, autoescape=True))
    return wanted.order_by(Person.sort_key, Person.code)


def all_people(campaign_id: int, units: Collection[int] | None, person_id: int | None) -> Sequence[Person]:
    """All of ``select_people``."""
    return db.session.scalars(select_people(campaign_id, units, person_id=person_id)).all()


def _stood_in(campaign_id: int) -> Select[tuple[int]]:
    """Ids of people who stood in for somebody in the campaign."""
    of_campaign = select(StandIn.person_id).join(Duty, Duty.id == StandIn.duty_id)
    return of_campaign.where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None))
