"""Lists of choices that are texted back where an answer could mean several things: put, picked from, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _, ngettext
from sqlalchemy import select, update

from core.db import db, transaction
from core.errors import Throttled
from core.i18n import t
from core.security import throttle
from core.security.throttle import AttemptLimit
from core.text import is_mobile
from duty.inbound_messages import rules, sent_back
from duty.inbound_messages.models import Reply, TextedChoices
from duty.pending_actions.registry import PendingAction
from notify import outbox, sms_text
from people.models import Person
from people.notification_rules.addressed import addressed

MOST_ANSWERS = AttemptLimit(3, timedelta(hours=1))
"""Texts that go back to one number: what answers by itself must not talk to what answers by itself."""
TOLD_FOR = timedelta(hours=12)
"""So long after its end whoever picks from a list is told that it is over."""


def open_for(number: str, person_id: int, *, now: datetime) -> TextedChoices | None:
    """The list that waits at this number, or that has lately ended without an answer (``expires_at`` tells)."""
    wanted = select(TextedChoices).where(
        TextedChoices.number == number,
        TextedChoices.person_id == person_id,
        TextedChoices.ended_at.is_(None),
        TextedChoices.expires_at > now - TOLD_FOR,
    )
    return db.session.scalars(wanted.order_by(TextedChoices.id.desc()).limit(1)).one_or_none()


def end(choice: TextedChoices, *, now: datetime) -> bool:
    """Whether it was us who ended it: of two texts at once one is told that it is over."""
    with transaction() as session:
        mine = (
            update(TextedChoices)
            .where(TextedChoices.id == choice.id, TextedChoices.ended_at.is_(None))
            .values(ended_at=now)
        )
        return bool(session.execute(mine).rowcount == 1)  # type: ignore[attr-defined]


def done(choice: TextedChoices, number: int, *, now: datetime) -> None:
    """What stands at ``number`` is answered; the others are still to be picked. A list that is all answered ends."""
    with transaction() as session:
        row = session.get_one(TextedChoices, choice.id, populate_existing=True, with_for_update=True)
        row.asks = [{**each, "done": True} if place == number else each for place, each in enumerate(row.asks, start=1)]
        if all(each.get("done") for each in row.asks):
            row.ended_at = now


def put(reply: Reply, person: Person, asks: Sequence[PendingAction], *, before: str = "", now: datetime) -> bool:
    """Text the choices, those first that come first; ``before``: a sentence to begin with. False when no more texts may
    go to this number within the hour, or none can."""
    head = ngettext("Đồng chí có %(num)s việc chờ trả lời:", "Đồng chí có %(num)s việc chờ trả lời:", len(asks))
    head = f"{before} {head}".strip()
    ends = now + rules.LIVES
    tail = _("Trả lời bằng một số trước %(time)s.", time=t(ends))
    lines = [f"{number} = {ask.does};" for number, ask in enumerate(asks, start=1)]
    if len(asks) == 1 and asks[0].refusable:
        lines.append(_("2 = không;"))
    shown = rules.fitting(head, lines, tail, sms_text.LIMIT, length=_length)
    room = sms_text.LIMIT - _length(head) - _length(tail) - 2
    body = " ".join([head, *rules.shortened(lines[:shown], room, _length), tail])
    with transaction() as session:
        if not text_back(reply, person, body, now=now):
            return False
        earlier = update(TextedChoices).where(TextedChoices.number == reply.number, TextedChoices.ended_at.is_(None))
        session.execute(earlier.values(ended_at=now))
        kept = [{"kind": ask.kind, "ref": ask.ref} for ask in asks[:shown]]
        choice = TextedChoices(person_id=person.id, number=reply.number, asks=kept, asked_at=now, expires_at=ends)
        session.add(choice)
    return True


def text_back(reply: Reply, person: Person, body: str, *, now: datetime) -> bool:
    """One text, at once, to the number that it came from; False when no more may go there within the hour, or by
    this gateway today, or none can: a telephone on a wall reads none."""
    if not outbox.has_gateway("sms") or not is_mobile(reply.number) or sent_back.is_spent(reply.gateway_id, now=now):
        return False
    try:
        throttle.take({throttle.key_of("reply", reply.number): MOST_ANSWERS}, now=now)
    except Throttled:
        return False
    outbox.enqueue(
        topic=f"reply/{reply.id}",
        key=f"reply/{reply.id}",
        **addressed(person, "sms", reply.number),
        subject=_("Trả lời tin nhắn"),
        body=body,
        now=now,
        urgent=True,
    )
    return True


def _length(text: str) -> int:
    return sms_text.length(sms_text.ascii_only(text))
