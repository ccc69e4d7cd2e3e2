"""Sentences for the error codes of drafts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "demand.stands": _l(
        "Đợt trực đã ban hành: nhu cầu đã ký không giảm được nữa. Ban hành với lý do cho chỗ còn trống."
    ),
    "draft.changed": _l("Dự thảo vừa được người khác sửa. Tải lại để xem bản mới nhất rồi sửa lại nếu còn cần."),
    "edits.same_seat": _l("Chưa ghi gì: một chỗ trực được nêu hai lần trong cùng một lần sửa."),
    "edits.too_many": _l("Chưa ghi gì: một lần sửa được nhiều nhất %(most)s ô, đây là %(n)s ô. Làm từng phần."),
    "edits.unreadable": _l("Chưa ghi gì: không đọc được %(where)s: %(why)s."),
    "redo.changed": _l("Không làm lại được: ca sau đã được người khác hoặc máy đổi từ đó: %(shift)s."),
    "redo.gone": _l("Bước này không còn chờ làm lại: vừa được làm lại ở nơi khác, hoặc đã có thay đổi mới."),
    "redo.nothing": _l("Không có thay đổi nào của đồng chí vừa hoàn tác để làm lại."),
    "seats.break_rules": _l("Chưa ghi gì: cách xếp này vi phạm quy định. Chọn người khác, hoặc ghi lý do."),
    "seats.changed": _l("Chưa ghi gì: %(n)s ô vừa được người khác sửa. Xem ô giờ là của ai rồi sửa lại nếu còn cần."),
    "seats.empty": _l("Chỗ này vừa trống: không còn ca để cầm lên."),
    "seats.misfit": _l("Chưa ghi gì: %(n)s ô không xếp được như đã gõ."),
    "seats.past": _l("Chưa ghi gì: ca này đã qua và đã ban hành: %(shift)s."),
    "seats.twice": _l("Chưa ghi gì: %(person)s không thể có hai chỗ trong cùng một ca: %(shift)s."),
    "shift.breaks_rules": _l("Phân công này vi phạm quy định. Chọn người khác, hoặc ghi lý do."),
    "shift.not_on_it": _l("%(person)s không ở trong ca này; có thể dự thảo vừa được người khác sửa."),
    "shift.past": _l("Ca trực này đã qua và đã ban hành, không sửa được nữa."),
    "shift.too_many": _l("Ca này cần %(required)s người, đã chọn %(given)s người."),
    "shift.unknown": _l("Không có ca trực này."),
    "undo.changed": _l("Không hoàn tác được: ca sau đã được người khác hoặc máy đổi từ đó: %(shift)s."),
    "undo.gone": _l("Bước này không còn để hoàn tác: vừa được hoàn tác ở nơi khác, hoặc đã ban hành từ đó."),
    "undo.nothing": _l("Từ lần ban hành gần nhất đồng chí không còn thay đổi nào để hoàn tác."),
}
