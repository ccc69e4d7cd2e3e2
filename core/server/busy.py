"""More is asked than can be answered: which addresses go first, and who may be turned away.

Nothing but a read by somebody who is signed in: a report, an answer, what a machine asks and what a link opens are
served however long it takes, and a report also when whoever sent it has gone (docs/decisions/0075).
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from waitress.parser import HTTPRequestParser

from core.server.order import Addresses

LONGEST_WAIT = 20.0
"""Seconds in line after which a reader is told to come again."""
COME_AGAIN = 30
"""Seconds."""
WAITED = "busy.waited"
"""In the environment of a request that has waited so long."""
_FIRST = "busy.first"


class TimedRequest(HTTPRequestParser):
    """One request, and whether it has waited so long: the next one on its line is another's, perhaps, and has not."""

    has_waited_too_long = False


def go_first(app: Flask, always: tuple[str, ...] = (), written: tuple[str, ...] = ()) -> None:
    """Patterns of paths that are answered before all others; ``written``: only when something is sent there."""
    known = app.extensions.setdefault(_FIRST, ([], []))
    known[0].extend(always)
    known[1].extend(written)


def addresses(app: Flask) -> Addresses:
    return Addresses(*app.extensions.get(_FIRST, ((), ())))


def signed_in_by(app: Flask, name: str) -> Callable[[str], bool]:
    """Whether a request with that ``Cookie`` header comes from somebody who signed in: from the signed cookie alone."""

    def is_signed_in(cookie: str) -> bool:
        if app.config["SESSION_COOKIE_NAME"] not in cookie:
            return False
        session = app.session_interface.open_session(app, app.request_class({"HTTP_COOKIE": cookie}))
        return session is not None and bool(session.get(name))

    return is_signed_in
