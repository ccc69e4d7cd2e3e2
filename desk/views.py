"""The desk: home page, first-run checklist, removal of the demo."""

from __future__ import annotations

from datetime import datetime

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core import clock
from core.i18n import locale
from core.web import back
from desk import checklist, home, live as live_part
from desk.blueprint import bp
from desk.demo import clearing, seed
from people import queries as people
from people.access import guard
from people.accounts import queries as account_queries
from people.form_values import indented
from people.models import Unit
from people.sign_in import first_admin, views as auth
from roster.publishing import overview

_LIVE = {False: "desk/_live.html", True: "desk/_wall.html"}
"""The part that is polled, of the desk and of the screen on the wall."""


@bp.get("/")
@guard.requires("onduty.read")
def index() -> ResponseReturnValue:
    """Bàn trực of the signed-in person's unit, or of ``?unit=CODE``; ``?wall=1`` for a screen on the wall."""
    unit = _unit()
    if unit is None:
        return redirect(url_for("desk.start"))
    now = clock.now()
    wall = request.args.get("wall") == "1"
    facts = home.view(unit, now=now, wall=wall)
    page = render_template(_LIVE[wall], **facts)
    shown = {"live": Markup(page), "etag": live_part.tag_of(page), **facts}  # noqa: S704  (our own template)
    if wall:
        return render_template("desk/wall.html", **shown)
    covered = render_template("desk/_cover.html", **facts)
    shown |= {"cover": Markup(covered), "cover_etag": live_part.tag_of(covered)}  # noqa: S704  (our own template)
    return render_template("desk/home.html", unit_options=_options(), **shown)


@bp.get("/desk/live")
@guard.requires("onduty.read")
def live() -> ResponseReturnValue:
    """The part of the desk that changes, for polling; 304 while it says the same."""
    unit, now, wall = _unit(), clock.now(), request.args.get("wall") == "1"
    if unit is None:
        return Response(status=204)

    def build() -> tuple[str, datetime | None]:
        facts = home.live(unit, now=now, wall=wall)
        return render_template(_LIVE[wall], **facts), home.changes_at(facts)

    return live_part.answer((guard.current_actor(), unit.id, wall, clock.local_date(now)), now, build)


@bp.get("/desk/cover")
@guard.requires("onduty.read")
def cover() -> ResponseReturnValue:
    """Whether every place is covered, for polling: an absence noted elsewhere is seen here."""
    unit, now = _unit(), clock.now()
    if unit is None:
        return Response(status=204)

    def build() -> tuple[str, datetime | None]:
        return render_template("desk/_cover.html", **home.cover(unit, now=now)), None

    return live_part.answer((guard.current_actor(), unit.id, "cover", clock.local_date(now)), now, build)


@bp.get("/start/")
@guard.requires("campaign.write")
def start() -> ResponseReturnValue:
    """The checklist of a new installation."""
    return render_template("desk/start.html", steps=checklist.steps(now=clock.now()), demo=seed.is_present())


@bp.post("/start/demo/clear")
@guard.requires("demo.clear")
def clear_demo() -> ResponseReturnValue:
    """Xóa dữ liệu mẫu. Somebody who loses the demo's account by it goes on to make the first real administrator."""
    now, actor, language = clock.now(), guard.current_actor(), locale()
    clearing.clear(now=now, actor=actor)
    if actor.user_id is not None and account_queries.active_user(actor.user_id) is None:
        auth.forget(language)
    secret = first_admin.new_link(now=now)
    target = url_for("first.link", token=secret) if secret is not None else url_for("desk.start")
    return back(target, _("Đã xóa dữ liệu mẫu."))


def _unit() -> Unit | None:
    code = request.args.get("unit")
    return people.unit_by_code(code) if code else overview.home_unit(guard.current_actor().unit_id)


def _options() -> list[tuple[str, str]]:
    """Every unit, indented by its depth."""
    return indented(people.unit_tree())
