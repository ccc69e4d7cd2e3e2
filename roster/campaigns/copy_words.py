"""What of an earlier Tết was not copied, in sentences."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l, ngettext

from core.i18n import dm
from roster.campaigns.copying import LeftOut

WORDS: dict[str, Any] = {
    "unit.gone": _l("Không chép ca của đơn vị đã đóng hoặc không còn thuộc đơn vị này: %(what)s."),
    "unit.new": _l("Đợt cũ không có các đơn vị này, ca lấy theo nhu cầu trực hiện nay: %(what)s."),
    "duty.new": _l("Đợt cũ không có các loại trực này, ca lấy theo nhu cầu trực hiện nay: %(what)s."),
    "day.unused": _l("Ngày của đợt cũ không dùng đến, vì đợt này ngắn hơn hoặc kỳ nghỉ khác: %(what)s."),
    "day.no_model": _l("Đợt cũ không có ngày nào cùng giai đoạn, ca lấy theo nhu cầu trực hiện nay: %(what)s."),
    "shift.put_together": _l("Ca từng bị chia cho nhiều người, nay chép thành ca trọn: %(what)s."),
    "shift.ground": _l("Căn cứ cho ca dài hơn 12 giờ phải nêu lại cho Tết này: %(what)s."),
    "rule.gone": _l("Quy tắc nay không còn: %(what)s."),
}


def said(each: LeftOut, *, most: int | None = None) -> str:
    """``most``: so many names or dates at most, and how many more there are."""
    told = [_one(what) for what in each.what[:most]]
    if left := len(each.what) - len(told):
        told.append(ngettext("và %(num)s mục nữa", "và %(num)s mục nữa", left))
    return str(WORDS[each.code] % {"what": ", ".join(told)})


def _one(what: str | date) -> str:
    return dm(what) if isinstance(what, date) else what
