"""Whether the owner of a feed may have it: by their own role at this moment, never by what a shift lends."""

from __future__ import annotations

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from people.access import guard, permissions
from people.models import Person
from roster.campaigns.models import Campaign
from roster.feeds.facts import Subject


def may_have(owner: Actor, subject: Subject, unit_id: int | None) -> bool:
    """Whether the owner may subscribe to that; ``unit_id``: the unit that it is about (``unit_of``)."""
    if subject.person_id is None and unit_id is None and subject.campaign_id is None:
        return False
    return _may(owner, "feed.create", unit_id, subject.person_id)


def may_show_phones(owner: Actor, subject: Subject, unit_id: int | None) -> bool:
    """Whether the owner may see the numbers of those who serve there."""
    return (unit_id is not None or subject.campaign_id is not None) and _may(owner, "person.contact", unit_id, None)


def unit_of(subject: Subject) -> int | None:
    """The unit that a feed is about; None when what it is about is gone."""
    if subject.scope == "person":
        return db.session.scalar(select(Person.unit_id).where(Person.id == subject.person_id))
    if subject.scope == "campaign":
        return db.session.scalar(select(Campaign.unit_id).where(Campaign.id == subject.campaign_id))
    return subject.unit_id


def _may(owner: Actor, action: str, unit_id: int | None, person_id: int | None) -> bool:
    if owner.via != "desk" and permissions.may(owner.role, action, "other"):
        return True
    return unit_id is not None and guard.may_by_role(owner, action, unit_id, person_id=person_id)
