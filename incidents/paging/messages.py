"""Sentences for the error codes of calls by hand and of one-tap links."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "call.ringing": _l("%(by)s đang gọi người này, đến %(until)s."),
    "call.oneself": _l("Đồng chí không gọi điện cho chính mình: mở sự cố để nhận."),
    "call.undo_late": _l("Quá hai phút nên không sửa được nữa: mở sự cố để ghi lại."),
    "call.undo_changed": _l("%(incident)s đã có người xử lý tiếp nên không sửa được: mở sự cố để ghi lại."),
    "link.expired": _l("Đường dẫn đã hết hiệu lực. Đăng nhập để xem sự cố, hoặc gọi điều hành."),
    "link.unknown": _l("Đường dẫn không đúng hoặc đã bị thu hồi."),
}
