"""How an answer was given, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core.i18n import dt
from roster.confirmations.models import Confirmation


def how(said: Confirmation) -> str:
    """With who had a hand in it, and when."""
    return given(said.how, said.slip_by, said.answered_by, said.answered_at)


def given(how: str, slip_by: str | None, by: str, when: datetime) -> str:
    """The same of any word; ``by``: whoever said it."""
    at = dt(when)
    if how == "slip":
        return f"{slip(slip_by or '')}, {at}"
    if how == "phone":
        return _("qua điện thoại, %(by)s ghi lúc %(time)s", by=by, time=at)
    return _("tự trả lời lúc %(time)s", time=at)


def slip(printed_by: str) -> str:
    return _("theo phiếu in bởi %(by)s", by=printed_by) if printed_by else _("theo phiếu, không rõ ai in")
