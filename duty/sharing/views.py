"""Gửi vào nhóm: the list of a unit as text, picture and link; and /l/<token>, which shows it to whoever has it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Gone, Invalid, NotFound
from core.web import back, secret_page
from duty.sharing import lists, services as sharing
from duty.sharing.models import SharedList
from people.access import guard
from people.accounts.still_here import still_here
from people.form_values import units_within
from roster.blueprint import bp

link_bp = Blueprint("lists", __name__)


@bp.get("/share")
@guard.requires("list.share")
def share() -> ResponseReturnValue:
    """Choose ``unit`` and ``days``; links that still open."""
    return _page()


@bp.post("/share")
@guard.requires("list.share")
def share_now() -> ResponseReturnValue:
    """Text, picture and link, ready to be sent."""
    form = request.form
    try:
        made = sharing.share(
            form.get("unit", ""), form.get("days", 1, type=int), actor=guard.current_actor(), now=clock.now()
        )
    except (Invalid, NotFound) as fault:
        return _page(problem=fault.message(), status=fault.http_status)
    return _page(made)


@bp.post("/share/<int:list_id>/end")
@guard.requires("list.share")
def end_share(list_id: int) -> ResponseReturnValue:
    sharing.end(list_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".share"), _("Đã thu hồi đường dẫn."))


@bp.post("/share/<int:list_id>/take-over")
@guard.requires("list.share")
def take_over_share(list_id: int) -> ResponseReturnValue:
    sharing.take_over(list_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".share"), _("Đã tiếp quản: đường dẫn mở được trở lại, do đồng chí chịu trách nhiệm."))


@link_bp.get("/l/<token>")
@guard.public
def shared(token: str) -> Response:
    """The list as it is published now."""
    try:
        row = sharing.opened(token, now=clock.now())
    except (NotFound, Gone) as fault:
        return secret_page(
            render_template("components/gone.html", why=fault.message(), unsaved=None), fault.http_status
        )
    shown = lists.shown_list(row.unit, row.from_on, row.to_on)
    return secret_page(render_template("duty/sharing/list.html", shown=shown, now=clock.now()))


def _page(made: SharedList | None = None, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    live = sharing.live(actor=actor, now=now)
    page = render_template(
        "duty/sharing/share.html",
        made=made,
        text=lists.text(lists.shown_list(made.unit, made.from_on, made.to_on), sharing.url(made)) if made else "",
        url_of=sharing.url,
        live=live,
        here=still_here({each.owner for each in live}, now),
        units=units_within(actor, "list.share", now),
        days=sharing.LENGTHS,
        problem=problem,
        typed=request.values,
    )
    return page, status
