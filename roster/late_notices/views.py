"""One button on "Ai đã xác nhận": tell those who were not told when their shifts were published."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from core import clock
from core.web import back
from people.access import guard
from roster.blueprint import bp
from roster.late_notices import services as telling


@bp.post("/campaigns/<int:campaign_id>/confirmations/tell")
@guard.requires("campaign.publish")
def tell_untold(campaign_id: int) -> ResponseReturnValue:
    leaves, by_hand = telling.tell(campaign_id, actor=guard.current_actor(), now=clock.now())
    said = ngettext("Đang gửi tin cho %(num)s người.", "Đang gửi tin cho %(num)s người.", leaves)
    if by_hand:
        said += " " + ngettext("%(num)s người phải báo bằng tay.", "%(num)s người phải báo bằng tay.", by_hand)
    return back(url_for("roster.answers", campaign_id=campaign_id), said, "warn" if by_hand else "ok")
