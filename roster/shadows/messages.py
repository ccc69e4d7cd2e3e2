"""Sentences for the error codes of shadows."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "shadow.away": _l("%(name)s vắng trong ca này: chọn người khác hoặc ca khác."),
    "shadow.busy": _l("%(name)s đã trực hoặc kèm trực nơi khác trong giờ này: chọn người khác hoặc ca khác."),
    "shadow.left": _l("%(name)s không còn làm việc ở đây: chọn người khác."),
    "shadow.serves": _l("%(name)s trực chính ca này, không kèm được."),
    "shadow.unknown": _l("Không có lượt kèm trực số %(id)s."),
}
