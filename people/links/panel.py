"""On the page of a person: whether they have an address of their own, and what can be done about it."""

from __future__ import annotations

from datetime import datetime

from flask import render_template
from markupsafe import Markup

from core.actor import Actor
from people.access import guard
from people.links import services as links
from people.models import Person


def links_panel(person: Person, actor: Actor, now: datetime) -> str | None:
    """For those who arrange how the person is called."""
    if not person.active or not guard.allowed(actor, "reach.write", person.unit_id, now=now, person_id=person.id):
        return None
    live = links.links_of(person.id)
    used = min((each.first_used_at for each in live if each.first_used_at), default=None)
    part = render_template("people/links/panel.html", person=person, live=live, used=used)
    return Markup(part)  # noqa: S704  (escaped inside)
