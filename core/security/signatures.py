"""What this installation signs, and whether it signed it: with SECRET_KEY, and while it changes with the one before.

Addresses that an earlier key or recipe made are kept by their digest when things are signed anew: what hangs on a wall
goes on working until somebody replaces it.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from sqlalchemy.orm import Session

from core.db import db
from core.models import EarlierAddress
from core.security import tokens


def secret_keys() -> tuple[str, ...]:
    """The key that signs and seals, and behind it the one before, while SECRET_KEY_OLD names it."""
    current, old = current_app.config["SECRET_KEY"], current_app.config.get("SECRET_KEY_OLD")
    return (current, old) if old and old != current else (current,)


def sign(purpose: str, *parts: int | str) -> str:
    """Reproducible; bound to ``purpose``. An empty part at the end says no more than none."""
    return tokens.signed(secret_keys()[0], purpose, *_told(parts))


def is_signed(mac: str, purpose: str, *parts: int | str) -> bool:
    return any(tokens.same(mac, each) for each in signed_by_each(purpose, *parts))


def signed_by_each(purpose: str, *parts: int | str) -> Iterator[str]:
    """The signature by each of ``secret_keys()``."""
    return (tokens.signed(key, purpose, *_told(parts)) for key in secret_keys())


def keep(session: Session, purpose: str, address: str, thing: int, *, generation: int = 1) -> None:
    """Remember an address that the present key and recipe would not make again."""
    session.merge(EarlierAddress(digest=tokens.digest(address), purpose=purpose, thing_id=thing, generation=generation))


def kept(purpose: str, address: str) -> EarlierAddress | None:
    """Whose address that once was, if we made it."""
    found = db.session.get(EarlierAddress, tokens.digest(address))
    return found if found is not None and found.purpose == purpose else None


def _told(parts: tuple[int | str, ...]) -> tuple[int | str, ...]:
    # Rows from before there were salts have an empty one: their addresses are what they were.
    return parts[:-1] if parts and parts[-1] == "" else parts
