"""Sentences for the error codes of setting up a campaign."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "set_up.break_elsewhere": _l(
        "Đổi kỳ nghỉ này còn đổi %(n)s đợt trực khác (%(names)s). Sửa ở trang Ngày nghỉ để xem trước điều gì đổi, "
        "rồi quay lại đây; ở trang này để kỳ nghỉ như cũ."
    ),
    "set_up.has_demand": _l(
        "%(unit)s đã có nhu cầu trực: bỏ chọn đơn vị này ở mục Ca trực; số người sửa ở trang Nhu cầu trực."
    ),
    "set_up.other_tet": _l("Đã lấy tên, ngày và kỳ nghỉ của Tết vừa chọn. Xem lại rồi bấm Tạo đợt trực."),
    "set_up.no_lines": _l("Ghi ít nhất một ca có số người, hoặc bỏ chọn các đơn vị ở mục này."),
    "set_up.line.duty": _l("Ca %(n)s: chọn loại trực."),
    "set_up.line.shift": _l("Ca %(n)s: ghi tên ca, như Ngày, Đêm, 24/24 (không quá 40 ký tự)."),
    "set_up.line.start": _l("Ca %(n)s: ghi giờ bắt đầu như 07:30."),
    "set_up.line.hours": _l("Ca %(n)s: ghi số giờ trên 0, nhiều nhất 24, như 12 hoặc 7,5."),
    "set_up.line.people": _l("Ca %(n)s, %(phase)s: ghi số người từ 0 đến 50; để trống là không có ca."),
    "set_up.line.twice": _l("Ca %(n)s: loại trực này đã có ca tên %(shift)s ở trên. Đặt tên khác hoặc xóa một dòng."),
}
