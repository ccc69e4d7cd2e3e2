"""The sign of life for somebody outside: an address that is asked only when the audit passed.

Services of that kind (a cron job's monitor, another machine of the enterprise) call a person when it is *not* asked.
"""

from __future__ import annotations

import hashlib
import logging
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from core.db import db
from core.models import Heartbeat
from core.observability import heartbeat
from desk.health_checks import lines
from desk.health_checks.check import CheckFinding, HealthCheck
from desk.health_checks.machine import TABLES

WITHIN = 5.0
"""Seconds; whoever does not answer has no right to hold up the audit."""
PATIENCE = timedelta(minutes=5)
"""So long it may be away before administrators are told."""
BEAT, MOST_KEPT = "watchdog", 200
log = logging.getLogger(__name__)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Asked is the address that was set, and no other."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        return None


def ping(url: str) -> str:
    """Ask ``url`` (GET); '' when it answered with a 2xx, else why not. Never raises: the other side's fault is not
    ours."""
    try:
        with urllib.request.build_opener(_Stay).open(url, timeout=WITHIN) as answer:  # set by the operator alone
            return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
    except (urllib.error.URLError, OSError, ValueError) as fault:
        log.warning("the watchdog's address did not answer: %s", fault)
        return str(fault)[:MOST_KEPT] or type(fault).__name__


def note(url: str, why: str, *, now: datetime) -> None:
    """Keep since when ``url`` has not answered; written only when that changes, because it is asked every minute."""
    known = _known(url)
    if bool(why) != bool(known):
        since = {"failing_since": now.isoformat(), "why": why} if why else {}
        heartbeat.beat(BEAT, now=now, url=_digest(url), **since)


def _known(url: str) -> Mapping[str, Any]:
    """Return what is noted of this address while it fails; of one that was set before nothing is said any more."""
    detail = db.session.scalar(select(Heartbeat.detail).where(Heartbeat.name == BEAT)) or {}
    return detail if detail.get("failing_since") and detail.get("url") == _digest(url) else {}


def _digest(url: str) -> str:
    """Such addresses are secrets."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def _none(_now: datetime) -> CheckFinding | None:
    """A machine that is off cannot say so."""
    return None if current_app.config["WATCHDOG_URL"] else CheckFinding("watchdog_none", 1)


def _unreachable(_now: datetime) -> CheckFinding | None:
    """A line alone: whether it may be told that all is well, only the auditor knows."""
    why = lines.unreachable(current_app.config["WATCHDOG_URL"])
    return CheckFinding("watchdog_unreachable", 1, why) if why else None


def _failing(now: datetime) -> CheckFinding | None:
    url = current_app.config["WATCHDOG_URL"]
    known = _known(url) if url else {}
    if not known:
        return None
    since = datetime.fromisoformat(known["failing_since"])
    return CheckFinding("watchdog_failing", 1, known["why"], since=since) if now - since >= PATIENCE else None


CHECKS = (
    HealthCheck("watchdog_none", "watchdog", "lines", "note", "expensive", _none),
    HealthCheck("watchdog_unreachable", "watchdog", "lines", "fault", "expensive", _unreachable, ("watchdog_none",)),
    HealthCheck("watchdog_failing", "watchdog", "lines", "fault", "cheap", _failing, (TABLES, "watchdog_unreachable")),
)
