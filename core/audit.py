"""Append-only record of what was done, written in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import has_request_context, request

from core.actor import Actor
from core.db import db
from core.models import AuditEntry


def record(actor: Actor, action: str, thing: str, thing_id: int | str, *, now: datetime, **detail: Any) -> None:
    """Write one entry; ``action`` is a dotted verb such as ``campaign.publish``. No secrets in ``detail``."""
    db.session.add(AuditEntry(**entry(actor, action, thing, thing_id, now=now, **detail)))


def entry(
    actor: Actor, action: str, thing: str, thing_id: int | str, *, now: datetime, **detail: Any
) -> dict[str, Any]:
    """The fields of one entry, for writing many at once. Whoever has a slip may be anybody: it says who printed it."""
    if actor.slip_ref:
        detail = detail | {"printed_by": actor.slip_ref}
    return {
        "at": now,
        "actor": actor.ref,
        "via": actor.via,
        "action": action,
        "thing": thing,
        "thing_id": str(thing_id),
        "detail": detail,
        "origin": _origin(actor),
    }


def _origin(actor: Actor) -> str:
    """Where the request came from. Whoever reports without an account is promised to stay unknown."""
    if actor.is_unknown or actor.via in ("report", "system") or not has_request_context():
        return ""
    return request.remote_addr or ""
