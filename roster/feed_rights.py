"""Whether the owner of a feed may still have it: by their own role at this moment, never by what a shift lends."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import bindparam, select

from core.actor import Actor, Role
from core.db import db
from people import guard, permissions
from people.models import ApiKey, Person, User
from roster.feed_facts import Subject
from roster.models import Campaign


def owner_of(ref: str | None) -> Actor | None:
    """Who made a feed, as they are now; None when they work here no more, or the key was revoked."""
    kind, _colon, number = (ref or "").partition(":")
    if kind == "user":
        return _user(int(number))
    if kind == "key":
        return _key(int(number))
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


USER = (
    select(User.name, User.role, User.unit_id, User.person_id, User.active, Person.active.label("works"))
    .outerjoin(Person, Person.id == User.person_id)
    .where(User.id == bindparam("id"))
)
KEY = (
    select(ApiKey.name, ApiKey.role, ApiKey.unit_id, ApiKey.person_id, Person.active.label("works"))
    .outerjoin(Person, Person.id == ApiKey.person_id)
    .where(ApiKey.id == bindparam("id"), ApiKey.revoked_at.is_(None))
)


def _user(user_id: int) -> Actor | None:
    row = db.session.connection().execute(USER, {"id": user_id}).one_or_none()
    if row is None or not row.active or row.works is False:
        return None
    return _actor(row, via="session", user_id=user_id)


def _key(key_id: int) -> Actor | None:
    row = db.session.connection().execute(KEY, {"id": key_id}).one_or_none()
    return None if row is None or row.works is False else _actor(row, via="api_key", key_id=key_id)


def _actor(row: Any, **of: Any) -> Actor:
    return Actor(
        name=row.name, role=cast(Role, row.role), person_id=row.person_id,
        unit_id=None if row.role == "admin" else row.unit_id, **of,
    )  # fmt: skip
