"""What the buttons of an incident's page do: each takes (incident id, actor, now) and says what it did.

Rooms name theirs in ``BUTTONS``; ``incidents.pages.panels_and_buttons`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _

from core.actor import Actor
from core.errors import Invalid
from core.form_values import fitting
from core.text import shortened
from people import queries as people

Action = Callable[[int, Actor, datetime], str]
WRITES_EACH_TIME = frozenset({"note", "call", "escalate", "reassign", "more", "arrival", "snooze", "handover-note"})
"""What would be done once more by a second tap; the others notice by themselves that it has been done."""
LONGEST_NOTE = 4000


def note() -> str:
    """Raises Invalid when it is too long."""
    return fitting(request.form.get("note", ""), LONGEST_NOTE, "note", _("Ghi chú"))


def answer_note() -> str:
    """Return what is said beside an answer that a call waits for: the answer counts, however long that is."""
    return shortened(request.form.get("note", ""), LONGEST_NOTE)


def person_id() -> int:
    chosen = request.form.get("person", "")
    if not chosen:
        raise Invalid("person.choose", field="person")
    return people.person_by_code(chosen).id


def simple(service: Callable[..., Any], said: Callable[[], str], beside: Callable[[], str] = note) -> Action:
    """``beside``: the note, as it may be read."""

    def run(incident_id: int, actor: Actor, now: datetime) -> str:
        service(incident_id, note=beside(), actor=actor, now=now)
        return said()

    return run
