"""What the open desk asks again every few seconds: 304 without building it while nothing has changed.

The answer depends on what was written and on the time. Two counters say whether anything was written: the audit, which
every change of roster, people and rights goes through, and the versions of the unfinished incidents. When time alone
will change it (a duty begins, a target passes) is known when it is built. Nothing else needs to be read until then.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, make_response, request
from sqlalchemy import func, select

from core import i18n
from core.db import db
from core.models import AuditEntry
from incidents.record import states
from incidents.record.models import Incident

COUNTDOWN = re.compile(r'<time [^>]*data-countdown="([^"]*)"[^>]*>[^<]*</time>')
CSRF_TOKEN = re.compile(r'(name="csrf_token" value=)"[^"]*"')
"""Of whose form it is: another one each time, and no news."""
MAX_AGE = timedelta(seconds=60)
"""Built anew after that in any case: identity numbers of a busy PostgreSQL may become visible out of order."""
MAX_ENTRIES = 500

Counters = tuple[Any, ...]


@dataclass(frozen=True)
class _Known:
    counters: Counters
    until: datetime
    etag: str


_known: OrderedDict[Hashable, _Known] = OrderedDict()
"""Of this process; another one, or a restart, builds once more and finds the same tag."""


def counters() -> Counters:
    """Differ when anything was written that the desk might show."""
    unfinished = select(func.count(), func.sum(Incident.version), func.max(Incident.id)).where(
        Incident.status.in_(states.UNFINISHED)
    )
    written = db.session.scalar(select(func.max(AuditEntry.id)))
    return written, *db.session.execute(unfinished).one()


def answer(key: Hashable, now: datetime, build: Callable[[], tuple[str, datetime | None]]) -> Response:
    """Return 304 when the browser has what is still true, else what ``build`` makes: (page, when time alone changes
    it).

    ``key``: all that the page depends on besides what is written, the time and the language: reader, units, day.
    """
    asked = (key, str(i18n.locale()))
    seen = counters()  # before it is built: what is written meanwhile counts as news
    known = _known.get(asked)
    if known and known.counters == seen and now < known.until and request.if_none_match.contains(known.etag):
        return _tagged("", known.etag, 304)
    page, changes_at = build()
    etag = tag_of(page)
    limit = now + MAX_AGE
    _known[asked] = _Known(seen, min(changes_at or limit, limit), etag)
    while len(_known) > MAX_ENTRIES:
        _known.popitem(last=False)
    return _tagged(page, etag, 200)


def tag_of(page: str) -> str:
    """The browser moves countdowns by itself: until when they run is a fact, how long that still is is not."""
    return hashlib.sha256(CSRF_TOKEN.sub(r"\1", COUNTDOWN.sub(r"\1", page)).encode()).hexdigest()[:32]


def _tagged(page: str, etag: str, status: int) -> Response:
    response = make_response(page, status)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache, private"
    response.make_conditional(request.environ)
    return response
