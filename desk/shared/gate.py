"""The gate in front of a shared desk computer: locked it shows next to nothing; every act asks who acts.

Runs before every request of a session that belongs to a shared desk (``people.desks.services``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict

from core import clock
from core.api import call as api
from core.errors import DomainError, Forbidden, Throttled
from core.web import is_htmx, this_address
from desk.shared import bystanders
from people.desks import services as shared_desks
from people.desks.services import OpenedDesk

WHO, OTHER, SECRET = "desk_who", "desk_other", "desk_secret"
_OURS = frozenset({WHO, OTHER, SECRET})
OPEN_ENDPOINTS = frozenset(
    {
        "static",
        "auth.logout",
        "auth.language",
        "desk.locked",
        "desk.lock",
        "desk.unlock",
        "desk.who",
        "desk.awake",
        "calls.ring",
        "calls.leave",
    }
)
"""What a desk may do without asking who acts. To ring somebody is no act yet: what came of it is."""
UNLOCKED_ONLY = frozenset({"desk.awake", "calls.ring", "calls.leave"})


def enter() -> ResponseReturnValue | None:
    """``before_app_request``: lets the request through, asks who acts, or shows the lock."""
    if request.endpoint in (None, "static") or api.is_api_path(request.path) or not current_user.is_authenticated:
        return None
    row = g.get("desk_session")
    if row is None:
        return None
    now = clock.now()
    seat = g.desk_seat = shared_desks.seat_of(row, current_user._get_current_object(), now)
    g.actor = shared_desks.actor_at(seat)
    if _is_public():
        return None
    if request.endpoint in OPEN_ENDPOINTS:
        return _to_the_lock() if seat.opened_by is None and request.endpoint in UNLOCKED_ONLY else None
    if getattr(_view(), "required_action", None) == "signed_in":
        raise Forbidden("desk.not_here")
    return _look(seat) if request.method in ("GET", "HEAD") else _act(seat)


def _view() -> Any:
    return current_app.view_functions[request.endpoint or ""]


def _is_public() -> bool:
    return getattr(_view(), "required_action", None) == "public" and request.endpoint not in OPEN_ENDPOINTS


def _look(seat: OpenedDesk) -> ResponseReturnValue | None:
    if seat.opened_by is None:
        return _to_the_lock()
    # A page that asks again by itself is nobody's hand.
    if seat.stale and request.headers.get("X-Poll") is None:
        shared_desks.touch(seat, now=clock.now())
    return None


def _to_the_lock() -> ResponseReturnValue:
    if is_htmx() or request.headers.get("X-Poll"):
        return make_response("", 401, {"HX-Redirect": url_for("desk.locked")})
    wanted = this_address() if request.method == "GET" else None
    return redirect(url_for("desk.locked", next=wanted), code=303)


def _act(seat: OpenedDesk) -> ResponseReturnValue | None:
    """Who acts is asked at every act, also on a locked desk: a form that took long to write is not lost."""
    form = request.form
    kept = ImmutableMultiDict([(name, value) for name, value in form.items(multi=True) if name not in _OURS])
    if not form.get(SECRET):
        return _ask(seat, kept)
    try:
        person = shared_desks.identify(seat, form.get(OTHER) or form.get(WHO, ""), form[SECRET], now=clock.now())
    except DomainError as error:
        return _ask(seat, kept, error)
    # What follows reads the form as if nobody had been asked: nothing of the PIN goes further.
    request.form = kept
    g.actor = shared_desks.actor_at(seat, person)
    g.desk_seat = replace(seat, opened_by=person)
    shared_desks.note_act(seat, person, request.endpoint or "", now=clock.now())
    return None


def _ask(seat: OpenedDesk, kept: ImmutableMultiDict[str, str], error: DomainError | None = None) -> ResponseReturnValue:
    fields = [(name, value) for name, value in kept.items(multi=True) if name != "csrf_token"]
    page = render_template(
        "desk/shared/who.html",
        fields=fields,
        target=this_address(),
        error=error,
        typed=request.form,
        files=any(file.filename for file in request.files.values()),
        **bystanders.choices(seat, now=clock.now()),
    )
    answer = make_response(page, error.http_status if error else 200)
    if isinstance(error, Throttled):
        answer.headers["Retry-After"] = str(error.params["retry_after"])
    if is_htmx():
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "innerHTML"
    return answer
