"""Devices and services of a person: browsers that take push messages, and addresses that apprise understands."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from core import audit
from core.actor import SYSTEM, Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.security import throttle, tokens
from core.security.throttle import AttemptLimit
from notify.addresses import is_loopback
from notify.channels import apprise
from people import queries, validation
from people.access import guard
from people.contact import givers, news
from people.contact.addresses import MOST, ensure_it_is_you
from people.models import Person
from people.notification_rules.models import Endpoint

LONGEST = 1000
RENEWALS = AttemptLimit(20, timedelta(hours=1))
_KEY = re.compile(r"[A-Za-z0-9_-]{10,200}={0,2}")
_SERVICE = re.compile(r"[a-z][a-z0-9+.-]{1,30}://[\x21-\x7e]{1,900}")


def devices_of(person_id: int) -> list[Endpoint]:
    """Push and apprise alike, the oldest first."""
    return list(db.session.scalars(select(Endpoint).where(Endpoint.person_id == person_id).order_by(Endpoint.id)))


def add_device(code: str, subscription: Any, name: str, *, now: datetime, actor: Actor) -> tuple[Endpoint, bool]:
    """A browser's push subscription as it gave it; answers the device and whether it is new.

    The same browser again is the same device with fresh keys. Raises ``Invalid("push.form")``; ``Forbidden`` for
    anybody but the person, whose calls would else ring on another's desk.
    """
    tidy = _subscription(subscription)
    if actor.person_id != _mine(code, now, actor).id:
        raise Forbidden("push.own_device")
    return _save(code, "push", json.dumps(tidy, sort_keys=True), tidy["endpoint"], name=name, now=now, actor=actor)


def add_service(
    code: str, url: str, name: str, *, now: datetime, actor: Actor, password: str | None = None
) -> tuple[Endpoint, bool]:
    """An address as apprise writes it (``zalo://…``, ``json://…``). Raises ``Invalid("apprise.form")``, and
    ``Invalid("apprise.untried")`` for services without a test of their own, which administrators alone may add."""
    url = url.strip()
    if not _SERVICE.fullmatch(url) or not apprise.is_usable(url):
        raise Invalid("apprise.form", field="url")
    _mine(code, now, actor)
    if not apprise.is_tried(url) and not guard.allowed(actor, "settings.write", None, now=now):
        raise Invalid("apprise.untried", field="url")
    ensure_it_is_you(password, now=now, actor=actor)
    return _save(code, "apprise", url, url, name=name or url.partition("://")[0], now=now, actor=actor)


def renew(old: Any, subscription: Any, *, address: str, now: datetime) -> bool:
    """A browser changed its push address by itself; whether the old one was known.

    No session: the old address is a secret of that browser and this place, which is all the authority it needs. It
    stays the same device, as proven as it was.
    """
    tidy = _subscription(subscription)
    throttle.take({throttle.key_of("push-renew", address): RENEWALS}, now=now)
    with transaction() as session:
        digest = tokens.digest(old if isinstance(old, str) else "")
        found = session.scalar(select(Endpoint).where(Endpoint.channel == "push", Endpoint.digest == digest))
        fresh = tokens.digest(tidy["endpoint"])
        if found is None or any(each.digest == fresh for each in devices_of(found.person_id) if each is not found):
            return False
        found.address, found.digest = json.dumps(tidy, sort_keys=True), fresh
        audit.record(SYSTEM, "device.renew", "person", found.person_id, now=now, channel="push")
        return True


def rename(endpoint_id: int, name: str, *, now: datetime, actor: Actor) -> Endpoint:
    with transaction():
        found = by_id(endpoint_id)
        _mine(found.person.code, now, actor)
        found.name = _name(name)
        audit.record(actor, "device.rename", "person", found.person_id, now=now, channel=found.channel)
        return found


def remove(endpoint_id: int, *, now: datetime, actor: Actor) -> Person:
    """Nothing is sent there any more. The browser itself is told by the page, if it is the one at hand."""
    with transaction() as session:
        found = by_id(endpoint_id)
        person = _mine(found.person.code, now, actor)
        session.delete(found)
        audit.record(actor, "device.remove", "person", person.id, now=now, channel=found.channel)
        return person


def by_id(endpoint_id: int) -> Endpoint:
    """Raises ``NotFound("contact.unknown")``."""
    found = db.session.get(Endpoint, endpoint_id)
    if found is None:
        raise NotFound("contact.unknown")
    return found


def _mine(code: str, now: datetime, actor: Actor) -> Person:
    person = queries.person_by_code(code)
    guard.ensure(actor, "reach.write", person.unit_id, now=now, person_id=person.id)
    return person


def _save(
    code: str, channel: str, address: str, identity: str, *, name: str, now: datetime, actor: Actor
) -> tuple[Endpoint, bool]:
    digest = tokens.digest(identity)
    with transaction() as session:
        person = _mine(code, now, actor)
        known = devices_of(person.id)
        found = next((each for each in known if each.digest == digest), None)
        if found is not None:
            found.address = address
            return found, False
        if len(known) >= MOST:
            raise Conflict("contact.too_many", field="name", most=MOST)
        found = Endpoint(
            person_id=person.id, channel=channel, address=address, digest=digest, name=_name(name), created_at=now
        )
        session.add(found)
        session.flush()
        audit.record(actor, "device.add", "person", person.id, now=now, channel=channel)
        news.tell_others(person, address, now=now, actor=actor)
        givers.note([(person, found)], actor=actor, now=now)
        return found, True


def _name(name: str) -> str:
    tidy = validation.one_line(name, "name")
    if len(tidy) > 60:
        raise Invalid("field.too_long", field="name", limit=60)
    return tidy


def _subscription(given: Any) -> dict[str, Any]:
    """The parts that matter, checked: what a browser never gives is refused, because the sender would call it."""
    keys = given.get("keys") if isinstance(given, dict) else None
    endpoint = given.get("endpoint") if isinstance(given, dict) else None
    if not isinstance(endpoint, str) or not isinstance(keys, dict) or len(endpoint) > LONGEST:
        raise Invalid("push.form", field="subscription")
    p256dh, auth = keys.get("p256dh"), keys.get("auth")
    if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in (p256dh, auth)):
        raise Invalid("push.form", field="subscription")
    if not _is_service(endpoint):
        raise Invalid("push.form", field="subscription")
    return {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}}


def _is_service(endpoint: str) -> bool:
    """https, or this machine's own for a push service that is tried here. In production nobody's browser has one there:
    whoever names it would have the server ask itself."""
    if not re.fullmatch(r"[\x21-\x7e]+", endpoint):
        return False
    try:
        parts = urlsplit(endpoint)
        _port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    if is_loopback(host):
        return bool(current_app.config["APP_ENV"] != "production")
    return bool(host) and parts.scheme == "https"
