"""States of units' lists in words."""

from __future__ import annotations

from flask_babel import gettext as _


def state(code: str) -> tuple[str, str]:
    """(words, colour of the badge)."""
    return {
        "waiting": (_("Chưa gửi"), "red"),
        "sent": (_("Đã gửi"), "blue"),
        "returned": (_("Trả lại"), "gold"),
        "merged": (_("Đã ghép"), "green"),
    }[code]


def filled(number: int, seats: int) -> str:
    return _("%(n)s trên %(all)s lượt", n=number, all=seats)
