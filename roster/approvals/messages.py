"""Sentences for the error codes of approvals."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "approval.already": _l("Đúng dự thảo này đã trình %(who)s."),
    "approval.answered": _l("Đề nghị ký này đã được trả lời."),
    "approval.approver": _l("Chọn một lãnh đạo của đơn vị hoặc của cấp trên."),
    "approval.changed": _l("Dự thảo đã sửa sau khi trình %(who)s. Trình ký lại."),
    "approval.long": _l("Không quá %(limit)s chữ."),
    "approval.needed": _l("Đợt trực %(name)s cần lãnh đạo duyệt trước khi ban hành. Trình ký trước."),
    "approval.no_pin": _l(
        "Đồng chí chưa có mã PIN. Đăng nhập, mở Tài khoản, đặt mã PIN rồi ký lại; "
        "hoặc ký ở trang Ca của tôi sau khi đăng nhập."
    ),
    "approval.none": _l("Không có dự thảo nào đang chờ ký."),
    "approval.not_yours": _l(
        "Chỉ %(who)s, người được trình, mới trả lời được, và không trả lời ở máy bàn trực dùng chung."
    ),
    "approval.off": _l("Đợt trực %(name)s không cần trình ký: ban hành được ngay."),
    "approval.oneself": _l("Người trình không tự duyệt. Chọn lãnh đạo khác."),
    "approval.part": _l("Đợt trực %(name)s cần lãnh đạo duyệt: trình ký cả dự thảo, không ban hành riêng một phần."),
    "approval.pin": _l("Mã PIN không đúng."),
    "approval.reason": _l("Ghi lý do trả lại, để người trình biết cần sửa gì."),
    "approval.replaced": _l("Một dự thảo khác đã được trình thay. Xem lại rồi ký."),
    "approval.returned": _l("%(who)s đã trả lại: %(reason)s. Sửa rồi trình ký lại."),
    "approval.throttled": _l("Sai mã PIN quá nhiều lần. Thử lại sau %(retry_after)s giây."),
    "approval.waiting": _l("Đang chờ %(who)s ký, chưa ban hành được."),
}
