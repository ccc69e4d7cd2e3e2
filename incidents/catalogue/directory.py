"""The small directory of mail routes and vehicles, and of authorities outside: reading and writing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from core import audit
from core.actor import Actor
from core.calendar import dates
from core.db import db, transaction
from core.errors import FieldError, NotFound, ensure_none
from core.text import nfc, normalize_phone
from incidents.catalogue.models import AUTHORITY_ROLES, ROUTE_LEVELS, VEHICLE_KINDS, Authority, Route, Vehicle
from people import queries as people
from people.access import guard

_PLATE_MARKS = re.compile(r"[\s.\-–/]+")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LONGEST = 200


def plate_of(typed: str) -> str:
    """The plate as it is kept: capitals without spaces, dots and dashes."""
    return _PLATE_MARKS.sub("", nfc(typed)).upper()


def look_up(kind: str, typed: str) -> tuple[str, dict[str, str]]:
    """(the directory's spelling, what it knows) of a vehicle's plate or a route's code; what is unknown stays typed."""
    if kind == "vehicle":
        vehicle = db.session.get(Vehicle, plate_of(typed))
        if vehicle is None or not vehicle.active:
            return typed, {}
        return vehicle.plate, {
            "driver": vehicle.driver,
            "driver_phone": vehicle.driver_phone,
            "route": vehicle.route or "",
        }
    route = db.session.get(Route, typed.upper()) or db.session.get(Route, typed)
    if route is None or not route.active:
        return typed, {}
    return route.code, {"name": route.name, "origin": route.origin, "destination": route.destination}


def save_route(typed: Mapping[str, str], *, actor: Actor, now: datetime) -> Route:
    """Add or change the route with that code. Raises ``Invalid``, ``NotFound``, ``Forbidden``."""
    with transaction() as session:
        code = typed.get("code", "").strip().upper()
        unit = people.unit_by_code(typed.get("unit", ""))
        known = session.get(Route, code)
        _ensure_both(actor, known.unit_id if known else None, unit.id, now)
        faults = [] if _CODE.fullmatch(code) else [FieldError("code", "directory.code")]
        faults += _taken(typed, "code", known)
        faults += _missing(typed, "name") + _too_long(typed, "name", "origin", "destination")
        faults += _choice(typed, "level", ROUTE_LEVELS)
        ensure_none(faults)
        row = known or Route(code=code)
        row.name, row.level, row.unit_id = _line(typed, "name"), typed["level"], unit.id
        row.origin, row.destination = _line(typed, "origin"), _line(typed, "destination")
        row.active = typed.get("active", "yes") == "yes"
        session.add(row)
        audit.record(actor, "route.save", "route", code, now=now, unit=unit.code, active=row.active)
        session.flush()
        return row


def save_vehicle(typed: Mapping[str, str], *, actor: Actor, now: datetime) -> Vehicle:
    """Add or change the vehicle with that plate. Raises ``Invalid``, ``NotFound``, ``Forbidden``."""
    with transaction() as session:
        plate = plate_of(typed.get("plate", ""))
        unit = people.unit_by_code(typed.get("unit", ""))
        known = session.get(Vehicle, plate)
        _ensure_both(actor, known.unit_id if known else None, unit.id, now)
        faults = [] if re.fullmatch(r"[0-9A-ZĐ]{4,12}", plate) else [FieldError("plate", "directory.plate")]
        faults += _taken(typed, "plate", known)
        faults += _too_long(typed, "driver") + _choice(typed, "kind", VEHICLE_KINDS)
        phone = _phone(typed, "driver_phone", faults)
        route = typed.get("route", "").strip() or None
        if route and session.get(Route, route) is None:
            faults.append(FieldError("route", "directory.no_route", {"route": route}))
        ensure_none(faults)
        row = known or Vehicle(plate=plate)
        row.kind, row.driver, row.driver_phone, row.route = typed["kind"], _line(typed, "driver"), phone, route
        row.unit_id, row.active = unit.id, typed.get("active", "yes") == "yes"
        session.add(row)
        audit.record(actor, "vehicle.save", "vehicle", plate, now=now, unit=unit.code, active=row.active)
        session.flush()
        return row


def save_authority(authority_id: int | None, typed: Mapping[str, str], *, actor: Actor, now: datetime) -> Authority:
    """Add (``None``) or change an authority; without a unit it serves the whole enterprise.

    Raises ``Invalid``, ``NotFound``, ``Forbidden``.
    """
    with transaction() as session:
        row = session.get(Authority, authority_id) if authority_id is not None else Authority()
        if row is None:
            raise NotFound("directory.no_authority")
        unit = people.unit_by_code(typed["unit"]) if typed.get("unit") else None
        guard.ensure(actor, "directory.write", unit.id if unit else None, now=now)
        if authority_id is not None:
            guard.ensure(actor, "directory.write", row.unit_id, now=now)
        faults = _missing(typed, "name") + _too_long(typed, "name", "formerly", "contact")
        faults += _choice(typed, "role", AUTHORITY_ROLES)
        faults += [] if typed.get("phone", "").strip() else [FieldError("phone", "directory.phone")]
        phone, at_night = _phone(typed, "phone", faults), _phone(typed, "phone_24h", faults)
        since, until = _day(typed, "valid_from", faults), _day(typed, "valid_to", faults)
        if since and until and until < since:
            faults.append(FieldError("valid_to", "directory.period"))
        ensure_none(faults)
        row.name, row.role, row.phone = _line(typed, "name"), typed["role"], phone
        row.formerly, row.contact, row.phone_24h = _line(typed, "formerly"), _line(typed, "contact"), at_night
        row.unit_id, row.valid_from, row.valid_to = unit.id if unit else None, since, until
        session.add(row)
        session.flush()
        audit.record(actor, "authority.save", "authority", row.id, now=now, role=row.role)
        return row


def _ensure_both(actor: Actor, former_unit: int | None, unit_id: int, now: datetime) -> None:
    """Nobody takes something out of a unit that they may not change."""
    guard.ensure(actor, "directory.write", unit_id, now=now)
    if former_unit is not None:
        guard.ensure(actor, "directory.write", former_unit, now=now)


def _taken(typed: Mapping[str, str], name: str, known: Route | Vehicle | None) -> list[FieldError]:
    """Somebody who adds one (``new``) does not mean to change another."""
    return [FieldError(name, "directory.taken")] if typed.get("new") and known is not None else []


def _line(typed: Mapping[str, str], name: str) -> str:
    return " ".join(nfc(typed.get(name, "")).split())


def _missing(typed: Mapping[str, str], *names: str) -> list[FieldError]:
    return [FieldError(name, "directory.missing") for name in names if not _line(typed, name)]


def _too_long(typed: Mapping[str, str], *names: str) -> list[FieldError]:
    long = [name for name in names if len(_line(typed, name)) > LONGEST]
    return [FieldError(name, "directory.long", {"most": LONGEST}) for name in long]


def _choice(typed: Mapping[str, str], name: str, known: tuple[str, ...]) -> list[FieldError]:
    return [] if typed.get(name) in known else [FieldError(name, "directory.choice")]


def _phone(typed: Mapping[str, str], name: str, faults: list[FieldError]) -> str:
    given = typed.get(name, "").strip()
    try:
        return normalize_phone(given) if given else ""
    except ValueError:
        faults.append(FieldError(name, "directory.phone"))
        return ""


def _day(typed: Mapping[str, str], name: str, faults: list[FieldError]) -> date | None:
    given = typed.get(name, "").strip()
    found = dates.day(given)
    if given and found is None:
        faults.append(FieldError(name, "directory.day"))
    return found
