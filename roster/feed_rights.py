"""Whether the owner of a feed may still have it: by their own role at this moment, never by what a shift lends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Join, and_, case, cast, func, or_, select

from core.actor import Actor
from core.db import db
from people import guard, permissions
from people.models import ApiKey, Person, User
from roster.feed_facts import Subject
from roster.models import Campaign, FeedSubscription


def owner_of(row: Any) -> Actor | None:
    """Who made a feed (a row with ``columns``), as they are now; None when they work here no more, or
    the key was revoked."""
    kind, _colon, number = (row.owner or "").partition(":")
    if kind in ("user", "key"):
        return _actor(row, kind, int(number)) if row.owner_is_live else None
    # Whoever has the machine itself.
    return Actor(name=number, role="admin", via="cli") if kind in ("cli", "system") else None


def may_have(owner: Actor, subject: Subject) -> bool:
    """Whether the owner may subscribe to that, and it is still there."""
    return _may(owner, "feed.create", subject)


def may_show_phones(owner: Actor, subject: Subject) -> bool:
    """Whether the owner may see the numbers of those who serve there."""
    return _may(owner, "person.contact", subject._replace(person_id=None, unit_id=unit_of(subject)))


def unit_of(subject: Subject) -> int | None:
    """The unit that a feed is about; None when what it is about is gone."""
    if subject.scope == "person":
        return db.session.scalar(select(Person.unit_id).where(Person.id == subject.person_id))
    if subject.scope == "campaign":
        return db.session.scalar(select(Campaign.unit_id).where(Campaign.id == subject.campaign_id))
    return subject.unit_id


def _may(owner: Actor, action: str, subject: Subject) -> bool:
    if subject.person_id is None and subject.unit_id is None and subject.campaign_id is None:
        return False
    if owner.via != "desk" and permissions.may(owner.role, action, "other"):
        return True
    unit_id = unit_of(subject) if subject.unit_id is None else subject.unit_id
    return unit_id is not None and guard.may_by_role(owner, action, unit_id, person_id=subject.person_id)


def columns() -> Sequence[Any]:
    """Name, role, unit and person of a feed's owner, and whether they are still here; with ``joined``."""
    return (
        func.coalesce(User.name, ApiKey.name).label("owner_name"),
        func.coalesce(User.role, ApiKey.role).label("owner_role"),
        func.coalesce(User.unit_id, ApiKey.unit_id).label("owner_unit_id"),
        func.coalesce(User.person_id, ApiKey.person_id).label("owner_person_id"),
        and_(
            or_(User.active, and_(ApiKey.id.is_not(None), ApiKey.revoked_at.is_(None))),
            or_(Person.id.is_(None), Person.active),
        ).label("owner_is_live"),
    )


def joined(feeds: FromClause) -> Join:
    """``feeds`` with the account or the key that owns each, and its person: read in one go, by their ids."""
    owner = FeedSubscription.__table__.c.owner
    return (
        feeds.outerjoin(User, User.id == _number(owner, "user:"))
        .outerjoin(ApiKey, ApiKey.id == _number(owner, "key:"))
        .outerjoin(Person, Person.id == func.coalesce(User.person_id, ApiKey.person_id))
    )


def _number(owner: Any, prefix: str) -> ColumnElement[int]:
    return case((owner.startswith(prefix), cast(func.substr(owner, len(prefix) + 1), Integer)))


def _actor(row: Any, kind: str, number: int) -> Actor:
    return Actor(
        name=row.owner_name, role=row.owner_role, person_id=row.owner_person_id,
        unit_id=None if row.owner_role == "admin" else row.owner_unit_id,
        via="session" if kind == "user" else "api_key",
        user_id=number if kind == "user" else None, key_id=number if kind == "key" else None,
    )  # fmt: skip
