"""What became of an incident that somebody wanted to take with others."""

from __future__ import annotations

from flask_babel import gettext as _

from core.i18n import t
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
