"""Who could answer somebody's ask: nobody answers their own, and over whoever manages a unit there may be nobody."""

from __future__ import annotations

from sqlalchemy import or_, select

from core.db import db
from people import queries as people
from people.access import guard
from people.accounts import queries as accounts
from people.models import Person, User

ANSWER = "request.answer"


def stands_alone(person: Person) -> bool:
    """They answer for their own unit, and no other person does, in it or above: what they enter for themselves holds.

    An account without a person is the installation's, nobody's superior: it may answer, and is waited for by nobody.
    """
    account = accounts.user_of_person(person.id)
    if account is None or not account.active:
        return False
    manages = guard.may_by_role(guard.actor_of(account), ANSWER, person.unit_id)
    return manages and not _others(person)


def _others(person: Person) -> bool:
    reaches = or_(User.unit_id.is_(None), User.unit_id.in_(people.ancestor_ids(person.unit_id)))
    may = or_(User.role == "admin", (User.role == "manager") & reaches)
    wanted = select(User.id).join(Person, Person.id == User.person_id)
    found = wanted.where(User.active, Person.active, Person.id != person.id, may).limit(1)
    return db.session.scalar(found) is not None
