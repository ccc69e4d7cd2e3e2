"""Reading accounts, sessions, invitations and keys. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, null, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from core import clock, text
from core.db import UTCDateTime, batched, db, glance
from core.errors import NotFound
from core.fast_path import shared_cache
from people import queries
from people.accounts import ownership
from people.desks.models import DeskPin, DeskSession, SharedDesk
from people.models import ApiKey, ContactMethod, Invitation, LoginSession, Person, User


def user_by_id(user_id: int) -> User:
    """Raises ``NotFound("account.unknown")``."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound("account.unknown")
    return user


def users_by_ids(user_ids: Sequence[int]) -> list[User]:
    """These accounts in that order, with person and units. Raises ``NotFound("account.unknown")``."""
    wanted = select(User).options(joinedload(User.person).joinedload(Person.unit), joinedload(User.unit))
    rows = {row.id: row for some in batched(user_ids) for row in db.session.scalars(wanted.where(User.id.in_(some)))}
    if any(user_id not in rows for user_id in user_ids):
        raise NotFound("account.unknown")
    return [rows[user_id] for user_id in user_ids]


def active_user(user_id: int) -> User | None:
    """The account while it may come in; ``None`` for an unknown or closed one."""
    return db.session.scalar(select(User).where(User.id == user_id, User.active)) if user_id < 2**31 else None


def locales_of(person_ids: Collection[int]) -> dict[int, str]:
    """Person id → the language of their account; those without one read Vietnamese."""
    wanted = select(User.person_id, User.locale)
    return {
        person_id: locale
        for some in batched(sorted(person_ids))
        for person_id, locale in db.session.execute(wanted.where(User.person_id.in_(some))).tuples()
        if person_id is not None
    }


def user_of_person(person_id: int) -> User | None:
    return db.session.scalar(select(User).where(User.person_id == person_id))


def names_of_administrators(most: int) -> list[str]:
    """Whom to turn to about the installation itself, the oldest accounts first."""
    wanted = select(User).where(User.role == "admin", User.active).order_by(User.id).limit(most)
    return [user.name for user in db.session.scalars(wanted.options(joinedload(User.person)))]


def administrator_person_ids() -> list[int]:
    """Person ids of the active administrators who are people of the directory, by code."""
    wanted = select(Person.id).join(User, User.person_id == Person.id)
    return list(
        db.session.scalars(wanted.where(User.role == "admin", User.active, Person.active).order_by(Person.code))
    )


def managers_of(unit_ids: Sequence[int]) -> list[User]:
    """Active managers with a person, of the first of ``unit_ids`` (a unit and those above it) that has any."""
    found = managers_of_all(unit_ids)
    for unit_id in unit_ids:
        near = [user for user in found if user.unit_id == unit_id]
        if near:
            return near
    return []


def managers_of_all(unit_ids: Sequence[int]) -> list[User]:
    """Active managers with a person, of any of these units."""
    wanted = select(User).where(User.role == "manager", User.active, User.person_id.is_not(None))
    return list(db.session.scalars(wanted.where(User.unit_id.in_(unit_ids)).order_by(User.id)))


def managers_by_unit(unit_ids: Collection[int]) -> dict[int, int]:
    """Unit id → person id of its own first active manager who is somebody; units without one are left out."""
    wanted = select(User.unit_id, User.person_id).where(
        User.role == "manager", User.active, User.unit_id.is_not(None), User.person_id.is_not(None)
    )
    found = dict[int, int]()
    for unit_id, person_id in db.session.execute(wanted.order_by(User.id)).tuples():
        if unit_id is not None and person_id is not None and unit_id in unit_ids:
            found.setdefault(unit_id, person_id)
    return found


def user_for_sign_in(identifier: str) -> User | None:
    """The active account behind a login name, a mail address or a phone number; ``None`` when there is none.

    An address signs in whose own it is, and nobody else: it comes before a login that is spelt like it.
    """
    addresses = ownership.spellings(identifier)
    if addresses:
        own = ContactMethod.address.in_(addresses), ContactMethod.unit_id.is_(None)
        holders = select(ContactMethod.person_id).where(*own)
        holder = db.session.scalar(select(User).where(User.person_id.in_(holders), User.active))
        if holder is not None:
            return holder
    return db.session.scalar(select(User).where(User.login == identifier.strip().lower(), User.active))


def open_session(digest: str) -> LoginSession | None:
    """The session behind a cookie that nobody has ended; whether its time is over is ``sessions.live``'s to say."""
    return db.session.scalar(_session(), {"digest": digest})


@cache
def _session() -> Select[tuple[LoginSession]]:
    """Asked with every request of somebody who has signed in: built once."""
    digest: BindParameter[str] = bindparam("digest")
    return (
        select(LoginSession)
        .options(joinedload(LoginSession.user), joinedload(LoginSession.desk).joinedload(DeskSession.desk))
        .join(User, User.id == LoginSession.user_id)
        .where(
            or_(LoginSession.digest == digest, LoginSession.next_digest == digest),
            LoginSession.ended_at.is_(None),
            User.active,
        )
    )


def live_sessions(user_id: int, now: datetime) -> list[LoginSession]:
    """The account's open sessions, the latest used first."""
    mine = select(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > now
    )
    return list(db.session.scalars(mine.order_by(LoginSession.last_seen_at.desc())))


def invitation_by_digest(digest: str) -> Invitation | None:
    return db.session.scalar(select(Invitation).options(joinedload(Invitation.user)).where(Invitation.digest == digest))


