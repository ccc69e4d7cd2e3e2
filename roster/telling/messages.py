"""Sentences for the error codes of telling."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "telling.nobody": _l("Không còn ai chưa được báo tin."),
}
