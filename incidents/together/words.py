"""What became of an incident that somebody wanted to take with others."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _, ngettext

from core.i18n import t
from incidents.record import naming
from incidents.record.models import Incident


def became(incident: Incident) -> str:
    """Who has it instead, or why it was not taken."""
    if incident.status == "acknowledged":
        at = t(incident.acknowledged_at) if incident.acknowledged_at else ""
        return _("%(code)s: %(name)s đã nhận lúc %(time)s.", code=incident.code, name=incident.acknowledged_by, time=at)
    if incident.status == "open":
        return _("%(code)s phải mở và nhận riêng.", code=incident.code)
    if incident.joined_to_id is not None:
        return _("%(code)s đã gộp vào sự cố khác.", code=incident.code)
    return _("%(code)s đã xử lý xong.", code=incident.code)


def refused(incident: Incident) -> str:
    """Nobody has it, and the reader may not take it."""
    return _("%(code)s: đồng chí không có quyền nhận ở đơn vị ấy.", code=incident.code)


def holding(worst: Sequence[Incident]) -> str:
    """That whoever takes others has something of level 1 (``services.worst_held``); empty when they have none."""
    if not worst:
        return ""
    codes = ", ".join(each.code for each in worst)
    return ngettext(
        "Đồng chí đang giữ một việc mức 1: %(codes)s.",
        "Đồng chí đang giữ %(num)s việc mức 1: %(codes)s.",
        len(worst),
        codes=codes,
    )


def but(several: Sequence[Incident]) -> str:
    """Return what stays out when all others are taken: "trừ 2 sự cố mức 1"; empty when nothing does."""
    worst = sum(each.severity == naming.WORST for each in several)
    parts = [
        ngettext("%(num)s sự cố mức 1", "%(num)s sự cố mức 1", worst) if worst else "",
        ngettext("%(num)s sự cố phải mở để xem", "%(num)s sự cố phải mở để xem", len(several) - worst)
        if len(several) > worst
        else "",
    ]
    named = _(" và ").join(part for part in parts if part)
    return _("trừ %(what)s", what=named) if named else ""
