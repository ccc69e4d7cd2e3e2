"""Sentences for the error codes of figures and of the message of the morning."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "morning.hour": _l("Ghi giờ như 06:30, hoặc để trống."),
    "figures.form": _l("Không xuất được dạng “%(form)s”; chọn csv hoặc xlsx."),
}
