"""Sentences for the error codes of a point's day."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "point.choose": _l("Chọn ít nhất một mục, nhiều nhất %(most)s mục một lần, rồi bấm duyệt hoặc không nhận."),
    "point.key": _l("Trang này đã cũ. Mở lại rồi gửi."),
    "point.checked": _l("Ghi số gói, kiện đã kiểm tra; không có gói nào thì ghi 0."),
    "point.long": _l("Không quá %(most)s ký tự."),
    "point.not_normal": _l("Đồng chí đã ghi điều khác thường: bấm “Gửi với điều đã ghi”, hoặc xóa dòng này."),
    "point.not_open": _l("Chưa đến giờ mở cửa %(opens)s: từ giờ đó mới xác nhận được là mở đúng giờ."),
    "point.nothing_else": _l("Ghi điều khác thường, hoặc bấm “Hôm nay bình thường”."),
    "point.day": _l("Không có ngày này."),
}
