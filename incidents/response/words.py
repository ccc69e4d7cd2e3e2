"""Words of what moves a running incident: hand-over, choice of somebody, more people, arrivals, putting off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core import i18n
from incidents import timeline_words
from incidents.timeline_words import Kinds, step_name

PURPOSES = {
    "call": _l("Tiếp nhận sự cố"),
    "alive": _l("Còn xử lý không"),
    "handover": _l("Nhận bàn giao"),
    "reassign": _l("Nhận việc được giao"),
    "more": _l("Hỗ trợ thêm"),
    "confirm": _l("Xác nhận đã nắm"),
    "arrival": _l("Đã tới nơi chưa"),
}
"""What a person is called for, in a few words."""
LEADS = {
    "call": _l("Có sự cố cần đồng chí tiếp nhận:"),
    "away": _l(
        "Đồng chí đang được ghi là vắng mặt: tin này để biết, không phải trả lời, hệ thống gọi tiếp người khác. "
        "Nếu xử lý được, đồng chí vẫn nhận như thường lệ:"
    ),
    "away_held": _l(
        "Đồng chí đang giữ sự cố này và đang được ghi là vắng mặt: hệ thống không chờ mà gọi người khác. "
        "Nếu vẫn xử lý được, đề nghị đồng chí nhận lại:"
    ),
    "alive": _l(
        "Đồng chí đang giữ sự cố này. Đề nghị cho biết còn đang xử lý không; nếu không trả lời, hệ thống gọi "
        "lại từ đầu:"
    ),
    "handover": _l("Đồng chí vào ca trực. Sự cố này đang do người ca trước giữ; đề nghị nhận bàn giao:"),
    "reassign": _l("Đồng chí được giao xử lý sự cố này. Đề nghị trả lời nhận hay không:"),
    "more": _l("Đề nghị đồng chí hỗ trợ xử lý sự cố này:"),
    "confirm": _l(
        "Sự cố này đã có người nhận. Bước này cần mọi người được gọi cùng nắm sự việc; đề nghị đồng chí xác "
        "nhận đã nắm:"
    ),
    "arrival": _l("Đã quá giờ dự kiến tới nơi. Đề nghị cho biết đã tới chưa, hoặc báo giờ mới:"),
}
"""The sentence with which a message begins."""
HEADS = {
    "own": _l("Trưởng đơn vị nơi xảy ra"),
    "parent": _l("Trưởng đơn vị cấp trên trực tiếp"),
    "all": _l("Trưởng đơn vị và các cấp trên, cùng lúc"),
    "each": _l("Trưởng đơn vị và các cấp trên, lần lượt"),
}


def _when(params: dict[str, Any], name: str) -> str:
    return i18n.dt(datetime.fromisoformat(params[name])) if params.get(name) else ""


def _asked(params: dict[str, Any], kinds: Kinds) -> str:
    purpose = PURPOSES.get(str(params.get("purpose")), params.get("purpose"))
    said = _("Gọi %(people)s: %(purpose)s", people=", ".join(params.get("people", [])), purpose=purpose)
    if params.get("by_hand"):
        said += _("; gọi tay: %(people)s", people=", ".join(params["by_hand"]))
    return said


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


timeline_words.SENTENCES.update(
    {
        "asked": _asked,
        "handover_asked": _handover_asked,
        "handover_note": lambda params, kinds: _("Ghi chú bàn giao"),
        "handed_over": _named(_l("%(person)s nhận bàn giao từ %(before)s")),
        "reassign_asked": _named(
            _l("Đề nghị giao cho %(person)s; người đang giữ vẫn chịu trách nhiệm đến khi có trả lời")
        ),
        "reassigned": _named(_l("%(person)s nhận việc từ %(before)s")),
        "more_called": lambda params, kinds: _("Gọi thêm %(people)s", people=", ".join(params.get("people", []))),
        "ask_accepted": _answered(True),
        "ask_declined": _answered(False),
        "arrival_expected": lambda params, kinds: _("Dự kiến tới nơi lúc %(time)s", time=_when(params, "at")),
        "arrived": lambda params, kinds: _("Đã tới nơi"),
        "arrival_overdue": lambda params, kinds: _(
            "Quá giờ dự kiến tới nơi (%(time)s): hỏi %(person)s", time=_when(params, "at"), person=params.get("person")
        ),
        "alive": _named(_l("%(person)s vẫn đang xử lý")),
        "snoozed": lambda params, kinds: _("Tạm hoãn đến %(time)s", time=_when(params, "until")),
        "snooze_ended": lambda params, kinds: _("Thôi tạm hoãn"),
        "returned": lambda params, kinds: (
            _("Hết hạn tạm hoãn: hỏi %(person)s trước", person=params["person"])
            if params.get("person")
            else _("Hết hạn tạm hoãn: gọi tiếp theo quy trình")
        ),
    }
)
timeline_words.LOOKS.update(
    {
        "asked": ("bell-ringing", "blue"),
        "handover_asked": ("handover", "gold"),
        "handed_over": ("handover", "green"),
        "handover_note": ("edit", "gold"),
        "reassign_asked": ("swap", "gold"),
        "reassigned": ("swap", "green"),
        "more_called": ("user-plus", "blue"),
        "ask_accepted": ("check", "green"),
        "ask_declined": ("x", "red"),
        "arrival_expected": ("map-pin", "blue"),
        "arrived": ("map-pin", "green"),
        "arrival_overdue": ("map-pin", "red"),
        "alive": ("check", "blue"),
        "snoozed": ("moon", "gold"),
        "snooze_ended": ("sun", ""),
        "returned": ("sun", "red"),
    }
)
