"""What the card's lines are called, and the sentence that comes with somebody's first letter."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale, gettext as _, lazy_gettext as _l

from duty.contact_card import queries

KINDS: dict[str, Any] = {"voice": _l("Gọi tự động"), "text": _l("Nhắn tin"), "desk": _l("Bàn trực")}


def first_letter(language: str) -> str:
    """Empty while we have no number of our own."""
    if not queries.lines():
        return ""
    with force_locale(language):
        return _(
            "Để cuộc gọi lúc trực không bị máy chặn hoặc tắt chuông, đề nghị lưu số của chúng tôi: %(url)s",
            url=queries.address(),
        )
