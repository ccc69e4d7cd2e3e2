"""/v/<token>: what a telephone provider fetches and reports while it calls somebody: GET says what to read aloud, POST
brings the key that was pressed: "1" says yes to what the call was for (taken, accepted, still on it, arrived), "2"
says no where that is an answer. The token was made for one person, one incident and one call, and opens this door
alone: the link of a letter presses no key. What a call has answered stays answered: the same report again takes
nothing that came back meanwhile, and answers nothing that was asked since (docs/decisions/0087).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from flask import Blueprint, Response, abort
from flask_babel import force_locale, gettext as _
from sqlalchemy import update

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.security import tokens
from core.web import csrf
from incidents.escalation import page_words, requests
from incidents.escalation.models import Ask
from incidents.merging import services as merging
from incidents.paging import bundle, voice_words
from incidents.paging.bundle import CallOfSeveral
from incidents.record import queries
from incidents.record.models import Incident, Page
from incidents.response import lifecycle, responders
from incidents.together import services as together, words
from notify import telephone
from notify.queries import message_text
from notify.redial import services as redial
from people.access import guard

bp = Blueprint("voice", __name__)
csrf.exempt(bp)
TAKING = ("call", "handover", "reassign")
"""Calls whose "1" makes the incident the caller's."""
YES_ONLY = ("alive", "arrival", "confirm")
"""Calls that silence answers with "no": they are repeated."""
ANSWERED = frozenset({"taken", "passed", "confirmed"})
"""What a person answers, of what stands in ``Page.answer``."""


@bp.get("/v/<token>")
@guard.public
def script(token: str) -> Response:
    """Return what to read aloud, and which keys mean something."""
    now = clock.now()
    page = _call(token, now)
    with force_locale(page_words.language_of(page.person_id)):
        return telephone.say(message_text(page.message_id) or "", ask=telephone.answer_at(".press", token))


@bp.post("/v/<token>")
@guard.public
def press(token: str) -> Response:
    """The key that was pressed."""
    now = clock.now()
    page = _call(token, now)
    with force_locale(page_words.language_of(page.person_id)):
        return _pressed(page, telephone.key(), now)


@bp.get("/v/b/<token>")
@guard.public
def script_of_several(token: str) -> Response:
    """The same for a call about several incidents: those that are taken singly first, then what one key takes."""
    now = clock.now()
    behind = _call_of_several(token, now)
    person = behind.person
    with force_locale(page_words.language_of(person.id)):
        waiting = bundle.incidents(person, now, upto=behind.last_page)
        if together.divided(waiting).apart:
            said = voice_words.say_several(waiting, together.worst_held(person.id))
        else:
            said = _("%(num)s sự cố đang chờ đồng chí. Bấm phím 1 để nhận tất cả.", num=len(waiting))
        return telephone.say(said, ask=telephone.answer_at(".press_for_several", token))


@bp.post("/v/b/<token>")
@guard.public
def press_for_several(token: str) -> Response:
    """ "1" takes all that still wait for this person and are not taken singly, "2" leads to those that are."""
    now = clock.now()
    behind = _call_of_several(token, now)
    person, key = behind.person, telephone.key()
    with force_locale(page_words.language_of(person.id)):
        waiting = together.divided(bundle.incidents(person, now, upto=behind.last_page))
        if key not in ("1", "2") or (key == "2" and not waiting.apart):
            return telephone.say(_("Chưa ghi nhận. Hệ thống sẽ gọi lại."))
        if key == "1":
            bundle.came_late(behind, now=now)
        if key == "2" or not waiting.together:
            return _next(behind, token, now)
        rest = [each.id for each in waiting.together]
        taken = bundle.take(person, rest, now=now, note=_("Bấm phím 1 khi nghe máy."))
        said = _("Đồng chí đã nhận %(num)s sự cố.", num=len(taken))
        return _next(behind, token, now, said=said, taken=taken, is_rest_done=True)


