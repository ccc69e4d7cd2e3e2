"""A text or a missed call comes in: kept first, then read, then it answers what is asked of whoever sent it.

What is asked decides what an answer can mean. One thing: it is answered, as by link. Several: nothing is done, one text
goes back and the next one picks. Whatever cannot be read or told whose it is waits at the desk; nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import force_locale, gettext as _
from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite

from core import audit
from core.db import db, is_sqlite, transaction
from core.errors import DomainError, Unavailable
from core.sweeping import forget
from notify.gateways.incoming import Came
from notify.models import Message
from people.accounts import queries as accounts
from people.models import Person
from roster.asks import registry as asks
from roster.asks.registry import Answer, Ask
from roster.replies import choices, matching, rules
from roster.replies.models import Choice, Reply
from roster.replies.rules import Reading

KEPT_FOR = timedelta(days=90)


def take(came: Came, gateway_id: int, *, now: datetime) -> str:
    """What became of it: a state of ``models.STATES``; empty when the same report came before."""
    reply_id = _kept(came, gateway_id, now)
    if reply_id is None:
        return ""
    reply = db.session.get_one(Reply, reply_id)
    person = matching.owners(reply.number).person
    if reply.state != "new":
        return reply.state
    if person is None:
        return _became(reply, "unclear", now=now)
    with force_locale(accounts.locales_of([person.id]).get(person.id, "vi")):
        return _read(reply, person, now)


def forget_before(moment: datetime) -> int:
    """Housekeeping: what came in before, and the lists of choices that were sent before."""
    return forget(Reply, Reply.came_at < moment) + forget(Choice, Choice.expires_at < moment)


def _kept(came: Came, gateway_id: int, now: datetime) -> int | None:
    """The id of its row; None when the report is known. Reports without a number of their own count as the same within
    an hour."""
    number = matching.dialled(came.sender)
    state = "new" if number or matching.is_telephone(came.sender) else "ignored"
    row = {
        "gateway_id": gateway_id,
        "report_id": came.report_id if came.is_numbered else f"{came.report_id}/{now:%Y%m%d%H}",
        "kind": came.kind,
        "number": number or came.sender,
        "words": came.words,
        "came_at": now,
        "state": state,
        "said": "",
        "settled_by": "",
    }
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    with transaction() as session:
        adding = insert(Reply).values(row).on_conflict_do_nothing(index_elements=["gateway_id", "report_id"])
        return session.scalar(adding.returning(Reply.id))


def _read(reply: Reply, person: Person, now: datetime) -> str:
    if reply.kind == "call":
        return _rung_back(reply, person, now)
    reading = rules.read(reply.words)
    if not reading.is_clear:
        return _became(reply, "unclear", person, now=now)
    choice = choices.open_for(reply.number, person.id, now=now)
    if choice is not None and reading.number is not None:
        return _picked(reply, person, choice, reading, now)
    if choice is not None and choice.expires_at > now:
        return _became(reply, "unclear", person, now=now)  # "có", and to which of them?
    return _answered(reply, person, asks.waiting_for(person, now=now), reading, now)


def _rung_back(reply: Reply, person: Person, now: datetime) -> str:
    """Only what is harmless, and was asked lately by a text or a call to this very number."""
    waiting = [ask for ask in asks.waiting_for(person, now=now) if ask.harmless and _asked_lately(ask, reply, now)]
    if len(waiting) > 1:
        return _ask(reply, person, waiting, now=now)
    return _answered(reply, person, waiting, Reading(True), now)


def _answered(reply: Reply, person: Person, waiting: Sequence[Ask], reading: Reading, now: datetime) -> str:
    if len(waiting) > 1:
        return _ask(reply, person, waiting, now=now)
    is_number_alone = reading.worded and reading.number is not None  # "không 2", and there is no list
    if not waiting or reading.yes is None or is_number_alone:
        return _became(reply, "unclear", person, now=now)
    return _answer(reply, person, waiting[0].kind, waiting[0].ref, reading.yes, reading.note, now)


def _picked(reply: Reply, person: Person, choice: Choice, reading: Reading, now: datetime) -> str:
    number = reading.number or 0
    if reading.note or not 1 <= number <= len(choice.asks):
        return _became(reply, "unclear", person, now=now)
    if not choices.end(choice, now=now):
        return _became(reply, "unclear", person, now=now)
    if choice.expires_at <= now:
        return _too_late(reply, person, now)
    picked = choice.asks[number - 1]
    return _answer(reply, person, str(picked["kind"]), str(picked["ref"]), not reading.worded, "", now)


def _too_late(reply: Reply, person: Person, now: datetime) -> str:
    """A number of a list that is over may mean anything by now."""
    said = _("Đã quá hạn chọn.")
    waiting = asks.waiting_for(person, now=now)
    if len(waiting) > 1:
        return _ask(reply, person, waiting, before=said, now=now)
    return _refused(reply, person, said, now)


def _ask(reply: Reply, person: Person, waiting: Sequence[Ask], *, before: str = "", now: datetime) -> str:
    with transaction():
        asked = choices.put(reply, person, waiting, before=before, now=now)
        return _became(reply, "asked" if asked else "unclear", person, now=now)


def _answer(reply: Reply, person: Person, kind: str, ref: str, yes: bool, why: str, now: datetime) -> str:
    note = why or (_("Gọi lại.") if reply.kind == "call" else _("Trả lời bằng tin nhắn."))
    try:
        done = asks.answer(person, kind, ref, Answer(yes, note), actor=asks.actor_of(person), now=now)
    except Unavailable:
        raise
    except DomainError as refused:
        db.session.rollback()
        return _refused(reply, person, refused.message(), now)
    said = done.does if yes else _("không %(does)s", does=done.does)
    return _became(reply, "answered", person, said=said, now=now)


def _refused(reply: Reply, person: Person, why: str, now: datetime) -> str:
    """They are told, and where no more texts may go back somebody at the desk tells them."""
    with transaction():
        told = choices.text_back(reply, person, why, now=now)
        return _became(reply, "refused" if told else "unclear", person, said=why, now=now)


def _became(reply: Reply, state: str, person: Person | None = None, *, said: str = "", now: datetime) -> str:
    with transaction() as session:
        row = session.get_one(Reply, reply.id)
        row.state, row.said, row.person_id = state, said, person.id if person else None
        if state != "unclear" and person is not None:
            audit.record(asks.actor_of(person), f"reply.{state}", "reply", reply.id, now=now, kind=row.kind)
    return state


def _asked_lately(ask: Ask, reply: Reply, now: datetime) -> bool:
    sent = exists().where(
        Message.topic.in_(ask.topics),
        Message.address == reply.number,
        Message.channel.in_(("sms", "voice")),
        Message.state == "sent",
        Message.sent_at > now - rules.LATELY,
    )
    return bool(db.session.scalar(select(sent)))
