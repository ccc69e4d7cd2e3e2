"""What windows held and is of use to nobody any more is forgotten; how much it was is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from core.db import BATCH, db, transaction
from incidents.maintenance.models import HeldAlarm, MaintenanceWindow

KEPT_FOR = timedelta(days=30)
"""As long as what sources sent (``incidents.intake.sources.KEPT_FOR``)."""


def forget_before(moment: datetime) -> int:
    """Drop what went away by itself in windows that let go before ``moment``; how many. What became an incident stays
    as long as that one does."""
    over = select(MaintenanceWindow.id).where(MaintenanceWindow.released_at < moment)
    gone = select(HeldAlarm.window_id).where(HeldAlarm.incident_id.is_(None), HeldAlarm.window_id.in_(over)).distinct()
    return sum(_forget(window_id) for window_id in db.session.scalars(gone).all())


def _forget(window_id: int) -> int:
    """A batch at a time, with its number in the same commit."""
    mine = HeldAlarm.incident_id.is_(None) & (HeldAlarm.window_id == window_id)
    done = 0
    while True:
        with transaction() as session:
            some = select(HeldAlarm.id).where(mine).limit(BATCH)
            found: Any = session.execute(
                delete(HeldAlarm).where(HeldAlarm.id.in_(some)), execution_options={"synchronize_session": False}
            )
            count: int = found.rowcount
            more = MaintenanceWindow.forgotten + count
            session.execute(update(MaintenanceWindow).where(MaintenanceWindow.id == window_id).values(forgotten=more))
        done += count
        if count < BATCH:
            return done