@bp.get("/v/b/<token>/<int:incident_id>")
@guard.public
def script_of_one(token: str, incident_id: int) -> Response:
    """One of several that are taken singly."""
    now = clock.now()
    behind = _call_of_several(token, now)
    with force_locale(page_words.language_of(behind.person.id)):
        waiting = bundle.incidents(behind.person, now, upto=behind.last_page)
        one = next((each for each in waiting if each.id == incident_id), None)
        if one is None:
            return telephone.say(_("Việc này không còn chờ đồng chí."))
        return telephone.say(voice_words.one(one), ask=telephone.answer_at(".press_for_one", token, incident_id=one.id))


@bp.post("/v/b/<token>/<int:incident_id>")
@guard.public
def press_for_one(token: str, incident_id: int) -> Response:
    """ "1" takes this one, "2" goes past it; then the next is read."""
    now = clock.now()
    behind = _call_of_several(token, now)
    person, key = behind.person, telephone.key()
    with force_locale(page_words.language_of(person.id)):
        if key not in ("1", "2"):
            return telephone.say(_("Chưa ghi nhận. Hệ thống sẽ gọi lại."))
        waits = any(each.id == incident_id for each in bundle.incidents(person, now, upto=behind.last_page))
        taken, said = list[str](), ""
        if key == "1" and waits:
            taken = bundle.take_one(person, incident_id, now=now, note=_("Bấm phím 1 khi nghe máy."))
        if taken:
            said = _("Đồng chí đã nhận sự cố %(code)s.", code=taken[0])
        elif key == "1":
            bundle.came_late(behind, now=now, only=incident_id)
            db.session.expire_all()
            gone = bundle.gone(person, [str(incident_id)])
            said = words.became(gone[0]) if gone else _("Việc này không còn chờ đồng chí.")
        return _next(behind, token, now, said=said, taken=taken, after=incident_id)


def _next(
    call: CallOfSeveral,
    token: str,
    now: datetime,
    *,
    said: str = "",
    taken: Sequence[str] = (),
    after: int = 0,
    is_rest_done: bool = False,
) -> Response:
    """Return what is read next: of those that are taken singly the one behind ``after``, then what one key takes."""
    db.session.expire_all()
    person = call.person
    waiting = together.divided(bundle.incidents(person, now, upto=call.last_page))
    behind = db.session.get(Incident, after) if after else None
    place = (behind.severity, behind.id) if behind is not None else (0, 0)
    coming = sorted((each.severity, each.id) for each in waiting.apart)
    following = next((incident_id for level, incident_id in coming if (level, incident_id) > place), None)
    if following is not None:
        one = next(each for each in waiting.apart if each.id == following)
        ask = telephone.answer_at(".press_for_one", token, incident_id=following)
        return telephone.say(f"{said} {voice_words.one(one)}".strip(), ask=ask, taken=taken)
    left = "" if is_rest_done else voice_words.rest(waiting, together.worst_held(person.id))
    if left:
        ask = telephone.answer_at(".press_for_several", token)
        return telephone.say(f"{said} {left}".strip(), ask=ask, taken=taken)
    if waiting.apart or waiting.together:
        said = f"{said} " + _("Việc chưa nhận máy vẫn gọi.")
    return telephone.say(said.strip() or _("Không còn việc nào chờ đồng chí."), taken=taken)


def _call(token: str, now: datetime) -> Page:
    """The call whose words and keys these are, or that it holds no more; the link of a text or mail is none."""
    page = queries.page_by_digest(tokens.digest(token))
    if page is None or page.channel != redial.CHANNEL:
        _over(404)
    if now >= page.link_expires_at or not page.person.active:
        _over(410)
    return page


def _call_of_several(token: str, now: datetime) -> CallOfSeveral:
    """The same of a call about several incidents."""
    behind = bundle.call_behind(token)
    if behind is None:
        _over(404)
    if now >= behind.ends_at:
        _over(410)
    return behind


def _over(status: int) -> NoReturn:
    """End the request with words for whoever holds the telephone."""
    abort(telephone.say(_("Cuộc gọi này không còn hiệu lực."), status))


