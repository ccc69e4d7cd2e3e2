"""Gửi vào nhóm: one incident as text, picture and link; /l/i/<token> shows how it stands to whoever has it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import dates
from core.errors import Conflict, Gone, Invalid, NotFound, render
from core.web import back, secret_page
from incidents.blueprint import bp
from incidents.record import access
from incidents.record.opening import readable
from incidents.sharing import rules, services as sharing, words
from incidents.sharing.models import SharedIncident
from people.access import guard
from people.accounts.still_here import still_here

link_bp = Blueprint("shared_incidents", __name__)


@bp.get("/<code>/share")
@guard.requires("incident.read")
def share_incident(code: str) -> ResponseReturnValue:
    """Whether it may be in a group, or why not; links that still open."""
    return _page(code)


@bp.post("/<code>/share")
@guard.requires("incident.read")
def share_incident_now(code: str) -> ResponseReturnValue:
    """Text, picture and link, ready to be sent. ``news_at``: when the group will hear more, or nothing."""
    typed = request.form.get("news_at", "").strip()
    news_at = dates.moment(typed)
    try:
        if typed and news_at is None:
            raise Invalid("share.news_at", field="news_at")
        made = sharing.share(code, news_at, actor=guard.current_actor(), now=clock.now())
    except (Invalid, Conflict) as fault:
        return _page(code, problem=fault.message(), status=fault.http_status)
    return _page(code, made)


@bp.post("/<code>/share/<int:link_id>/end")
@guard.requires("incident.read")
def unshare_incident(code: str, link_id: int) -> ResponseReturnValue:
    sharing.end(code, link_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".share_incident", code=code), _("Đã thu hồi đường dẫn."))


@link_bp.get("/l/i/<token>")
@guard.public
def shared(token: str) -> Response:
    """How it stands now."""
    now = clock.now()
    try:
        row = sharing.opened(token, now=now)
    except (NotFound, Gone) as fault:
        return secret_page(
            render_template("components/gone.html", why=fault.message(), unsaved=None), fault.http_status
        )
    return secret_page(render_template("incidents/sharing/shown.html", said=words.promised_news(row, now), now=now))


def _page(
    code: str, made: SharedIncident | None = None, *, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    incident = readable(code, now)
    access.ensure_act(actor, incident, now=now)
    wrong, live = rules.why_not(incident, now), sharing.live(incident)
    page = render_template(
        "incidents/sharing/share.html",
        incident=incident,
        why_not=render(wrong, {}) if wrong else "",
        made=made,
        text=words.text(words.promised_news(made, now), sharing.url(made)) if made else "",
        url_of=sharing.url,
        live=live,
        here=still_here({each.owner for each in live}, now),
        may_end=access.may(actor, "incident.dispatch", incident, now=now),
        me=actor.ref,
        problem="" if wrong else problem,
        typed=request.form,
    )
    return page, status
