"""Sentences for the error codes of the legal steps."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "legal.step": _l("Không có bước này."),
    "legal.foreign": _l("Mục này không thuộc bước %(step)s."),
    "incident.legal_begun": _l(
        "Đã ghi bước theo Điều 14 Luật Bưu chính: đổi sang loại không theo các bước này thì ghi lý do vào ghi chú."
    ),
    "legal.none": _l("Loại sự cố này không theo các bước của Điều 14 Luật Bưu chính."),
    "legal.empty": _l("Chưa điền mục nào của bước này."),
    "legal.suspend_first": _l("Ghi việc đình chỉ vận chuyển, phát (bước 1) trước."),
    "legal.request_first": _l("Chỉ bàn giao khi có yêu cầu bằng văn bản: ghi số, ngày và cơ quan yêu cầu."),
    "legal.future": _l("Thời điểm này chưa đến."),
    "legal.when": _l("Ghi ngày/tháng/năm và giờ, như 05/02/2027 14:30."),
    "legal.day": _l("Ghi ngày theo thứ tự ngày/tháng/năm, như 05/02/2027."),
    "legal.number": _l("Ghi một số từ 1 đến 99."),
    "legal.choice": _l("Chọn một trong các mục có sẵn."),
    "legal.long": _l("Không quá %(most)s ký tự."),
    "legal.parties": _l("Mỗi bên ghi họ tên; nhiều nhất %(most)s bên."),
    "legal.closed": _l("Sự cố đã đóng. Mở lại để sửa các bước pháp lý."),
    "legal.incomplete": _l("Chưa đóng được: còn thiếu các bước pháp lý bắt buộc. %(missing)s"),
}
