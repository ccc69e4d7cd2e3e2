"""Access tokens of gateways whose provider gives them for a while (Zalo): renewed before they end, kept sealed.

A refresh token works once. So one sender alone exchanges it: it takes a lease in the database, asks outside any
transaction, and keeps the new pair in one commit; whoever comes meanwhile goes on with the old access token while that
lives, or leaves the message to another gateway. A process that dies between answer and commit has burnt the token:
then somebody has to give a new one, and is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import or_, select, update

from core import audit
from core.actor import SYSTEM
from core.db import db, insert_into, transaction
from core.security import sealing
from notify.channels.base import ChannelError
from notify.channels.http import HttpAnswer, Lines
from notify.gateways import answers, recipe as http_recipe
from notify.gateways.models import GatewayToken
from notify.gateways.services import Ready

RENEWED_BEFORE = timedelta(hours=2)
"""Zalo's live 25 hours: a provider that is away for an hour costs nothing."""
LEASE = timedelta(seconds=60)
"""Longer than one exchange may take."""
REFUSED_FOR = timedelta(minutes=5)
"""The pause after the provider has refused a refresh token."""
UNSAID = timedelta(hours=24)
"""How long an access token is taken to live where its provider does not say; one that has ended is found out."""
NEW = timedelta(minutes=1)
"""A token of less than that has not ended, whatever the provider says: something else is wrong there."""
_BUSY = frozenset({408, 425, 429})


def access(ready: Ready, lines: Lines, *, now: datetime) -> str:
    """The access token for a message at ``now``. Raises ``ChannelError``; what it says holds no secret."""
    row = db.session.scalar(select(GatewayToken).where(GatewayToken.gateway_id == ready.id))
    kept = (sealing.unseal(row.sealed) if row is not None else None) or {}
    lives = row is not None and row.expires_at > now and bool(kept.get("access"))
    fresh = lives and row is not None and row.expires_at > now + RENEWED_BEFORE
    db.session.rollback()
    if fresh:
        return kept["access"]
    refresh = _lease(ready, now)
    if refresh:
        try:
            return _renew(ready, refresh, lines, now)
        except ChannelError:
            if not lives:
                raise
    if lives:
        return kept["access"]
    raise ChannelError("another sender is fetching an access token, or none was to be had lately", elsewhere=True)


def spoil(gateway_id: int, token: str, *, now: datetime) -> bool:
    """The provider says that ``token`` has ended: the next message fetches another. A newer one stays.

    Whether that may help: not when it has only just been given. Else every message of a storm would fetch one more.
    """
    with transaction() as session:
        row = session.get(GatewayToken, gateway_id, with_for_update=True, populate_existing=True)
        kept = (sealing.unseal(row.sealed) if row is not None else None) or {}
        if row is None or kept.get("access") != token:
            return True
        if timedelta(0) <= now - datetime.fromisoformat(kept["at"]) < NEW:
            return False
        row.expires_at = now
        return True


def _lease(ready: Ready, now: datetime) -> str:
    """The refresh token, which is ours alone until the lease ends; empty: somebody else has it, or it is not time."""
    insert = insert_into(GatewayToken)
    first = {"gateway_id": ready.id, "sealed": sealing.seal({"refresh": ready.secrets["refresh_token"]})}
    with transaction() as session:
        made = insert.values(first | {"expires_at": now, "error": ""})
        session.execute(made.on_conflict_do_nothing(index_elements=["gateway_id"]))
        sealed = session.scalar(
            update(GatewayToken)
            .where(
                GatewayToken.gateway_id == ready.id,
                GatewayToken.expires_at <= now + RENEWED_BEFORE,
                or_(GatewayToken.leased_until.is_(None), GatewayToken.leased_until <= now),
            )
            .values(leased_until=now + LEASE)
            .returning(GatewayToken.sealed)
            .execution_options(synchronize_session=False)
        )
    return (sealing.unseal(sealed or "") or {}).get("refresh", "")


def _renew(ready: Ready, refresh: str, lines: Lines, now: datetime) -> str:
    app_secret = http_recipe.one_line(ready.secrets["app_secret"])  # what no header holds would be told in an error
    body = {"refresh_token": refresh, "app_id": ready.secrets["app_id"], "grant_type": "refresh_token"}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": app_secret}
    answer = lines.request("POST", ready.recipe.token_url, headers, urlencode(body).encode(), allowed=ready.allowed)
    pair = _pair(answer.text)
    if not pair:
        said = f"no access token: {answer.status} {_error(answer.text)}"
        words = answers.told(said, [*ready.secrets.values(), refresh])
        if _is_refusal(answer):
            _refused(ready, words, now)
        raise ChannelError(words, gateway=True)
    kept = {"access": pair["access_token"], "refresh": pair["refresh_token"], "at": now.isoformat()}
    with transaction() as session:
        session.execute(
            update(GatewayToken)
            .where(GatewayToken.gateway_id == ready.id, GatewayToken.leased_until == now + LEASE)
            .values(
                sealed=sealing.seal(kept),
                expires_at=now + _lives(pair["expires_in"]),
                leased_until=None,
                error="",
            )
            .execution_options(synchronize_session=False)
        )
    return pair["access_token"]


def _is_refusal(answer: HttpAnswer) -> bool:
    """Whether it says that this refresh token is no good. A provider that is down or busy says nothing of it: it is
    asked again when the lease is over, and nobody has to act."""
    if answer.status >= 500 or answer.status in _BUSY:
        return False
    return answer.status >= 400 or bool(_object(answer.text).get("error"))


def _refused(ready: Ready, words: str, now: datetime) -> None:
    """Told once: administrators have to give another refresh token. Not when they have done so meanwhile."""
    with transaction() as session:
        row = session.get(GatewayToken, ready.id, with_for_update=True, populate_existing=True)
        if row is None or row.leased_until != now + LEASE:
            return
        if not row.error:
            audit.record(SYSTEM, "gateway.token_refused", "gateway", ready.id, now=now, name=ready.name, why=words)
        row.error, row.leased_until = words, now + REFUSED_FOR


def _pair(text: str) -> dict[str, str]:
    """Both tokens and the seconds of the first, as texts; empty when the answer is none."""
    said = _object(text)
    found = {name: str(said.get(name) or "") for name in ("access_token", "refresh_token", "expires_in")}
    return found if found["access_token"] and found["refresh_token"] else {}


def _lives(seconds: str) -> timedelta:
    """A pair is kept also when it is not said for how long in any way we know: the token before it is spent."""
    try:
        return timedelta(seconds=min(max(float(seconds), 0.0), 1e7))
    except ValueError:
        return UNSAID


def _error(text: str) -> str:
    """Return what the provider says is wrong; nothing else of its answer, which may repeat what it was sent."""
    said = _object(text)
    words = " ".join(str(said.get(name) or "") for name in ("error", "error_name", "error_description"))
    return " ".join(words.split())[:200]


def _object(text: str) -> Mapping[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
