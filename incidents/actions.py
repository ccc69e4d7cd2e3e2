"""What the buttons of an incident's page do: each takes (incident id, actor, now) and says what it did.

Rooms name theirs in ``BUTTONS`` of their views; ``incidents.routes`` offers them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _

from core.actor import Actor
from core.errors import Conflict, Invalid
from incidents.response import lifecycle, responders
from people import queries as people

Action = Callable[[int, Actor, datetime], str]
WRITES_EACH_TIME = frozenset({"note", "call", "escalate", "reassign", "more", "arrival", "snooze", "handover-note"})
"""What would be done once more by a second tap; the others notice by themselves that it has been done."""
_offered: dict[str, Action] = {}


def offer(*several: Mapping[str, Action]) -> None:
    """These and no others."""
    _offered.clear()
    for buttons in several:
        _offered.update(buttons)


def named(verb: str) -> Action | None:
    return _offered.get(verb)


def note() -> str:
    return request.form.get("note", "")[:4000]


def person_id() -> int:
    chosen = request.form.get("person", "")
    if not chosen:
        raise Invalid("person.choose", field="person")
    return people.person_by_code(chosen).id


def _acknowledge(incident_id: int, actor: Actor, now: datetime) -> str:
    whom = person_id() if "person" in request.form else None
    over = request.form.get("take_over") == "1"
    try:
        done = lifecycle.acknowledge(incident_id, person_id=whom, take_over=over, note=note(), actor=actor, now=now)
    except Conflict as taken:
        if whom is not None or not responders.noted_instead(incident_id, actor=actor, now=now, note=note()):
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


def simple(service: Callable[..., Any], said: Callable[[], str]) -> Action:
    def run(incident_id: int, actor: Actor, now: datetime) -> str:
        service(incident_id, note=note(), actor=actor, now=now)
        return said()

    return run


def _apply_policy(incident_id: int, actor: Actor, now: datetime) -> str:
    lifecycle.apply_policy(incident_id, actor=actor, now=now)
    return _("Đã áp dụng quy trình gọi hiện hành.")


BUTTONS: dict[str, Action] = {
    "acknowledge": _acknowledge,
    "call": _call,
    "note": _add_note,
    "pass": simple(lifecycle.pass_on, lambda: _("Đã chuyển sang bước tiếp theo.")),
    "resolve": simple(lifecycle.resolve, lambda: _("Đã ghi: xử lý xong.")),
    "close": simple(lifecycle.close, lambda: _("Đã đóng sự cố.")),
    "reopen": simple(lifecycle.reopen, lambda: _("Đã mở lại; hệ thống gọi từ đầu.")),
    "escalate": simple(lifecycle.escalate_now, lambda: _("Sang bước tiếp theo ngay.")),
    "policy": _apply_policy,
}
