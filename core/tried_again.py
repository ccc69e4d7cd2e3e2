"""What the database gave up for another's sake is done again, inside the same request, for a bounded time.

Somebody holds a row for too long, two want the same rows the other way round, or a pause in a transaction lasted until
the server took its locks back: nothing of it was written, and nobody need hear of it who only asked.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, TypeVar

from flask import g, has_request_context, request
from sqlalchemy.exc import DBAPIError

from core import clock
from core.db import db
from core.observability.seldom import Seldom
from core.storage import faults

WITHIN = 25.0
"""Seconds from the first try on in which another is begun: longer than a web server that stands still is let hold its
locks (``postgresql.WRITERS_PAUSE``), so that whoever comes meanwhile still gets their turn."""
PAUSE = 0.1
ONCE = "tried_again.once"
log = logging.getLogger(__name__)
_seldom = Seldom()
Told = TypeVar("Told")


def patiently(work: Callable[[], Told], may: Callable[[], bool] = lambda: True) -> Told:
    """``work()``, and again while it meets a fault that passes and it ``may``; once more at least.

    For work that leaves nothing behind when its transaction is rolled back. Raises the last fault.
    """
    ends, again = clock.monotonic() + WITHIN, False
    while True:
        try:
            return work()
        except DBAPIError as fault:
            db.session.rollback()
            if not faults.passes(fault) or not may() or (again and clock.monotonic() > ends):
                raise
            what = str(fault.orig).partition("\n")[0]
            _seldom.say(log, logging.WARNING, what, f"what the database gave up is tried again: {what}")
        again = True
        time.sleep(PAUSE)


def request_whole(work: Callable[[], Told]) -> Told:
    """``patiently``, for all that one request asks: not once something of it has been committed."""
    written, noted, tries = _written(), dict(vars(g)), count()

    def once() -> Told:
        if next(tries):
            _begin_again(noted)
        return work()

    return patiently(once, lambda: _written() == written)


def once(name: str, work: Callable[[], Told]) -> Told:
    """``work()`` the first time that a request comes to it, and what it answered then each time that it is tried again:
    for what is counted."""
    if not has_request_context():
        return work()
    kept = request.environ.setdefault(ONCE, {})
    if name not in kept:
        kept[name] = work()
    told: Told = kept[name]
    return told


def _written() -> int:
    return int(db.session.info.get("written", 0)) if db.session.registry.has() else 0


def _begin_again(noted: Mapping[str, Any]) -> None:
    """What the first try found out for the rest of the request is forgotten, and files that it has read begin anew;
    nothing is parsed for their sake."""
    vars(g).clear()
    vars(g).update(noted)
    for file in vars(request).get("files", {}).values():
        file.seek(0)
