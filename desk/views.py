"""The desk: home page, first-run checklist, removal of the demo."""

from __future__ import annotations

import hashlib
import re

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.web import back
from desk import checklist, demo, home
from people import guard, queries as people
from people.models import Unit
from roster import overview

bp = Blueprint("desk", __name__)
COUNTDOWN = re.compile(r'<time [^>]*data-countdown="([^"]*)"[^>]*>[^<]*</time>')


@bp.get("/")
@guard.requires("onduty.read")
def index() -> ResponseReturnValue:
    """Bàn trực of the signed-in person's unit, or of ``?unit=CODE``."""
    unit = _unit()
    if unit is None:
        return redirect(url_for("desk.start"))
    return render_template("desk/home.html", unit_options=_options(), **home.view(unit, now=clock.now()))


@bp.get("/desk/live")
@guard.requires("onduty.read")
def live() -> ResponseReturnValue:
    """The part of the desk that changes, for polling; 304 while it says the same."""
    unit = _unit()
    if unit is None:
        return Response(status=204)
    return _tagged(render_template("desk/_live.html", **home.live(unit, now=clock.now())))


@bp.get("/start/")
@guard.requires("campaign.write")
def start() -> ResponseReturnValue:
    """The checklist of a new installation."""
    return render_template("desk/start.html", steps=checklist.steps(now=clock.now()), demo=demo.is_present())


@bp.post("/start/demo/clear")
@guard.requires("demo.clear")
def clear_demo() -> ResponseReturnValue:
    """Xóa dữ liệu mẫu."""
    demo.clear(now=clock.now(), actor=guard.current_actor())
    return back(url_for("desk.start"), _("Đã xóa dữ liệu mẫu."))


def _unit() -> Unit | None:
    code = request.args.get("unit")
    return people.unit_by_code(code) if code else overview.home_unit(guard.current_actor().unit_id)


def _options() -> list[tuple[str, str]]:
    """Every unit, indented by its depth."""
    return [(unit.code, "\u2003" * depth + unit.name) for depth, unit in people.unit_tree()]


def _tagged(page: str) -> Response:
    # The browser moves countdowns by itself: until when they run is a fact, how long that still is is not.
    facts = COUNTDOWN.sub(r"\1", page)
    response = make_response(page)
    response.set_etag(hashlib.sha256(facts.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request.environ)
    return response
