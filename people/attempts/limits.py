"""How often anybody may try to come in, so that guessing is slow and nobody is locked out by strangers.

A browser that signed in before has tries of its own, which no stranger uses up. All others share a few free tries by
account and by place; then each waits for a turn. A turn belongs to the browser that asked for it and comes at a fixed
moment, so that somebody who guesses all night keeps nobody out for longer than ``LONGEST``.

What is asked of an account is asked of a name that nobody has: the same words, the same waiting, the same work.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from core.db import db, transaction
from core.errors import Throttled
from core.security import throttle, tokens
from core.security.throttle import AttemptLimit
from people.attempts.models import KnownDevice, SignInTurn

KNOWN = AttemptLimit(10, timedelta(minutes=5))
"""Of one account on a device where it signed in before."""
ACCOUNT = AttemptLimit(10, timedelta(minutes=15))
"""Of one account by everybody else together, from wherever."""
PAIR = AttemptLimit(5, timedelta(minutes=5))
"""Of one account from one place."""
PLACE = AttemptLimit(50, timedelta(minutes=15))
"""Of all accounts from one place: an office behind one proxy is one."""

BETWEEN = timedelta(seconds=10)
"""From one turn at an account to the next."""
LONGEST = timedelta(minutes=10)
"""However many wait: nobody waits longer for a turn."""
OPEN = timedelta(minutes=2)
"""How long a turn is kept for the person it belongs to."""
BROWSERS = 2
"""Turns at one account that wait for browsers of one place: cookies are for the asking."""
REMEMBERED = timedelta(days=365)


@dataclass(frozen=True)
class Visitor:
    """Who stands at the door; ``device``: the secret in the browser's cookie, '' without one."""

    address: str
    device: str = ""

    @property
    def place(self) -> str:
        return throttle.key_of("place", network(self.address))

    @property
    def browser(self) -> str:
        return tokens.digest(self.device) if self.device else self.place


def enter(visitor: Visitor, user_id: int | None, name: str, *, now: datetime) -> list[str]:
    """Take one try at an account (``name`` when there is none); answers what ``welcome`` gives back.

    Raises ``Throttled`` with the seconds to wait.
    """
    if user_id is not None and knows(visitor.device, user_id):
        own = throttle.key_of("door-known", visitor.browser, str(user_id))
        throttle.take({own: KNOWN}, now=now)
        return [own]
    account = throttle.key_of("door-account", f"user:{user_id}" if user_id is not None else name)
    limits = {
        account: ACCOUNT,
        throttle.key_of("door-pair", account, visitor.place): PAIR,
        throttle.key_of("door-place", visitor.place): PLACE,
    }
    try:
        throttle.take(limits, now=now)
    except Throttled:
        _wait(visitor, account, now)
        return []
    return list(limits)


def welcome(visitor: Visitor, user_id: int, taken: list[str], *, now: datetime) -> str:
    """It was the right person: give the try back, and remember the browser. Answers the secret of its new cookie.

    In the caller's transaction. Accounts that signed in there before stay known; the old secret is worth nothing.
    """
    for key in taken:
        throttle.give_back(key)
    return remember(visitor.device, user_id, now=now)


def remember(device: str, user_id: int, *, now: datetime) -> str:
    """Know the browser for this account from now on; answers its new secret."""
    fresh = tokens.new_token()
    with transaction() as session:
        if device:
            # An old secret that two answers replace side by side leaves two cookies; the browser keeps the later one.
            session.execute(
                update(KnownDevice)
                .where(KnownDevice.digest == tokens.digest(device))
                .values(digest=tokens.digest(fresh))
            )
        know(tokens.digest(fresh), user_id, now=now)
    return fresh


def know(digest: str, user_id: int, *, now: datetime) -> None:
    """This account came in there."""
    with transaction() as session:
        mine = KnownDevice.digest == digest, KnownDevice.user_id == user_id
        if session.scalar(select(KnownDevice).where(*mine)) is None:
            session.add(KnownDevice(digest=digest, user_id=user_id, used_at=now))
        else:
            session.execute(update(KnownDevice).where(*mine).values(used_at=now))
        session.flush()


def knows(device: str, user_id: int) -> bool:
    """Whether this account signed in with that browser before."""
    return bool(device) and knows_digest(tokens.digest(device), user_id)


def knows_digest(digest: str, user_id: int) -> bool:
    mine = KnownDevice.digest == digest, KnownDevice.user_id == user_id
    return db.session.scalar(select(KnownDevice.id).where(*mine)) is not None


def forget_account(user_id: int) -> None:
    """Its password was set anew, or it was closed: browsers that knew the old one are strangers."""
    with transaction() as session:
        session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))


def forget_before(now: datetime) -> int:
    """Housekeeping: drop turns that nobody took and browsers that nobody used for a year; answers how many."""
    with transaction() as session:
        late = session.execute(delete(SignInTurn).where(SignInTurn.due_at < now - OPEN))
        old = session.execute(delete(KnownDevice).where(KnownDevice.used_at < now - REMEMBERED))
        return int(late.rowcount + old.rowcount)  # type: ignore[attr-defined]


def network(address: str) -> str:
    """Return where somebody is: an IPv4 address, but the /64 of an IPv6 one, all of which one household owns."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


def _wait(visitor: Visitor, account: str, now: datetime) -> None:
    """Use this browser's turn if it has come; else say when it comes."""
    with transaction() as session:
        throttle.hold(account)  # one at a time: two guesses at once take one turn
        session.execute(delete(SignInTurn).where(SignInTurn.account == account, SignInTurn.due_at < now - OPEN))
        mine = session.scalars(
            select(SignInTurn)
            .where(SignInTurn.account == account, SignInTurn.browser.in_([visitor.browser, visitor.place]))
            .order_by(SignInTurn.due_at)
        ).first()
        if mine is not None and mine.due_at <= now:
            session.delete(mine)
            return
        due_at = mine.due_at if mine is not None else _reserve(visitor, account, now)
    raise Throttled("throttled", retry_after=max(1, int((due_at - now).total_seconds()) + 1))


def _reserve(visitor: Visitor, account: str, now: datetime) -> datetime:
    here = SignInTurn.account == account, SignInTurn.place == visitor.place
    waiting = [*here, SignInTurn.browser != visitor.place]
    if visitor.browser != visitor.place and _count(*waiting) >= BROWSERS:
        # As many browsers of this place wait as may; it shares the turn of those that send no cookie.
        visitor = Visitor(visitor.address)
        shared = db.session.scalar(select(SignInTurn.due_at).where(*here, SignInTurn.browser == visitor.place))
        if shared is not None:
            return shared
    last = db.session.scalar(select(func.max(SignInTurn.due_at)).where(SignInTurn.account == account))
    due_at = min(max(now, last or now) + BETWEEN, now + LONGEST)
    db.session.add(SignInTurn(account=account, place=visitor.place, browser=visitor.browser, due_at=due_at))
    db.session.flush()
    return due_at


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(SignInTurn).where(*conditions)) or 0
