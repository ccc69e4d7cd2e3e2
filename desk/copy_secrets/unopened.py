"""After a restore without the key of the copy: what no key opens any more, found by trying, and what becomes of it.

Every column of every table is asked, so that what is sealed from tomorrow on is found as well. What would only pretend
to work is dropped (devices that no call reaches, the push key, the passphrase of copies); the rest stays and is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, Text, delete, select, type_coerce

from core import audit
from core.actor import Actor
from core.db import batched, db, transaction
from core.models import Setting
from core.security import sealing
from desk.copy_secrets import kept_passphrase
from notify.channels import push_keys
from notify.gateways.models import PushKey
from people.desks.models import DeskPin
from people.notification_rules.models import Endpoint
from people.sign_in import pins

FERNET = "gAAAA"
"""How everything begins that ``sealing.seal`` made."""
NAMED_BY = ("name", "host", "title")
MOST_NAMES = 10
WORDS = {
    "gateways": "gateways: enter passwords and keys anew",
    "gateway_tokens": "gateways: sign in to the provider anew",
    "mailboxes": "mailboxes of sources: enter the password anew",
    "contact_endpoints": "devices and services of people, which were removed: each adds theirs anew under /me/reach",
    "push_keys": "the push key, which was removed: a new one is made by itself",
    "desk_pins": "PINs at shared desks: set them anew",
    "settings": "the passphrase of copies, which was removed: make another one under /system/",
}
WORKS = "{table}: they work, but nobody can read them again; make a new one to hand it out"
"""Of links and feeds: found by their digest, sealed only to be shown once more."""
OVER = frozenset({"messages", "contact_codes"})
"""What was on its way: nothing that anybody enters."""


@dataclass(frozen=True)
class Unopened:
    """``count`` rows of ``table`` that no key opens; ``names`` of some."""

    table: str
    count: int
    names: tuple[str, ...] = ()

    def line(self) -> str:
        said = WORDS.get(self.table, WORKS.format(table=self.table.replace("_", " ")))
        return f"{self.count} × {said}" + (f" ({', '.join(self.names)})" if self.names else "")


def settle(*, actor: Actor, now: datetime) -> Sequence[Unopened]:
    """Drop what would only pretend to work; answers all that no key opens. Once the key opens everything, nothing."""
    found = [each for each in _found() if each.table not in OVER]
    if found:
        with transaction() as session:
            for some in batched(list(_closed(Endpoint.__table__.c.address))):
                session.execute(delete(Endpoint).where(Endpoint.id.in_([row[0] for row in some])))
            if any(each.table == PushKey.__tablename__ for each in found):
                session.execute(delete(PushKey).where(PushKey.id == push_keys.ONLY))
            if not _opens_passphrase():
                session.execute(delete(Setting).where(Setting.key == kept_passphrase.SETTING))
            counted = {each.table: each.count for each in found}
            audit.record(actor, "backup.key_lost", "backup", "restored", now=now, **counted)
    return found


def _found() -> Iterator[Unopened]:
    for table in db.metadata.sorted_tables:
        rows = {row[0]: row[1] for column in table.columns for row in _closed(column)}
        if rows:
            names = tuple(dict.fromkeys(name for name in rows.values() if name))
            yield Unopened(table.name, len(rows), names[:MOST_NAMES])
    waiting = sum(not pins.is_current(kept) for kept in db.session.scalars(select(DeskPin.pin_hash)))
    if waiting:
        yield Unopened(DeskPin.__tablename__, waiting)
    if not _opens_passphrase():
        yield Unopened(Setting.__tablename__, 1)


def _closed(column: Column[object]) -> Iterator[tuple[object, str]]:
    """(key of a row, its name) where no key of ours opens what stands in the column."""
    table: Table = column.table
    is_address = isinstance(column.type, sealing.Address)
    if not is_address and not isinstance(column.type, Text):
        return
    kept = type_coerce(column, String)
    key = next(iter(table.primary_key.columns))
    name = next((table.c[each] for each in NAMED_BY if each in table.c and each != column.name), None)
    shown = [key, kept] if name is None else [key, kept, name]
    begins = sealing.SEALED if is_address else FERNET
    for row in db.session.execute(select(*shown).where(kept.startswith(begins, autoescape=True))):
        if not _opens(row[1], is_address):
            yield row[0], str(row[2]) if name is not None else ""


def _opens(kept: str, is_address: bool) -> bool:
    return sealing.unseal_address(kept) != kept if is_address else sealing.unseal(kept) is not None


def _opens_passphrase() -> bool:
    row = db.session.get(Setting, kept_passphrase.SETTING)
    return row is None or sealing.unseal(str(row.value)) is not None
