"""Where each item is mended: one button with a verb."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _, ngettext

from core.actor import Actor
from desk.readiness.judging import ReadinessItem
from desk.readiness.names import ReadinessNames
from people.access import guard


@dataclass(frozen=True)
class ReadinessRemedy:
    """``url``: a path."""

    text: str
    url: str


def remedy_for(item: ReadinessItem, names: ReadinessNames, *, actor: Actor, now: datetime) -> ReadinessRemedy:
    first = item.troubles[0]
    match item.code:
        case "gaps":
            text = ngettext("Xếp %(num)s lượt", "Xếp %(num)s lượt", item.count)
            return ReadinessRemedy(text, _one_shift(item) or url_for("roster.unreachable", _anchor="short"))
        case "unsure":
            return ReadinessRemedy(_("Tìm người thay"), _covers(item, names))
        case "unconfirmed":
            people = len(names.people_named(item))
            text = ngettext("Gọi tay %(num)s người", "Gọi tay %(num)s người", people)
            return ReadinessRemedy(text, url_for("roster.answers", campaign_id=first.campaign_id))
        case "unlisted":
            return ReadinessRemedy(_("Mở bản nháp"), url_for("roster.campaign", campaign_id=first.campaign_id))
        case "changed":
            return ReadinessRemedy(
                _("Ban hành phần đã đổi"), url_for("roster.publish_part", campaign_id=first.campaign_id)
            )
        case "unreachable" | "unproven":
            text = ngettext("Xem %(num)s người", "Xem %(num)s người", item.count)
            return ReadinessRemedy(text, url_for("roster.unreachable", _anchor="people"))
        case "untold":
            return _tell(item)
        case "requests":
            text = ngettext("Trả lời %(num)s đề nghị", "Trả lời %(num)s đề nghị", item.count)
            return ReadinessRemedy(text, url_for("roster.requests"))
        case "calendars":
            who = names.people_named(item)
            return ReadinessRemedy(_("Gửi lại liên kết"), url_for("people.person", code=who[0].code))
        case "phones":
            where = names.units_named(item)
            return ReadinessRemedy(_("Nhập số"), url_for("roster.duty_kinds", unit=where[0].code))
        case _:
            return _machine_remedy(item, actor, now)


def _machine_remedy(item: ReadinessItem, actor: Actor, now: datetime) -> ReadinessRemedy:
    match item.code:
        case "paused":
            return ReadinessRemedy(_("Chọn cách gửi tiếp"), url_for("sending.index"))
        case "channels" if guard.allowed(actor, "settings.write", None, now=now):
            return ReadinessRemedy(_("Xem cổng gửi"), url_for("gateways.index"))
        case "channels":
            return ReadinessRemedy(_("Xem cổng gửi"), url_for("system.index", _anchor="gateways"))
        case "copies":
            return ReadinessRemedy(_("Xem bản sao"), url_for("system.index", _anchor="copies"))
        case _:
            return ReadinessRemedy(_("Xem máy nào"), url_for("system.index", _anchor="signs"))


def _one_shift(item: ReadinessItem) -> str:
    shifts = {each.shift_id for each in item.troubles}
    return url_for("roster.shift", shift_id=shifts.pop()) if len(shifts) == 1 else ""


def _covers(item: ReadinessItem, names: ReadinessNames) -> str:
    who = names.people_named(item)
    if len(item.troubles) == 1 and who:
        return url_for("roster.covers", shift_id=item.troubles[0].shift_id, **{"for": who[0].code})  # type: ignore[arg-type]
    return url_for("roster.unreachable", _anchor="unsure")


def _tell(item: ReadinessItem) -> ReadinessRemedy:
    """Where most of them are stuck; who got no message at all is rung."""
    why, _count = Counter(each.note for each in item.troubles).most_common(1)[0]
    if why == "unwritten":
        campaign_id = item.troubles[0].campaign_id
        return ReadinessRemedy(_("Gọi và ghi lại"), url_for("roster.answers", campaign_id=campaign_id))
    if why == "held":
        return ReadinessRemedy(
            _("Báo bằng tay"), url_for("roster.told_by_hand", campaign_id=item.troubles[0].campaign_id)
        )
    return ReadinessRemedy(_("Xem tin chưa tới"), url_for("outbox.index", state=why))
