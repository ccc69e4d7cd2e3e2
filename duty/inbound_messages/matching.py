"""Whose a number is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from core import text
from core.db import batched, db
from people.models import ContactMethod, Person


@dataclass(frozen=True)
class Owners:
    """``people`` who work here and have the number, by id; ``own``: it is one person's alone, so that what comes from
    it is theirs."""

    people: Sequence[Person]
    own: bool

    @property
    def person(self) -> Person | None:
        return self.people[0] if self.own else None


def dialled(sender: str) -> str:
    """Return it as numbers of people are kept; empty: no telephone of Viet Nam."""
    try:
        return text.normalize_phone(sender)
    except ValueError:
        return ""


def is_telephone(sender: str) -> bool:
    """Whether somebody could be rung there, if only abroad; else it is a brand name or a short number."""
    return len("".join(each for each in sender if each.isdigit())) >= text.SHORTEST_AMONG_WORDS


def owners(number: str) -> Owners:
    return owners_of([number]).get(number, Owners((), False))


def owners_of(numbers: Collection[str]) -> dict[str, Owners]:
    """Number → whose it is; nothing where it is nobody's. A number of an office may be anybody's there."""
    found: dict[str, list[ContactMethod]] = {}
    for some in batched(sorted(set(numbers))):
        wanted = (
            select(ContactMethod)
            .join(Person, Person.id == ContactMethod.person_id)
            .options(contains_eager(ContactMethod.person))
            .where(ContactMethod.channel == "phone", ContactMethod.address.in_(some), Person.active)
            .order_by(ContactMethod.person_id)
        )
        for row in db.session.scalars(wanted):
            found.setdefault(row.address, []).append(row)
    return {
        number: Owners([each.person for each in rows], len(rows) == 1 and rows[0].unit_id is None)
        for number, rows in found.items()
    }
