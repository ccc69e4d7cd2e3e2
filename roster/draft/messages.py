"""Sentences for the error codes of drafts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "demand.stands": _l(
        "Đợt trực đã ban hành: nhu cầu đã ký không giảm được nữa. Ban hành với lý do cho chỗ còn trống."
    ),
    "draft.changed": _l("Dự thảo vừa được người khác sửa. Tải lại để xem bản mới nhất rồi sửa lại nếu còn cần."),
    "redo.changed": _l("Không làm lại được: ca sau đã được người khác hoặc máy đổi từ đó: %(shift)s."),
    "redo.nothing": _l("Không có thay đổi nào của đồng chí vừa hoàn tác để làm lại."),
    "shift.breaks_rules": _l("Phân công này vi phạm quy định. Chọn người khác, hoặc ghi lý do."),
    "shift.not_on_it": _l("%(person)s không ở trong ca này; có thể dự thảo vừa được người khác sửa."),
    "shift.past": _l("Ca trực này đã qua và đã ban hành, không sửa được nữa."),
    "shift.too_many": _l("Ca này cần %(required)s người, đã chọn %(given)s người."),
    "shift.unknown": _l("Không có ca trực này."),
    "undo.changed": _l("Không hoàn tác được: ca sau đã được người khác hoặc máy đổi từ đó: %(shift)s."),
    "undo.nothing": _l("Từ lần ban hành gần nhất đồng chí không còn thay đổi nào để hoàn tác."),
}
