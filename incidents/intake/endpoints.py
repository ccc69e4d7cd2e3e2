"""What monitoring tools call: PagerDuty's address, Alertmanager's webhook, flat JSON, heartbeats.

A tool drops what it is told 4xx for and tries 5xx again. So only what can never be used is refused with 4xx; a source
that sends too much, and a database that is away, are answered with 503.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import RequestEntityTooLarge

from core.db import db
from core.errors import Unavailable
from core.web import csrf
from incidents.intake import batching, ingest, sources
from incidents.intake.dialects import READERS, fields_of, kept, of_form
from incidents.intake.formats import Alarm, Malformed, parse
from people.access import guard

bp = Blueprint("intake", __name__)
# The key in the address or the body is all the authority there is; no cookie adds to it.
csrf.exempt(bp)
log = logging.getLogger(__name__)

MOST_BYTES = 524_288
RETRY_AFTER = "30"
Answer = tuple[dict[str, Any], int]


def _answering(view: Callable[..., Answer]) -> Callable[..., Response]:
    """One shape of answer, PagerDuty's, also for what went wrong."""

    @wraps(view)
    def handle(**parts: str) -> Response:
        request.max_content_length = MOST_BYTES
        try:
            told, status = view(**parts)
        except Malformed as fault:
            told, status = _refused(fault.errors), 400
        except RequestEntityTooLarge:
            told, status = _refused([f"the body is larger than {MOST_BYTES} bytes"]), 413
        except Unavailable as busy:
            told, status = {"status": "throttle exceeded", "message": busy.code}, 503
        except DBAPIError:
            db.session.rollback()
            log.exception("an alarm could not be kept; its sender is asked to try again")
            told, status = {"status": "try again", "message": "the database is away"}, 503
        answer = jsonify(told)
        answer.status_code = status
        if status == 503:
            answer.headers["Retry-After"] = RETRY_AFTER
        return answer

    return handle


def _refused(errors: list[str]) -> dict[str, Any]:
    return {"status": "invalid event", "message": "Event object is invalid", "errors": errors}


@bp.post("/v2/enqueue")
@guard.public
@_answering
def enqueue() -> Answer:
    """PagerDuty Events API v2; ``routing_key`` is the key of a source of that kind."""
    raw = request.get_data()
    event = parse(raw)
    key = event.get("routing_key")
    if not isinstance(key, str) or not key:
        raise Malformed("'routing_key' is missing or blank")
    told = _given(key, "pagerduty", _without(key, raw), lambda: READERS["pagerduty"](event))
    if told is None:
        raise Malformed("Invalid routing key")
    return told, 202


@bp.post("/intake/<kind>/<key>")
@guard.public
@_answering
def deliver(kind: str, key: str) -> Answer:
    """Alertmanager, other programs as they come, and heartbeats; 404 for what is no source of that kind."""
    raw, told = _without(key, request.get_data()), None
    if kind == "heartbeat":
        told = _given(key, kind, raw, lambda: ingest.BEAT)
    elif kind == "generic" and request.mimetype == "multipart/form-data":
        sent = request.form.to_dict()
        told = _given(key, kind, kept(sent), lambda: READERS[kind](of_form(sent)))
    elif kind == "generic":
        told = _given(key, kind, raw, lambda: READERS[kind](fields_of(raw)))
    elif kind != "pagerduty" and kind in READERS:
        told = _given(key, kind, raw, lambda: READERS[kind](parse(raw)))
    if told is None:
        return {"status": "unknown source", "message": "no source of this kind has this key"}, 404
    return told, 202


def _without(key: str, raw: bytes) -> bytes:
    """Some tools send the address along, and PagerDuty's manner the key: neither is kept or shown."""
    return raw.replace(key.encode("utf-8", "replace"), b"***")


def _given(key: str, kind: str, raw: bytes, read: Callable[[], Alarm]) -> dict[str, Any] | None:
    """What the sender is told; None when the key is none. Who is unknown does not learn what is wrong with a body."""
    try:
        alarm = read()
    except Malformed:
        if sources.by_key(key, kind) is None:
            return None
        raise
    return batching.take_in(key, kind, alarm, raw)
