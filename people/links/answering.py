"""As whom somebody answers: as themselves, or as by a slip of whoever gave the address; and what is kept of it with
every word of a person that others rely on (``models.SaidBy``)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from core.actor import Actor
from people.contact import givers
from people.links.models import SaidBy
from people.models import ContactMethod, Person
from people.notification_rules.models import Endpoint

LONGEST_NOTE = 500
"""Characters of what may be said besides."""
_VIA = {"session": "page", "desk": "page", "link": "link", "slip": "link", "api_key": "api", "cli": "api"}


def as_slip(own: Actor, slip_of: tuple[str, str] | None, *, given: bool = True) -> Actor:
    """The same, when somebody else has a hand in it: by an address that they gave, or else by paper."""
    if slip_of is None:
        return own
    return replace(own, via="slip", slip_by=slip_of[0], slip_ref=slip_of[1], slip_given=given)


def from_number(own: Actor, person: Person, number: str | None = None) -> Actor:
    """Return whoever rings or writes from this number of the person's; without one, from any: it is not known which."""
    rows = [each for each in person.contacts if each.channel == "phone" and number in (None, each.address)]
    return as_slip(own, next((found for each in rows if (found := giver_of(each))), None))


def at(own: Actor, person: Person, addresses: Collection[str]) -> Actor:
    """Return whoever answers what was sent to these addresses, and to any device: one that another gave is enough."""
    waiting = (
        each for each in givers.list_unconfirmed(person) if isinstance(each, Endpoint) or each.address in addresses
    )
    return as_slip(own, next(map(giver_of, waiting), None))


def giver_of(row: ContactMethod | Endpoint | None) -> tuple[str, str] | None:
    """Name and reference of who gave it, until the person says that it is theirs."""
    return (row.given_by, row.given_ref) if row is not None and row.given_ref else None


def via_of(actor: Actor) -> str:
    """How somebody says a thing for themselves: one of ``models.VIAS``."""
    return _VIA.get(actor.via, "page")


def slip_by(actor: Actor) -> str | None:
    """Whose slip an answer says that it came by (``SaidBy.slip_by``)."""
    return actor.slip_by if actor.via == "slip" else None


def said_by(actor: Actor, person_id: int) -> dict[str, str | bool | None]:
    """The columns of ``SaidBy`` of a word of this person: their own, or noted for them by whom they told it."""
    own = actor.person_id == person_id
    return {
        "via": via_of(actor) if own else "phone",
        "by_ref": actor.slip_ref if own else actor.ref,
        "slip_by": slip_by(actor),
        "slip_given": actor.slip_given,
    }


def put(row: SaidBy, actor: Actor, person_id: int) -> None:
    """Write ``said_by`` into a row."""
    for column, value in said_by(actor, person_id).items():
        setattr(row, column, value)
