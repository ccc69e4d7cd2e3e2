"""Until when somebody serves: sessions do not end during a shift, nor shortly before."""

from __future__ import annotations

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
