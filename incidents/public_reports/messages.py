"""Sentences for the error codes of reports without an account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "report.code_unknown": _l("Mã QR này không phải của hệ thống trực."),
    "report.code_gone": _l("Tờ QR này đã được thay hoặc thu hồi. Đề nghị gọi điện, và báo để được in tờ mới."),
    "report.public_sheet": _l(
        "Tờ QR này chỉ để báo sự cố. Số liệu và ảnh của điểm gửi bằng tờ riêng của quầy, do người phụ trách in."
    ),
    "report.kind": _l("Chọn tờ treo ngoài, tờ của quầy, hoặc cả hai."),
    "report.category": _l("Chọn loại gần đúng nhất; nếu không rõ, chọn “Khác”."),
    "report.phone": _l("Số điện thoại chưa đúng. Ghi như 0912 345 678, hoặc để trống."),
    "report.form_old": _l("Trang này đã cũ. Quét lại mã QR rồi gửi."),
    "report.note_missing": _l("Ghi điều cần nói thêm, hoặc chọn ảnh."),
    "report.no_sheet": _l("Không có tờ nào để ghi đã in. Mở lại trang in."),
    "report.size": _l("Chọn khổ A4 hoặc A6."),
    "report.unknown": _l("Đường dẫn theo dõi không đúng."),
    "report.old": _l("Tin báo đã quá 30 ngày nên không còn xem được ở đây."),
    "report.closed": _l("Việc này đã đóng. Nếu lại xảy ra, quét mã QR để báo mới."),
}
