"""A text or a missed call comes in: kept first, then read, then it answers what is asked of whoever sent it.

What is asked decides what an answer can mean. One thing: it is answered, as by link. Several: nothing is done, one text
goes back and the next one picks. Whatever cannot be read or told whose it is waits at the desk; nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import force_locale, gettext as _

from core import audit
from core.db import db, insert_into, transaction
from core.errors import DomainError, Throttled, Unavailable
from core.security import throttle
from core.security.throttle import AttemptLimit
from core.sweeping import forget
from core.text import shortened
from duty.inbound_messages import asked, choices, matching, rules
from duty.inbound_messages.models import Reply, TextedChoices
from duty.inbound_messages.rules import Reading
from duty.pending_actions import registry as pending_actions
from duty.pending_actions.registry import ActionAnswer, PendingAction
from notify.gateways.incoming import IncomingText
from people.accounts import queries as accounts
from people.models import Person

KEPT_FOR = timedelta(days=90)
LONGEST_WHY = 300
"""Characters of a reason that go with an answer; the whole text stays with what came in."""
MOST_OF_NUMBER = AttemptLimit(30, timedelta(hours=1))
"""Texts and calls of one number that are read; nobody answers more, and what floods the desk hides what waits there."""
MOST_OF_GATEWAY = AttemptLimit(5000, timedelta(hours=1))
"""What one gateway may report: more is no evening after publishing, but somebody who has its address."""


def take(came: IncomingText, gateway_id: int, *, now: datetime) -> str:
    """Return what became of it: a state of ``models.STATES``; empty when the same report came before.

    Raises Throttled where the gateway reports more than anybody can have sent: providers report again later.
    """
    throttle.take({throttle.key_of("replies", str(gateway_id)): MOST_OF_GATEWAY}, now=now)
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
        return _take_reply(reply, person, now)


def forget_before(moment: datetime) -> int:
    """Housekeeping: what came in before, and the lists of choices that were sent before."""
    return forget(Reply, Reply.came_at < moment) + forget(TextedChoices, TextedChoices.expires_at < moment)


def _kept(came: IncomingText, gateway_id: int, now: datetime) -> int | None:
    """The id of its row; None when the report is known. Reports without a number of their own count as the same within
    an hour."""
    number = matching.dialled(came.sender)
    is_read = bool(number) or matching.is_telephone(came.sender)
    state = "new" if is_read and _is_within_limit(number or came.sender, now) else "ignored"
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
    with transaction() as session:
        adding = insert_into(Reply).values(row).on_conflict_do_nothing(index_elements=["gateway_id", "report_id"])
        return session.scalar(adding.returning(Reply.id))


def _is_within_limit(number: str, now: datetime) -> bool:
    try:
        throttle.take({throttle.key_of("replies-of", number): MOST_OF_NUMBER}, now=now)
    except Throttled:
        return False
    return True


def _take_reply(reply: Reply, person: Person, now: datetime) -> str:
    if reply.kind == "call":
        return _rung_back(reply, person, now)
    reading = rules.parse_reply(reply.words)
    if not reading.is_clear:
        return _became(reply, "unclear", person, now=now)
    waiting = pending_actions.waiting_for(person, now=now)
    choice = choices.open_for(reply.number, person.id, now=now)
    if choice is None:
        return _answered(reply, person, waiting, reading, now=now)
    is_over = choice.expires_at <= now
    if asked.anew(choice, waiting, now=now):
        if not is_over:
            return _ask(reply, person, waiting, before=_("Có việc mới."), now=now)
        choices.end(choice, now=now)
        return _answered(reply, person, waiting, reading, now=now)
    if reading.number is not None or _is_alone(choice) and not is_over:
        return _picked(reply, person, choice, reading, now=now)
    if not is_over and len(waiting) > 1:
        return _became(reply, "unclear", person, now=now)  # "có", and to which of them?
    return _answered(reply, person, waiting, reading, now=now)


def _rung_back(reply: Reply, person: Person, now: datetime) -> str:
    """Only what is harmless, and was asked lately by a text or a call to this very number."""
    lately = asked.since(reply.number, now - rules.LATELY).keys()
    found = pending_actions.waiting_for(person, now=now)
    waiting = [ask for ask in found if ask.harmless and not lately.isdisjoint(ask.topics)]
    if len(waiting) > 1:
        return _ask(reply, person, waiting, now=now)
    return _answered(reply, person, waiting, Reading(True), now=now)


def _answered(
    reply: Reply, person: Person, waiting: Sequence[PendingAction], reading: Reading, *, now: datetime
) -> str:
    if len(waiting) > 1:
        return _ask(reply, person, waiting, now=now)
    is_number_alone = reading.worded and reading.number is not None  # "không 2", and there is no list
    if not waiting or reading.yes is None or is_number_alone:
        return _became(reply, "unclear", person, now=now)
    if not asked.is_last(waiting[0], person, reply.number, now=now):
        return _ask(reply, person, waiting, now=now)
    return _answer(reply, person, waiting[0].kind, waiting[0].ref, yes=reading.yes, why=reading.note, now=now)


def _picked(reply: Reply, person: Person, choice: TextedChoices, reading: Reading, *, now: datetime) -> str:
    number, yes, why = reading.number or 0, not reading.worded, ""
    if _is_alone(choice) and reading.yes is not None:
        number, yes, why = 1, reading.yes, reading.note
    elif reading.note:
        number = 0
    if not 1 <= number <= len(choice.asks):
        return _became(reply, "unclear", person, now=now)
    if choice.expires_at <= now:
        ended = choices.end(choice, now=now)
        return _too_late(reply, person, now) if ended else _became(reply, "unclear", person, now=now)
    picked = choice.asks[number - 1]
    if picked.get("done"):  # sent twice, because nothing came back
        return _became(reply, "answered", person, said=_("đã ghi trước đó"), now=now)
    became = _answer(reply, person, str(picked["kind"]), str(picked["ref"]), yes=yes, why=why, now=now)
    if became == "answered":
        choices.done(choice, number, now=now)
    return became


def _is_alone(choice: TextedChoices) -> bool:
    """Return whether only one thing is listed: 1 takes it and 2 refuses it, as where nothing is listed."""
    return len(choice.asks) == 1


def _too_late(reply: Reply, person: Person, now: datetime) -> str:
    """A number of a list that is over may mean anything by now."""
    said = _("Đã quá hạn chọn.")
    waiting = pending_actions.waiting_for(person, now=now)
    if waiting:
        return _ask(reply, person, waiting, before=said, now=now)
    return _refused(reply, person, said, now)


def _ask(reply: Reply, person: Person, waiting: Sequence[PendingAction], *, before: str = "", now: datetime) -> str:
    with transaction():
        asked = choices.put(reply, person, waiting, before=before, now=now)
        return _became(reply, "asked" if asked else "unclear", person, now=now)


def _answer(reply: Reply, person: Person, kind: str, ref: str, *, yes: bool, why: str, now: datetime) -> str:
    note = shortened(why, LONGEST_WHY) or (_("Gọi lại.") if reply.kind == "call" else _("Trả lời bằng tin nhắn."))
    ask = pending_actions.find(person, kind, ref, now=now)
    hidden = ask is not None and ask.restricted
    try:
        done = pending_actions.answer(
            person, kind, ref, ActionAnswer(yes, note), actor=pending_actions.actor_of(person, reply.number), now=now
        )
    except Unavailable:
        raise
    except DomainError as refused:
        db.session.rollback()
        return _refused(reply, person, refused.message(), now, hidden=hidden)
    said = done.does if yes else _("không %(does)s", does=done.does)
    return _became(reply, "answered", person, said="" if hidden else said, now=now)


def _refused(reply: Reply, person: Person, why: str, now: datetime, *, hidden: bool = False) -> str:
    """They are told, and where no more texts may go back somebody at the desk tells them; ``hidden``: without why."""
    with transaction():
        told = choices.text_back(reply, person, why, now=now)
        return _became(reply, "refused" if told else "unclear", person, said="" if hidden else why, now=now)


def _became(reply: Reply, state: str, person: Person | None = None, *, said: str = "", now: datetime) -> str:
    with transaction() as session:
        row = session.get_one(Reply, reply.id)
        row.state, row.said, row.person_id = state, said, person.id if person else None
        if state != "unclear" and person is not None:
            actor = pending_actions.actor_of(person, reply.number)
            audit.record(actor, f"reply.{state}", "reply", reply.id, now=now, kind=row.kind)
    return state
