"""Sentences for the error codes of duty hours."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "hours.changed": _l("Giờ trực vừa đổi sau khi trang này được mở. Xem lại các con số rồi chốt."),
    "hours.closed": _l("%(name)s đã chốt lúc %(time)s (lần %(number)s), từ đó chưa có gì đổi."),
    "hours.long_reason": _l("Lý do không quá %(limit)s chữ."),
    "hours.not_over": _l("Còn ca đến %(time)s mới hết. Chốt sau giờ đó, hoặc chọn tháng đã qua."),
    "hours.nothing": _l("Chưa có giờ trực nào để chốt ở đơn vị và khoảng thời gian này."),
    "hours.unknown_closing": _l("Không có lần chốt công số %(id)s."),
    "hours.reason": _l("Đã chốt trước đó: nêu lý do chốt lại, ví dụ “bổ sung ca trực thay của anh Nam”."),
}
