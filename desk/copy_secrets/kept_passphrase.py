"""The passphrase that seals copies: of the environment, else the one that an administrator had made on /system/.

That one is kept sealed with SECRET_KEY, for all nodes. Where no key opens it there is none: copies on this machine are
then plain, and those that leave it go without the key.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import inspect

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.models import Setting
from core.security import sealing
from desk.copy_secrets import letters
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
    """Return what copies are sealed with now."""
    given: str | None = current_app.config["BACKUP_PASSPHRASE"]
    if given:
        return given
    return _kept().get("passphrase")


def is_of_the_environment() -> bool:
    return bool(current_app.config["BACKUP_PASSPHRASE"])


def make(*, actor: Actor, now: datetime) -> str:
    """A new one, answered once and shown nowhere else. It seals nothing before it was typed back (``confirm``): a print
    that was lost would lock every copy. Raises ``Conflict``."""
    made = "-".join("".join(secrets.choice(LETTERS) for _each in range(LONG)) for _group in range(GROUPS))
    with transaction():
        _ensure_may(actor, now)
        _keep({**_held(), "made": made})
        audit.record(actor, "backup.passphrase_made", "backup", "passphrase", now=now)
    return made


def confirm(typed: str, *, actor: Actor, now: datetime) -> None:
    """The one that was made last seals from the next copy on. The other administrators hear of it. Raises ``Conflict``
    where none waits, ``Invalid`` where it is another one."""
    with transaction():
        _ensure_may(actor, now)
        made = _held().get("made")
        if made is None:
            raise Conflict("backup.passphrase_not_made")
        if not hmac.compare_digest(_letters(typed).encode(), _letters(made).encode()):
            raise Invalid("backup.passphrase_other", field="typed")
        _keep({"passphrase": made})
        audit.record(actor, "backup.passphrase", "backup", "passphrase", now=now)
        letters.tell(actor=actor, now=now)


def waits() -> bool:
    """Whether one was made and not typed back: it seals nothing yet."""
    return not is_of_the_environment() and "made" in _kept()


def _ensure_may(actor: Actor, now: datetime) -> None:
    guard.ensure(actor, "settings.write", None, now=now)
    if is_of_the_environment():
        raise Conflict("backup.passphrase_set")


def _letters(typed: str) -> str:
    """As somebody reads it off paper: capitals, spaces and dashes make no difference."""
    return "".join(each for each in typed.lower() if each.isalnum())


def _kept() -> dict[str, Any]:
    row = db.session.get(Setting, SETTING, populate_existing=True)
    return (sealing.unseal(str(row.value)) or {}) if row is not None else {}


def _held() -> dict[str, Any]:
    """The same, to be changed: two administrators may be at it."""
    db.session.get(Setting, SETTING, populate_existing=True, with_for_update=True)
    return _kept()


def _keep(values: dict[str, str]) -> None:
    db.session.merge(Setting(key=SETTING, value=sealing.seal(values)))


def seal_anew() -> bool:
    """Seal it with today's key, in the caller's transaction; False when none of ours opens it."""
    row = db.session.get(Setting, SETTING)
    if row is None:
        return True
    opened = sealing.unseal(str(row.value))
    if opened is None:
        return False
    row.value = sealing.seal(opened)
    return True
