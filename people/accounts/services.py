"""Accounts: made, invited, given a role, closed. Passwords: argon2id, set by the holder of the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from core import audit
from core.actor import Actor
from core.db import batched, db, transaction
from core.errors import Conflict, Forbidden, Gone, NotFound
from core.models import AuditEntry
from core.security import tokens
from people import queries, validation
from people.access import guard, permissions
from people.accounts import notices as account_notices, password_policy, passwords, queries as account_queries
from people.attempts import limits as door
from people.models import Invitation, LoginSession, Person, User

INVITATION_LIFE = timedelta(days=14)
RESET_LIFE = timedelta(days=2)


@dataclass(frozen=True)
class Slip:
    """What a printed invitation says; ``token`` exists nowhere else."""

    name: str
    login: str
    unit: str
    token: str
    expires_at: datetime
    unit_id: int | None = None


@dataclass(frozen=True)
class NewAccount:
    """An account as it is asked for; without ``password`` it waits for its invitation.

    ``unit_code`` is the top of the subtree that the role holds for; without it, the person's unit for everybody but
    admins.
    """

    login: str
    name: str
    role: str
    unit_code: str | None = None
    person_code: str | None = None
    password: str | None = None
    is_demo: bool = False


def create_user(new: NewAccount, *, actor: Actor, now: datetime) -> User:
    """Return a new account. Raises ``Conflict("account.login_taken")``, ``Conflict("account.person_has_account")``."""
    role, password, is_demo = new.role, new.password, new.is_demo
    with transaction() as session:
        person = queries.person_by_code(new.person_code) if new.person_code else None
        unit_id = queries.unit_by_code(new.unit_code).id if new.unit_code else None
        if unit_id is None and person is not None and role != "admin":
            unit_id = person.unit_id
        _ensure_may_give(actor, role, unit_id, now)
        tidy = validation.login(new.login)
        _refuse_taken(tidy, person)
        user = User(
            login=tidy,
            name=validation.one_line(new.name, "name"),
            role=role,
            unit_id=unit_id,
            created_at=now,
            is_demo=is_demo,
            person_id=person.id if person else None,
        )
        if password is not None:
            owner = password_policy.Owner(tidy, user.name, role, unit_id, person, is_demo)
            user.password_hash = passwords.hashed(password_policy.checked(password, owner))
        session.add(user)
        session.flush()
        audit.record(actor, "account.create", "user", user.id, now=now, login=tidy, role=role, unit_id=unit_id)
        return user


def _ensure_may_give(actor: Actor, role: str, unit_id: int | None, now: datetime) -> None:
    validation.known_role(role)
    guard.ensure(actor, "account.manage", unit_id, now=now)
    if not permissions.may_give_role(actor.role, role):
        raise Forbidden("account.role_too_high", field="role")


def _refuse_taken(login: str, person: Person | None) -> None:
    holder = account_queries.user_by_login(login)
    if holder is not None:
        raise Conflict("account.login_taken", field="login", login=login)
    if person is not None and account_queries.user_of_person(person.id) is not None:
        raise Conflict("account.person_has_account", field="person", person=person.code)


def invite(user_ids: Sequence[int], *, now: datetime, actor: Actor) -> list[Slip]:
    """A fresh single-use link for each account; earlier ones stop working. Joins the caller's transaction.

    For an account that already has a password it is a reset, and lives two days instead of fourteen.
    """
    wanted = list(dict.fromkeys(user_ids))
    secret = {user_id: tokens.new_token() for user_id in wanted}
    with transaction() as session:
        users = account_queries.users_by_ids(wanted)
        allowed: set[int | None] = set()
        for user in users:
            _ensure_may_manage(actor, user, allowed, now=now)
            if not user.active:
                raise Conflict("account.inactive", login=user.login)
            account_notices.tell(user, "reset" if user.password_hash is not None else None, actor=actor, now=now)
        for some in batched(wanted):
            _withdraw_open(some, now)
        invitations = [_invitation(user, tokens.digest(secret[user.id]), actor, now) for user in users]
        entries = [
            audit.entry(actor, "account.invite", "user", each["user_id"], now=now, purpose=each["purpose"])
            for each in invitations
        ]
        if invitations:
            session.execute(insert(Invitation), invitations)
            session.execute(insert(AuditEntry), entries)
        return [
            Slip(user.name, user.login, name, secret[user.id], each["expires_at"], unit_id)
            for user, each in zip(users, invitations, strict=True)
            for unit_id, name in (_unit(user),)
        ]


def _invitation(user: User, digest: str, actor: Actor, now: datetime) -> dict[str, Any]:
    reset = user.password_hash is not None
    return {
        "digest": digest,
        "user_id": user.id,
        "purpose": "reset" if reset else "invite",
        "created_at": now,
        "created_by": actor.ref,
        "expires_at": now + (RESET_LIFE if reset else INVITATION_LIFE),
    }


def _unit(user: User) -> tuple[int | None, str]:
    """Where somebody is found: their person's unit, else that of their role."""
    unit = user.person.unit if user.person else user.unit
    return (unit.id, unit.name) if unit is not None else (None, "")


def _withdraw_open(user_ids: Sequence[int], now: datetime) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.user_id.in_(user_ids), Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def ensure_may_manage(actor: Actor, user: User, *, now: datetime) -> None:
    """Accounts are managed where they sit (role's unit and person's unit), and never by someone of a lesser role."""
    _ensure_may_manage(actor, user, set(), now=now)


