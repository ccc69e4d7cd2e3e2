"""What the buttons of an incident's page do: each takes (incident id, actor, now) and says what it did.

Rooms name theirs in ``BUTTONS``; ``incidents.routes`` offers them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import request

from core.actor import Actor
from core.errors import Invalid
from people import queries as people

Action = Callable[[int, Actor, datetime], str]
WRITES_EACH_TIME = frozenset({"note", "call", "escalate", "reassign", "more", "arrival", "snooze", "handover-note"})
"""What would be done once more by a second tap; the others notice by themselves that it has been done."""
_offered: dict[str, Action] = {}


def offer(*several: Mapping[str, Action]) -> None:
    """These and no others."""
    _offered.clear()
    for buttons in several:
        _offered.update(buttons)


def named(verb: str) -> Action | None:
    return _offered.get(verb)


def note() -> str:
    return request.form.get("note", "")[:4000]


def person_id() -> int:
    chosen = request.form.get("person", "")
    if not chosen:
        raise Invalid("person.choose", field="person")
    return people.person_by_code(chosen).id


def simple(service: Callable[..., Any], said: Callable[[], str]) -> Action:
    def run(incident_id: int, actor: Actor, now: datetime) -> str:
        service(incident_id, note=note(), actor=actor, now=now)
        return said()

    return run
