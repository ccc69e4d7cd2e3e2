"""How an answer was given, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from core.i18n import dt
from roster.confirmations.models import Confirmation


def how(said: Confirmation) -> str:
    """With who had a hand in it, and when."""
    at = dt(said.answered_at)
    if said.how == "slip":
        return f"{slip(said.slip_by or '')}, {at}"
    if said.how == "phone":
        return _("qua điện thoại, %(by)s ghi lúc %(time)s", by=said.answered_by, time=at)
    return _("tự trả lời lúc %(time)s", time=at)


def slip(printed_by: str) -> str:
    return _("theo phiếu in bởi %(by)s", by=printed_by) if printed_by else _("theo phiếu, không rõ ai in")
