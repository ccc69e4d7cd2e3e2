"""Sentences for the error codes of incidents in group chats."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "share.closed": _l("Sự cố đã đóng hơn một ngày: không gửi vào nhóm nữa."),
    "share.joined": _l("Sự cố này đã gộp vào sự cố khác: gửi từ trang của sự cố ấy."),
    "share.kt1": _l("Sự cố về bưu gửi KT1 không gửi vào nhóm: gọi điện cho người cần biết."),
    "share.news_at": _l("Giờ có tin tiếp theo cần sau lúc này, viết ngày/tháng/năm giờ:phút, ví dụ 05/02/2027 14:30."),
    "share.party_state": _l("Sự cố liên quan cơ quan Đảng, Nhà nước không gửi vào nhóm: gọi điện cho người cần biết."),
    "share.restricted": _l("Sự cố hạn chế xem không gửi vào nhóm: gọi điện cho người cần biết."),
}
"""``share.gone`` and ``share.unknown`` are said as of lists (``duty.sharing.messages``)."""
