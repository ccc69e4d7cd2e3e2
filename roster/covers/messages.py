"""Sentences for the error codes of covers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "cover.left": _l("%(person)s không còn làm việc ở đây."),
    "cover.needs_consent": _l(
        "%(person)s thuộc đơn vị khác: xếp trong dự thảo để hỏi ý kiến, hoặc nhờ lãnh đạo đang trực đổi ngay."
    ),
    "pins.none_in_doubt": _l("Không còn ô đã ghim nào giữ người vắng hoặc không chắc. Tải lại để xem bản mới nhất."),
    "shift.wrong_moves": _l("Việc thay người phải bắt đầu từ chính ca này."),
}
