"""Words of notify: error codes, reasons why a message is held, states."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "message.unknown": _l("Không có tin nhắn này."),
    "message.not_held": _l("Tin nhắn này không còn được giữ lại nên không cần gửi nữa."),
    "message.no_gateway": _l("Chưa có máy chủ thư (MAIL_URL) nên chưa gửi được. Tin nhắn vẫn được giữ lại."),
    "message.demo_not_local": _l("Tin nhắn tới người của dữ liệu mẫu chỉ được gửi qua máy chủ thư trên chính máy này."),
}

HOLD_REASONS: dict[str, Any] = {
    "no_gateway": _l("Chưa có máy chủ thư khi tin được tạo"),
    "demo_not_local": _l("Người nhận thuộc dữ liệu mẫu"),
}

STATES: dict[str, Any] = {
    "pending": _l("Chờ gửi"),
    "leased": _l("Đang gửi"),
    "sent": _l("Đã gửi"),
    "held": _l("Đang giữ lại"),
    "failed_permanent": _l("Bị từ chối"),
    "cancelled": _l("Không gửi nữa"),
    "superseded": _l("Thay bằng tin mới hơn"),
}
