"""Sentences for the error codes of overtime consent."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "overtime.changed": _l("Ca hoặc số giờ làm thêm vừa đổi: xem lại rồi trả lời."),
    "overtime.how": _l("Ghi đã nghe bằng cách nào, ví dụ “gọi điện 19:40”, hoặc số văn bản đã ký."),
    "overtime.none": _l("Ca này không có giờ làm thêm, không cần đồng ý."),
    "overtime.nothing_chosen": _l("Chọn ít nhất một ca đã ký trên giấy."),
    "overtime.note_long": _l("Ghi chú không quá %(limit)s chữ."),
}
