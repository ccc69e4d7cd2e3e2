"""What the parts of a review are called."""

from __future__ import annotations

from flask_babel import gettext as _


def labels() -> dict[str, str]:
    return {
        "happened": _("Diễn biến: việc gì đã xảy ra"),
        "cause": _("Nguyên nhân"),
        "consequence": _("Hậu quả, thiệt hại"),
        "remedy": _("Biện pháp khắc phục"),
        "went_well": _("Điều làm tốt"),
        "went_badly": _("Điều chưa tốt"),
    }
