"""Who made something that opens as long as they may act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select

from core.db import db
from people.models import ApiKey, Person, User


def still_here(refs: Collection[str], now: datetime) -> set[str]:
    """Return those of the stored ``Actor.ref``s that may still act: accounts and people that are not closed, keys that
    open. What is no row (``cli``) stays."""
    found = {ref for ref in refs if ref.partition(":")[0] not in ("user", "key", "person")}
    for kind, key, lives in (
        ("user", User.id, User.active & or_(User.person_id.is_(None), User.person.has(Person.active))),
        ("key", ApiKey.id, ApiKey.revoked_at.is_(None) & or_(ApiKey.ends_at.is_(None), ApiKey.ends_at > now)),
        ("person", Person.id, Person.active),
    ):
        ids = {int(ref.partition(":")[2]) for ref in refs if ref.startswith(f"{kind}:")}
        rows = db.session.scalars(select(key).where(key.in_(ids), lives)) if ids else ()
        found |= {f"{kind}:{number}" for number in rows}
    return found
