"""The first administrator: made by the holder of a link from the machine's own console, while there is none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core import audit, i18n
from core.actor import Actor
from core.db import db, transaction
from core.errors import Gone
from core.models import Setting
from core.security import tokens
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import User

LINK = "first_admin"
"""The setting with the digest of the one link that works, and until when."""
LIFE = timedelta(hours=24)
_ACTOR = Actor(name="first administrator", role="admin", via="system")


def is_missing() -> bool:
    """Whether no administrator can come in: none is active, with a password or not."""
    return db.session.scalar(select(User.id).where(User.role == "admin", User.active).limit(1)) is None


def new_link(*, now: datetime) -> str | None:
    """The secret of a fresh link, the only time it is seen; the one before it stops working. None: there is one."""
    with transaction() as session:
        if not is_missing():
            return None
        secret = tokens.new_token()
        until = (now + LIFE).isoformat()
        session.merge(Setting(key=LINK, value={"digest": tokens.digest(secret), "until": until}))
        audit.record(_ACTOR, "account.first_link", "setting", LINK, now=now, until=until)
        return secret


def ensure_open(secret: str, *, now: datetime) -> None:
    """Raises Gone for a link that was never one, is used, replaced or over, or when there is an administrator."""
    row = db.session.scalar(
        select(Setting).where(Setting.key == LINK).with_for_update().execution_options(populate_existing=True)
    )
    known = row is not None and row.value["digest"] == tokens.digest(secret)
    if row is None or not known or now >= datetime.fromisoformat(row.value["until"]) or not is_missing():
        raise Gone("account.first_gone")


def claim(secret: str, login: str, name: str, password: str, *, now: datetime) -> User:
    """Make the administrator; the link is used up. Raises Gone, Invalid, Conflict (the login is taken)."""
    with transaction() as session:
        ensure_open(secret, now=now)
        session.delete(session.get_one(Setting, LINK))
        user = accounts.create_user(NewAccount(login, name, "admin", password=password), now=now, actor=_ACTOR)
        user.locale = i18n.locale()  # they go on in the language of the page on which they began
        return user
