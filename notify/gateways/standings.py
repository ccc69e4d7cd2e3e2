"""What is known of each gateway beside its breaker, as all nodes see it: how quick it is, what is left to pay with.

Looked at now and then (``watching``) and kept as one row, so that a sender asks one small question for a letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from core.db import db, insert_into, transaction
from notify.gateways import breakers, health
from notify.gateways.models import GATEWAY_CHANNELS, GatewayState

KNOWN_FOR = timedelta(minutes=5)
"""What was looked at longer ago (no worker looks) leads nobody around."""


def known() -> Sequence[GatewayState]:
    """Every gateway that was looked at, for pages and metrics; by name."""
    return db.session.scalars(select(GatewayState).order_by(GatewayState.gateway)).all()


def in_order(names: Sequence[str], *, urgent: bool, now: datetime) -> tuple[str, ...]:
    """The gateways of one letter as they are to be tried. What is not urgent keeps the order of the settings: it can
    wait, and shows whether a slow gateway is quick again."""
    if not urgent or len(names) < 2 or names[0].partition("/")[0] not in GATEWAY_CHANNELS:
        return tuple(names)
    slow = db.session.scalars(
        select(GatewayState.gateway).where(
            GatewayState.slow_since.is_not(None), GatewayState.looked_at > now - KNOWN_FOR
        )
    ).all()
    return health.order(names, slow=slow, down=breakers.blocked(now=now)) if slow else tuple(names)


def is_slow(row: GatewayState, now: datetime) -> bool:
    """Whether its texts arrive late, as far as was seen lately; others go before it where one is quick."""
    return row.slow_since is not None and row.looked_at is not None and row.looked_at > now - KNOWN_FOR


def row_of(gateway: str) -> GatewayState:
    """The row, made where there is none, in the caller's transaction."""
    insert = insert_into(GatewayState)
    with transaction() as session:
        session.execute(insert.values(gateway=gateway).on_conflict_do_nothing(index_elements=["gateway"]))
        return session.get_one(GatewayState, gateway, populate_existing=True)


def since(gateway: str, column: str, now: datetime, *, begins: bool) -> bool:
    """Note at ``column`` (``slow_since``, ``low_since``) that something began or ended; whether that is news. Of two
    who note it at once one hears that it is."""
    mark = getattr(GatewayState, column)
    before = mark.is_(None) if begins else mark.is_not(None)
    with transaction() as session:
        changed = (
            update(GatewayState).where(GatewayState.gateway == gateway, before).values({mark: now if begins else None})
        )
        return session.scalar(changed.returning(GatewayState.gateway)) is not None


def forget(gateway: str) -> None:
    """A changed gateway starts anew; in the caller's transaction."""
    with transaction() as session:
        session.execute(delete(GatewayState).where(GatewayState.gateway == gateway))
