"""Sentences for what dossiers refuse."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "dossier.nothing": _l("Văn bản này không giao yêu cầu nào cho %(unit)s."),
}
