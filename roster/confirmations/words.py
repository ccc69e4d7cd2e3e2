"""How an answer was given, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core.i18n import dt
from people.links.models import SaidBy
from roster.confirmations.models import Confirmation


def how(said: Confirmation) -> str:
    """Return it with who had a hand in it, and when."""
    return given(said, said.answered_by, said.answered_at)


def given(said: SaidBy, by: str, when: datetime) -> str:
    """The same of any word; ``by``: whoever said it."""
    at = dt(when)
    if said.how == "slip":
        return f"{slip(said.slip_by or '', given=said.slip_given)}, {at}"
    if said.how == "phone":
        return _("qua điện thoại, %(by)s ghi lúc %(time)s", by=by, time=at)
    return _("tự trả lời lúc %(time)s", time=at)


def slip(by: str, *, given: bool) -> str:
    """``by``: who printed it, or gave the address that it came from (``given``)."""
    if given:
        return _("qua địa chỉ do %(by)s thêm", by=by)
    return _("theo phiếu in bởi %(by)s", by=by) if by else _("theo phiếu, không rõ ai in")
