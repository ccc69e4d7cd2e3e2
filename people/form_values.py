"""What forms offer to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.actor import Actor
from people import queries
from people.access import guard
from people.models import Unit


def units_within(actor: Actor, action: str, now: datetime) -> list[tuple[int, Unit]]:
    """(depth, unit) of every unit in which the actor may do it, in the order of the tree; ``now`` is aware UTC."""
    ids = guard.reach(actor, action, now=now)
    return [(depth, unit) for depth, unit in queries.unit_tree() if ids is None or unit.id in ids]


def indented(tree: Iterable[tuple[int, Unit]]) -> list[tuple[str, str]]:
    """(code, name) of each, as a list to choose from shows how deep it hangs."""
    return [(unit.code, "\u2003" * depth + unit.name) for depth, unit in tree]
