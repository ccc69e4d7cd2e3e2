"""By which way somebody answers who holds the link of a call: it was sent to its owner, also where others read it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, select

from core.actor import Actor, Way
from core.db import db
from incidents.record.models import Page
from notify.models import Message
from people.models import ContactMethod, Person


def answering(person: Person, calls: Collection[Page]) -> Actor:
    """The person whom these calls were for, by the link in them. Whoever else has it acts under this name, so what is
    written down says that a link answered, and whether it lay in an office's mailbox."""
    return Actor(
        name=person.full_name,
        role="staff",
        via="link",
        person_id=person.id,
        unit_id=person.unit_id,
        way=_way(person.id, calls),
    )


def _way(person_id: int, calls: Collection[Page]) -> Way:
    messages = [page.message for page in calls if page.message is not None]
    ladders = {each.ladder for each in messages if each.ladder}
    to_them = Message.id.in_({each.id for each in messages}) | Message.ladder.in_(ladders)
    where = and_(ContactMethod.person_id == person_id, ContactMethod.address == Message.address)
    wanted = select(ContactMethod.unit_id, ContactMethod.given_ref).join(Message, where).where(to_them)
    read = db.session.execute(wanted).all()
    if any(given_ref for _unit_id, given_ref in read):
        return "given_link"
    return "shared_link" if any(unit_id is not None for unit_id, _given_ref in read) else "link"
