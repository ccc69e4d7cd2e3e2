"""Sentences for the error codes of shared lists."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "share.days": _l("Chọn 1, 3 hoặc 7 ngày."),
    "share.has_maker": _l("Đường dẫn này vẫn do %(person)s chịu trách nhiệm."),
    "share.gone": _l("Đường dẫn này đã hết hạn hoặc đã bị thu hồi."),
    "share.unknown": _l("Đường dẫn không đúng. Kiểm tra lại địa chỉ trong tin."),
}
