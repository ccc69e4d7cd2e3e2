"""Who made what outlives a session: links that were handed to groups."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, cast, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from people.models import User


def made_by_somebody_here(owner: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether ``owner`` (a column of ``Actor.ref``) names no account that was closed or removed."""
    here = select(literal("user:") + cast(User.id, Text)).where(User.active)
    return or_(owner.not_like("user:%"), owner.in_(here))
