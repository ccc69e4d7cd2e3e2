"""Sentences for the error codes of papers of rosters."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: dict[str, Any] = {
    "papers.long": _l(
        "Trình bày theo ngày nhận nhiều nhất %(most)s ca, ở đây có %(n)s ca: chọn từng đơn vị, hoặc trình bày theo "
        "người × ngày."
    ),
}
