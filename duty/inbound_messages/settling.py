"""Somebody at the desk says what an unclear text meant, or that nothing is to be done about it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.i18n import dt
from core.text import format_phone, shortened
from duty.inbound_messages import queries
from duty.inbound_messages.models import OPEN, Reply
from duty.pending_actions import registry as pending_actions
from duty.pending_actions.registry import ActionAnswer
from people.models import Person

QUOTED = 300
"""Characters of a text that a note of how something was heard quotes."""


def settle(reply_id: int, person: Person, kind: str, ref: str, *, yes: bool, actor: Actor, now: datetime) -> Reply:
    """It was ``person`` and they meant this: noted for them, with what they wrote as how it was heard.

    Raises NotFound, Forbidden; Conflict ``reply.settled``, ``answer.changed``, ``answer.yes_only``; what the service
    behind the ask raises.
    """
    reply = queries.open_one(reply_id, actor, now=now)
    note, found = heard(reply), pending_actions.find(person, kind, ref, now=now)
    if found is not None and found.restricted:
        raise Conflict("answer.changed", state={"kind": kind})  # as if it were not there, and so on the list
    done = pending_actions.answer(person, kind, ref, ActionAnswer(yes, note), actor=actor, now=now)
    return _close(reply, person, done.does if yes else _("không %(does)s", does=done.does), actor=actor, now=now)


def dismiss(reply_id: int, *, actor: Actor, now: datetime) -> Reply:
    """Somebody has rung, or it needs nothing. Raises as ``settle``."""
    return _close(queries.open_one(reply_id, actor, now=now), None, "", actor=actor, now=now)


def heard(reply: Reply) -> str:
    """How it was heard, as notes say it."""
    number, at = format_phone(reply.number), dt(reply.came_at)
    if reply.kind == "call":
        return _("Gọi nhỡ từ %(number)s lúc %(time)s.", number=number, time=at)
    said = shortened(reply.words, QUOTED)
    return _("Tin nhắn từ %(number)s lúc %(time)s: “%(words)s”", number=number, time=at, words=said)


def _close(reply: Reply, person: Person | None, said: str, *, actor: Actor, now: datetime) -> Reply:
    """Store that the reply is settled, and return it.

    If two people settle it at once, only one does, and the other gets Conflict ``reply.settled``; what the other noted
    stands as well, or was refused as noted already.
    """
    with transaction() as session:
        mine = update(Reply).where(Reply.id == reply.id, Reply.state.in_(OPEN))
        values = {"state": "settled", "settled_at": now, "settled_by": actor.name, "said": said}
        if person is not None:
            values["person_id"] = person.id
        if session.execute(mine.values(values)).rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("reply.settled", state={"state": "settled"}, name="")
        audit.record(actor, "reply.settle", "reply", reply.id, now=now, person=person.id if person else None)
    return db.session.get_one(Reply, reply.id, populate_existing=True)
