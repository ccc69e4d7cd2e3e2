"""As whom somebody answers by what was sent to an address: as themselves, or as by a slip of whoever gave it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from core.actor import Actor
from people.contact import givers
from people.models import ContactMethod, Person
from people.notification_rules.models import Endpoint


def as_slip(own: Actor, slip_of: tuple[str, str] | None, *, given: bool = True) -> Actor:
    """The same, when somebody else has a hand in it: by an address that they gave, or else by paper."""
    if slip_of is None:
        return own
    return replace(own, via="slip", slip_by=slip_of[0], slip_ref=slip_of[1], slip_given=given)


def from_number(own: Actor, person: Person, number: str | None = None) -> Actor:
    """Whoever rings or writes from this number of the person's; without one, from any: it is not known which."""
    rows = [each for each in person.contacts if each.channel == "phone" and number in (None, each.address)]
    return as_slip(own, next((found for each in rows if (found := giver_of(each))), None))


def at(own: Actor, person: Person, addresses: Collection[str]) -> Actor:
    """Whoever answers what was sent to these addresses, and to any device: one that another gave is enough."""
    waiting = (each for each in givers.of(person) if isinstance(each, Endpoint) or each.address in addresses)
    return as_slip(own, next(map(giver_of, waiting), None))


def giver_of(row: ContactMethod | Endpoint | None) -> tuple[str, str] | None:
    """Name and reference of who gave it, until the person says that it is theirs."""
    return (row.given_by, row.given_ref) if row is not None and row.given_ref else None
