"""Sentences for the error codes of what comes in at gateways."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "reply.settled": _l("Tin này đã được xử lý."),
    "reply.unknown": _l("Không có tin này."),
}
