"""Short names of the usual kinds of duty, so that kind and hour stay on one line of a phone."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.i18n import named
from people.models import DutyKind

SHORT: dict[str, Any] = {
    "operations": _l("Điều hành"),
    "emergency": _l("Ứng cứu"),
    "leadership": _l("Lãnh đạo"),
    "support": _l("Hỗ trợ"),
}


def short(kind: DutyKind) -> str:
    """Kinds that the enterprise added keep their whole name."""
    return str(SHORT.get(kind.code) or named(kind))
