"""Telling somebody that an address was taken from them, or given to them, by another's hand, while that can still be
undone: whoever gives somebody an address of their own reads what is sent there, and answers as them."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from core.security import tokens
from notify import outbox
from people.accounts import mails
from people.models import Person
from people.notification_rules import ladders, reading, rules


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


def tell_others(person: Person, address: str, *, now: datetime, actor: Actor) -> None:
    """To every other way to ``person``: somebody else has given them ``address``. Joins the caller's transaction."""
    if actor.person_id == person.id:
        return
    for each in ladders.standings(person):
        rung = each.rung
        if rung.address == address or rung.channel == "voice" or not each.carried:
            continue
        subject, body = mails.given(person, rung.channel, actor.name)
        topic, more = f"contact/{person.id}", mails.extras(person, rung.channel)
        key = f"{topic}/{tokens.new_token()}/{rules.way(rung)}"
        reading.write_by(rung, person, topic=topic, key=key, subject=subject, body=body, now=now, **more)


def tell_change(person: Person, channel: str, replaced: str, address: str, *, now: datetime, actor: Actor) -> None:
    """To the address that ``replaced`` was, or where none was, to their others. Joins the caller's transaction."""
    if replaced:
        tell_old(person, channel, replaced, now=now, actor=actor)
    elif address:
        tell_others(person, address, now=now, actor=actor)
