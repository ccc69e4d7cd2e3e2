"""Circuit breakers in the database, shared by all senders of all nodes (rules: ``breaker``)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import db, insert_into, transaction
from notify.gateways import breaker
from notify.gateways.breaker import BreakerState
from notify.gateways.models import Breaker
from notify.models import Message


def blocked(*, now: datetime) -> frozenset[str]:
    """Gateways that nobody may try at ``now``; one look without locks."""
    return frozenset(db.session.scalars(select(Breaker.name).where(Breaker.probe_at > now)))


def known() -> Sequence[Breaker]:
    """Every gateway that failed lately, for pages and metrics; by name."""
    return db.session.scalars(select(Breaker).order_by(Breaker.name)).all()


def admit(name: str, *, now: datetime) -> bool:
    """Whether a message may be tried through ``name`` now; takes the probe when that is what it is."""
    row = db.session.scalar(select(Breaker).where(Breaker.name == name))
    state = _state(row)
    db.session.rollback()
    if not breaker.admits(state, now):
        return False
    if not state.is_open:
        return True
    with transaction() as session:
        taken = session.scalar(
            update(Breaker)
            .where(Breaker.name == name, Breaker.probe_at == state.probe_at)
            .values(probe_at=breaker.probing(state, now).probe_at, changed_at=now)
            .returning(Breaker.name)
            .execution_options(synchronize_session=False)
        )
    return taken is not None


@dataclass(frozen=True)
class GatewayTrial:
    """What one attempt showed of a gateway; ``error`` is empty when it is well."""

    name: str
    error: str = ""
    passed: str = ""
    """Why it left the message to another gateway; it is well."""


def note(trials: Collection[GatewayTrial], *, now: datetime) -> None:
    """Keep what attempts showed, in the caller's transaction. What waited for a gateway that is well is due at once."""
    for trial in trials:
        with transaction() as session:
            if trial.error:
                _failed(_held(session, trial.name, now), trial, now)
                continue
            row = session.scalar(select(Breaker).where(Breaker.name == trial.name).with_for_update())
            if row is not None:
                session.delete(row)
                session.flush()
                release(trial.name, now=now)


def forget(name: str, *, now: datetime) -> None:
    """A changed gateway starts anew."""
    note([GatewayTrial(name)], now=now)


def release(name: str, *, now: datetime) -> None:
    """Make due at once what waits for ``name``."""
    with transaction() as session:
        session.execute(
            update(Message)
            .where(Message.waits_for == name, Message.state == "pending")
            .values(next_at=now, waits_for="")
            .execution_options(synchronize_session=False)
        )


def _held(session: Session, name: str, now: datetime) -> Breaker:
    """The row, made where there is none, until commit nobody else's: several senders may be the first to fail."""
    insert = insert_into(Breaker)
    made = insert.values(name=name, failures=0, last_error="", changed_at=now)
    taken = made.on_conflict_do_update(index_elements=["name"], set_={"changed_at": now}).returning(Breaker)
    return session.scalars(taken, execution_options={"populate_existing": True}).one()


def _failed(row: Breaker, trial: GatewayTrial, now: datetime) -> None:
    state = breaker.after_fault(_state(row), now)
    row.failures, row.opened_at, row.probe_at = state.failures, state.opened_at, state.probe_at
    row.last_error, row.changed_at = trial.error[:500], now
    db.session.flush()


def _state(row: Breaker | None) -> BreakerState:
    return breaker.CLOSED if row is None else BreakerState(row.failures, row.opened_at, row.probe_at)
