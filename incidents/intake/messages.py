"""Sentences for the error codes of intakes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "intake.unknown": _l("Không có nguồn báo này."),
    "intake.name": _l("Đặt tên cho nguồn báo, không quá %(most)s ký tự."),
    "intake.kind": _l("Chọn loại nguồn báo."),
    "intake.rhythm": _l("Ghi giờ phải báo hằng ngày, hoặc số phút được im lặng lâu nhất; chỉ một trong hai."),
    "intake.no_rhythm": _l("Chỉ nguồn báo định kỳ mới có giờ phải báo."),
    "intake.time": _l("Ghi giờ như 08:00."),
    "intake.minutes": _l("Số phút từ 1 đến %(most)s."),
    "intake.too_many": _l("Nguồn này gửi quá %(most)s tin một phút. Gửi lại sau."),
}
