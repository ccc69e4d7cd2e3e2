"""What every page with a form needs: the units one may choose, and what is wrong with which field."""

from __future__ import annotations

from core import clock
from core.errors import DomainError, by_field
from people import queries as people
from people.access import guard


def units_for(action: str) -> list[tuple[str, str]]:
    """Those in which the reader may do it, indented by depth."""
    within = guard.reach(guard.current_actor(), action, now=clock.now())
    return [
        (unit.code, "\u2003" * depth + unit.name)
        for depth, unit in people.unit_tree()
        if within is None or unit.id in within
    ]


def faults_of(fault: DomainError | None) -> dict[str, str]:
    """By field; of no field under ''."""
    if fault is None:
        return {}
    return by_field(fault) or {"": fault.message()}
