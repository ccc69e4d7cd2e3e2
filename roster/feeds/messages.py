"""Sentences for the error codes of calendar feeds."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "feed.choose": _l("Chọn một mục trong danh sách."),
    "feed.language": _l("Chọn ngôn ngữ: vi hoặc en."),
    "feed.phones_by_owner": _l("Chỉ người tạo địa chỉ lịch này mới bật được số điện thoại trong lịch."),
    "feed.revoked": _l("Địa chỉ lịch này đã bị thu hồi hoặc đã được thay. Mở trang Ca của tôi để lấy địa chỉ mới."),
    "feed.unknown": _l("Không có địa chỉ lịch này. Kiểm tra lại địa chỉ, hoặc mở trang Ca của tôi để lấy địa chỉ."),
}
