"""What the roster asks somebody and a telephone can answer: that they serve, also elsewhere, come, stand ready, take a
shift.

Overtime and approvals are not among them: the one needs its hours before one's eyes and a word that stands, the other a
PIN (docs/decisions/0046).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _, ngettext
from sqlalchemy import func, select

from core.actor import Actor
from core.db import db
from core.i18n import dm, named, span
from duty.attendance import calling_off, services as presence
from duty.duty_checks import queries as check_queries, services as checks
from duty.duty_checks.models import DutyCheckAsk
from duty.pending_actions.registry import FIRST, LAST, LATER, SOON, ActionAnswer, ActionSource, PendingAction
from duty.reminders import telling
from duty.swaps import deciding, notices as swap_notices, queries as swaps, words as swap_words
from duty.voice_prompts import words as spoken
from notify.models import Message
from people import queries as people
from people.models import Person
from roster.confirmations import queries as confirmation_queries, services as confirmations
from roster.consents import notices as consent_notices, queries as consent_queries, services as consents
from roster.models import Duty
from roster.presence import queries as presence_queries
from roster.publishing import notices as publishing


def _checks(person: Person, now: datetime) -> list[PendingAction]:
    return [
        PendingAction(
            "check",
            str(each.check_id),
            SOON,
            _("báo đang trực"),
            _check(each),
            (check_queries.topic(each.check_id),),
            harmless=True,
        )
        for each in check_queries.waiting_for(person.id, now=now)
    ]


def _check(each: DutyCheckAsk) -> str:
    said = _("Kiểm tra trực đột xuất, %(unit)s.", unit=each.unit.name)
    return _("DIỄN TẬP. %(subject)s", subject=said) if each.check.exercise else said


def _take_check(person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    checks.answer(int(ask.ref), person=person.code, note=said.note, actor=actor, now=now)


def _ready(person: Person, now: datetime) -> list[PendingAction]:
    return [
        PendingAction(
            "ready",
            _ref([line.duty]),
            SOON,
            _("báo sẵn sàng"),
            _("Đề nghị đồng chí báo sẵn sàng: %(what)s.", what=_what(line.duty)),
            (f"ready/{line.duty.id}",),
            harmless=True,
        )
        for line in presence_queries.own(person.id, now=now)
        if line.state == "not_ready" and (line.confirmed is None or line.confirmed.state != "refused")
    ]


def _missing(person: Person, now: datetime) -> list[PendingAction]:
    """Not harmless: whoever rings back from their bed has not come."""
    return [
        PendingAction(
            "check_in",
            _ref([line.duty]),
            FIRST,
            _("báo có mặt"),
            _("Chưa thấy đồng chí ở ca %(what)s.", what=_what(line.duty)),
            (calling_off.topic(line.duty.id),),
        )
        for line in presence_queries.own(person.id, now=now)
        if line.state == "missing"
    ]


def _take_presence(person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    [(duty_id, _sequence)] = _seen(ask.ref).items()
    duty = db.session.get_one(Duty, duty_id)
    presence.say(duty.seat_id, ask.kind, person=person.code, note=said.note, actor=actor, now=now)


def _swaps(person: Person, now: datetime) -> list[PendingAction]:
    return [
        PendingAction(
            "swap",
            str(line.swap.id),
            LATER,
            _("nhận ca %(day)s của %(name)s", day=dm(line.starts_at), name=line.swap.person.full_name),
            swap_words.asked(line),
            (swap_notices.topic(line.swap), swap_notices.call_topic(line.swap)),
            refusable=True,
        )
        for line in swaps.asked_of(person.id, now=now)
        if line.mine is not None and line.mine.answer is None
    ]


def _take_swap(person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    answer = deciding.accept if said.yes else deciding.decline
    answer(int(ask.ref), person=person.code, note=said.note, actor=actor, now=now)


def _consents(person: Person, now: datetime) -> list[PendingAction]:
    return [
        PendingAction(
            "consent",
            str(each.id),
            LATER,
            _("đồng ý lời đề nghị của %(name)s", name=each.asked_by_name),
            _("Đề nghị đồng chí %(what)s.", what=consent_notices.what(each)),
            (consent_notices.TOPIC,),
            refusable=True,
        )
        for each in consent_queries.asked_of(person.id, now=now)
    ]


def _take_consent(_person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    consents.answer(int(ask.ref), said.yes, note=said.note, actor=actor, now=now)


def _confirm(person: Person, now: datetime) -> list[PendingAction]:
    """All shifts ahead that wait are one ask, as on the page; without those that have changed since the last message
    about their shifts left: nobody answers what they were not told of."""
    coming = [each for each in confirmation_queries.coming(person.id, now=now) if each.starts_at > now]
    answered = confirmation_queries.answers_for(coming)
    topics = (confirmations.call_topic(person.id), *sorted({publishing.topic(each.campaign_id) for each in coming}))
    told = _told_at(person.id, topics)
    waiting = [each for each in coming if each.id not in answered and told is not None and each.changed_at <= told]
    if not waiting:
        return []
    does = ngettext("xác nhận %(num)s ca", "xác nhận %(num)s ca", len(waiting))
    about = (*topics, *(telling.topic(each.id) for each in waiting))
    return [PendingAction("confirm", _ref(waiting), LAST, does, spoken.waiting(waiting), about, refusable=True)]


def _take_confirm(person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, *, now: datetime) -> None:
    seen = _seen(ask.ref)
    if actor.person_id == person.id:
        note = "" if said.yes else said.note
        confirmations.answer_all(person.id, () if said.yes else seen, seen=seen, note=note, actor=actor, now=now)
        return
    for duty in confirmation_queries.unchanged_duties(person.id, seen, now=now):
        state: confirmations.State = "confirmed" if said.yes else "refused"
        confirmations.answer(duty.seat_id, state, person=person.code, note=said.note, actor=actor, now=now)


def _told_at(person_id: int, topics: Collection[str]) -> datetime | None:
    """When they were last told of their shifts; a call about an incident tells nobody that a shift has moved."""
    told = (Message.person_id == person_id, Message.state == "sent", Message.topic.in_(topics))
    return db.session.scalar(select(func.max(Message.sent_at)).where(*told))


def _ref(duties: Collection[Duty]) -> str:
    return ",".join(f"{each.id}.{each.sequence}" for each in duties)


def _seen(ref: str) -> dict[int, int]:
    """Duty id → sequence."""
    pairs = (each.split(".") for each in ref.split(","))
    return {int(duty): int(sequence) for duty, sequence in pairs}


def _what(duty: Duty) -> str:
    kind = next((each for each in people.duty_kinds() if each.code == duty.duty), None)
    return _("%(duty)s, %(span)s", duty=named(kind) if kind else duty.duty, span=span(duty.starts_at, duty.ends_at))


SOURCES = (
    ActionSource("check_in", _missing, _take_presence),
    ActionSource("check", _checks, _take_check),
    ActionSource("ready", _ready, _take_presence),
    ActionSource("swap", _swaps, _take_swap),
    ActionSource("consent", _consents, _take_consent),
    ActionSource("confirm", _confirm, _take_confirm),
)
