"""How gateways do is noted by every worker, and told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, transaction
from core.models import AuditEntry
from notify.gateways import breakers, services as gateways, standings, watching
from notify.gateways.breakers import GatewayTrial
from notify.gateways.health import ArrivalCount
from notify.gateways.recipe import Recipe
from notify.gateways.services import Ready
from tests.support.in_parallel import in_parallel
from tests.support.tet_night import ADMIN

NOW = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)
ONE = Ready(1, "sms/một", Recipe("https://x.vn/"), {}, (), "")


@pytest.mark.both_dbs("several workers note one gateway")
def test_of_workers_who_find_a_gateway_slow_at_once_one_tells(app: Flask) -> None:
    in_parallel(app, 4, lambda _number: watching._note(ONE, ArrivalCount(20, 5), NOW))
    (row,) = standings.known()
    assert (row.judged, row.late, row.slow_since) == (20, 5, NOW)
    assert db.session.scalars(select(AuditEntry.action)).all() == ["gateway.slow"]
    names = ("sms/một", "sms/hai")
    assert standings.in_order(names, urgent=True, now=NOW) == ("sms/hai", "sms/một")
    assert standings.in_order(names, urgent=False, now=NOW) == names
    # Beside the breaker: when the quick one is shut the slow one is first again.
    with transaction():
        for _each in range(3):
            breakers.note([GatewayTrial("sms/hai", "503")], now=NOW)
    assert standings.in_order(names, urgent=True, now=NOW) == names
    # Nobody has looked for a while: what was seen leads nobody around.
    assert standings.in_order(names, urgent=True, now=NOW + standings.KNOWN_FOR) == names
    later = NOW + timedelta(minutes=2)
    watching._note(ONE, ArrivalCount(10, 0), later)
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "gateway.slow",
        "gateway.quick",
    ]


def test_a_new_gateway_starts_with_nothing_known_of_an_earlier_one_of_its_name(app: Flask) -> None:
    """The earlier one was removed while the worker waited for its answer, and then noted it."""
    watching._note(ONE, ArrivalCount(20, 5), NOW)
    new = gateways.GatewayInput("sms", "một", 1, active=True, allow_private=False, recipe=ONE.recipe, secrets={})
    gateways.save(None, new, actor=ADMIN, now=NOW)
    assert not standings.known()
