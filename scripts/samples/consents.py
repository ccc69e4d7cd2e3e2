"""Somebody whom another unit wants to call by name, for the pictures of what waits for consent."""

from __future__ import annotations

import re

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from incidents.policies import drafts, versions
from notify.models import Message
from people.models import Person, Unit


def prepare(unit_id: int, person: Person) -> dict[str, str]:
    """A unit below asks for ``person``; the secret of the link that the person gets."""
    below = db.session.scalars(select(Unit).where(Unit.parent_id == unit_id, Unit.id != person.unit_id)).first()
    if below is None:
        raise RuntimeError("the demo has no unit below")
    asking = Actor(name="Ksor H'Lan", role="manager", via="cli", unit_id=below.id)
    steps = [drafts.StepSpec(0, duty="operations"), drafts.StepSpec(300, person=person.code)]
    spec = drafts.PolicySpec(steps, repeat_after_seconds=600, ack_timeout_seconds=1800)
    versions.write(below.id, spec, actor=asking, now=clock.now())
    bodies = db.session.scalars(
        select(Message.body).where(Message.topic == "consent", Message.recipient == person.full_name)
    )
    found = [each for body in bodies for each in re.findall(r"/a/s\.([\w-]+)", body)]
    return {"consent": found[-1]}
