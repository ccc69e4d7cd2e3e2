"""The unit that a form begins with."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from people import queries as people
from roster.resolver import resolver


def default_unit_code(actor: Actor) -> str | None:
    """Return the code of the unit that a form starts with: the person's own, else the account's, else the first of
    those that stand above all; None where there is no unit."""
    if actor.person_id is not None:
        return people.person_by_id(actor.person_id).unit.code
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id).code
    root = next(iter(people.root_units()), None)
    return root.code if root else None


def reporting_unit_code(actor: Actor, *, desk_unit_id: int | None, now: datetime) -> str | None:
    """Return the code of the unit at which somebody is who logs something: of the shared desk (``desk_unit_id``) at
    which they sit, else of the shift that they serve now, else ``default_unit_code``."""
    if desk_unit_id is not None:
        return people.unit_by_id(desk_unit_id).code
    served = resolver.on_duty_roles(actor.person_id, now) if actor.person_id is not None else []
    return people.unit_by_id(served[0][1]).code if served else default_unit_code(actor)
