"""Sentences for the error codes of incidents as such."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "incident.unknown": _l("Không có sự cố này."),
    "incident.already_acknowledged": _l("%(incident)s đã có %(by)s nhận lúc %(at)s."),
    "incident.already_resolved": _l("%(incident)s đã được %(by)s báo xử lý xong lúc %(at)s."),
    "incident.already_closed": _l("%(incident)s đã được %(by)s đóng lúc %(at)s."),
    "incident.already_open": _l("%(incident)s đang mở từ %(at)s."),
    "incident.secret": _l(
        "Bỏ “%(words)s”: về bưu gửi của cơ quan Đảng, Nhà nước, KT1 chỉ ghi mã số và loại dịch vụ, "
        "không ghi nội dung, người gửi, người nhận, độ mật."
    ),
}
