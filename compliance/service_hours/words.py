"""Opening hours in words."""

from __future__ import annotations

from flask_babel import gettext as _

from compliance.service_hours.rules import OpeningHours


def said(hours: OpeningHours | None) -> str:
    if hours is None:
        return _("Chưa ghi giờ")
    if hours.closed:
        return _("Không mở cửa")
    return f"{hours.opens} – {hours.closes}"


def whole(hours: OpeningHours | None) -> str:
    """Return it with the last acceptance."""
    if hours is None or not hours.last_acceptance:
        return said(hours)
    return _("%(hours)s, nhận gửi đi trong ngày đến %(last)s", hours=said(hours), last=hours.last_acceptance)
