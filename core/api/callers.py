"""Who calls the API: the key that comes with each call, and until when what it was answered holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import g, request
from werkzeug.exceptions import Unauthorized

from core.actor import Actor, Identified
from core.api.operation import Operation
from core.server import response_cache

Authenticator = Callable[[str], Identified | None]
Authorizer = Callable[[Actor, str, datetime], None]


class _Hooks:
    authenticate: Authenticator | None = None
    authorize: Authorizer | None = None
    bound: Callable[[Actor, Sequence[str | None], bool], None] | None = None
    part_of: Callable[[str | None], str | None] | None = None
    refuse: Callable[[str, str], None] | None = None
    signed_in: Callable[[], bool] | None = None


def set_authenticator(authenticate: Authenticator, *, refuse: Callable[[str, str], None] | None = None) -> None:
    """``authenticate(bearer)`` finds the actor behind a key, or ``None``. The people package sets it.

    ``refuse(bearer, address)`` is asked about a key that opens nothing, once that is known: it raises what is to be
    answered instead of 401.
    """
    _Hooks.authenticate = staticmethod(authenticate)
    _Hooks.refuse = staticmethod(refuse) if refuse else None


def set_authorizer(authorize: Authorizer) -> None:
    """``authorize(actor, action, now)`` raises ``Forbidden`` when the role may never do it; units are for services."""
    _Hooks.authorize = staticmethod(authorize)


def set_scopes(
    part_of: Callable[[str | None], str | None], bound: Callable[[Actor, Sequence[str | None], bool], None]
) -> None:
    """``part_of(action)``: the scope of calls with that action; ``bound(actor, scopes, reads)`` raises ``Forbidden``
    when the key is not for them. ``reads``: the call only asks."""
    _Hooks.part_of, _Hooks.bound = staticmethod(part_of), staticmethod(bound)


def set_visitor(signed_in: Callable[[], bool]) -> None:
    """``signed_in()``: whether somebody with an account looks at the API's pages."""
    _Hooks.signed_in = staticmethod(signed_in)


def caller(operation: Operation) -> tuple[Actor, datetime]:
    """Who asks, and when: one question to the database answers both. Raises ``Unauthorized``, ``Forbidden``."""
    found = known()
    if operation.action is not None and _Hooks.authorize is not None:
        _Hooks.authorize(found.actor, operation.action, found.at)
    ensure_scope(found.actor, scopes_of(operation), reads=operation.reads)
    return found.actor, found.at


def known() -> Identified:
    """Return whoever shows a key that opens anything. Raises ``Unauthorized``, or what is answered to wrong keys
    instead."""
    found = _identified(request.environ)
    if found is None:
        bearer = _bearer(request.environ)
        if bearer and _Hooks.refuse is not None:
            _Hooks.refuse(bearer, request.remote_addr or "")
        raise Unauthorized
    g.actor = found.actor  # before they may be refused: a refusal names its actor
    g.standing, g.beside = found.stamp, found.beside
    return found


def ensure_scope(actor: Actor, scopes: Sequence[str | None], *, reads: bool) -> None:
    """Raises ``Forbidden`` when the caller's key is for other calls."""
    if actor.scopes is not None and _Hooks.bound is not None:
        _Hooks.bound(actor, scopes, reads)


def scopes_of(operation: Operation) -> Sequence[str | None]:
    """Return what a key must be for; ``None`` among them: nothing that a key can be for."""
    if operation.scopes or _Hooks.part_of is None:
        return operation.scopes
    return (_Hooks.part_of(operation.action),)


def ensure_known_visitor() -> None:
    """Somebody with an account or with a key. Raises ``Unauthorized``."""
    if "HTTP_AUTHORIZATION" not in request.environ and _Hooks.signed_in is not None and _Hooks.signed_in():
        return
    known()


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

    response_cache.keep(still, said=now)


def _identified(environ: Mapping[str, Any]) -> Identified | None:
    bearer = _bearer(environ)
    return _Hooks.authenticate(bearer) if bearer and _Hooks.authenticate else None


def _bearer(environ: Mapping[str, Any]) -> str:
    scheme, _, bearer = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" else ""
