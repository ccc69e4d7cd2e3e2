"""/a/<token>: the one-tap page. GET shows, POST acts; no session, no scripts needed, and nothing is said before the
server knows it. The link was made for one person and one call, which is all the authority that it carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import update

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, Throttled
from core.security import throttle, tokens
from core.security.throttle import AttemptLimit
from core.web import csrf, is_htmx, secret_page
from incidents.actions import answer_note
from incidents.alarms import queries as alarms
from incidents.catalogue import queries as catalogue
from incidents.escalation import forecast, requests, words as wording
from incidents.escalation.models import TO_KNOW, TO_TAKE
from incidents.front import facts as front
from incidents.merging import services as merging
from incidents.paging import delivery_status, ways
from incidents.paging.words import state_words
from incidents.policies import selection
from incidents.record import naming, queries, states, timeline
from incidents.record.models import Incident, Page
from incidents.response import lifecycle, responders
from incidents.response.forms import coming, reason_sent
from incidents.triage import clock_status
from incidents.words import step_name
from notify.redial import services as redial
from people.access import guard
from roster.resolver import numbers, resolver

bp = Blueprint("ack", __name__)
# Anybody who holds the secret address may press the button; a cookie adds nothing here.
csrf.exempt(bp)
REPEATED = frozenset({"alive", "arrival", "arrived", "snooze", "unsnooze"})
"""What writes another line each time; whatever takes, refuses or ends is done once."""
TAPS = AttemptLimit(60, timedelta(hours=1))
"""Of those, by the link of one call."""


@bp.get("/a/<token>")
@guard.public
def show(token: str) -> Response:
    """Return what, where, how bad, who. Link scanners may read it as often as they like: until somebody has tapped it
    says nothing that only those who open it may read."""
    page = queries.page_by_digest(tokens.digest(token))
    now = clock.now()
    if page is None:
        return secret_page(render_template("incidents/paging/ack_gone.html", unknown=True), 404)
    return _expired(page, now) or _cover(page) or _show(page, now, done=request.args.get("done", ""))


@bp.post("/a/<token>")
@guard.public
def act(token: str) -> Response:
    """ "Tôi nhận" or "Không đi được"; pressed again, or too late, it says who has it and since when. ``read`` lifts the
    cover, as every button does."""
    page = queries.page_by_digest(tokens.digest(token))
    now = clock.now()
    if page is None:
        return secret_page(render_template("incidents/paging/ack_gone.html", unknown=True), 404)
    gone = _expired(page, now)
    if gone is not None:
        return gone
    verb, refused, page_id, status = request.form.get("do", ""), "", page.id, 200
    if verb == "seen":
        if not _is_covered(page):
            opened(page, now)
        return secret_page("", 204)
    if verb == "read" or (verb in VERBS and _is_covered(page)):
        opened(page, now)
    if verb == "read":
        answer = secret_page("", 303)
        answer.location = url_for(".show", token=token)
        return answer
    try:
        if verb in REPEATED:
            throttle.take({throttle.key_of("call-link", str(page.id)): TAPS}, now=now)
        verb = _do(verb, page, now)
    except (Conflict, Invalid, Throttled) as fault:
        refused = fault.message()
        status = 200 if isinstance(fault, Conflict) else fault.http_status
    done = verb if verb in VERBS else ""
    if is_htmx() and not refused:
        return Response("", 204, {"HX-Redirect": url_for(".show", token=token, done=done)})
    db.session.expire_all()
    fresh = db.session.get(Page, page_id)
    return _show(fresh or page, now, done=done, refused=refused, status=status)


def _is_covered(page: Page) -> bool:
    """Whether nobody has tapped yet on what only those who open it may read."""
    return page.opened_at is None and naming.wants_reading(_about(page))


def _about(page: Page) -> Incident:
    """What the page tells of: a report that turned out to be another incident leads to that one."""
    return merging.main_of(db.session.get_one(Incident, page.incident_id))


def _cover(page: Page) -> Response | None:
    """Level, code, place and the one button that opens it; None where nothing has to be kept from programs that check
    links and from whoever sees the screen."""
    if not _is_covered(page):
        return None
    incident = _about(page)
    number = numbers.number_for_incidents(incident.unit_id)
    facts = {"incident": incident, "title": naming.outside(incident), "page": page, "number": number}
    return secret_page(render_template("incidents/paging/ack_cover.html", **facts))


def opened(page: Page, now: datetime) -> None:
    """The person looks at what they were called for; the first time counts."""
    with transaction(aside=True) as session:
        first = update(Page).where(Page.id == page.id, Page.opened_at.is_(None)).values(opened_at=now)
        session.execute(first)
        if page.message is not None:
            redial.heard_by(page.person_id, page.message.topic, now=now)


@dataclass(frozen=True)
class _Pressed:
    """A button of the page, pressed by the person whom the call was for."""

    incident_id: int
    actor: Actor
    now: datetime
    note: str


def _do(verb: str, page: Page, now: datetime) -> str:
    """Return what was done in the end: taking what somebody else has just taken confirms that one knows."""
    actor = _owner(page)
    # A person called by a report that turned out to be another incident answers for that one.
    incident_id = page.incident_id if verb == "pass" else merging.target(page.incident_id)
    if verb not in VERBS:
        return verb
    return VERBS[verb](_Pressed(incident_id, actor, now, answer_note())) or verb


def _owner(page: Page) -> Actor:
    return ways.answering(page.person, [page])


def _take(it: _Pressed) -> str | None:
    try:
        lifecycle.acknowledge(it.incident_id, actor=it.actor, now=it.now, note=it.note)
    except Conflict:
        if not responders.noted_instead(it.incident_id, actor=it.actor, now=it.now, note=it.note):
            raise
        return "confirm"
    return None


def _plainly(act: Callable[..., object]) -> Callable[[_Pressed], None]:
    """Return what needs nothing but the note."""

    def do(it: _Pressed) -> None:
        act(it.incident_id, actor=it.actor, now=it.now, note=it.note)

    return do


def _answers(kinds: tuple[str, ...], *, accept: bool) -> Callable[[_Pressed], None]:
    """Every question that waits for this person and that the button can answer."""

    def do(it: _Pressed) -> None:
        waiting = [ask.id for ask in requests.mine(it.incident_id, it.actor.person_id) if ask.kind in kinds]
        if not waiting:
            raise Conflict("ask.answered", state={})
        for ask_id in waiting:
            responders.answer(it.incident_id, ask_id, accept=accept, actor=it.actor, now=it.now, note=it.note)

    return do


def _expect_arrival(it: _Pressed) -> None:
    at = coming(request.form.get("arrives", ""), it.now, "arrives")
    responders.expect_arrival(it.incident_id, at=at, actor=it.actor, now=it.now)


def _arrive(it: _Pressed) -> None:
    responders.arrive(it.incident_id, actor=it.actor, now=it.now)


def _snooze(it: _Pressed) -> None:
    until = coming(request.form.get("until", ""), it.now, "until")
    responders.snooze(it.incident_id, until=until, reason=reason_sent(), actor=it.actor, now=it.now)


def _end_snooze(it: _Pressed) -> None:
    responders.end_snooze(it.incident_id, actor=it.actor, now=it.now)


VERBS: dict[str, Callable[[_Pressed], str | None]] = {
    "take": _take,
    "pass": _plainly(lifecycle.pass_on),
    "resolve": _plainly(lifecycle.resolve),
    "accept": _answers(TO_TAKE, accept=True),
    "decline": _answers((*TO_TAKE, *TO_KNOW), accept=False),
    "confirm": _answers(TO_KNOW, accept=True),
    "alive": _plainly(responders.still_on_it),
    "arrival": _expect_arrival,
    "arrived": _arrive,
    "snooze": _snooze,
    "unsnooze": _end_snooze,
}
"""What the buttons do; the answer is what was done, where that is something else."""


def _show(page: Page, now: datetime, *, done: str = "", refused: str = "", status: int = 200) -> Response:
    called_about = db.session.get_one(Incident, page.incident_id)
    incident = merging.main_of(called_about)
    by, at = timeline.who_did(db.session(), incident)
    asks = _asks(incident, page)
    with resolver.asking_once():
        first = _first_screen(incident, page, asks, now)
    return secret_page(
        render_template(
            "incidents/paging/ack.html",
            page=page,
            incident=incident,
            panel=alarms.shown(incident),
            category=catalogue.category(incident.category),
            by=by,
            at=at,
            done=done,
            now=now,
            refused=refused,
            mine=incident.acknowledged_by_id == page.person_id,
            typed=request.form,
            joined=called_about if called_about is not incident else None,
            **asks,
            **first,
        ),
        status,
    )


def _first_screen(incident: Incident, page: Page, asks: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return what the page of an incident shows first, for the person whom the call was for: the link is their right to
    act, and to ring those who have to do with it."""
    reader = front.Reader(_owner(page), may_act=True, may_close=False, with_phones=True)
    # Who is called and who comes next is said only while nobody has it: of a call, the last two steps and the next one.
    is_open, runs = incident.status == "open", incident.status in states.UNFINISHED
    calls = queries.latest_pages(incident.id, steps=2) if is_open else []
    coming = forecast.next_calls(incident, now, lines=1) if is_open else []
    courses = delivery_status.courses_for(calls, now)
    waits = runs and (asks["to_take"] or asks["to_know"] or (is_open and not page.answer))
    return {
        "front": front.front_facts(incident, reader, pages=calls, courses=courses, entries=(), moving=asks, now=now),
        "reader_id": page.person_id,
        "calls": calls,
        "kinds": queries.duty_kinds_by_code(),
        "forecast": coming,
        "clocks": clock_status.clocks_for(incident, now),
        "step_name": step_name,
        "state_words": state_words,
        "wording": wording,
        "moving": None,
        "waits": bool(waits),
    }


def _asks(incident: Incident, page: Page) -> dict[str, Any]:
    """Return what waits for this person, and who else is asked to take it over."""
    waiting = requests.open_requests(incident.id)
    mine = [ask for ask in waiting if ask.person_id == page.person_id]
    return {
        "to_take": [ask for ask in mine if ask.kind in TO_TAKE],
        "to_know": [ask for ask in mine if ask.kind in TO_KNOW],
        "incoming": [ask for ask in waiting if ask.kind in TO_TAKE and ask.person_id != page.person_id],
        "still_called": [ask for ask in requests.still_called(incident) if ask.person_id != page.person_id],
        "snooze_most": selection.snooze_most(incident),
        "handover_note": responders.last_handover_note(incident.id),
    }


def _expired(page: Page, now: datetime) -> Response | None:
    if now < page.link_expires_at and page.person.active:
        return None
    incident = db.session.get_one(Incident, page.incident_id)
    # The owner of an old link may be anybody by now: a desk's or an office's number, and nobody's own.
    gone = {
        "unknown": False,
        "incident": incident,
        "number": numbers.number_for_incidents(incident.unit_id),
        "on_duty": None,
    }
    return secret_page(render_template("incidents/paging/ack_gone.html", **gone), 410)
