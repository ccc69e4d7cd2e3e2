"""A page of an incident was looked at for a while: what it showed is not new any more."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from core import clock
from core.errors import Invalid
from incidents.blueprint import bp
from incidents.front import looks
from incidents.record.opening import readable
from people.access import guard


@bp.post("/<code>/looked")
@guard.requires("incident.read")
def looked(code: str) -> ResponseReturnValue:
    """``entry``: the newest line of the log that was shown."""
    now = clock.now()
    incident = readable(code, now)
    entry = request.form.get("entry", type=int)
    if entry is None or entry < 0:
        raise Invalid("incident.unknown_action", field="entry")
    looks.remember(incident, entry, actor=guard.current_actor(), now=now)
    return "", 204
