"""/v/r/<token>: what a telephone provider fetches and reports while it calls somebody about their shifts.

GET says what to read aloud, POST brings the key: "1" yes, "2" no. Pressed twice it counts once.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from flask_babel import force_locale, gettext as _

from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.security import tokens
from core.web import csrf
from duty.pending_actions import registry as pending_actions
from duty.swaps import deciding, queries as swaps, words as swap_words
from duty.voice_prompts import words
from duty.voice_prompts.models import SpokenAsk
from notify import telephone
from people.access import guard
from people.accounts import queries as accounts
from roster.confirmations import queries as confirmation_queries, services as confirmations
from roster.models import Duty

bp = Blueprint("spoken", __name__)
csrf.exempt(bp)


@bp.get("/v/r/<token>")
@guard.public
def script(token: str) -> Response:
    """Return what to read aloud, and which keys mean something."""
    ask = _ask(token)
    if ask is None or clock.now() >= ask.expires_at or not ask.person.active:
        return telephone.say(_("Cuộc gọi này không còn hiệu lực."), 404 if ask is None else 410)
    with force_locale(_locale(ask)):
        said = _said(ask, clock.now())
        if said is None:
            return telephone.say(_("Lịch đã đổi, không cần trả lời nữa."))
        return telephone.say(said, ask=telephone.answer_at(".press", token))


@bp.post("/v/r/<token>")
@guard.public
def press(token: str) -> Response:
    """The key that was pressed."""
    ask, now = _ask(token), clock.now()
    if ask is None or now >= ask.expires_at or not ask.person.active:
        return telephone.say(_("Cuộc gọi này không còn hiệu lực."), 404 if ask is None else 410)
    pressed = telephone.key()
    with force_locale(_locale(ask)):
        if pressed not in ("1", "2"):
            return telephone.say(_("Chưa ghi nhận trả lời. Đề nghị trả lời đơn vị."))
        try:
            return telephone.say(_answer(ask, pressed == "1", now))
        except (Conflict, Invalid) as refused:
            db.session.rollback()
            return telephone.say(refused.message())


def _ask(token: str) -> SpokenAsk | None:
    return db.session.get(SpokenAsk, tokens.digest(token))


def _said(ask: SpokenAsk, now: datetime) -> str | None:
    """None: it is about nothing any more."""
    if ask.kind == "ask":
        found = pending_actions.find(ask.person, *_meant(ask), now=now)
        return words.ask(found)[0] if found else None
    if ask.swap_id is not None:
        line = swaps.line(swaps.get_swap(ask.swap_id), now=now)
        return swap_words.aloud(line)[0] if line.is_open else None
    waiting = _waiting(ask, now)
    return words.confirm(waiting)[0] if waiting else None


def _waiting(ask: SpokenAsk, now: datetime) -> list[Duty]:
    """Return those that were read aloud, stand as they were, and have no answer yet: a key takes back no word given
    before."""
    shown = confirmation_queries.unchanged_duties(ask.person_id, _seen(ask), now=now)
    answered = confirmation_queries.answers_for(shown)
    return [duty for duty in shown if duty.id not in answered]


def _answer(ask: SpokenAsk, yes: bool, now: datetime) -> str:
    person = ask.person
    actor = pending_actions.actor_of(person)
    if ask.kind == "ask":
        done = pending_actions.answer(
            ask.person, *_meant(ask), pending_actions.ActionAnswer(yes, _note(yes)), actor=actor, now=now
        )
        return _("Đã ghi: %(does)s.", does=done.does) if yes else _("Đã ghi: đồng chí không nhận được.")
    if ask.swap_id is not None:
        answer = deciding.accept if yes else deciding.decline
        answer(ask.swap_id, actor=actor, now=now)
        return _("Đã ghi: đồng chí nhận.") if yes else _("Đã ghi: đồng chí không nhận được.")
    seen = {duty.id: duty.sequence for duty in _waiting(ask, now)}
    refused = () if yes else tuple(seen)
    note = "" if yes else _note(yes)
    if not confirmations.answer_all(person.id, refused, seen=seen, note=note, actor=actor, now=now):
        return _("Lịch đã đổi, không cần trả lời nữa.")
    return _("Đã ghi: đồng chí xác nhận. Cảm ơn đồng chí.") if yes else _("Đã ghi: đồng chí không trực được.")


def _note(yes: bool) -> str:
    return _("Bấm phím 1 khi nghe máy.") if yes else _("Bấm phím 2 khi nghe máy.")


def _meant(ask: SpokenAsk) -> tuple[str, str]:
    return str(ask.seen["kind"]), str(ask.seen["ref"])


def _seen(ask: SpokenAsk) -> dict[int, int]:
    return {int(duty): int(sequence) for duty, sequence in ask.seen.items()}


def _locale(ask: SpokenAsk) -> str:
    return accounts.locales_of([ask.person_id]).get(ask.person_id, "vi")
