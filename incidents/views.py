"""Pages of incidents: board, quick log, one incident with what can be done about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, i18n, idempotency
from core.actor import Actor
from core.errors import DomainError, Invalid
from core.web import back
from incidents import policies, queries, rights, services, wording
from incidents.forms import QuickLogForm
from incidents.models import Incident
from people import guard, queries as people
from roster import rehearsals
from roster.models import Rehearsal

bp = Blueprint("incidents", __name__, url_prefix="/incidents")
STATUSES = ("open", "acknowledged", "resolved", "closed")
EVERY = 5
"""Seconds between two looks of an open page."""


@bp.get("/")
@guard.requires("incident.read")
def board() -> ResponseReturnValue:
    """Open first, by when they call next. The same address answers the fragment that the page asks for again."""
    now, actor = clock.now(), guard.current_actor()
    chosen = {name: request.args.get(name, "").strip() for name in ("status", "severity", "unit", "q", "rehearsal")}
    status = chosen["status"] if chosen["status"] in STATUSES else ""
    incidents = queries.first_needed(
        queries.board(
            statuses=(status,) if status else (), q=chosen["q"][:200], actor=actor,
            severity=int(chosen["severity"]) if chosen["severity"] in ("1", "2", "3", "4") else None,
            unit_id=people.unit_by_code(chosen["unit"]).id if chosen["unit"] else None,
            rehearsal_id=_number(chosen["rehearsal"]),
        )
    )  # fmt: skip
    mine = {each.id for each in queries.needing(actor.person_id)} if actor.person_id else set()
    facts = {"incidents": incidents, "mine": mine, "now": now, "filtered": any(chosen.values())}
    tag = _tag([(each.id, each.version, each.escalation.next_at, each.id in mine) for each in incidents])
    if request.args.get("rows"):
        return _fragment("incidents/_rows.html", tag, facts)
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    again = url_for(".board", rows=1, **kept)
    return render_template(
        "incidents/board.html", chosen=chosen, units=people.unit_tree(), again=again, etag=tag, every=EVERY, **facts
    )


@bp.route("/new", methods=["GET", "POST"])
@guard.requires("incident.log")
def new() -> ResponseReturnValue:
    """Logged in fifteen seconds; what was typed stays when something is wrong."""
    now, actor = clock.now(), guard.current_actor()
    asked = _asked_rehearsal(now)
    form = QuickLogForm(
        unit=asked.campaign.unit.code if asked else _home_unit(actor), drill="drill" if asked else "real"
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
    page = render_template("incidents/new.html", form=form, drill_offered=bool(rehearsals.running(now=now)))
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
        rehearsal=rehearsal,
    )  # fmt: skip


@bp.get("/<code>")
@guard.requires("incident.read")
def detail(code: str) -> ResponseReturnValue:
    """One incident; ``?live=1`` answers the part that changes by itself."""
    now = clock.now()
    incident = _readable(code, now)
    escalation = incident.escalation
    calls = queries.pages(incident.id)
    states = [(call.id, queries.page_state(call)) for call in calls]
    tag = _tag([incident.version, incident.status, escalation.next_at, states])
    if request.args.get("live"):
        return _fragment("incidents/_live.html", tag, _facts(incident, now))
    return _detail(incident, now, tag)


@bp.post("/<code>/<verb>")
@guard.requires("incident.read")
def act(code: str, verb: str) -> ResponseReturnValue:
    """Do it, or show the page again with what was typed and what is wrong. Each service asks for its own right."""
    now, actor = clock.now(), guard.current_actor()
    incident = _readable(code, now)
    action = ACTIONS.get(verb)
    if action is None:
        raise Invalid("incident.unknown_action")
    try:
        said = action(incident.id, actor, now)
    except DomainError as error:
        incident = _readable(code, now)
        return _detail(incident, now, "", problem=error.message(), typed=request.form), error.http_status
    return back(url_for(".detail", code=code), said)


def _note() -> str:
    return request.form.get("note", "")[:4000]


def _person_id() -> int:
    chosen = request.form.get("person", "")
    if not chosen:
        raise Invalid("person.choose", field="person")
    return people.person_by_code(chosen).id


def _acknowledge(incident_id: int, actor: Actor, now: datetime) -> str:
    person_id = _person_id() if "person" in request.form else None
    over = request.form.get("take_over") == "1"
    done = services.acknowledge(incident_id, person_id=person_id, take_over=over, note=_note(), actor=actor, now=now)
    return _("%(name)s đã nhận %(code)s.", name=done.acknowledged_by, code=done.code)


def _call(incident_id: int, actor: Actor, now: datetime) -> str:
    outcome = request.form.get("outcome", "")
    if outcome not in ("taken", "no_answer", "unreachable"):
        raise Invalid("incident.outcome", field="outcome")
    services.log_call(incident_id, person_id=_person_id(), outcome=outcome, note=_note(), actor=actor, now=now)  # type: ignore[arg-type]
    return _("Đã ghi cuộc gọi.")


def _add_note(incident_id: int, actor: Actor, now: datetime) -> str:
    services.add_note(incident_id, note=_note(), actor=actor, now=now)
    return _("Đã ghi vào diễn biến.")


def _simple(service: Callable[..., Any], said: Callable[[], str]) -> Callable[[int, Actor, datetime], str]:
    def run(incident_id: int, actor: Actor, now: datetime) -> str:
        service(incident_id, note=_note(), actor=actor, now=now)
        return said()

    return run


def _apply_policy(incident_id: int, actor: Actor, now: datetime) -> str:
    services.apply_policy(incident_id, actor=actor, now=now)
    return _("Đã áp dụng quy trình gọi hiện hành.")


ACTIONS: dict[str, Callable[[int, Actor, datetime], str]] = {
    "acknowledge": _acknowledge,
    "call": _call,
    "note": _add_note,
    "pass": _simple(services.pass_on, lambda: _("Đã chuyển; bước tiếp theo được gọi ngay.")),
    "resolve": _simple(services.resolve, lambda: _("Đã ghi: xử lý xong.")),
    "close": _simple(services.close, lambda: _("Đã đóng sự cố.")),
    "reopen": _simple(services.reopen, lambda: _("Đã mở lại; hệ thống gọi từ đầu.")),
    "escalate": _simple(services.escalate_now, lambda: _("Bước tiếp theo được gọi ngay.")),
    "policy": _apply_policy,
}


def _readable(code: str, now: datetime) -> Incident:
    incident = queries.by_code(code)
    guard.ensure(guard.current_actor(), "incident.read", incident.unit_id, now=now)
    rehearsal = policies.rehearsal_of(incident)
    if rehearsal is not None:
        g.rehearsal = {"name": rehearsal.campaign.name, "url": ""}
    return incident


def _facts(incident: Incident, now: datetime) -> dict[str, Any]:
    kinds = queries.duty_kinds_by_code()
    actor = guard.current_actor()
    return {
        "incident": incident, "now": now, "kinds": kinds, "calls": queries.pages(incident.id),
        "forecast": queries.forecast(incident, now), "page_state": queries.page_state, "wording": wording,
        "timeline": [
            (entry, wording.text(entry, kinds), *wording.LOOKS.get(entry.kind, ("clock", "")))
            for entry in reversed(queries.timeline(incident.id))
        ],
        "with_phones": guard.allowed(actor, "person.contact", incident.unit_id, now=now) is not False,
    }  # fmt: skip


def _detail(incident: Incident, now: datetime, tag: str, problem: str = "", typed: Any = None) -> str:
    actor = guard.current_actor()
    facts = _facts(incident, now)
    may = {name: rights.may(actor, f"incident.{name}", incident, now=now) for name in ("act", "dispatch", "close")}
    mine = actor.person_id is not None and incident.acknowledged_by_id == actor.person_id
    newest = policies.policy_for(incident.unit_id, incident.severity)
    return render_template(
        "incidents/detail.html", **facts, may=may, mine=mine, problem=problem, typed=typed or {}, etag=tag,
        called_me=rights.was_called(incident, actor.person_id), category=queries.category(incident.category),
        people=_choices(incident, facts) if may["dispatch"] else [], every=EVERY,
        newer_policy=newest.id != incident.escalation.policy_id,
        again=url_for(".detail", code=incident.code, live=1),
    )  # fmt: skip


def _choices(incident: Incident, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Whom one may act for: who was called, who comes next, then the colleagues of the unit."""
    found = {call.person.code: call.person.full_name for call in facts["calls"]}
    for line in facts["forecast"]:
        found |= {person.code: person.name for person in line.people}
    colleagues = people.find_people(unit_id=incident.unit_id, limit=200)
    for code, name in ((person.code, person.full_name) for person in colleagues):
        found.setdefault(code, name)
    return list(found.items())


def _home_unit(actor: Actor) -> str | None:
    """The unit that a form starts with: the person's own, else the account's, else the enterprise."""
    if actor.person_id is not None:
        return people.person_by_id(actor.person_id).unit.code
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id).code
    root = next(iter(people.root_units()), None)
    return root.code if root else None


def _tag(facts: Any) -> str:
    """The same as long as a reader would see the same, clocks aside."""
    return hashlib.sha256(f"{i18n.locale()}{facts!r}".encode()).hexdigest()[:20]


def _fragment(template: str, tag: str, facts: dict[str, Any]) -> Response:
    response = make_response("")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache, private"
    if request.if_none_match.contains(tag):
        response.status_code = 304
        return response
    response.set_data(render_template(template, **facts))
    return response


from incidents import views_policy  # noqa: E402, F401
