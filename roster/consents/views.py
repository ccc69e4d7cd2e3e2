"""Chờ đồng ý: who was asked, on a page for those signed in, and by a link without sign-in (GET shows, POST acts)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import db
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.web import back, csrf, secret_page
from people.access import guard
from roster.consents import notices as consent_notices, queries as consent_queries, services as consents
from roster.consents.models import Consent, ConsentLink
from roster.words import labels

bp = Blueprint("consents", __name__, url_prefix="/consents")
links_bp = Blueprint("consent_links", __name__)
# The secret address itself is the right to press the button; a cookie adds nothing here.
csrf.exempt(links_bp)


@bp.get("/")
@guard.signed_in
def index() -> ResponseReturnValue:
    """Return what waits for my yes or no (about me, or about my people), and what I have asked."""
    return _list()


def _list(problem: str = "", wrong: int = 0) -> str:
    """``wrong``: the ask that could not be answered."""
    now, actor = clock.now(), guard.current_actor()
    theirs, asked = consent_queries.listed(actor, now=now)
    return render_template(
        "roster/consents/index.html",
        waiting=[each for each in theirs if each.state_at(now) == "asked"],
        answered=[each for each in theirs if each.state_at(now) != "asked"],
        asked=asked,
        now=now,
        what=consent_notices.what,
        labels=labels,
        me=actor.person_id,
        problem=problem,
        wrong=wrong,
        typed=request.form,
    )


@bp.post("/<int:consent_id>")
@guard.signed_in
def answer(consent_id: int) -> ResponseReturnValue:
    """``do``: give or refuse; ``note``: how it was heard, of what is answered for somebody else."""
    agrees, note = request.form.get("do") == "give", request.form.get("note", "")
    try:
        consent = consents.answer(consent_id, agrees, note=note, actor=guard.current_actor(), now=clock.now())
    except Invalid as fault:
        return _list(fault.message(), consent_id), fault.http_status
    words = _("Đã ghi: đồng ý.") if consent.state == "given" else _("Đã ghi: không đồng ý.")
    return back(url_for("consents.index"), words)


@links_bp.get(f"/a/{consents.LINK_PREFIX}<token>")
@guard.public
def show(token: str) -> Response:
    """Link scanners may read it as often as they like."""
    return _page(token)


@links_bp.post(f"/a/{consents.LINK_PREFIX}<token>")
@guard.public
def act(token: str) -> Response:
    """Yes or no, once; pressed again it says what was answered."""
    now = clock.now()
    try:
        link = consent_queries.by_token(consents.LINK_PREFIX + token)
        do = request.form.get("do")
        if do in ("give", "refuse"):
            consents.answer(link.consent_id, do == "give", actor=consents.actor_of_link(link), now=now)
    except NotFound:
        return _page(token)
    except (Conflict, Forbidden) as fault:
        db.session.rollback()
        return _page(token, refused=fault.message(), status=fault.http_status)
    return _page(token)


def _page(token: str, *, refused: str = "", status: int = 200) -> Response:
    try:
        link: ConsentLink | None = consent_queries.by_token(consents.LINK_PREFIX + token)
    except NotFound:
        link, status = None, 404
    consent: Consent | None = link.consent if link else None
    body = render_template(
        "roster/consents/link.html",
        consent=consent,
        link=link,
        refused=refused,
        state=consent.state_at(clock.now()) if consent else "",
        what=consent_notices.what,
    )
    return secret_page(body, status)
