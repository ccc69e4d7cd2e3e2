"""The worker asks providers what is left and counts what went today; what it found stands with the gateway
(``GatewayState``), for pages, metrics and the checklist. Beside the audit, because a provider may take its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import audit, clock
from core.actor import SYSTEM
from core.db import db, transaction
from notify.channels import oauth
from notify.channels.base import ChannelError
from notify.channels.http import Lines
from notify.credit import rules
from notify.gateways import answers, recipe as http_recipe, services as gateways, standings
from notify.gateways.models import GATEWAY_CHANNELS, GatewayState
from notify.gateways.services import Ready
from notify.models import Message

WITHIN = 5.0
"""Seconds of one question: the audit waits behind it."""
ASKED_EVERY = timedelta(minutes=30)


def look(now: datetime) -> None:
    """Count for every gateway with a limit, and ask one provider whose turn it is."""
    seen = {row.gateway: row for row in standings.known()}
    watched = [each for each in _ready() if _is_watched(each)]
    due = [each for each in watched if each.recipe.balance_url and _is_due(seen.get(each.name), now)]
    first = min(due, key=lambda each: _asked_at(seen.get(each.name)), default=None)
    db.session.rollback()
    for each in watched:
        told = _ask(each, now) if each is first else None
        _note(each, told, _sent_today(each, now), now)


def watched() -> Sequence[tuple[Ready, GatewayState | None]]:
    """Gateways in use that are watched, each with what is known of it."""
    seen = {row.gateway: row for row in standings.known()}
    return [(each, seen.get(each.name)) for each in _ready() if _is_watched(each)]


def is_known(ready: Ready, seen: GatewayState | None) -> bool:
    """Whether the provider's last word on what is left, where it is asked, was a number."""
    return not ready.recipe.balance_url or (seen is not None and seen.left is not None and not seen.left_error)


def _ready() -> list[Ready]:
    return [each for channel in GATEWAY_CHANNELS for each in gateways.ready(channel)]


def _is_watched(ready: Ready) -> bool:
    return bool(ready.recipe.balance_url or ready.recipe.daily_limit)


def _asked_at(row: GatewayState | None) -> float:
    return row.asked_at.timestamp() if row is not None and row.asked_at is not None else 0.0


def _is_due(row: GatewayState | None, now: datetime) -> bool:
    return row is None or row.asked_at is None or not row.asked_at <= now < row.asked_at + ASKED_EVERY


def _ask(ready: Ready, now: datetime) -> tuple[float | None, str]:
    """Return what is left, or why that is not known. Outside any transaction."""
    lines, access = Lines(within=WITHIN), ""
    try:
        access = _access(ready, now)
        asked = http_recipe.build_balance(ready.recipe, ready.secrets, access)
        answer = lines.request(asked.method, asked.url, asked.headers, asked.body, allowed=ready.allowed)
    except ChannelError as fault:
        return None, answers.told(fault.answer, [*ready.secrets.values(), access])
    finally:
        lines.close()
    left = rules.number_in(answers.said_at(ready.recipe.balance_at, answer.text)) if answer.status < 400 else None
    words = "" if left is not None else http_recipe.one_line(f"{answer.status} {answer.text}")
    return left, answers.told(words, [*ready.secrets.values(), access])


def _access(ready: Ready, now: datetime) -> str:
    """Given all the time that an exchange may take: one that is broken off may have spent the refresh token."""
    lines = Lines()
    try:
        return oauth.access(ready, lines, now=now) if ready.recipe.oauth else ""
    finally:
        lines.close()


def _sent_today(ready: Ready, now: datetime) -> int:
    if not ready.recipe.daily_limit:
        return 0
    midnight = clock.at_local(clock.local_date(now))
    counted = select(func.count(Message.letter_id.distinct()))
    return db.session.scalar(counted.where(Message.carried_by == ready.name, Message.sent_at >= midnight)) or 0


def _note(ready: Ready, told: tuple[float | None, str] | None, sent_today: int, now: datetime) -> None:
    recipe = ready.recipe
    with transaction() as session:
        row = standings.row_of(ready.name)
        row.sent_today = sent_today
        if told is not None:
            row.asked_at, row.left_error = now, told[1]
            if told[0] is not None:
                row.left, row.left_at = told[0], now
        low = rules.is_low(row.left, below=recipe.balance_low, sent_today=sent_today, limit=recipe.daily_limit)
        session.flush()
        if standings.since(ready.name, "low_since", now, begins=low):
            verb = "gateway.low" if low else "gateway.enough"
            found: Mapping[str, object] = {"name": ready.name, "left": row.left, "sent_today": sent_today}
            audit.record(SYSTEM, verb, "gateway", ready.id, now=now, **found)
