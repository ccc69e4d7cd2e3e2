"""Who is told what of an ask: those whose turn it is, whoever asked, who decides. Not everybody of everything."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.i18n import dt
from duty.swaps import queries, recipients, swap_deadlines, words
from duty.swaps.lines import delivery
from duty.swaps.lines.line import SwapLine
from duty.swaps.models import Swap, SwapAsked
from duty.voice_prompts import services as voice_prompts
from notify.models import Message
from people import queries as people
from people.accounts import queries as accounts
from people.links import letters
from people.models import Person
from people.notification_rules import reading


def ask_those_due(line: SwapLine, *, now: datetime) -> int:
    """Tell everybody whose turn has come and who was not told; answers how many heard of it. Whom nothing reaches is
    passed over at once. In the caller's transaction."""
    told = 0
    while due := [each for each in line.swap.asked if _is_due(line.swap, each, now)]:
        for each in due:
            each.told_at = now
            written = _ask(line, each, delivery.ASKED, now)
            each.reached = _ring(line, each, now) or written
            told += each.reached
        if all(each.reached for each in due) or not swap_deadlines.next_turn(line.swap, now):
            break
    return told


def _ring(line: SwapLine, each: SwapAsked, now: datetime) -> bool:
    is_own = line.swap.asked_by_id == line.swap.person_id
    if not recipients.rung([each.person_id], line.starts_at, is_own=is_own, now=now):
        return False
    with force_locale(_locale(each.person)):
        said = words.aloud(line)
    key = f"call/swap/{line.swap.seat_id}.{line.swap.sequence}/{each.person_id}"
    return voice_prompts.ring_about_swap(each.person, line.swap.id, said, topic=call_topic(line.swap), key=key, now=now)


def is_anybody_due(line: SwapLine, now: datetime) -> bool:
    """Whether somebody's turn has come, or the time to be asked once more."""
    rows = line.swap.asked
    return any(_is_due(line.swap, each, now) or _is_to_be_nudged(line.swap, each, now) for each in rows)


def nudge_those_due(line: SwapLine, *, now: datetime) -> int:
    """Ask those once more who have heard of it and say nothing. In the caller's transaction."""
    due = [each for each in line.swap.asked if _is_to_be_nudged(line.swap, each, now)]
    for each in due:
        each.nudged_at = now
        _ask(line, each, delivery.AGAIN, now)
    return len(due)


def _is_due(swap: Swap, each: SwapAsked, now: datetime) -> bool:
    """While somebody's yes waits for a decision nobody else is asked."""
    return swap.state == "asked" and each.told_at is None and each.answer is None and each.turn_at <= now


def _is_to_be_nudged(swap: Swap, each: SwapAsked, now: datetime) -> bool:
    if swap.state != "asked" or each.told_at is None or each.nudged_at is not None or each.answer is not None:
        return False
    at = swap_deadlines.nudge_at(each.told_at, swap.expires_at, VN)
    return at is not None and at <= now


def _ask(line: SwapLine, each: SwapAsked, which: str, now: datetime) -> bool:
    """False when nothing carries it to them."""
    with force_locale(_locale(each.person)):
        subject = {
            "swap": _("Đề nghị đổi ca: %(name)s", name=line.swap.person.full_name),
            "cover": _("Đề nghị trực thay: %(name)s", name=line.swap.person.full_name),
            "drop": _("Đề nghị trực thay: %(name)s", name=line.swap.person.full_name),
        }[line.swap.kind]
        lines = [words.asked(line)]
        if line.swap.note:
            lines.append(_("Ghi chú: %(note)s", note=line.swap.note))
        lines.append(_("Trả lời trước %(time)s.", time=dt(line.swap.expires_at)))
        if which == delivery.AGAIN:
            lines.insert(0, _("Đồng chí chưa trả lời."))
        text = "\n".join(lines)
        return _write(each.person, line, which, subject, text=text, now=now)


def tell_asker(line: SwapLine, state: str, *, now: datetime) -> None:
    """Whoever holds the seat hears how it ended, where nothing moved: a revision would have told them. And whoever
    asked for them."""
    _tell(line.swap.person, line, state, now)
    if line.swap.asked_by_id not in (None, line.swap.person_id):
        _tell(people.person_by_id(line.swap.asked_by_id or 0), line, state, now)


def tell_nobody_comes(line: SwapLine, state: str, *, actor: Actor, now: datetime) -> None:
    """All have said no, or its time is over: managers hear where the holder will not serve, or the start is near."""
    tell_asker(line, state, now=now)
    swap = line.swap
    if swap.kind == "drop" or swap.asked_by_id != swap.person_id or recipients.is_near(line.starts_at, now):
        tell_managers(line, "undecided" if line.is_agreed else "nobody", actor=actor, now=now)