def _pressed(page: Page, key: str, now: datetime) -> Response:
    purpose, yes = page.purpose, key == "1"
    if page.message is not None:  # whatever was pressed, somebody listens
        redial.heard_by(page.person_id, page.message.topic, now=now)
    if key not in ("1", "2") or (key == "2" and purpose in YES_ONLY):
        return telephone.say(_("Chưa ghi nhận. Hệ thống sẽ gọi lại."))
    is_new = page.answer not in ANSWERED
    try:
        code = _said_before(page, yes=yes) or _act(page, now, yes=yes)
    except Conflict as conflict:
        return telephone.say(conflict.message() + (_too_late(page, now, yes=yes) if is_new else ""))
    if key == "2":
        return telephone.say(_("Đã ghi: đồng chí không đi được. Hệ thống gọi người khác."))
    if purpose in TAKING:
        return telephone.say(_("Đồng chí đã nhận sự cố %(code)s.", code=code), taken=[code])
    return telephone.say(_("Đã ghi nhận trả lời về sự cố %(code)s.", code=code))


def _said_before(page: Page, *, yes: bool) -> str:
    """The code of the incident where this call has had that answer; empty where the key is news. Raises Conflict where
    it was answered and waits again: another call asks that."""
    if page.answer not in ANSWERED:
        return ""
    incident = db.session.get_one(Incident, merging.target(page.incident_id), populate_existing=True)
    if page.purpose == "alive" or (page.purpose == "call" and not yes and page.answer == "passed"):
        return incident.code
    came_back = yes and page.answer != "passed" and incident.status == "open"
    if page.purpose != "call" or came_back:
        raise Conflict("ask.answered", state={})
    return ""


def _too_late(page: Page, now: datetime, *, yes: bool) -> str:
    """A person who would have taken it knows of it: that is written down if it was asked."""
    incident_id = merging.target(page.incident_id)
    if not yes or page.purpose != "call":
        return ""
    noted = responders.noted_instead(incident_id, actor=_actor(page), now=now, note=_("Bấm phím 1 khi nghe máy."))
    _answered(page, "confirmed", now)  # asked or not: the same report takes nothing if it comes back
    return " " + _("Đã ghi: đồng chí đã nắm.") if noted else ""


def _answered(page: Page, said: str, now: datetime) -> None:
    """Note the answer on this very call, where what it did was noted on another: of a report that was joined to it, or
    on the newest of a person who was called in several ways. A no stands instead of the yes of before."""
    news = Page.answer.is_(None) if said != "passed" else Page.answer.is_distinct_from("passed")
    with transaction() as session:
        session.execute(update(Page).where(Page.id == page.id, news).values(answer=said, answered_at=now))


def _actor(page: Page) -> Actor:
    person = page.person
    return Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)


def _act(page: Page, now: datetime, *, yes: bool) -> str:
    """Do what the key means for this call; the code of the incident. Raises Conflict when it is too late for that."""
    person, actor = page.person, _actor(page)
    note = _("Bấm phím 1 khi nghe máy.") if yes else _("Bấm phím 2 khi nghe máy.")
    # A person called by a report that turned out to be another incident answers for that one.
    incident_id = merging.target(page.incident_id)
    if page.purpose == "call" and yes:
        lifecycle.acknowledge(incident_id, actor=actor, now=now, note=note)
    elif page.purpose == "call":
        lifecycle.pass_on(page.incident_id, actor=actor, now=now, note=note)
    elif page.purpose == "alive":
        responders.still_on_it(incident_id, actor=actor, now=now, note=note)
    else:
        waiting = [ask.id for ask in requests.mine(incident_id, person.id) if _is_asked(page, ask, incident_id)]
        if not waiting:
            raise Conflict("ask.answered", state={})
        for ask_id in waiting:
            responders.answer(incident_id, ask_id, accept=yes, actor=actor, now=now, note=note)
    said = {"call": "taken" if yes else "passed"}.get(page.purpose, "confirmed" if yes else "passed")
    _answered(page, said, now)
    return db.session.get_one(Incident, incident_id).code


def _is_asked(page: Page, ask: Ask, incident_id: int) -> bool:
    """Whether the call put this question; of a report that was joined to another incident, one of its kind there."""
    return ask.id == page.ask_id if incident_id == page.incident_id else ask.kind == page.purpose
