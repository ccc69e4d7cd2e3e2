"""The passphrase that seals copies: of the environment, else the one that an administrator had made on /system/.

That one is kept sealed with SECRET_KEY, for all nodes. Where no key opens it there is none: copies on this machine are
then plain, and those that leave it go without the key.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import current_app
from sqlalchemy import inspect

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.models import Setting
from core.security import sealing
from people.access import guard

SETTING = "backup.passphrase"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that a reader of paper takes for another one."""
GROUPS, LONG = 5, 5
"""124 bits: nobody tries them all, scrypt or not."""


def before_tables() -> str | None:
    """``current``, also where there may be no tables yet: commands, and the copy before a migration."""
    return current() if is_of_the_environment() or inspect(db.engine).has_table(Setting.__tablename__) else None


def current() -> str | None:
    """What copies are sealed with now."""
    given: str | None = current_app.config["BACKUP_PASSPHRASE"]
    if given:
        return given
    row = db.session.get(Setting, SETTING)
    return (sealing.unseal(str(row.value)) or {}).get("passphrase") if row is not None else None


def is_of_the_environment() -> bool:
    return bool(current_app.config["BACKUP_PASSPHRASE"])


def make(*, actor: Actor, now: datetime) -> str:
    """A new one, from the next copy on; it is answered once and shown nowhere else. Raises ``Conflict``."""
    made = "-".join("".join(secrets.choice(LETTERS) for _each in range(LONG)) for _group in range(GROUPS))
    with transaction() as session:
        guard.ensure(actor, "settings.write", None, now=now)
        if is_of_the_environment():
            raise Conflict("backup.passphrase_set")
        session.merge(Setting(key=SETTING, value=sealing.seal({"passphrase": made})))
        audit.record(actor, "backup.passphrase", "backup", "passphrase", now=now)
    return made


def seal_anew() -> bool:
    """With today's key, in the caller's transaction; False when none of ours opens it."""
    row = db.session.get(Setting, SETTING)
    if row is None:
        return True
    opened = sealing.unseal(str(row.value))
    if opened is None:
        return False
    row.value = sealing.seal(opened)
    return True
