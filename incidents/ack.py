"""/a/<token>: the one-tap page. GET shows, POST acts; no session, no scripts needed, and nothing is said before the
server knows it. The link was made for one person and one call, which is all the authority that it carries."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request

from core import clock, tokens
from core.actor import Actor
from core.db import db
from core.errors import Conflict
from core.web import csrf
from incidents import answering, queries, records, services
from incidents.models import Incident, Page
from people import guard

bp = Blueprint("ack", __name__)
# Whoever holds the secret address may press the button; a cookie adds nothing here.
csrf.exempt(bp)

VERBS = ("take", "pass", "resolve")


@bp.get("/a/<token>")
@guard.public
def show(token: str) -> Response:
    """What, where, how bad, who. Link scanners may read it as often as they like."""
    page = queries.page_by_digest(tokens.digest(token))
    now = clock.now()
    if page is None:
        return _answer(render_template("incidents/ack_gone.html", unknown=True), 404)
    return _expired(page, now) or _show(page, now)


@bp.post("/a/<token>")
@guard.public
def act(token: str) -> Response:
    """ "Tôi nhận" or "Không đi được"; pressed again, or too late, it says who has it and since when."""
    page = queries.page_by_digest(tokens.digest(token))
    now = clock.now()
    if page is None:
        return _answer(render_template("incidents/ack_gone.html", unknown=True), 404)
    gone = _expired(page, now)
    if gone is not None:
        return gone
    verb, refused, page_id = request.form.get("do", ""), "", page.id
    try:
        _do(verb, page, now)
    except Conflict as conflict:
        refused = conflict.message()
    db.session.expire_all()
    fresh = db.session.get(Page, page_id)
    return _show(fresh or page, now, done=verb if verb in VERBS else "", refused=refused)


def _do(verb: str, page: Page, now: datetime) -> None:
    person = page.person
    actor = Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)
    incident_id, note = page.incident_id, request.form.get("note", "")
    if verb == "take":
        services.acknowledge(incident_id, actor=actor, now=now, note=note)
    elif verb == "pass":
        services.pass_on(incident_id, actor=actor, now=now, note=note)
    elif verb == "resolve":
        services.resolve(incident_id, actor=actor, now=now, note=note)


def _show(page: Page, now: datetime, *, done: str = "", refused: str = "") -> Response:
    incident = db.session.get_one(Incident, page.incident_id)
    name, phone = answering.operations_phone(incident, now)
    by, at = records.who_did(db.session(), incident)
    return _answer(
        render_template(
            "incidents/ack.html", page=page, incident=incident, category=queries.category(incident.category),
            kinds=queries.duty_kinds_by_code(), desk_name=name, desk_phone=phone, by=by, at=at, done=done, now=now,
            refused=refused, mine=incident.acknowledged_by_id == page.person_id,
        )
    )  # fmt: skip


def _expired(page: Page, now: datetime) -> Response | None:
    if now < page.link_expires_at and page.person.active:
        return None
    incident = db.session.get_one(Incident, page.incident_id)
    name, phone = answering.operations_phone(incident, now)
    return _answer(
        render_template("incidents/ack_gone.html", unknown=False, incident=incident, desk_name=name, desk_phone=phone),
        410,
    )


def _answer(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
