"""The address of somebody's own page, as a message to them has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.db import transaction
from people.links import services as links
from people.models import ContactMethod, Person
from people.notification_rules.rules import Rung


def sent(person: Person, *, now: datetime) -> str:
    """Its token. Whoever has no mail has one from now on."""
    with transaction() as session:
        mail = next((each for each in person.contacts if each.channel == "email"), None)
        if mail is None:
            address = f"{person.code.lower()}@rieng.example"
            mail = ContactMethod(channel="email", address=address, position=len(person.contacts))
            person.contacts.append(mail)
            session.flush()
        made = links.drafted({person.id: Rung("email", mail.address, timedelta(0), mail.id, verified=False)}, now=now)
        links.add(made)
    return made.urls[person.id].rpartition("/")[2]
