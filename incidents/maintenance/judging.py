"""Windows that hold without a confirmation: since they were planned, duty may have been demanded inside them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from core.db import db, transaction
from incidents.maintenance import notices, queries
from incidents.maintenance.models import MaintenanceWindow

SOON = timedelta(minutes=1)


def judge_soon(now: datetime) -> None:
    """``judge_anew`` for those that begin within ``SOON``."""
    _judge(MaintenanceWindow.starts_at.between(now, now + SOON), now)


def judge_anew(now: datetime) -> None:
    """Those that run or will: where duty is demanded by now in what is left of one, it waits to be confirmed,
    and what it holds is let go (``incidents.maintenance.held_alarms``)."""
    _judge(MaintenanceWindow.ends_at > now, now)


def _judge(which: ColumnElement[bool], now: datetime) -> None:
    unasked = select(MaintenanceWindow).where(
        MaintenanceWindow.released_at.is_(None),
        MaintenanceWindow.obligatory_minutes == 0,
        which,
    )
    found = {
        row.id: queries.obligatory_minutes(row.unit_id, max(row.starts_at, now), row.ends_at)
        for row in db.session.scalars(unasked.order_by(MaintenanceWindow.id))
    }
    db.session.rollback()
    for window_id, minutes in found.items():
        if minutes:
            with transaction() as session:
                mine = (MaintenanceWindow.id == window_id) & (MaintenanceWindow.obligatory_minutes == 0)
                changed: Any = session.execute(update(MaintenanceWindow).where(mine).values(obligatory_minutes=minutes))
                window = session.get_one(MaintenanceWindow, window_id, populate_existing=True)
                if changed.rowcount and window.confirmed_at is None and window.over_at > now:
                    notices.tell_who_may_confirm(window, but=None, now=now)
