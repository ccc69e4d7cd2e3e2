"""Words of notify: error codes, reasons why a message is held, states."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "message.unknown": _l("Không có tin nhắn này."),
    "message.not_held": _l("Tin nhắn này không còn được giữ lại nên không cần gửi nữa."),
    "message.no_gateway": _l("Chưa có cổng gửi cho kênh này nên chưa gửi được. Tin nhắn vẫn được giữ lại."),
    "message.demo_not_local": _l("Tin nhắn tới người của dữ liệu mẫu chỉ được gửi qua cổng trên chính máy này."),
    "price.form": _l("Giá là số đồng, từ 0 đến %(most)s, hoặc để trống."),
    "gateway.unknown": _l("Không có cổng gửi tin này."),
    "gateway.no_recipe": _l("Không có mẫu cổng gửi tin này."),
    "gateway.name": _l("Cần tên cổng, không có dấu gạch chéo."),
    "gateway.name_taken": _l("Đã có cổng cùng loại mang tên này."),
    "gateway.channel": _l("Chọn tin nhắn SMS hoặc gọi thoại."),
    "gateway.position": _l("Thứ tự là số từ 1 đến 99."),
    "gateway.count": _l("Cần một số nguyên từ 0 đến %(most)s, hoặc để trống."),
    "gateway.unsigned": _l("Chữ ký X-Signature không khớp, hoặc giờ X-Timestamp lệch quá 5 phút."),
    "gateway.bad_field": _l("Chưa dùng được: %(why)s"),
    "gateway.unknown_place": _l("Không có chỗ điền {%(name)s}."),
    "gateway.no_link": _l("Mẫu tin phải có {link}, nếu không người nhận không trả lời được."),
    "gateway.secret_missing": _l("Cần giá trị bí mật “%(name)s”."),
}

HOLD_REASONS: dict[str, Any] = {
    "no_gateway": _l("Chưa có cổng gửi cho kênh này"),
    "demo_not_local": _l("Người nhận thuộc dữ liệu mẫu"),
    "over": _l("Việc đã xong trước khi gửi được"),
    "past": _l("Đã qua giờ trước khi gửi được"),
    "outdated": _l("Lịch đã đổi hoặc đã có tin mới hơn"),
}

DELIVERY: dict[str, Any] = {
    "waiting": _l("chờ gửi"),
    "sent": _l("đã gửi đi"),
    "delivered": _l("máy nhận đã báo nhận"),
    "known": _l("đã biết"),
    "failed": _l("không gửi được"),
    "no_channel": _l("chưa gửi: chưa nối cổng"),
}
"""One word for what became of words to somebody (``notify.message_states.delivery_states``), everywhere."""

STATES: dict[str, Any] = {
    "pending": _l("Chờ gửi"),
    "leased": _l("Đang gửi"),
    "sent": _l("Đã gửi đi"),
    "held": _l("Đang giữ lại"),
    "failed_permanent": _l("Bị từ chối"),
    "cancelled": _l("Không gửi nữa"),
    "superseded": _l("Thay bằng tin mới hơn"),
}
