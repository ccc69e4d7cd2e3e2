"""Sentences for the error codes of solving."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "solve.already_running": _l("Đợt trực này đang được phân công tự động. Chờ xong, hoặc hủy lần đang chạy."),
    "solve.nobody": _l("Chọn ít nhất một người để xếp riêng."),
    "solve.no_days": _l("Cho biết xếp từ ngày nào đến ngày nào."),
    "solve.nothing_open": _l(
        "Vùng này không có lượt nào để xếp: ô của họ đã ghim, và không có lượt trống nào mà họ trực được. "
        "Bỏ ghim, hoặc chọn thêm người, thêm ngày."
    ),
    "solve.too_many_people": _l("Xếp riêng được nhiều nhất %(most)s người; đã chọn %(n)s. Chọn theo đơn vị hoặc ngày."),
    "solve.day": _l("Nhập ngày dạng ngày/tháng/năm, hoặc để trống."),
    "solve.days_turned": _l("Ngày cuối phải không trước ngày đầu của phần cần xếp."),
    "solve.empty_part": _l("Không có ca nào trong phần này: chọn đơn vị, loại trực hoặc ngày khác."),
    "solve.unknown_duty": _l("Không có loại trực %(duty)s."),
    "solve.no_certificate": _l("Lần phân công này không có chứng nhận: chưa xong, đã dừng, hoặc do bản cũ thực hiện."),
    "solve.offer_gone": _l(
        "Dự thảo, người hoặc quy tắc đã khác lúc máy tìm ra cách này. Xếp lại, thay đổi ít nhất, để có cách mới."
    ),
    "solve_run.unknown": _l("Không có lần phân công tự động này."),
}
