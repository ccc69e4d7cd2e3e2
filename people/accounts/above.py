"""Who stands above somebody who has a hand in what is said for a person: they hear of it, and never that one alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from people import queries as people
from people.accounts import queries as accounts
from people.models import User


def managers_above(unit_id: int, person_id: int, ref: str) -> list[User]:
    """The managers next above whoever is ``ref``, of a unit and those above it; administrators where none is left.
    Neither that one nor the person (id)."""
    units: Sequence[int] = people.ancestor_ids(unit_id)
    hand = next((each for each in accounts.managers_of_all(units) if f"user:{each.id}" == ref), None)
    if hand is not None and hand.unit_id is not None:
        units = units[units.index(hand.unit_id) + 1 :]
    for each in units:
        found = _others(accounts.managers_of([each]), person_id, ref)
        if found:
            return found
    rows = [accounts.user_of_person(each) for each in accounts.administrator_person_ids()]
    return _others([each for each in rows if each is not None], person_id, ref)


def _others(users: Collection[User], person_id: int, ref: str) -> list[User]:
    return [each for each in users if each.person_id != person_id and f"user:{each.id}" != ref]
