"""Who hears of seats that change hands, besides those whom the revision tells: managers."""

from __future__ import annotations

from core.actor import Actor
from people import queries as people
from people.accounts import queries as accounts
from people.models import Person, User


def managers(unit_id: int, actor: Actor) -> list[tuple[User, Person]]:
    """The nearest of the unit, but for whoever does it: pages that say beforehand who hears of it ask here too."""
    found = accounts.managers_of(people.ancestor_ids(unit_id))
    return [
        (user, people.person_by_id(user.person_id))
        for user in found
        if user.person_id is not None and user.person_id != actor.person_id
    ]
