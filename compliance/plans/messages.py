"""Sentences for the error codes of plans and backlogs."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "plan.changed": _l("Có người vừa lưu phương án này. Xem lại rồi lưu tiếp."),
    "plan.accepted": _l("Phương án đã được duyệt. Trả lại trước rồi mới sửa được."),
    "plan.state": _l("Phương án đang ở bước khác nên chưa làm được việc này."),
    "plan.unknown": _l("Đơn vị chưa lập phương án."),
    "plan.own": _l("Người trình không tự duyệt phương án của mình."),
    "plan.no_shifts": _l("Chưa có phương án được duyệt có ca tăng cường."),
    "plan.reason": _l("Ghi lý do trả lại, không quá %(most)s ký tự."),
    "plan.year": _l("Năm Tết không có trong lịch."),
    "plan.count": _l("Ghi số từ 0 đến %(most)s."),
    "plan.long": _l("Không quá %(most)s ký tự."),
    "plan.days": _l("Không quá %(most)s ngày cao điểm."),
    "plan.shift": _l("Ghi giờ bắt đầu như 07:30 và số giờ từ 1 đến 24."),
    "plan.sheet": _l("Không phải tệp phương án: tải tệp mẫu, điền rồi gửi lại (XLSX, không quá 2 MB)."),
    "plan.sheet_long": _l("Không quá %(most)s dòng."),
    "volumes.items": _l("Ghi số bưu gửi tồn đọng từ 0 đến %(most)s."),
    "volumes.limit": _l("Ghi ngưỡng từ 1 đến %(most)s, hoặc để trống."),
}
