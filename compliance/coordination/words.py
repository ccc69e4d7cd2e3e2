"""Words of coordination: where a written request stands, with colour and picture."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

STATES: dict[str, tuple[Any, str, str]] = {
    "open": (_l("Chưa trả lời"), "gold", "clock"),
    "answered": (_l("Đã trả lời"), "green", "check"),
    "handed_over": (_l("Đã bàn giao"), "green", "check"),
    "closed": (_l("Đã đóng"), "grey", "lock"),
}