def _ensure_may_manage(actor: Actor, user: User, allowed: set[int | None], *, now: datetime) -> None:
    """``allowed``: units that were asked about before, where many accounts are asked for."""
    unit_ids = {user.unit_id} | ({user.person.unit_id} if user.person else set())
    for unit_id in unit_ids - allowed:
        guard.ensure(actor, "account.manage", unit_id, now=now)
        allowed.add(unit_id)
    if not permissions.may_give_role(actor.role, user.role):
        raise Forbidden("account.role_too_high")


def open_invitation(token: str, *, now: datetime) -> Invitation:
    """The invitation behind a link. Raises ``Gone("invitation.gone")``: unknown, used, withdrawn and expired alike."""
    invitation = account_queries.invitation_by_digest(tokens.digest(token))
    if (
        invitation is None
        or invitation.used_at is not None
        or invitation.withdrawn_at is not None
        or invitation.expires_at <= now
        or not invitation.user.active
    ):
        raise Gone("invitation.gone")
    return invitation


def withdraw_own_invitation(invitation_id: int, *, now: datetime, actor: Actor) -> None:
    """Whose account it opens needs none, or has seen it in other hands. Raises ``NotFound("invitation.unknown")``."""
    with transaction():
        own = account_queries.open_invitations([actor.user_id], now) if actor.user_id is not None else {}
        found = next((each for each in own.values() if each.id == invitation_id), None)
        if found is None:
            raise NotFound("invitation.unknown")
        _withdraw_open([found.user_id], now)
        audit.record(actor, "account.invitation_withdrawn", "user", found.user_id, now=now)


def accept_invitation(token: str, password: str, *, now: datetime) -> User:
    """Set the password by a link, once; every session that was open ends."""
    with transaction() as session:
        invitation = open_invitation(token, now=now)
        user = invitation.user
        hashed = passwords.hashed(password_policy.checked(password, password_policy.owner_of(user)))
        used = session.execute(
            update(Invitation).where(Invitation.id == invitation.id, Invitation.used_at.is_(None)).values(used_at=now)
        )
        if used.rowcount != 1:  # type: ignore[attr-defined]  # two taps at once: the first one counts
            raise Gone("invitation.gone")
        user.password_hash, user.weak_password = hashed, False
        door.forget_account(user.id)
        end_sessions(user.id, now=now)
        audit.record(guard.actor_of(user), "account.password_set", "user", user.id, now=now, by=invitation.purpose)
        account_notices.tell(user, "password" if invitation.purpose == "reset" else "first", actor=None, now=now)
        return user


def set_role(user_id: int, role: str, unit_code: str | None, *, now: datetime, actor: Actor) -> User:
    """Change what an account may do and where. Raises ``Conflict("account.last_admin")``."""
    with transaction():
        user = account_queries.user_by_id(user_id)
        ensure_may_manage(actor, user, now=now)
        unit_id = queries.unit_by_code(unit_code).id if unit_code else None
        _ensure_may_give(actor, role, unit_id, now)
        if role != "admin":
            _keep_an_admin(user)
        if role in ("admin", "manager") and account_queries.shared_desk(user.id):
            raise Conflict("desk.role", field="role")
        before = {"role": user.role, "unit_id": user.unit_id}
        user.role, user.unit_id = role, unit_id
        audit.record(actor, "account.role", "user", user.id, now=now, before=before, role=role, unit_id=unit_id)
        return user


def set_active(user_id: int, active: bool, *, now: datetime, actor: Actor) -> User:
    """Close an account (its sessions and links end at once) or open it again."""
    with transaction():
        user = account_queries.user_by_id(user_id)
        ensure_may_manage(actor, user, now=now)
        if not active:
            close_account(user, now=now, actor=actor)
        elif not user.active:
            user.active = True
            audit.record(actor, "account.active", "user", user.id, now=now, active=True)
            account_notices.tell(user, "opened", actor=actor, now=now)
        return user


def close_account(user: User, *, now: datetime, actor: Actor) -> None:
    """Sessions and links end at once. Asks no right: for services that asked already; joins their transaction."""
    with transaction():
        _keep_an_admin(user)
        end_sessions(user.id, now=now)
        _withdraw_open([user.id], now)
        door.forget_account(user.id)
        if user.active:
            user.active = False
            audit.record(actor, "account.active", "user", user.id, now=now, active=False)
            account_notices.tell(user, "closed", actor=actor, now=now)


def close_for(person: Person, *, now: datetime, actor: Actor) -> None:
    """The person has left: so does the account, if there is one. Joins the caller's transaction.

    Raises ``Forbidden("account.role_too_high")``, ``Conflict("account.last_admin")``.
    """
    account = account_queries.user_of_person(person.id)
    if account is None:
        return
    if not permissions.may_give_role(actor.role, account.role):
        raise Forbidden("account.role_too_high")
    close_account(account, now=now, actor=actor)


def _keep_an_admin(user: User) -> None:
    if user.role == "admin" and user.active and account_queries.active_admins() == [user.id]:
        raise Conflict("account.last_admin")


def end_sessions(user_id: int, *, now: datetime, keep: int | None = None) -> None:
    """Sign the account out everywhere, but for the session ``keep``."""
    with transaction() as session:
        live = update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        if keep is not None:
            live = live.where(LoginSession.id != keep)
        session.execute(live.values(ended_at=now))
