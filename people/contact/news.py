"""Telling an address that it was taken from somebody, while that can still be undone."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from core.security import tokens
from notify import outbox
from people.accounts import mails
from people.models import Person


def tell_old(person: Person, channel: str, address: str, *, now: datetime, actor: Actor) -> None:
    """One message to an address that is ``person``'s no longer. Joins the caller's transaction."""
    carrier = "sms" if channel == "phone" else "email"
    if not address or not outbox.has_gateway(carrier):
        return
    subject, body = mails.taken_away(person, carrier, actor.name)
    outbox.enqueue(
        topic=f"contact/{person.id}",
        key=f"contact/{person.id}/{tokens.new_token()}",
        channel=carrier,
        address=address,
        recipient=person.full_name,
        subject=subject,
        body=body,
        now=now,
        local_only=person.is_demo,
        person_id=person.id,
    )
