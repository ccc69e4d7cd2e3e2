"""Sentences for the error codes of reviews."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "review.changed": _l("%(by)s đã sửa bản tổng kết trong lúc anh chị viết. Hai bản cùng ở dưới đây."),
    "review.long": _l("Dài nhất %(most)s ký tự."),
    "review.action_missing": _l("Ghi việc cần làm."),
    "review.due": _l("Ghi ngày phải xong theo thứ tự ngày/tháng/năm, như 05/02/2027."),
    "review.due_past": _l("Ngày phải xong không được ở quá khứ."),
    "review.owner_left": _l("%(name)s không còn làm việc; chọn người khác."),
    "review.no_action": _l("Không có việc này."),
    "review.action_done": _l("Việc này đã ghi xong. Muốn giao người khác, bấm Chưa xong trước."),
}
