"""Until when somebody serves: sessions do not end during a shift, nor shortly before; and who does now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from core.db import db
from people.sign_in.sessions import BEFORE_DUTY
from roster.models import Duty


def until(person_id: int, moment: datetime) -> datetime | None:
    """The end of the published shifts that the person serves at ``moment`` or begins within ``BEFORE_DUTY``."""
    serves = Duty.starts_at <= moment + BEFORE_DUTY, Duty.ends_at > moment
    mine = select(func.max(Duty.ends_at)).where(Duty.person_id == person_id, Duty.cancelled_at.is_(None), *serves)
    return db.session.scalar(mine)


def serving_by_person(person_ids: Collection[int], moment: datetime) -> dict[int, list[tuple[str, int, datetime]]]:
    """Person id → (duty, unit id, until when) of the published shifts that they serve at ``moment``."""
    serves = Duty.cancelled_at.is_(None), Duty.starts_at <= moment, Duty.ends_at > moment
    wanted = select(Duty.person_id, Duty.duty, Duty.unit_id, Duty.ends_at).where(
        Duty.person_id.in_(person_ids), *serves
    )
    found: dict[int, list[tuple[str, int, datetime]]] = {}
    for person_id, duty, unit_id, ends_at in db.session.execute(wanted.order_by(Duty.ends_at, Duty.id)):
        found.setdefault(person_id, []).append((duty, unit_id, ends_at))
    return found
