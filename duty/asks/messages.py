"""Sentences for the error codes of asks that a telephone answers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "answer.changed": _l("Việc này đã đổi hoặc không còn chờ trả lời."),
    "answer.yes_only": _l("Việc này không từ chối được bằng cách này: đề nghị gọi đơn vị."),
}
