"""Whose an address is. One's own signs in, so it is one person's; an office's may call several people.

The database has the last word (a unique index over own addresses); here are the words for it. Nobody is told who has
an address already: that would be a way to find out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import text
from core.db import db
from core.errors import Conflict
from people.models import OWN_ADDRESS, ContactMethod, Person, Unit, User


def spellings(typed: str) -> list[str]:
    """The addresses that what was typed may mean, as they are stored; none when it looks like no address."""
    tidy = typed.strip().lower()
    found = [tidy] if text.is_email(tidy) else []
    with suppress(ValueError):
        found.append(text.normalize_phone(tidy))
    return found


def own_holder(address: str) -> ContactMethod | None:
    """The contact that is somebody's own and has this address."""
    mine = ContactMethod.address == address, ContactMethod.unit_id.is_(None)
    return db.session.scalar(select(ContactMethod).where(*mine))


def settle(person: Person, address: str, *, shared: bool, field: str = "address") -> int | None:
    """Return the office to which a new ``address`` of ``person`` belongs; ``None``: it becomes their own.

    Raises ``Conflict("contact.taken")`` when it is a colleague's own. Of somebody who has left it is free again.
    """
    holder = own_holder(address)
    if holder is not None and holder.person is not person:
        if holder.person.active:
            raise Conflict("contact.taken", field=field)
        holder.unit_id = holder.person.unit_id
        db.session.flush()
    office = _office_of(person, address)
    return office if office is not None else person.unit_id if shared else None


def _office_of(person: Person, address: str) -> int | None:
    others = ContactMethod.address == address, ContactMethod.unit_id.is_not(None), Person.active
    told = (
        select(ContactMethod.unit_id)
        .join(Person, Person.id == ContactMethod.person_id)
        .where(*others, ContactMethod.person_id != person.id)
        .order_by(ContactMethod.id)
        .limit(1)
    )
    by_unit = select(Unit.id).where(Unit.phone == address).order_by(Unit.id).limit(1)
    return db.session.scalar(told) or db.session.scalar(by_unit)


def put_first(person: Person, channel: str, address: str) -> str:
    """Make ``address`` the first of its channel (empty: drop the first); a changed one is unverified again.

    Answers the address that was replaced or dropped, or ''. Raises as ``settle`` does, with the channel as field.
    """
    first = next((each for each in person.contacts if each.channel == channel), None)
    same = next((each for each in person.contacts if each.channel == channel and each.address == address), None)
    replaced = ""
    if not address:
        if first is not None:
            person.contacts.remove(first)
        return first.address if first is not None else ""
    if same is not None:
        first = same
    else:
        unit_id = settle(person, address, shared=False, field=channel)
        if first is None:
            first = ContactMethod(channel=channel)
            person.contacts.append(first)
        else:
            replaced = first.address
        first.address, first.verified_at, first.unit_id = address, None, unit_id
    for position, each in enumerate([first, *[each for each in person.contacts if each is not first]]):
        each.position = position
    return replaced


@contextmanager
def one_owner(field: str) -> Iterator[None]:
    """Two people take one address at the same moment: the second is told as if the first had been there before."""
    try:
        yield
    except IntegrityError as error:
        said = str(error.orig)
        if OWN_ADDRESS in said or said.endswith(": contact_methods.address"):
            raise Conflict("contact.taken", field=field) from None
        raise


def many_shared() -> int:
    """How many addresses of active people sign nobody in."""
    holders = (
        select(func.count(func.distinct(ContactMethod.address)))
        .join(Person)
        .where(Person.active, ContactMethod.unit_id.is_not(None))
    )
    return db.session.scalar(holders) or 0


def logins_like_addresses() -> list[str]:
    """Logins of open accounts that look like a phone or a mail: made before that was refused."""
    logins: Iterable[str] = db.session.scalars(select(User.login).where(User.active).order_by(User.login))
    return [login for login in logins if spellings(login)]
