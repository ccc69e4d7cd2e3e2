"""Entries that fit what somebody looks for, the newest first. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, tuple_

from core.actor import Actor
from core.db import db
from core.models import AuditEntry
from desk.audit_log import scope, words
from incidents.record.models import Incident
from people import queries as people
from people.models import ApiKey, User

KEYS: list[Any] = [AuditEntry.at.desc(), AuditEntry.id.desc()]


@dataclass(frozen=True)
class AuditFilter:
    """What somebody looks for. ``who``: login or name of an account, a key's name, or a person's code; ``kind``: an
    area or an action; ``about``: the code of an incident, unit or person, or a login; ``thing`` and ``thing_id`` as the
    record keeps them. Half-open: ``since`` ≤ at < ``until``."""

    who: str = ""
    kind: str = ""
    about: str = ""
    thing: str = ""
    thing_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def statement(asked: AuditFilter, *, actor: Actor, now: datetime) -> Select[tuple[AuditEntry]]:
    """Unordered: ``KEYS`` order it. A person or thing that is not there matches nothing."""
    return select(AuditEntry).where(scope.visible(actor, now=now), *_filters(asked))


def _filters(asked: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.since is not None:
        found.append(AuditEntry.at >= asked.since)
    if asked.until is not None:
        found.append(AuditEntry.at < asked.until)
    if asked.who:
        found.append(AuditEntry.actor.in_(_refs(asked.who)))
    if asked.kind:
        area = words.AREAS.get(asked.kind)
        found.append(AuditEntry.action.in_(area[1] if area else [asked.kind]))
    if asked.about:
        found.append(_about(asked.about))
    if asked.thing:
        found.append(AuditEntry.thing == asked.thing)
    if asked.thing_id:
        found.append(AuditEntry.thing_id == asked.thing_id)
    return found


def _refs(who: str) -> Collection[str]:
    """Under which references somebody is written down: as a person, by their accounts and by keys that act for them."""
    person = people.find_person(who)
    own = [User.login == who.lower(), User.name == who]
    keys = [ApiKey.name == who]
    if person is not None:
        own.append(User.person_id == person.id)
        keys.append(ApiKey.person_id == person.id)
    users = db.session.scalars(select(User.id).where(or_(*own)))
    refs = {f"user:{each}" for each in users} | {
        f"key:{each}" for each in db.session.scalars(select(ApiKey.id).where(or_(*keys)))
    }
    return refs | ({f"person:{person.id}"} if person is not None else set()) | {who}


def _about(code: str) -> ColumnElement[bool]:
    things: list[tuple[str, str]] = []
    if db.session.scalar(select(Incident.id).where(Incident.code == code)) is not None:
        things.append(("incident", code))
    if (unit := people.find_unit(code)) is not None:
        things.append(("unit", str(unit.id)))
    person = people.find_person(code)
    if person is not None:
        things.append(("person", str(person.id)))
    accounts: list[Any] = [User.login == code.lower()]
    if person is not None:
        accounts.append(User.person_id == person.id)
    things += [("user", str(each)) for each in db.session.scalars(select(User.id).where(or_(*accounts)))]
    return tuple_(AuditEntry.thing, AuditEntry.thing_id).in_(things)
