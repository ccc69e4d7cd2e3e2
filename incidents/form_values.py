"""What forms of pages begin with."""

from __future__ import annotations

from core.actor import Actor
from people import queries as people


def home_unit(actor: Actor) -> str | None:
    """Code of the unit that a form starts with: the person's own, else the account's, else the enterprise."""
    if actor.person_id is not None:
        return people.person_by_id(actor.person_id).unit.code
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id).code
    root = next(iter(people.root_units()), None)
    return root.code if root else None
