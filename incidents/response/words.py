"""Words of what moves a running incident: hand-over, choice of somebody, more people, arrivals, putting off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core import i18n
from incidents.escalation.page_words import PURPOSES
from incidents.words import EntryStyle, Kinds, step_name


def _when(params: dict[str, Any], name: str) -> str:
    return i18n.dt(datetime.fromisoformat(params[name])) if params.get(name) else ""


def _asked(params: dict[str, Any], kinds: Kinds) -> str:
    purpose = PURPOSES.get(str(params.get("purpose")), params.get("purpose"))
    said = _("Gọi %(people)s: %(purpose)s", people=", ".join(params.get("people", [])), purpose=purpose)
    if params.get("by_hand"):
        said += _("; gọi tay: %(people)s", people=", ".join(params["by_hand"]))
    return said


def _handed_over(params: dict[str, Any], kinds: Kinds) -> str:
    """By minutes of a change of shift, or without."""
    told = str(_named(_l("%(person)s nhận bàn giao từ %(before)s"))(params, kinds))
    number = params.get("minutes")
    return _("%(what)s, biên bản số %(number)s", what=told, number=number) if number else told


def _handover_asked(params: dict[str, Any], kinds: Kinds) -> str:
    return _(
        "Hết ca %(duty)s của %(person)s: chờ %(people)s nhận bàn giao",
        duty=step_name(params.get("duty"), kinds),
        person=params.get("person"),
        people=", ".join(params.get("people", [])),
    )


def _answered(accepted: bool) -> Any:
    def say(params: dict[str, Any], kinds: Kinds) -> str:
        purpose = str(PURPOSES.get(str(params.get("purpose")), ""))
        if params.get("purpose") in ("confirm", "more", "arrival") and accepted:
            return _("%(person)s đã nắm (%(purpose)s)", person=params.get("person"), purpose=purpose)
        if accepted:
            return _("%(person)s nhận (%(purpose)s)", person=params.get("person"), purpose=purpose)
        return _("%(person)s không nhận được (%(purpose)s)", person=params.get("person"), purpose=purpose)

    return say


def _named(text: Any) -> Any:
    """A sentence with ``person`` and ``before``."""
    return lambda params, kinds: (
        str(text) % {"person": params.get("person", ""), "before": params.get("before") or _("chưa ai")}
    )


def _acknowledged(params: dict[str, Any], kinds: Kinds) -> str:
    return _helped(_("%(person)s đã nhận", person=params.get("person")), params)


def _taken_over(params: dict[str, Any], kinds: Kinds) -> str:
    said = _("%(person)s nhận thay %(before)s", person=params.get("person"), before=params.get("before"))
    return _helped(said, params)


def _helped(said: str, params: dict[str, Any]) -> str:
    """Somebody may have rung, and written it down: the timeline names both."""
    if not params.get("by"):
        return said
    if params.get("phone"):
        return _("%(said)s qua điện thoại; người gọi và ghi nhận: %(by)s", said=said, by=params["by"])
    return _("%(said)s; người ghi nhận thay: %(by)s", said=said, by=params["by"])


def _passed(params: dict[str, Any], kinds: Kinds) -> str:
    return _("%(person)s không đi được, chuyển người khác", person=params.get("person"))


LINES: dict[str, EntryStyle] = {
    "acknowledged": EntryStyle(_acknowledged, "user-check", "gold"),
    "taken_over": EntryStyle(_taken_over, "user-check", "gold"),
    "passed": EntryStyle(_passed, "arrow-right", "red"),
    "escalated": EntryStyle(lambda params, kinds: _("Chuyển cấp ngay: gọi bước tiếp theo"), "arrow-right", "red"),
    "note": EntryStyle(lambda params, kinds: _("Ghi chú"), "edit"),
    "resolved": EntryStyle(lambda params, kinds: _("Báo đã xử lý xong"), "check", "green"),
    "closed": EntryStyle(lambda params, kinds: _("Đã đóng sự cố"), "lock"),
    "reopened": EntryStyle(lambda params, kinds: _("Mở lại, gọi từ đầu"), "refresh", "red"),
    "ended": EntryStyle(lambda params, kinds: _("Diễn tập kết thúc: tự đóng"), "lock"),
    "policy": EntryStyle(
        lambda params, kinds: _("Áp dụng quy trình gọi bản %(number)s", number=params.get("number")), "settings"
    ),
    "asked": EntryStyle(_asked, "bell-ringing", "blue"),
    "handover_asked": EntryStyle(_handover_asked, "handover", "gold"),
    "handover_note": EntryStyle(lambda params, kinds: _("Ghi chú bàn giao"), "edit", "gold"),
    "handed_over": EntryStyle(_handed_over, "handover", "green"),
    "reassign_asked": EntryStyle(
        _named(_l("Đề nghị giao cho %(person)s; người đang giữ vẫn chịu trách nhiệm đến khi có trả lời")),
        "swap",
        "gold",
    ),
    "reassigned": EntryStyle(_named(_l("%(person)s nhận việc từ %(before)s")), "swap", "green"),
    "more_called": EntryStyle(
        lambda params, kinds: _("Gọi thêm %(people)s", people=", ".join(params.get("people", []))), "user-plus", "blue"
    ),
    "ask_accepted": EntryStyle(_answered(True), "check", "green"),
    "ask_declined": EntryStyle(_answered(False), "x", "red"),
    "arrival_expected": EntryStyle(
        lambda params, kinds: _("Dự kiến tới nơi lúc %(time)s", time=_when(params, "at")), "map-pin", "blue"
    ),
    "arrived": EntryStyle(lambda params, kinds: _("Đã tới nơi"), "map-pin", "green"),
    "arrival_overdue": EntryStyle(
        lambda params, kinds: _(
            "Quá giờ dự kiến tới nơi (%(time)s): hỏi %(person)s", time=_when(params, "at"), person=params.get("person")
        ),
        "map-pin",
        "red",
    ),
    "alive": EntryStyle(_named(_l("%(person)s vẫn đang xử lý")), "check", "blue"),
    "snoozed": EntryStyle(
        lambda params, kinds: _("Tạm hoãn đến %(time)s", time=_when(params, "until")), "moon", "gold"
    ),
    "snooze_ended": EntryStyle(lambda params, kinds: _("Thôi tạm hoãn"), "sun"),
    "returned": EntryStyle(
        lambda params, kinds: (
            _("Hết hạn tạm hoãn: hỏi %(person)s trước", person=params["person"])
            if params.get("person")
            else _("Hết hạn tạm hoãn: gọi tiếp theo quy trình")
        ),
        "sun",
        "red",
    ),
}
