"""The page of an incident: what moves it beside its steps, and what waits for the reader's own answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _

from core.actor import Actor
from core.errors import Invalid
from core.form_values import whole_number
from incidents import actions, panels
from incidents.escalation import everybody_absent, requests
from incidents.escalation.models import TO_KNOW, TO_TAKE
from incidents.policies import selection
from incidents.record import access, queries, states
from incidents.record.models import Incident
from incidents.response import responders
from incidents.response.forms import coming, reason_sent
from people import queries as people
from people.access import guard


def state(incident: Incident, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Return what changes by itself: who is asked what, put off until when, where they are."""
    if incident.status not in states.UNFINISHED:
        return None
    waiting, held = requests.open_requests(incident.id), incident.status == "acknowledged"
    holds = actor.person_id is not None and incident.acknowledged_by_id == actor.person_id
    exhausted = incident.status == "open" and incident.escalation.exhausted
    mine = [ask for ask in waiting if ask.person_id == actor.person_id]
    return {
        "to_take": [ask for ask in mine if ask.kind in TO_TAKE],
        "to_know": [ask for ask in mine if ask.kind in TO_KNOW],
        "others": [ask for ask in waiting if ask not in mine and (ask.kind != "confirm" or held)],
        "holds": holds,
        "escalation": incident.escalation,
        "exhausted": exhausted,
        "all_away": exhausted and everybody_absent.is_everybody_absent(incident, now),
        "note": responders.last_handover_note(incident.id) if any(ask.kind == "handover" for ask in waiting) else None,
    }


def _panel(incident: Incident, now: datetime) -> dict[str, Any] | None:
    """The forms, for the holder and for dispatchers."""
    actor = guard.current_actor()
    holds = actor.person_id is not None and incident.acknowledged_by_id == actor.person_id
    may = access.may(actor, "incident.dispatch", incident, now=now)
    if incident.status not in states.UNFINISHED or not (holds or may):
        return None
    colleagues = people.find_people(unit_id=incident.unit_id, limit=200)
    known = {call.person.code: call.person.full_name for call in queries.pages(incident.id)}
    for person in colleagues:
        known.setdefault(person.code, person.full_name)
    return {
        "holds": holds,
        "people": [(code, f"{name} ({code})") for code, name in known.items()],
        "kinds": people.duty_kinds(),
        "most": selection.snooze_most(incident),
        "taken": incident.status == "acknowledged",
    }


def _reassign(incident_id: int, actor: Actor, now: datetime) -> str:
    responders.reassign(incident_id, person_id=actions.person_id(), note=actions.note(), actor=actor, now=now)
    return _("Đã đề nghị; người đang giữ vẫn chịu trách nhiệm đến khi có trả lời.")


def _more(incident_id: int, actor: Actor, now: datetime) -> str:
    chosen = [code for code in request.form.getlist("people") if code]
    ids = [people.person_by_code(code).id for code in chosen]
    duties = request.form.getlist("duties")
    responders.call_more(incident_id, person_ids=ids, duties=duties, note=actions.note(), actor=actor, now=now)
    return _("Đã thêm vào lượt gọi.")


def _arrival(incident_id: int, actor: Actor, now: datetime) -> str:
    at = coming(request.form.get("arrives", ""), now, "arrives")
    responders.expect_arrival(incident_id, at=at, note=actions.answer_note(), actor=actor, now=now)
    return _("Đã ghi giờ dự kiến tới nơi.")


def _snooze(incident_id: int, actor: Actor, now: datetime) -> str:
    until = coming(request.form.get("until", ""), now, "until")
    responders.snooze(incident_id, until=until, reason=reason_sent(), actor=actor, now=now)
    return _("Đã tạm hoãn; đến giờ hệ thống tự gọi lại.")


def _answer(incident_id: int, actor: Actor, now: datetime) -> str:
    ask, accept = whole_number(request.form.get("ask")), request.form.get("accept") == "1"
    if ask is None:
        raise Invalid("ask.unknown", field="ask")
    responders.answer(incident_id, ask, accept=accept, note=actions.answer_note(), actor=actor, now=now)
    return _("Đã ghi câu trả lời.")


BUTTONS: dict[str, actions.Action] = {
    "reassign": _reassign,
    "more": _more,
    "arrival": _arrival,
    "arrived": actions.simple(responders.arrive, lambda: _("Đã ghi: tới nơi."), actions.answer_note),
    "alive": actions.simple(responders.still_on_it, lambda: _("Đã ghi: vẫn đang xử lý."), actions.answer_note),
    "snooze": _snooze,
    "unsnooze": actions.simple(responders.end_snooze, lambda: _("Đã thôi tạm hoãn.")),
    "answer": _answer,
    "handover-note": actions.simple(responders.leave_handover_note, lambda: _("Đã ghi chú bàn giao.")),
}
PANELS = (panels.Panel("other", "incidents/response/_panel_moving.html", _panel),)
