"""Who may do something to the unit or person that an address of the API names (``core.api.places``), or to many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from core.actor import Actor
from people import queries
from people.access import guard


def ensure_unit(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    guard.ensure(actor, action, queries.unit_by_code(str(parts["code"])).id, now=now)


def ensure_person(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    person = queries.person_by_code(str(parts["code"]))
    guard.ensure(actor, action, person.unit_id, now=now, person_id=person.id)


def ensure_each(unit_ids: Iterable[int], action: str, actor: Actor, now: datetime) -> None:
    """``guard.ensure`` for all that are done to at once: those of the actor's own unit are looked up together."""
    top = actor.unit_id
    own = queries.subtree_ids(top) if top is not None and guard.may_by_role(actor, action, top) else ()
    for unit_id in sorted(set(unit_ids).difference(own)):
        guard.ensure(actor, action, unit_id, now=now)
