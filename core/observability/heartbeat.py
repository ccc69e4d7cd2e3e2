"""Every worker beats from inside its pulse; pages and /readyz notice when none does, and name one that hangs.

A row for each worker (``worker/<node>/<slot>``) and for other jobs by name. A worker that stops in order takes its row
with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, delete, exists, or_, select

from core.db import db, transaction
from core.models import Heartbeat

WORKER = "worker"
LATE_AFTER = timedelta(seconds=30)
HUNG_AFTER = timedelta(seconds=60)
KEPT = timedelta(days=1)
"""A machine that was taken away without being stopped is missed for so long."""


def worker(prefix: str) -> str:
    """The name under which the worker of a slot (``node.Slot.prefix``) beats."""
    return f"{WORKER}/{prefix.strip('/')}"


def beat(name: str, *, now: datetime, **detail: Any) -> None:
    """Note that job ``name`` was alive at ``now``."""
    with transaction() as session:
        session.merge(Heartbeat(name=name, beat_at=now, detail=detail))


def last_beat(name: str = WORKER) -> datetime | None:
    """The latest beat of ``name``; of ``worker``, that of any of them."""
    return max(db.session.scalars(select(Heartbeat.beat_at).where(_called(name))), default=None)


def is_alive(*, now: datetime, name: str = WORKER) -> bool:
    """Whether ``name`` (of workers any) has beaten within the last 30 seconds.

    A beat from the future is none: the host's clock jumped back, and nobody knows how long ago it was.
    """
    return any(is_fresh(at, now) for at in db.session.scalars(select(Heartbeat.beat_at).where(_called(name))))


def alive_beside(columns: Sequence[ScalarSelect[Any]], *, now: datetime, name: str = WORKER) -> Row[Any]:
    """Return what :func:`is_alive` says, and ``columns`` of the caller's, in one statement."""
    fresh = Heartbeat.beat_at.between(now - LATE_AFTER, now + LATE_AFTER)
    return db.session.execute(select(exists().where(_called(name), fresh), *columns)).one()


def is_fresh(beat_at: datetime, now: datetime) -> bool:
    return abs(now - beat_at) <= LATE_AFTER


def workers() -> Sequence[Heartbeat]:
    """Every worker that was not stopped in order, by name."""
    return db.session.scalars(select(Heartbeat).where(_called(WORKER)).order_by(Heartbeat.name)).all()


def hung(*, now: datetime) -> Sequence[Heartbeat]:
    """Workers that are silent while another one beats. (When none does, that is what must be said.)"""
    known = workers()
    if not any(is_fresh(each.beat_at, now) for each in known):
        return []
    return [each for each in known if abs(now - each.beat_at) > HUNG_AFTER]


def title(row: Heartbeat) -> str:
    """Return which worker that is, for people: its machine, and its slot there."""
    slot = row.name.removeprefix(WORKER).strip("/")
    host = row.detail.get("host", "")
    return f"{host} ({slot})" if host and slot else host or slot or row.name


def forget(names: Collection[str]) -> None:
    """They were stopped, or died and have a successor."""
    if names:
        with transaction() as session:
            session.execute(delete(Heartbeat).where(Heartbeat.name.in_(names)))


def forget_before(limit: datetime) -> None:
    """Workers that have been silent since before ``limit`` are not coming back."""
    with transaction() as session:
        session.execute(delete(Heartbeat).where(_called(WORKER), Heartbeat.beat_at < limit))


def _called(name: str) -> ColumnElement[bool]:
    return or_(Heartbeat.name == name, Heartbeat.name.startswith(f"{name}/", autoescape=True))
