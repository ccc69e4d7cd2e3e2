"""Telling somebody that an address was taken from them, or given to them, by another's hand, while that can still be
undone: whoever gives somebody an address of their own reads what is sent there, and answers as them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from core.actor import Actor
from core.security import tokens
from notify import outbox
from people.accounts import mails
from people.accounts.mails import Words
from people.models import ContactMethod, Person
from people.notification_rules import ladders, reading, rules
from people.notification_rules.addressed import addressed


def tell_old(person: Person, channel: str, address: str, *, now: datetime, actor: Actor) -> None:
    """One message to an address that is ``person``'s no longer. Joins the caller's transaction."""
    _to_address(person, channel, address, mails.taken_away, now=now, actor=actor)


def tell_shared(contacts: Iterable[ContactMethod], *, now: datetime, actor: Actor) -> None:
    """Tell each own address that is said to be an office's from now on: what only its owner should read goes there no
    more. Joins the caller's transaction."""
    for each in contacts:
        if actor.person_id != each.person_id:
            _to_address(each.person, each.channel, each.address, mails.made_shared, now=now, actor=actor)


def _to_address(
    person: Person,
    channel: str,
    address: str,
    words: Callable[[Person, str, str], Words],
    *,
    now: datetime,
    actor: Actor,
) -> None:
    carrier = "sms" if channel == "phone" else "email"
    if not address or not outbox.has_gateway(carrier):
        return
    subject, body = words(person, carrier, actor.name)
    outbox.enqueue(
        topic=f"contact/{person.id}",
        key=f"contact/{person.id}/{tokens.new_token()}",
        **addressed(person, carrier, address),
        subject=subject,
        body=body,
        now=now,
    )


def tell_others(person: Person, address: str, *, now: datetime, actor: Actor) -> None:
    """Tell every other way to ``person`` that somebody else has given them ``address``. Joins the caller's
    transaction."""
    if actor.person_id == person.id:
        return
    for each in ladders.standings(person):
        rung = each.rung
        if rung.address == address or not each.takes_words:
            continue
        subject, body = mails.given(person, rung.channel, actor.name)
        topic, more = f"contact/{person.id}", mails.extras(person, rung.channel)
        key = f"{topic}/{tokens.new_token()}/{rules.way(rung)}"
        reading.write_by(rung, person, topic=topic, key=key, subject=subject, body=body, now=now, **more)


def tell_change(person: Person, channel: str, replaced: str, address: str, *, now: datetime, actor: Actor) -> None:
    """Tell the address that ``replaced`` was, or where none was, their others. Joins the caller's transaction."""
    if replaced:
        tell_old(person, channel, replaced, now=now, actor=actor)
    elif address:
        tell_others(person, address, now=now, actor=actor)
