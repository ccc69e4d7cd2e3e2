"""/p/me/<token>: one person's own page without signing in. GET shows, POST acts; no scripts needed.

The address is a secret of one person, sent to an address of theirs or handed over on paper. In a group chat others open
it too: from the second browser on the page says whose it is and asks, before it shows or does anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.db import db
from core.errors import Conflict, DomainError, Gone, NotFound
from core.web import csrf, secret_page
from duty.on_duty import own_page, own_sections
from notify.message_states import delivery_states
from people import queries as people
from people.access import guard
from people.accounts import queries as accounts
from people.links import services as links
from people.links.services import LinkVisit
from roster.confirmations import notices, services as confirmations
from roster.reachability.address_scope import reach_of, webcal

bp = Blueprint("own", __name__, url_prefix="/p/me")
# Anybody who holds the secret address may press the button; a cookie adds nothing here.
csrf.exempt(bp)
KEPT = 400 * 24 * 3600
"""Seconds for which a browser remembers whose it is: browsers keep no cookie for longer."""


@bp.get("/<token>")
@guard.public
def show(token: str) -> ResponseReturnValue:
    """Return what is asked of the person, and their shifts. Link scanners may read it as often as they like."""
    try:
        visit = visit_of(token)
    except (NotFound, Gone) as fault:
        return gone(fault)
    return page(visit, now=clock.now())


@bp.post("/<token>")
@guard.public
def act(token: str) -> ResponseReturnValue:
    """``do``: me (it is my address), confirm, calendar, not_me, or a verb of a section."""
    try:
        visit = visit_of(token)
    except (NotFound, Gone) as fault:
        return gone(fault)
    do, now, device = request.form.get("do", ""), clock.now(), ""
    try:
        if do == "not_me":
            return _not_me(visit, token, now)
        if visit.is_slip and own_sections.takes_own_word(do):
            raise Conflict("slip.not_enough")
        known = do in VERBS or own_sections.verb(do) is not None
        if not known or (do != "me" and not visit.may_act):
            return page(visit, now=now, status=409 if known else 400)
        device = links.is_me(visit, request.user_agent.string, now=now)
        answer = VERBS.get(do, _section_page)(visit_of(token, device), token, now)
    except DomainError as fault:
        db.session.rollback()
        answer = page(visit_of(token, device), now=now, refused=fault.message(), status=fault.http_status)
    if device:
        remember(answer, token, device)
    return answer


def _not_me(visit: LinkVisit, token: str, now: datetime) -> Response:
    links.not_mine(visit, now=now)
    return secret_page(render_template("duty/on_duty/own_not_me.html", person=visit.person, token=token))


def _me(_visit: LinkVisit, token: str, _now: datetime) -> Response:
    return to_own(token)


def _confirm(visit: LinkVisit, token: str, now: datetime) -> Response:
    seen, cannot = own_page.shown(request.form.getlist("seen")), own_page.ids(request.form.getlist("cannot"))
    note = request.form.get("note", "")
    answered = confirmations.answer_all(visit.person.id, cannot, seen=seen, note=note, actor=visit.actor, now=now)
    if not answered:
        raise Conflict("confirmation.changed")
    return to_own(token)


def _disown(visit: LinkVisit, token: str, now: datetime) -> Response:
    own_page.disown(visit.person, visit.actor, request.form, now)
    return to_own(token)


def _calendar(visit: LinkVisit, _token: str, now: datetime) -> Response:
    """The address of their own calendar, to be opened by the phone or pasted elsewhere."""
    address = own_page.calendar(visit, now=now)
    shown = render_template(
        "duty/on_duty/own_calendar.html", person=visit.person, url=address, webcal=webcal(address), reach=_reach()
    )
    return secret_page(shown)


def _section_page(visit: LinkVisit, token: str, now: datetime) -> Response:
    verb = own_sections.verb(request.form["do"])
    if verb is not None:
        verb(visit.person, visit.actor, request.form, now)
    return to_own(token)


VERBS: dict[str, Callable[[LinkVisit, str, datetime], Response]] = {
    "me": _me,
    "confirm": _confirm,
    "disown": _disown,
    "calendar": _calendar,
}


def visit_of(token: str, device: str = "") -> LinkVisit:
    """Who is there; ``device``: what this browser has just been given. Raises NotFound, Gone (``gone`` says so)."""
    visit = links.visit(token, device or request.cookies.get(_cookie(token), ""))
    g.reader_locale = accounts.locales_of([visit.person.id]).get(visit.person.id)
    return visit


def opened(token: str) -> LinkVisit | Response:
    """Who is there and has said who they are; else what they see instead."""
    try:
        visit = visit_of(token)
    except (NotFound, Gone) as fault:
        return gone(fault)
    return visit if visit.may_act else to_own(token)


def _cookie(token: str) -> str:
    """One for each address: two people may share a phone."""
    return f"own_{token[:8]}"


def remember(answer: Response, token: str, device: str) -> None:
    answer.set_cookie(
        _cookie(token),
        device,
        max_age=KEPT,
        path=url_for(".show", token=token),
        secure=current_app.config["PUBLIC_URL"].startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def to_own(token: str) -> Response:
    response = current_app.make_response(
        redirect(url_for(".show", token=token, ways=request.args.get("ways")), code=303)
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def page(visit: LinkVisit, *, now: datetime, refused: str = "", status: int = 200) -> Response:
    if not visit.may_act:
        shown = render_template("duty/on_duty/own_ask.html", person=visit.person, refused=refused)
        return secret_page(shown, status)
    own = own_page.read_own_page(visit.person, now=now)
    sections, left_out = own_sections.shown(visit.person, now, request.args), False
    if visit.is_slip:
        sections, left_out = own_sections.on_slip(sections)
    shown = render_template(
        "duty/on_duty/own.html",
        own=own,
        person=visit.person,
        known=visit.known,
        devices=links.devices_of(visit.link),
        kinds={kind.code: kind for kind in people.duty_kinds()},
        refused=refused,
        typed=request.form,
        manager_heard=delivery_states.latest_state(notices.topic(visit.person.id)) if own.refused else None,
        proves=visit.link.channel if visit.link.first_used_at and not visit.is_shared else "",
        in_zalo="zalo" in request.user_agent.string.lower(),
        sections=sections,
        slip=visit if visit.is_slip else None,
        left_out=left_out,
        now=now,
        by_link=True,
    )
    return secret_page(shown, status)


def gone(fault: NotFound | Gone) -> Response:
    shown = render_template("duty/on_duty/own_gone.html", unknown=isinstance(fault, NotFound))
    return secret_page(shown, fault.http_status)


def _reach() -> str:
    return reach_of(current_app.config["PUBLIC_URL"])
