"""Sentences for the error codes of requests."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "request.absent_already": _l("Đồng chí đã báo vắng đúng những ngày này với lý do này."),
    "request.answered": _l(
        "Khoảng nghỉ này đã được chấp nhận. Đề nghị rút ở “Ca của tôi”, mục “Báo vắng, nguyện vọng”."
    ),
    "request.changed": _l("Đề nghị này vừa đổi: xem lại rồi chọn lại."),
    "request.day": _l("Ngày cần viết ngày/tháng/năm, ví dụ 05/02/2027."),
    "request.note_long": _l("Lý do không quá %(limit)s chữ."),
    "request.nothing": _l("Chọn ít nhất một đề nghị."),
    "request.own": _l("Không ai tự trả lời đề nghị của mình: nhờ người quản lý khác."),
    "request.past": _l("Ngày này đã qua."),
    "request.serves_already": _l("Ngày này đồng chí đã có ca trong lịch ban hành, không cần xin trực."),
    "request.why": _l("Ghi lý do, hoặc điều cần hỏi, để người đề nghị hiểu."),
    "request.want": _l("Chọn xin nghỉ hoặc xin trực."),
    "request.wish_published": _l(
        "Ngày này đồng chí đã có ca trong lịch ban hành: nguyện vọng không đổi được lịch ấy, "
        "muốn đổi thì dùng “Đổi ca”."
    ),
    "request.wish_while_away": _l("Ngày này đồng chí đã báo vắng: rút báo vắng trước rồi mới xin trực."),
    "request.wished_already": _l("Đồng chí đã gửi nguyện vọng này."),
}
