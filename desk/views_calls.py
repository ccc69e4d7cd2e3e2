"""*Gọi tay*: the operator's list of people to ring, with one-tap results."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, Invalid
from core.web import back
from incidents import hand_calls, polled, queries, rights, wording
from incidents.services import Outcome
from incidents.wording_moving import PURPOSES
from people import guard, queries as people

bp = Blueprint("calls", __name__, url_prefix="/calls")
OUTCOMES = ("taken", "no_answer", "unreachable", "busy")


@bp.get("/")
@guard.requires("incident.dispatch")
def index() -> ResponseReturnValue:
    """Whom to ring now; ``?rows=1`` answers the part that changes."""
    now, actor = clock.now(), guard.current_actor()
    lines = hand_calls.waiting(actor, now=now)
    etag = polled.tag([_seen(line) for line in lines])
    facts = {"lines": lines, "now": now, "kinds": queries.duty_kinds_by_code(), "wording": wording,
             "purposes": PURPOSES,
             "keys": _keys(lines)}  # fmt: skip
    if request.args.get("rows"):
        return polled.fragment("desk/_calls.html", etag, facts)
    return render_template("desk/calls.html", etag=etag, every=polled.EVERY, **facts)


def _seen(line: hand_calls.Line) -> list[Any]:
    """What a reader sees of it, clocks aside."""
    return [line.key, line.incident.version, line.why, line.since, line.ringing, line.mine, line.again_at,
            line.person.phone]  # fmt: skip


def _keys(lines: list[hand_calls.Line]) -> str:
    """What may sound: those whom nobody rings at this moment."""
    free = [line for line in lines if not line.ringing and line.again_at is None]
    return " ".join(f"{incident_id}-{person_id}-{line.since:%H%M%S}" for line in free
                    for incident_id, person_id in [line.key])  # fmt: skip


@bp.post("/<code>/<person>/ring")
@guard.requires("incident.dispatch")
def ring(code: str, person: str) -> ResponseReturnValue:
    """I ring them; a tap on the number says it by itself and waits for no page."""
    now, actor = clock.now(), guard.current_actor()
    incident, whom = queries.by_code(code), people.person_by_code(person)
    try:
        hand_calls.ring(incident, whom.id, actor=actor, now=now)
    except Conflict as error:
        return ("", 409) if request.headers.get("X-Tap") else back(url_for(".index"), error.message(), "warn")
    return ("", 204) if request.headers.get("X-Tap") else back(url_for(".index"), "")


@bp.post("/<code>/<person>/leave")
@guard.requires("incident.dispatch")
def leave(code: str, person: str) -> ResponseReturnValue:
    """I do not ring after all."""
    incident, whom = queries.by_code(code), people.person_by_code(person)
    hand_calls.leave(incident, whom.id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".index"), "")


@bp.post("/<code>/<person>/result")
@guard.requires("incident.dispatch")
def result(code: str, person: str) -> ResponseReturnValue:
    """What came of it, by one tap."""
    now, actor = clock.now(), guard.current_actor()
    incident, whom = queries.by_code(code), people.person_by_code(person)
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        rights.ensure_dispatch(actor, incident, now=now)  # whoever may not hears of that, and of no field
        raise Invalid("incident.outcome", field="outcome")
    try:
        done = hand_calls.result(incident, whom.id, cast(Outcome, outcome), actor=actor, now=now)
    except Conflict as error:
        return back(url_for(".index"), error.message(), "warn")
    said = "known" if outcome == "taken" and done.acknowledged_by_id != whom.id else outcome
    return back(url_for(".index"), _said(said, whom.full_name, code))


def _said(outcome: str, name: str, code: str) -> str:
    return {
        "taken": _("%(name)s đã nhận %(code)s qua điện thoại.", name=name, code=code),
        "known": _("Đã ghi: %(name)s nghe máy, đã nắm.", name=name),
        "no_answer": _("Đã ghi: %(name)s không trả lời.", name=name),
        "unreachable": _("Đã ghi: không liên lạc được %(name)s.", name=name),
        "busy": _("Đã ghi: %(name)s bận; nhắc gọi lại sau 2 phút.", name=name),
    }[outcome]
