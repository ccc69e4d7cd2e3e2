"""What monitoring tools call: PagerDuty's address, Alertmanager's webhook, flat JSON, heartbeats.

A tool drops what it is told 4xx for and tries 5xx again. So what comes with a valid key is taken in whatever it looks
like: what nobody can read is an alarm of its own. Only too much at once and a wrong key are refused with 4xx, and
counted; a source that sends too often, and a database that is away, are answered with 503.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from sqlalchemy.exc import DBAPIError, InterfaceError
from werkzeug.exceptions import RequestEntityTooLarge

from core.db import db
from core.errors import Unavailable
from core.storage import faults
from core.web import csrf
from incidents.intake import batching, heartbeats, ingest, refusals, sources, unreadable
from incidents.intake.dialects import READERS, fields_of, from_form, kept
from incidents.intake.formats import Alarm, MalformedAlarm, parse
from people.access import guard

bp = Blueprint("intake", __name__)
# The key in the address or the body is all the authority there is; no cookie adds to it.
csrf.exempt(bp)
log = logging.getLogger(__name__)

MOST_BYTES = 524_288
LOOKED_AT = 65_536
"""Bytes of what is refused."""
RETRY_AFTER = "30"
_A_KEY = re.compile(rb"\b" + sources.PREFIX.encode() + rb"[\w-]{20,60}")
Answer = tuple[dict[str, Any], int]


def _answering(view: Callable[..., Answer]) -> Callable[..., Response]:
    """One shape of answer, PagerDuty's, also for what went wrong."""

    @wraps(view)
    def handle(**parts: str) -> Response:
        request.max_content_length = MOST_BYTES
        try:
            told, status = view(**parts)
        except MalformedAlarm as fault:
            told, status = _refused(fault.errors), 400
        except Unavailable as busy:
            told, status = {"status": "throttle exceeded", "message": busy.code}, 503
        except DBAPIError:
            db.session.rollback()
            log.exception("an alarm could not be kept; its sender is asked to try again")
            told, status = {"status": "try again", "message": "the database is away"}, 503
        answer = jsonify(told)
        answer.status_code = status
        # A sign of life may come by GET: whatever stands between must not answer for us the next time.
        answer.headers["Cache-Control"] = "no-store"
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
    kind = "pagerduty"
    try:
        raw = request.get_data()
    except RequestEntityTooLarge:
        return _too_large(_key_in(_beginning()), kind)
    key = _routing_key(raw)
    if not key:
        refusals.count((None, "key"))
        parse(raw)  # says first what else is wrong
        raise MalformedAlarm("'routing_key' is missing or blank")
    told = _given(key, kind, _without(key, raw), lambda: READERS[kind](parse(raw)))
    if told is None:
        raise MalformedAlarm("Invalid routing key")
    return told, 202


def _routing_key(raw: bytes) -> str:
    """Also of a body that is no event, or no JSON: one of our keys is known by how it begins."""
    try:
        key = parse(raw).get("routing_key")
    except MalformedAlarm:
        key = None
    if isinstance(key, str) and key:
        return key
    return _key_in(raw)


def _key_in(raw: bytes) -> str:
    found = _A_KEY.search(raw)
    return found.group().decode() if found else ""


def _beginning() -> bytes:
    """Return the beginning of a body that is too large to be taken in: whose it is may stand there."""
    request.max_content_length = None
    return request.stream.read(LOOKED_AT)


@bp.route("/intake/<kind>/<key>", methods=["GET", "POST"])
@guard.public
@_answering
def deliver(kind: str, key: str) -> Answer:
    """Alertmanager, other programs as they come, and heartbeats, which may come by GET and HEAD too; 404 for what is no
    source of that kind."""
    if request.method != "POST" and kind != "heartbeat":
        abort(405, valid_methods=["POST"])
    return _delivered(kind, key)


@bp.route("/intake/heartbeat/<key>/fail", methods=["GET", "POST"])
@guard.public
@_answering
def fail(key: str) -> Answer:
    """It is there, and says that what it did went wrong: an incident now, over with its next ordinary sign."""
    return _delivered("heartbeat", key, failed=True)


def _delivered(kind: str, key: str, *, failed: bool = False) -> Answer:
    try:
        raw = _without(key, request.get_data())
        sent = request.form.to_dict() if request.mimetype == "multipart/form-data" else None
    except RequestEntityTooLarge:
        return _too_large(key, kind)
    told = None
    if kind == "heartbeat":
        note = raw or _without(key, request.query_string)
        told = _failed(key, note) if failed else _given(key, kind, note, lambda: ingest.BEAT)
    elif kind == "generic" and sent is not None:
        told = _given(key, kind, kept(sent) if sent else raw, lambda: READERS[kind](from_form(sent)))
    elif kind == "generic":
        told = _given(key, kind, raw, lambda: READERS[kind](fields_of(raw)))
    elif kind != "pagerduty" and kind in READERS:
        told = _given(key, kind, raw, lambda: READERS[kind](parse(raw)))
    else:
        refusals.count(refusals.why(key, ""))
    if told is None:
        return {"status": "unknown source", "message": "no source of this kind has this key"}, 404
    return told, 202


def _too_large(key: str, kind: str) -> Answer:
    refusals.count(refusals.why(key, kind) if key else (None, "size"))
    return _refused([f"the body is larger than {MOST_BYTES} bytes"]), 413


def _without(key: str, raw: bytes) -> bytes:
    """Some tools send the address along, and PagerDuty's manner the key: neither is kept or shown."""
    return raw.replace(key.encode("utf-8", "replace"), b"***")


def _failed(key: str, note: bytes) -> dict[str, Any] | None:
    source = sources.by_key(key, "heartbeat")
    alarm = heartbeats.failure(source, note) if source is not None else ingest.BEAT
    return _given(key, "heartbeat", note, lambda: alarm)


def _given(key: str, kind: str, raw: bytes, read: Callable[[], Alarm]) -> dict[str, Any] | None:
    """Return what the sender is told; None when the key is none. What cannot be read is an alarm that says so."""
    try:
        alarm: Alarm | None = read()
    except MalformedAlarm as fault:
        alarm = _unreadable(key, kind, raw, fault)
    except Exception:
        log.exception("a body of %s bytes broke its reader", len(raw))
        alarm = _unreadable(key, kind, raw, MalformedAlarm())
    told = _taken_in(key, kind, alarm, raw) if alarm is not None else None
    if told is None:
        refusals.count(refusals.why(key, kind))
    return told


def _taken_in(key: str, kind: str, alarm: Alarm, raw: bytes) -> dict[str, Any] | None:
    try:
        return batching.take_in(key, kind, alarm, raw)
    except Unavailable:  # the hour, not what was sent
        raise
    except Exception as fault:
        if isinstance(fault, InterfaceError) or faults.is_line(fault):  # nor the database's
            raise
        log.exception("an alarm of %s bytes could not be kept as it was read", len(raw))
        db.session.rollback()
        bare = _unreadable(key, kind, b"", MalformedAlarm())
        return batching.take_in(key, kind, bare, b"") if bare is not None else None


def _unreadable(key: str, kind: str, raw: bytes, fault: MalformedAlarm) -> Alarm | None:
    """None: the key is none of a source of that kind."""
    source = sources.by_key(key, kind)
    found = unreadable.read_as(source, raw, fault) if source is not None else None
    db.session.rollback()
    return found
