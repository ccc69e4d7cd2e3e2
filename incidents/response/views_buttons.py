"""Taking, calling, closing: what the buttons of an incident's page do first of all."""

from __future__ import annotations

from datetime import datetime

from flask import request
from flask_babel import gettext as _

from core.actor import Actor
from core.errors import Conflict, Invalid
from incidents.actions import Action, answer_note, note, person_id, simple
from incidents.response import lifecycle, responders


def _acknowledge(incident_id: int, actor: Actor, now: datetime) -> str:
    whom = person_id() if "person" in request.form else None
    mode: lifecycle.TakingMode = "over" if request.form.get("take_over") == "1" else "alone"
    try:
        said = answer_note()
        done = lifecycle.acknowledge(incident_id, person_id=whom, mode=mode, note=said, actor=actor, now=now)
    except Conflict as taken:
        if whom is not None or not responders.noted_instead(incident_id, actor=actor, now=now, note=said):
            raise
        noted = _("Đã ghi: đồng chí đã nắm.")
        return f"{taken.message()} {noted}"
    return _("%(name)s đã nhận %(code)s.", name=done.acknowledged_by, code=done.code)


def _call(incident_id: int, actor: Actor, now: datetime) -> str:
    outcome = request.form.get("outcome", "")
    if outcome not in ("taken", "no_answer", "unreachable", "busy"):
        raise Invalid("incident.outcome", field="outcome")
    lifecycle.log_call(incident_id, person_id=person_id(), outcome=outcome, note=note(), actor=actor, now=now)  # type: ignore[arg-type]
    return _("Đã ghi cuộc gọi.")


def _add_note(incident_id: int, actor: Actor, now: datetime) -> str:
    lifecycle.add_note(incident_id, note=note(), actor=actor, now=now)
    return _("Đã ghi vào diễn biến.")


def _apply_policy(incident_id: int, actor: Actor, now: datetime) -> str:
    lifecycle.apply_policy(incident_id, actor=actor, now=now)
    return _("Đã áp dụng quy trình gọi hiện hành.")


BUTTONS: dict[str, Action] = {
    "acknowledge": _acknowledge,
    "call": _call,
    "note": _add_note,
    "pass": simple(lifecycle.pass_on, lambda: _("Đã chuyển sang bước tiếp theo."), answer_note),
    "resolve": simple(lifecycle.resolve, lambda: _("Đã ghi: xử lý xong.")),
    "close": simple(lifecycle.close, lambda: _("Đã đóng sự cố.")),
    "reopen": simple(lifecycle.reopen, lambda: _("Đã mở lại; hệ thống gọi từ đầu.")),
    "escalate": simple(lifecycle.escalate_now, lambda: _("Sang bước tiếp theo ngay."), answer_note),
    "policy": _apply_policy,
}
