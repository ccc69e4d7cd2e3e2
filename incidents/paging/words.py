"""Words of what became of a call; and the lines of telephone calls in the timeline."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from incidents.words import EntryStyle, Kinds


def state_words(state: str) -> str:
    """Return what became of a call."""
    words = {
        "queued": _("Chờ gửi"),
        "sending": _("Đang gửi"),
        "sent": _("Đã gửi đi"),
        "delivered": _("Máy nhận đã báo nhận"),
        "undelivered": _("Không tới máy"),
        "held": _("Chưa gửi: chưa nối cổng"),
        "failed": _("Không gửi được"),
        "cancelled": _("Không gửi nữa"),
        "superseded": _("Thay bằng tin mới hơn"),
        "by_hand": _("Gọi tay"),
        "taken": _("Đã nhận"),
        "passed": _("Không đi được"),
        "no_answer": _("Không trả lời"),
        "unreachable": _("Không liên lạc được"),
        "confirmed": _("Đã nắm"),
        "opened": _("Đã mở xem"),
    }
    return words.get(state, state)


def _call(params: dict[str, Any], kinds: Kinds) -> str:
    return _("Gọi điện cho %(person)s: %(outcome)s", person=params.get("person"), outcome=_came_of(params))


def _call_undone(params: dict[str, Any], kinds: Kinds) -> str:
    return _(
        "Sửa kết quả gọi điện cho %(person)s (đã ghi: %(outcome)s)",
        person=params.get("person"),
        outcome=_came_of(params),
    )


def _came_of(params: dict[str, Any]) -> str:
    outcome = {
        "taken": _("nghe máy và nhận"),
        "no_answer": _("không trả lời"),
        "unreachable": _("không liên lạc được"),
        "busy": _("bận, gọi lại sau"),
        "later": _("hẹn gọi lại sau"),
        "refused": _("nghe máy, không đi được"),
    }
    return outcome.get(str(params.get("outcome")), str(params.get("outcome")))


LINES: dict[str, EntryStyle] = {
    "call": EntryStyle(_call, "phone", "blue"),
    "call_undone": EntryStyle(_call_undone, "undo", "gold"),
}