def release(line: SwapLine, state: str, *, now: datetime) -> None:
    """Those who said yes hear that it came to nothing; of a chain, and when it is taken back, also whoever has not
    answered yet: they may still think that it waits for them."""
    if line.chained is None:
        for each in (*line.accepted, *(_waiting(line) if state == "cancelled" else ())):
            _tell(each.person, line, state, now)
        return
    ended = "other_declined" if state == "declined" else state
    # Each reads of what they were asked: whose seat the first one is, is not for whoever takes the second.
    for mine in (line, queries.line(line.chained.swap, now=now)):
        for each in mine.swap.asked:
            if each.told_at is not None and each.answer != "declined":
                _tell(each.person, mine, ended, now)


def _waiting(line: SwapLine) -> list[SwapAsked]:
    """Who has not answered although words, or a call, have left for them."""
    topics = (topic(line.swap), call_topic(line.swap))
    sent = select(Message.person_id).where(Message.topic.in_(topics), Message.sent_at.is_not(None))
    heard = set(db.session.scalars(sent))
    return [each for each in line.swap.asked if each.answer is None and each.person_id in heard]


def tell_others(line: SwapLine, *, now: datetime) -> None:
    """Who said yes, and somebody else was taken."""
    for each in line.accepted:
        if each.person_id != line.swap.taker_id:
            _tell(each.person, line, "another", now)


def _tell(person: Person, line: SwapLine, state: str, now: datetime) -> None:
    with force_locale(_locale(person)):
        others = {"another": _("đã có người khác nhận"), "other_declined": _("người kia không nhận được, ca không đổi")}
        ended = others.get(state) or (words.state_of(line) if state == line.state else words.state(state))
        subject = _("Đề nghị đổi người trực: %(state)s", state=ended)
        lines = [words.said(line), subject]
        if line.swap.closing_note and (state == "rejected" or person.id == line.swap.person_id):
            lines.append(_("Lý do: %(note)s", note=line.swap.closing_note))
        if person.id == line.swap.person_id:
            lines.append(_("Ca vẫn là của đồng chí."))
        text = "\n".join(lines)
        _write(person, line, state, subject, text=text, now=now)


def _write(person: Person, line: SwapLine, what: str, subject: str, *, text: str, now: datetime) -> bool:
    """False when nothing carries words to them."""
    written = letters.write(
        [person],
        lambda _person, url: (subject, f"{text}\n{url}"),
        topic=topic(line.swap),
        key=delivery.key(line.swap.id, what),
        soon=recipients.is_near(line.starts_at, now),
        now=now,
    )
    return bool(written)


def tell_managers(line: SwapLine, why: str, *, actor: Actor, now: datetime) -> None:
    """``why``: drop (somebody wants to be rid of a shift), accepted (it waits for a decision), moved (it is done),
    nobody (all said no, or time is over), undecided (time is over, and somebody had said yes)."""
    for user, receiver in recipients.managers(line, why, actor):
        with force_locale(user.locale):
            subject = {
                "drop": _("Xin thôi ca: %(name)s", name=line.swap.person.full_name),
                "accepted": _("Chờ duyệt đổi người trực: %(name)s", name=line.swap.person.full_name),
                "moved": _("Đã đổi người trực: %(name)s", name=line.swap.person.full_name),
                "nobody": _("Chưa có ai trực thay: %(name)s", name=line.swap.person.full_name),
                "undecided": _("Hết hạn mà chưa duyệt: %(name)s", name=line.swap.person.full_name),
            }[why]
            lines = [words.said(line)]
            if why == "moved" and line.swap.taker is not None:
                lines.append(_("%(name)s trực thay", name=line.swap.taker.full_name))
            elif line.willing:
                names = ", ".join(each.full_name for each in line.willing)
                lines.append(_("Đã nhận lời: %(names)s.", names=names))
            lines.append(f"{current_app.config['PUBLIC_URL']}/roster/campaigns/{line.swap.campaign_id}/swaps")
        key = f"swap/{line.swap.id}/{why}/{len(line.accepted)}/manager/{user.id}"
        reading.write(receiver, topic=topic(line.swap), key=key, subject=subject, body="\n".join(lines), now=now)


def topic(swap: Swap) -> str:
    """Return the topic of the messages about an ask in the outbox."""
    return delivery.topic(swap.id)


def call_topic(swap: Swap) -> str:
    """Return the topic of the calls about an ask."""
    return delivery.call_topic(swap.id)


def _locale(person: Person) -> str:
    return accounts.locales_of([person.id]).get(person.id, "vi")
