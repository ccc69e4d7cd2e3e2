"""States of units' lists in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from core.i18n import named, span
from people.models import DutyKind
from roster.models import Shift


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


def unsaved(
    sent: Mapping[str, str], shift_of: Mapping[int, Shift], kinds: Mapping[str, DutyKind]
) -> list[tuple[str, str]]:
    """Return what a form sent that is not kept, to be copied: (what it is, as it was typed). Nothing is looked up for
    it that the sender did not write."""
    of_seats = {
        f"seat-{seat}": f"{named(kinds[shift.duty])} · {shift.template}, {span(shift.starts_at, shift.ends_at)}"
        for seat, shift in shift_of.items()
    }
    labels = of_seats | {"name": _("Người lập danh sách"), "note": _("Ghi chú")}
    return [(label, sent[field]) for field, label in labels.items() if sent.get(field, "").strip()]
