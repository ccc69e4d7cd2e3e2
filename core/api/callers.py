"""Who calls the API: the key that comes with each call, and until when what it was answered holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import g, request
from flask_login import current_user
from werkzeug.exceptions import Unauthorized

from core.actor import Actor, Identified
from core.server import doorstep

Authenticator = Callable[[str], Identified | None]
Authorizer = Callable[[Actor, str, datetime], None]


class _Hooks:
    authenticate: Authenticator | None = None
    authorize: Authorizer | None = None


def set_authenticator(authenticate: Authenticator) -> None:
    """``authenticate(bearer)`` finds the actor behind a key, or ``None``. The people package sets it."""
    _Hooks.authenticate = staticmethod(authenticate)


def set_authorizer(authorize: Authorizer) -> None:
    """``authorize(actor, action, now)`` raises ``Forbidden`` when the role may never do it; units are for services."""
    _Hooks.authorize = staticmethod(authorize)


def caller(action: str | None) -> tuple[Actor, datetime]:
    """Who asks, and when: one question to the database answers both. Raises ``Unauthorized``, ``Forbidden``."""
    found = _identified(request.environ)
    if found is None:
        raise Unauthorized
    g.actor = found.actor  # before they may be refused: a refusal names its actor
    g.standing, g.beside = found.stamp, found.beside
    if action is not None and _Hooks.authorize is not None:
        _Hooks.authorize(found.actor, action, found.at)
    return found.actor, found.at


def is_somebody() -> bool:
    """Whether a valid key comes with the request, or a session."""
    return _identified(request.environ) is not None or bool(getattr(current_user, "is_authenticated", False))


def keep(actor: Actor, now: datetime, until: datetime) -> None:
    """What the running call answers at ``now`` holds until then, if nothing is written that the stamps count.

    Not for keys of people: what a shift lends them begins and ends by itself.
    """
    if not actor.is_machine or not g.beside or None in (g.standing, *g.beside):
        return
    seen = actor, g.standing, g.beside

    def still(environ: Mapping[str, Any]) -> datetime | None:
        found = _identified(environ)
        if found is None or (found.actor, found.stamp, found.beside) != seen:
            return None
        return found.at if now <= found.at < until else None

    doorstep.keep(still, said=now)


def _identified(environ: Mapping[str, Any]) -> Identified | None:
    scheme, _, bearer = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    bearer = bearer.strip()
    return _Hooks.authenticate(bearer) if scheme.lower() == "bearer" and bearer and _Hooks.authenticate else None
