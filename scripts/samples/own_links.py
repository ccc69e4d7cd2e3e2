"""The address of somebody's own page, as a message to them has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.db import transaction
from people.links import services as links
from people.models import ContactMethod, Person
from people.notification_rules.rules import Rung


def sent(person: Person, *, now: datetime, to: str = "") -> str:
    """Its token; ``to``: which of their addresses, else the first. Whoever has none of their own has one then."""
    with transaction() as session:
        own = next((each for each in person.contacts if to in ("", each.address) and each.unit_id is None), None)
        if own is None:
            address = f"{person.code.lower()}@rieng.example"
            own = ContactMethod(channel="email", address=address, position=len(person.contacts))
            person.contacts.append(own)
            session.flush()
        channel = "sms" if own.channel == "phone" else own.channel
        made = links.drafted({person.id: Rung(channel, own.address, timedelta(0), own.id, verified=False)}, now=now)
        links.add(made)
    return made.urls[person.id].rpartition("/")[2]
