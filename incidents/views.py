"""Pages of incidents: board and quick log (one incident: ``views_detail``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, idempotency
from core.actor import Actor
from core.errors import DomainError, Invalid
from core.web import back
from incidents import polled, queries, services, timing
from incidents.forms import QuickLogForm
from incidents.forms_questions import answers_in, questioning
from incidents.models import Incident
from incidents.states import UNFINISHED
from people import guard, queries as people
from roster import rehearsals
from roster.models import Rehearsal

bp = Blueprint("incidents", __name__, url_prefix="/incidents")
STATUSES = ("open", "acknowledged", "resolved", "closed")


@bp.get("/")
@guard.requires("incident.read")
def board() -> ResponseReturnValue:
    """Open first, by when they call next. The same address answers the fragment that the page asks for again."""
    now, actor = clock.now(), guard.current_actor()
    chosen = {name: request.args.get(name, "").strip() for name in ("status", "severity", "unit", "q", "rehearsal")}
    status = chosen["status"] if chosen["status"] in STATUSES else ""
    incidents = queries.first_needed(
        queries.board(
            statuses=(status,) if status else (), q=chosen["q"][:200], actor=actor, now=now,
            severity=int(chosen["severity"]) if chosen["severity"] in ("1", "2", "3", "4") else None,
            unit_id=people.unit_by_code(chosen["unit"]).id if chosen["unit"] else None,
            rehearsal_id=_number(chosen["rehearsal"]),
        )
    )  # fmt: skip
    mine = {each.id for each in queries.needing(actor.person_id)} if actor.person_id else set()
    clocks = timing.of_all([each for each in incidents if each.status in UNFINISHED], now)
    facts = {"incidents": incidents, "mine": mine, "now": now, "filtered": any(chosen.values()), "clocks": clocks}
    shown = [(e.id, e.version, e.escalation.next_at, e.id in mine, clocks.get(e.id)) for e in incidents]
    tag = polled.tag(shown)
    if request.args.get("rows"):
        return polled.fragment("incidents/_rows.html", tag, facts)
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    again = url_for(".board", rows=1, **kept)
    return render_template(
        "incidents/board.html", chosen=chosen, units=people.unit_tree(), again=again, etag=tag, every=polled.EVERY,
        **facts,
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@guard.requires("incident.log")
def new() -> ResponseReturnValue:
    """Logged in fifteen seconds; what was typed stays when something is wrong."""
    now, actor = clock.now(), guard.current_actor()
    asked = _asked_rehearsal(now)
    form = QuickLogForm(
        unit=asked.campaign.unit.code if asked else home_unit(actor), drill="drill" if asked else "real"
    )
    if form.validate_on_submit():
        try:
            code, created = _log_once(form, asked, actor, now)
        except DomainError as error:
            form.take(error)
        else:
            said = _("Đã ghi %(code)s; hệ thống đang gọi người trực.", code=code)
            known = _("Việc này đã được báo: %(code)s.", code=code)
            return back(url_for(".detail", code=code), said if created else known)
    page = render_template(
        "incidents/new.html", form=form, drill_offered=bool(rehearsals.running(now=now)),
        **questioning(request.form, form.chosen_category(), bool(form.party_state.data)),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _asked_rehearsal(now: datetime) -> Rehearsal | None:
    """The running rehearsal whose desk led here (``?rehearsal=``)."""
    number = _number(request.args.get("rehearsal", ""))
    return next((each for each in rehearsals.running(now=now) if each.id == number), None)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _log_once(form: QuickLogForm, asked: Rehearsal | None, actor: Actor, now: datetime) -> tuple[str, bool]:
    """(code, created); the same form with the same words, sent again by the same account, is the same incident."""
    sent = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    digest = idempotency.digest_of("POST", request.path, repr([form.form_key.data, sent]).encode())

    def answer() -> Response:
        incident, created = _log(form, asked, actor, now)
        return jsonify(code=incident.code, created=created)

    stored = idempotency.once(f"form/{digest}", digest, answer, actor=actor, now=now).get_json()
    return stored["code"], stored["created"]


def _log(form: QuickLogForm, asked: Rehearsal | None, actor: Actor, now: datetime) -> tuple[Incident, bool]:
    unit = people.unit_by_code(form.unit.data)
    rehearsal = None
    if form.drill.data == "drill":
        within = asked is not None and asked.campaign.unit_id in people.ancestor_ids(unit.id)
        rehearsal = asked if within else rehearsals.active_for(unit.id, now=now)
    if form.drill.data == "drill" and rehearsal is None:
        raise Invalid("incident.no_rehearsal", field="drill")
    return services.log(
        title=form.title.data or "", category=form.chosen_category(), unit_id=unit.id, actor=actor, now=now,
        severity=int(form.severity.data) if form.severity.data else None, party_state=bool(form.party_state.data),
        description=form.description.data or "", reporter=form.reporter.data or "", detected_at=form.detected(),
        rehearsal=rehearsal, answers=answers_in(request.form),
    )  # fmt: skip


def home_unit(actor: Actor) -> str | None:
    """The unit that a form starts with: the person's own, else the account's, else the enterprise."""
    if actor.person_id is not None:
        return people.person_by_id(actor.person_id).unit.code
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id).code
    root = next(iter(people.root_units()), None)
    return root.code if root else None


from incidents import views_detail, views_following, views_policy, views_questions  # noqa: E402, F401
