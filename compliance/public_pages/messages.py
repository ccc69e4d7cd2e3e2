"""Sentences for the error codes of notices to the public."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "notice.unknown": _l("Không có thông báo này."),
    "notice.missing": _l("Ghi điều khách hàng cần biết."),
    "notice.long": _l("Không quá %(most)s ký tự."),
    "notice.next_at": _l("Giờ của tin tiếp theo phải sau lúc này."),
    "notice.changed": _l("%(by)s vừa sửa hoặc kết thúc thông báo này. Mở lại trang rồi sửa tiếp."),
}
