"""Sentences for the error codes of who is on duty and of rehearsals."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "duty.unknown": _l("Không có loại trực %(duty)s."),
    "me.unknown_answer": _l("Trang này không có nút đó. Tải lại trang rồi thử lại."),
    "nobody_reachable": _l("Chưa có người nào đang làm việc trong hệ thống. Nhập danh sách nhân sự trước."),
    "rehearsal.empty_draft": _l("Dự thảo chưa phân công ai. Phân công trước, hoặc diễn tập theo bản đã ban hành."),
    "rehearsal.minutes": _l("Một buổi diễn tập kéo dài từ 1 đến %(longest)s phút."),
    "rehearsal.not_published": _l("Đợt trực chưa ban hành lần nào. Ban hành trước, hoặc diễn tập theo dự thảo."),
    "rehearsal.outside": _l("Thời điểm này nằm ngoài đợt trực. Chọn một thời điểm từ ca đầu tiên đến ca cuối cùng."),
    "rehearsal.running": _l("Đợt trực này đang có một buổi diễn tập. Kết thúc buổi đó trước khi bắt đầu buổi mới."),
    "rehearsal.source": _l("Chọn diễn tập theo dự thảo hoặc theo bản đã ban hành."),
    "rehearsal.step_seconds": _l("Thời gian chờ mỗi bước từ %(least)s đến %(most)s giây."),
    "rehearsal.unknown": _l("Không có buổi diễn tập này."),
    "rehearsal.when": _l("Cần ngày và giờ, ví dụ 25/01/2020 02:10."),
    "ways_in.sign_in": _l(
        "Thiết bị, phiên đăng nhập, khóa API, phiếu mời và mã PIN chỉ bỏ được khi đã đăng nhập: đăng nhập rồi mở trang "
        "“Ca của tôi”."
    ),
    "unit.none": _l("Chưa có đơn vị nào. Nhập danh sách đơn vị trước."),
}
