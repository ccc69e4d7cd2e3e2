"""Who gave somebody an address after a published list had named them: whoever did may read there what is asked of them.

An address that was there before, as a sheet brings a thousand, is theirs as it always was. One that another adds later
proves nobody until the person says that it is theirs: what is answered from there says who gave it, as by a slip of
that one, and who stands above hears of it (docs/decisions/0085).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext
from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import NotFound
from core.security import tokens
from people import queries as people
from people.accounts import above
from people.models import ContactMethod, Person, User
from people.notification_rules import reading
from people.notification_rules.models import Endpoint

NAMED = 5
"""People whom one message names; of more it says how many."""
Address = ContactMethod | Endpoint


class DutyContacts(Protocol):
    """What the roster knows."""

    def __call__(self, person_ids: Collection[int], *, now: datetime) -> set[int]:
        """Return those of them whom a published list names for shifts that are not over."""


class _Hooks:
    standing: DutyContacts | None = None


def set_source(standing: DutyContacts) -> None:
    _Hooks.standing = standing


def note(given: Iterable[tuple[Person, Address]], *, actor: Actor, now: datetime) -> None:
    """Each of these addresses is new, or another one than before. In the caller's transaction, when all are written.

    Of who manages people and is asked whether they come; administrators and keys bring numbers for whole enterprises.
    """
    if actor.role != "manager" or actor.via == "api_key":
        return
    rows = [(person, row) for person, row in given if person.id != actor.person_id]
    standing = _Hooks.standing([person.id for person, _row in rows], now=now) if rows and _Hooks.standing else set()
    named = [(person, row) for person, row in rows if person.id in standing]
    for _person, row in named:
        row.given_by, row.given_ref = actor.name, actor.ref
    _tell(list({person.id: person for person, _row in named}.values()), actor, now)


def list_unconfirmed(person: Person) -> Sequence[Address]:
    """Return those that wait for the person to say that they are theirs."""
    mine = Endpoint.person_id == person.id, Endpoint.given_ref != ""
    found = db.session.scalars(select(Endpoint).where(*mine).order_by(Endpoint.id))
    return [*(each for each in person.contacts if each.given_ref), *found]


def is_own(person: Person, which: str, *, actor: Actor, now: datetime) -> None:
    """The person says so, signed in or by an address of their own. Raises NotFound ``contact.unknown``."""
    with transaction():
        row = next((each for each in list_unconfirmed(person) if name_of(each) == which), None)
        if row is None:
            raise NotFound("contact.unknown", field="which")
        taken(row)
        audit.record(actor, "contact.own", "person", person.id, now=now, channel=row.channel)


def taken(row: Address) -> None:
    row.given_by = row.given_ref = ""


def name_of(row: Address) -> str:
    """Return its name in forms."""
    return f"{'contact' if isinstance(row, ContactMethod) else 'device'}.{row.id}"


def _tell(persons: Sequence[Person], actor: Actor, now: datetime) -> None:
    """One message to each who stands above the giver, however many got an address."""
    receivers: dict[int, tuple[User, list[Person]]] = {}
    for unit_id in sorted({each.unit_id for each in persons}):
        theirs = [each for each in persons if each.unit_id == unit_id]
        for user in above.managers_above(unit_id, theirs[0].id if len(theirs) == 1 else 0, actor.ref):
            receivers.setdefault(user.id, (user, []))[1].extend(theirs)
    for user, theirs in receivers.values():
        _write(user, theirs, actor, now)


def _write(user: User, persons: Sequence[Person], actor: Actor, now: datetime) -> None:
    with force_locale(user.locale):
        subject = ngettext(
            "%(by)s thêm địa chỉ cho %(num)s người đã có lịch trực",
            "%(by)s thêm địa chỉ cho %(num)s người đã có lịch trực",
            len(persons),
            by=actor.name,
        )
        names = ", ".join(each.full_name for each in persons[:NAMED])
        if len(persons) > NAMED:
            names = _("%(names)s và %(n)s người nữa", names=names, n=len(persons) - NAMED)
        body = _(
            "%(by)s vừa thêm hoặc đổi địa chỉ của: %(names)s. Trả lời gửi từ địa chỉ ấy được ghi là qua địa chỉ do "
            "%(by)s thêm, tới khi chính người đó nhận địa chỉ là của mình. Không đúng thì hỏi lại: %(link)s",
            by=actor.name,
            names=names,
            link=f"{current_app.config['PUBLIC_URL']}/people/person/{persons[0].code}",
        )
    receiver = people.person_by_id(user.person_id or 0)
    topic = f"given/{persons[0].id}"
    reading.write(receiver, topic=topic, key=f"{topic}/{tokens.new_token()}", subject=subject, body=body, now=now)
