"""What is said of each item, in the reader's language: what it is, whose, since when or by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from core.i18n import dm, duration, t
from desk.audit import shut_channels
from desk.readiness.judging import Readiness, ReadinessItem
from desk.readiness.names import ReadinessNames
from desk.readiness.weights import Code
from roster.feeds.freshness import STALE_AFTER

SHOWN = 3
"""Names said of an item; of more it says how many."""
SUBJECTS: dict[Code, Any] = {
    "engine": _l("máy báo động"),
    "paused": _l("gửi tin sau khôi phục"),
    "channels": _l("kênh gửi"),
    "gaps": _l("chỗ trống trong lịch đã ban hành"),
    "unlisted": _l("đơn vị chưa có lịch"),
    "unsure": _l("người trực vắng, từ chối hoặc không còn trực"),
    "unconfirmed": _l("xác nhận trong 72 giờ tới"),
    "unreachable": _l("người trực không gọi được"),
    "untold": _l("báo lịch đã ban hành"),
    "changed": _l("bản nháp của hôm nay và ngày mai"),
    "unproven": _l("cách liên lạc chưa xác nhận"),
    "requests": _l("đề nghị nghỉ chờ trả lời"),
    "calendars": _l("lịch trên điện thoại"),
    "phones": _l("số máy bàn trực"),
    "copies": _l("bản sao dữ liệu"),
}
"""What each is about, for lists of what is fine and of what could not be judged."""


def title(item: ReadinessItem, names: ReadinessNames, now: datetime) -> str:
    special = _SPECIAL.get(item.code)
    return special(item, names, now) if special else _counted(item)


def _counted(item: ReadinessItem) -> str:
    count = item.count
    words = {
        "gaps": lambda: ngettext("%(num)s lượt chưa có người", "%(num)s lượt chưa có người", count),
        "unsure": lambda: ngettext("%(num)s lượt không chắc", "%(num)s lượt không chắc", count),
        "unconfirmed": lambda: ngettext(
            "%(num)s lượt chưa xác nhận, trực trong 72 giờ tới",
            "%(num)s lượt chưa xác nhận, trực trong 72 giờ tới",
            count,
        ),
        "unlisted": lambda: ngettext(
            "%(num)s đơn vị chưa có lịch ban hành", "%(num)s đơn vị chưa có lịch ban hành", count
        ),
        "unreachable": lambda: ngettext(
            "%(num)s người trực không gọi được hoặc tin bị từ chối",
            "%(num)s người trực không gọi được hoặc tin bị từ chối",
            count,
        ),
        "untold": lambda: ngettext(
            "%(num)s người chưa được báo lịch đã ban hành", "%(num)s người chưa được báo lịch đã ban hành", count
        ),
        "changed": lambda: ngettext(
            "%(num)s ca hôm nay và ngày mai: bản nháp khác bản đã ban hành",
            "%(num)s ca hôm nay và ngày mai: bản nháp khác bản đã ban hành",
            count,
        ),
        "unproven": lambda: ngettext(
            "%(num)s người trực chưa xác nhận cách liên lạc nào",
            "%(num)s người trực chưa xác nhận cách liên lạc nào",
            count,
        ),
        "requests": lambda: ngettext("%(num)s đề nghị nghỉ chưa trả lời", "%(num)s đề nghị nghỉ chưa trả lời", count),
        "phones": lambda: ngettext(
            "%(num)s nơi trực tại chỗ chưa có số máy", "%(num)s nơi trực tại chỗ chưa có số máy", count
        ),
    }
    return words[item.code]()


def _calendars(item: ReadinessItem, names: ReadinessNames, now: datetime) -> str:
    found = names.people_named(item)
    since = item.since
    if len(found) == 1 and since is not None:
        hours = int((now - since).total_seconds() // 3600)
        return _("Lịch trên điện thoại của %(name)s không đọc được %(n)s giờ", name=found[0].name, n=hours)
    return ngettext(
        "Lịch trên điện thoại của %(num)s người không đọc được quá %(hours)s giờ",
        "Lịch trên điện thoại của %(num)s người không đọc được quá %(hours)s giờ",
        item.count,
        hours=int(STALE_AFTER.total_seconds() // 3600),
    )


def _copies(item: ReadinessItem, _names: ReadinessNames, now: datetime) -> str:
    spoilt = {
        "copies_gone": _("Không còn bản sao dữ liệu nào"),
        "copy_missing": _("Bản sao dữ liệu mới nhất không còn"),
        "copy_cut": _("Bản sao dữ liệu mới nhất bị hỏng"),
    }
    if item.troubles[0].note in spoilt:
        return spoilt[item.troubles[0].note]
    if item.since is None:
        return _("Chưa có bản sao dữ liệu nào")
    return _("Bản sao dữ liệu mới nhất đã %(age)s", age=duration((now - item.since).total_seconds() // 60 * 60))


def _engine(item: ReadinessItem, _names: ReadinessNames, _now: datetime) -> str:
    silent = [each.note for each in item.troubles if each.note]
    if silent:
        return _("Máy báo động %(names)s không chạy, máy khác đang chạy", names=", ".join(silent))
    return _("Máy báo động không chạy: không ai được gọi")


def _channels(item: ReadinessItem, _names: ReadinessNames, _now: datetime) -> str:
    down = [each.note for each in item.troubles if each.note != "unconnected"]
    return shut_channels.cause(down) if down else shut_channels.none_connected()


def _paused(_item: ReadinessItem, _names: ReadinessNames, _now: datetime) -> str:
    return _("Đang tạm dừng gửi tin: không ai được gọi")


_SPECIAL = {
    "calendars": _calendars,
    "copies": _copies,
    "engine": _engine,
    "channels": _channels,
    "paused": _paused,
}


def detail(item: ReadinessItem, names: ReadinessNames) -> str:
    """Whose: people where it is about people, else units; '' where there is nobody to name."""
    of_people = item.code in ("unsure", "unconfirmed", "unreachable", "untold", "unproven", "requests", "calendars")
    found = names.people_named(item) if of_people else names.units_named(item)
    if item.code == "calendars" and len(found) == 1:
        return ""
    said, more = ", ".join(each.name for each in found[:SHOWN]), len(found) - SHOWN
    if more <= 0:
        return said
    if of_people:
        return ngettext("%(names)s và %(num)s người khác", "%(names)s và %(num)s người khác", more, names=said)
    return ngettext("%(names)s và %(num)s đơn vị khác", "%(names)s và %(num)s đơn vị khác", more, names=said)


def when(item: ReadinessItem, now: datetime) -> str:
    """Since when it is so, else by when it must be mended; '' when neither is known."""
    if item.since is not None:
        return _("từ %(time)s", time=_moment(item.since))
    if item.due is None:
        return ""
    if item.due <= now:
        late = _("quá hạn từ %(time)s") if item.code == "unlisted" else _("ca đã bắt đầu %(time)s")
        return late % {"time": _moment(item.due)}
    return _("trước %(time)s", time=_moment(item.due))


def _moment(at: datetime) -> str:
    return f"{t(at)} {dm(at)}"


def left(found: Readiness) -> str:
    """ "9 việc còn lấy mất 22 điểm"."""
    if not found.items:
        return _("Không còn việc nào")
    return ngettext(
        "%(num)s việc còn lấy mất %(points)s điểm",
        "%(num)s việc còn lấy mất %(points)s điểm",
        len(found.items),
        points=found.lost,
    )


def fine(found: Readiness) -> str:
    return ", ".join(str(SUBJECTS[code]) for code in found.fine)


def unjudged(found: Readiness) -> list[str]:
    """A sentence for each reason: what could not be judged is said, so that nobody takes it for fine."""
    reasons = {
        "nothing": _("Chưa có gì để xét"),
        "elsewhere": _("Của toàn hệ thống, xét ở đơn vị cao nhất"),
        "unconnected": _("Bản dùng thử: chưa nối cổng gửi nào, không ai được gọi"),
        "after": _("Chưa xét được, cần khắc phục việc khác trước"),
        "untried": _("Đã nối nhưng chưa gửi tin nào, chưa biết có chạy không"),
    }
    lines = []
    for why, words in reasons.items():
        named = [str(SUBJECTS[code]) for code, reason in found.unjudged.items() if reason == why]
        if named:
            lines.append(f"{words}: {', '.join(named)}")
    return lines
