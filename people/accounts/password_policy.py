"""Which passwords are taken, asked at every door where one is set. Those that were taken before go on working."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select

from core import text
from core.db import db
from core.errors import Invalid
from people import queries, validation
from people.accounts import password_strength
from people.models import Person, Unit, User

FOR_MANY = 12
"""Characters for administrators, and for managers of more than ``MANY`` people."""
MANY = 50


@dataclass(frozen=True)
class Owner:
    """Whose password it is: what is asked of it, and what a guesser would know."""

    login: str
    name: str
    role: str
    unit_id: int | None
    person: Person | None
    is_demo: bool = False


def owner_of(user: User) -> Owner:
    return Owner(user.login, user.name, user.role, user.unit_id, user.person, user.is_demo)


def checked(password: str, owner: Owner) -> str:
    """The password, composed, so that two keyboards type the same.

    Raises ``Invalid`` at "password": too short, too long, or one of ``password.weak_…``, each with what to do.
    """
    tidy = text.nfc(password)
    if len(tidy) > validation.MAX_PASSWORD:
        raise Invalid("password.too_long", field="password", limit=validation.MAX_PASSWORD)
    if len(tidy) < (least := shortest(owner)):
        raise Invalid("password.too_short", field="password", minimum=least)
    if not _is_exempt(owner) and (why := password_strength.weakness(tidy, _known_of(owner))):
        raise Invalid(f"password.weak_{why}", field="password")
    return tidy


def is_weak(password: str, owner: Owner) -> bool:
    """Whether it would not be taken today."""
    try:
        checked(password, owner)
    except Invalid:
        return True
    return False


def shortest(owner: Owner) -> int:
    """How many characters it needs."""
    if _is_exempt(owner):
        return validation.MIN_PASSWORD
    leads = owner.role == "admin" or (owner.role == "manager" and _people_below(owner.unit_id) > MANY)
    return FOR_MANY if leads else validation.MIN_PASSWORD


def _is_exempt(owner: Owner) -> bool:
    """The demo's one password stands on its first page; production refuses to start with it."""
    return owner.is_demo and current_app.config["APP_ENV"] != "production"


def _people_below(unit_id: int | None) -> int:
    wanted = select(func.count()).select_from(Person).where(Person.active)
    if unit_id is not None:
        wanted = wanted.where(Person.unit_id.in_(queries.subtree_ids(unit_id)))
    return db.session.scalar(wanted) or 0


def _known_of(owner: Owner) -> list[str]:
    known = [owner.login, owner.name, *(root.name for root in queries.root_units())]
    unit = db.session.get(Unit, owner.unit_id) if owner.unit_id is not None else None
    known += [unit.name, unit.code] if unit is not None else []
    if owner.person is not None:
        known += [owner.person.code, owner.person.full_name, owner.person.unit.name, owner.person.unit.code]
        known += [each.address.partition("@")[0] for each in owner.person.contacts]
    return known
