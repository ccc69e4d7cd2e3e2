"""The numbers that call people at night, so that their telephones can be told to let them through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from core import text
from core.db import db
from core.i18n import named
from people import queries as people
from people.models import DutyKind, Unit
from roster.resolver.models import DeskPhone


@dataclass(frozen=True)
class CallerNumber:
    """``phone``: digits as dialled; else what stands there: the name that a provider shows as sender of messages."""

    name: str
    phone: str


def numbers(unit_id: int | None) -> list[CallerNumber]:
    """Return those of automatic calls and messages (``CALLER_NUMBERS``), then the desks of the unit and those above
    it."""
    automatic = [CallerNumber(_("Gọi và nhắn tự động"), each) for each in current_app.config["CALLER_NUMBERS"]]
    ids = people.ancestor_ids(unit_id) if unit_id is not None else [root.id for root in people.root_units()]
    rows = db.session.execute(
        select(DeskPhone.phone, DutyKind, Unit)
        .join(DutyKind, DutyKind.code == DeskPhone.duty)
        .join(Unit, Unit.id == DeskPhone.unit_id)
        .where(DeskPhone.unit_id.in_(ids))
        .order_by(Unit.code, DutyKind.position)
    )
    desks = [CallerNumber(f"{named(kind)} · {unit.name}", phone) for phone, kind, unit in rows]
    units = [CallerNumber(unit.name, unit.phone) for unit in people.units(ids) if unit.phone]
    written = [replace(each, phone=text.dialled(each.phone)) for each in (*desks, *units)]
    called = [replace(each, phone=text.dialled(each.phone) or each.phone) for each in automatic]
    unique = {each.phone: each for each in reversed([*called, *written]) if each.phone}
    return list(reversed(unique.values()))


def vcard(name: str, given: Iterable[tuple[str, str]]) -> str:
    """One contact with all numbers (vCard 3.0, which both systems read); CRLF, long lines folded.

    Names of senders are no numbers: a telephone cannot mark them, so they are left out.
    """
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_escaped(name)};;;;", f"FN:{_escaped(name)}"]
    dialled = [(label, phone) for label, phone in given if phone.lstrip("+").isdecimal()]
    for at, (label, phone) in enumerate(dialled, start=1):
        lines += [f"item{at}.TEL;TYPE=VOICE:{_escaped(phone)}", f"item{at}.X-ABLabel:{_escaped(label)}"]
    lines += ["CATEGORIES:ICE", "END:VCARD"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _escaped(words: str) -> str:
    plain = " ".join(words.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Sequence[str]:
    """At most 75 bytes a line, cut between characters; what follows begins with a space."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > 75:
            parts.append(current)
            current = " "
        current += character
    return [*parts, current]
