"""The worker looks at how gateways of texts do: counted from receipts, kept for senders, pages and metrics
(rules: ``health``)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import exists, select

from core import audit
from core.actor import SYSTEM
from core.db import db, transaction
from notify.gateways import breakers, health, services as gateways, standings
from notify.gateways.health import ArrivalCount, SentText
from notify.gateways.models import GatewayState
from notify.gateways.services import Ready
from notify.models import Message

EVERY = timedelta(seconds=15)
KEPT = timedelta(minutes=1)
"""As long as nothing changes nothing is written before this."""
REPORTS_WITHIN = timedelta(days=7)
"""A gateway whose provider has told of no text for so long does not report, whatever its recipe says."""


def look(now: datetime) -> int:
    """Judge every gateway of texts that reports receipts; how many those are."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    current_app.extensions[__name__] = now
    judged = [each for each in gateways.ready("sms") if _reports(each, now)]
    for each in judged:
        _note(each, health.count(_sent(each.name, now), now), now)
    return len(judged)


def led_around(now: datetime) -> frozenset[str]:
    """The slow gateways before which another one is tried now; none while nobody is quick."""
    slow = frozenset(row.gateway for row in standings.known() if standings.is_slow(row, now))
    names = tuple(each.name for each in gateways.ready("sms")) if slow else ()
    is_any = health.is_any_quick(names, slow=slow, down=breakers.blocked(now=now)) if slow else False
    return slow & frozenset(names) if is_any else frozenset()


def _reports(ready: Ready, now: datetime) -> bool:
    if not ready.recipe.delivered:
        return False
    told = (
        Message.carried_by == ready.name,
        Message.sent_at > now - REPORTS_WITHIN,
        Message.reported == "delivered",
    )
    return bool(db.session.scalar(select(exists().where(*told))))


def _sent(name: str, now: datetime) -> list[SentText]:
    """Texts of the last hour, each once however many calls it told of. What the provider says did not arrive is left
    out: a telephone that is off says nothing of how quick the provider is."""
    rows = db.session.execute(
        select(Message.letter_id, Message.sent_at, Message.reported_at).where(
            Message.carried_by == name, Message.sent_at > now - health.LOOK_BACK, Message.reported != "undelivered"
        )
    ).all()
    return list({row.letter_id: SentText(row.sent_at, row.reported_at) for row in rows if row.sent_at}.values())


def _note(ready: Ready, counted: ArrivalCount, now: datetime) -> None:
    seen = db.session.scalar(select(GatewayState).where(GatewayState.gateway == ready.name))
    if seen is not None and _says_the_same(seen, counted, now):
        return
    with transaction() as session:
        row = standings.row_of(ready.name)
        row.judged, row.late, row.looked_at = counted.judged, counted.late, now
        session.flush()
        if standings.since(ready.name, "slow_since", now, begins=counted.is_slow):
            verb = "gateway.slow" if counted.is_slow else "gateway.quick"
            told = {"name": ready.name, "late": counted.late, "judged": counted.judged}
            audit.record(SYSTEM, verb, "gateway", ready.id, now=now, **told)


def _says_the_same(row: GatewayState, counted: ArrivalCount, now: datetime) -> bool:
    fresh = row.looked_at is not None and row.looked_at <= now < row.looked_at + KEPT
    same = (row.judged, row.late, row.slow_since is not None) == (counted.judged, counted.late, counted.is_slow)
    return fresh and same