def accounts(unit_ids: Collection[int] | None = None, q: str = "") -> list[User]:
    """Accounts by given name; ``unit_ids`` keeps those whose role or person sits in one of these units."""
    wanted = select(User).options(
        joinedload(User.unit),
        joinedload(User.person).joinedload(Person.unit),
        joinedload(User.person).selectinload(Person.contacts),
    )
    wanted = wanted.outerjoin(Person, Person.id == User.person_id)
    if unit_ids is not None:
        wanted = wanted.where(or_(Person.unit_id.in_(unit_ids), User.unit_id.in_(unit_ids)))
    for word in queries.search_words(q):
        wanted = wanted.where(
            or_(
                Person.search_key.contains(word, autoescape=True),
                func.lower(User.login).contains(word, autoescape=True),
            )
        )
    found = db.session.scalars(wanted).unique().all()
    return sorted(found, key=lambda user: (text.name_sort_key(user.name), user.login))


def people_without_account(unit_ids: Collection[int] | None = None) -> list[Person]:
    """Active people who cannot sign in because nobody made them an account."""
    wanted = select(Person).where(
        Person.active, Person.id.not_in(select(User.person_id).where(User.person_id.is_not(None)))
    )
    if unit_ids is not None:
        wanted = wanted.where(Person.unit_id.in_(unit_ids))
    return list(db.session.scalars(queries.with_details(wanted).order_by(Person.sort_key, Person.code)))


def open_invitations(user_ids: Collection[int], now: datetime) -> dict[int, Invitation]:
    """The link or slip of each account that still works."""
    waiting = select(Invitation).where(
        Invitation.user_id.in_(user_ids),
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )
    return {invitation.user_id: invitation for invitation in db.session.scalars(waiting.order_by(Invitation.id))}


def last_seen(user_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each account was last here; those who never came in are absent."""
    rows = db.session.execute(
        select(LoginSession.user_id, func.max(LoginSession.last_seen_at))
        .where(LoginSession.user_id.in_(user_ids))
        .group_by(LoginSession.user_id)
    )
    return {row[0]: row[1] for row in rows}


def api_keys() -> list[ApiKey]:
    """Every key, revoked ones last."""
    return list(db.session.scalars(select(ApiKey).order_by(ApiKey.revoked_at.is_not(None), ApiKey.id)))


@dataclass(frozen=True)
class KeyFact:
    """A key that is not revoked, the moment of asking, the stamp of what is standing and what is read beside."""

    id: int
    name: str
    role: str
    unit_id: int | None
    person_id: int | None
    holder_left: bool
    last_used_at: datetime | None
    scopes: str | None
    ends_at: datetime | None
    at: datetime
    stamp: str | None
    beside: tuple[Any, ...]


def keys_of(person_id: int, now: datetime) -> Sequence[ApiKey]:
    """Return those that act for this person and open something, the newest first."""
    live = ApiKey.revoked_at.is_(None), or_(ApiKey.ends_at.is_(None), ApiKey.ends_at > now)
    wanted = select(ApiKey).where(ApiKey.person_id == person_id, *live).order_by(ApiKey.id.desc())
    return db.session.scalars(wanted).all()


@cache
def _key(asks: bool) -> Select[Any]:
    """Asked with every call of the API, as columns: built once, and nothing is made of them but what is needed."""
    at = clock.column() if asks else null()
    key = ApiKey.__table__.c
    holder = Person.__table__.c
    return select(
        key.id,
        key.name,
        key.role,
        key.unit_id,
        key.person_id,
        select(holder.id).where(holder.id == key.person_id, holder.active.is_(False)).exists(),
        key.last_used_at,
        key.scopes,
        key.ends_at,
        type_coerce(at, UTCDateTime),
        shared_cache.stamp(),
        *shared_cache.beside(),
    ).where(key.digest == bindparam("digest"), key.revoked_at.is_(None))


def key_by_digest(digest: str) -> KeyFact | None:
    at = clock.unless_asked()
    found = glance(_key(at is None), {"digest": digest})
    if found is None:
        return None
    number, name, role, unit_id, person_id, left, used, scopes, ends_at, asked, stamp, *beside = found
    return KeyFact(
        number, name, role, unit_id, person_id, bool(left), used, scopes, ends_at, at or asked, stamp, tuple(beside)
    )


def user_by_login(login: str) -> User | None:
    return db.session.scalar(select(User).where(User.login == login))


def active_admins() -> list[int]:
    return list(db.session.scalars(select(User.id).where(User.role == "admin", User.active)))


def active_admin_accounts() -> list[User]:
    """Return those with the role of administrator, the oldest first."""
    return list(db.session.scalars(select(User).where(User.role == "admin", User.active).order_by(User.id)))


def shared_desk(user_id: int) -> SharedDesk | None:
    """Return what makes this account that of a shared desk computer; ``None`` for somebody's own."""
    return db.session.get(SharedDesk, user_id)


def shared_desks(user_ids: Collection[int]) -> dict[int, SharedDesk]:
    """Return those among the accounts that are shared desk computers."""
    found = db.session.scalars(select(SharedDesk).where(SharedDesk.user_id.in_(user_ids)))
    return {desk.user_id: desk for desk in found}


def pin_of(user_id: int) -> DeskPin | None:
    return db.session.get(DeskPin, user_id)


def users_with_pins(person_ids: Collection[int]) -> list[User]:
    """Active accounts of these people that can act at a shared desk by PIN."""
    wanted = select(User).join(DeskPin, DeskPin.user_id == User.id).where(User.person_id.in_(person_ids), User.active)
    return list(db.session.scalars(wanted))
