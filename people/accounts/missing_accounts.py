"""Accounts for everybody who has none yet: a few statements, however many people an import brings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select

from core import audit
from core.actor import Actor
from core.db import batched, transaction
from people import validation
from people.access import guard
from people.models import Person, User


def ensure_accounts(people: Collection[Person], *, now: datetime, actor: Actor) -> list[User]:
    """Make an account (role staff, login = code in lower case) for each active person without one; answers the new.

    Joins the caller's transaction. The same people twice: the second time makes nothing. A login that somebody else
    already has gets ``-2``, ``-3``… behind it.
    """
    with transaction() as session:
        waiting = [person for person in people if person.active]
        ids = [person.id for person in waiting]
        having = {
            each
            for some in batched(ids)
            for each in session.scalars(select(User.person_id).where(User.person_id.in_(some)))
        }
        missing = [person for person in waiting if person.id not in having]
        for unit_id in dict.fromkeys(person.unit_id for person in missing):
            guard.ensure(actor, "account.manage", unit_id, now=now)
        if not missing:
            return []
        taken = set(session.scalars(select(User.login)))
        rows = []
        for person in missing:
            login = _free_login(person.code.lower(), taken)
            taken.add(login)
            rows.append(
                {
                    "login": login,
                    "name": person.full_name,
                    "role": "staff",
                    "unit_id": person.unit_id,
                    "person_id": person.id,
                    "created_at": now,
                    "is_demo": person.is_demo,
                }
            )
        session.execute(insert(User), rows)
        new = [row["login"] for row in rows]
        made = [
            user
            for some in batched(new)
            for user in session.scalars(select(User).where(User.login.in_(some)).order_by(User.id))
        ]
        audit.record(actor, "account.create_many", "user", made[0].id, now=now, count=len(made))
        return made


def _free_login(wanted: str, taken: set[str]) -> str:
    wanted = f"nv-{wanted}" if validation.is_address(wanted) else wanted  # a code of digits alone may look like a phone
    login, number = wanted, 2
    while login in taken:
        login, number = f"{wanted}-{number}", number + 1
    return login
