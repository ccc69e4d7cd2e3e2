"""What windows are called, and their line in the timeline of what they held."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _, ngettext

from core.i18n import dt, duration, named, t
from incidents.maintenance.models import MaintenanceWindow
from incidents.maintenance.queries import ShownWindow, about
from incidents.words import EntryStyle, Kinds

SHORT = timedelta(hours=12)


def scope(window: MaintenanceWindow) -> str:
    """Return what it is about: "Giám sát mạng · Bưu điện huyện A"."""
    parts = [window.intake.name if window.intake else "", named(window.kind) if window.kind else "", window.unit.name]
    return " · ".join(part for part in parts if part)


def held(found: ShownWindow) -> str:
    """How much it holds: 7 tin giữ lại, 3 đã tự hết."""
    if not found.held:
        return _("chưa có tin nào")
    said = ngettext("%(num)s tin giữ lại", "%(num)s tin giữ lại", found.held)
    gone = found.held - found.firing
    return said + ", " + _("%(n)s đã tự hết", n=gone) if gone else said


def line(found: ShownWindow) -> str:
    """One line: what holds, until when, how much; or what is to come, or waits to be confirmed."""
    window = found.window
    if found.is_waiting:
        return _("Chờ xác nhận bảo trì: %(what)s, %(from)s đến %(to)s", **_span(window))
    if not found.is_holding:
        return _("Sắp bảo trì: %(what)s, %(from)s đến %(to)s", **_span(window))
    given = _span(window) | {"held": held(found)}
    if window.is_silence:
        return _("Đang tạm im: %(what)s đến %(to)s, %(held)s", **given)
    return _("Đang bảo trì: %(what)s đến %(to)s, %(held)s", **given)


def asked(window: MaintenanceWindow, link: str) -> tuple[str, str]:
    """Return subject and body of a message to whoever may confirm it."""
    subject = _("Chờ đồng chí xác nhận bảo trì: %(what)s, %(from)s đến %(to)s", **_span(window))
    body = _(
        "%(subject)s. %(name)s ghi: “%(reason)s”. Trong đó %(time)s phải có người trực. Chưa xác nhận thì máy báo vẫn "
        "gọi người trực như thường; xác nhận rồi thì tin của máy được giữ lại và đếm, không gọi ai. "
        "Xem và xác nhận: %(link)s",
        subject=subject,
        name=window.created_by,
        reason=window.reason,
        time=duration(window.obligatory_minutes * 60),
        link=link,
    )
    return subject, body


def ran(found: ShownWindow) -> str:
    """Return the line for the message of the morning: which, when, how many reports it kept back."""
    window = found.window
    parts = [_("%(what)s, %(from)s đến %(to)s", **_span(window)), held(found)]
    if found.firing and window.released_at is not None:
        parts.append(
            ngettext(
                "%(num)s tin còn báo nên đã gọi người trực", "%(num)s tin còn báo nên đã gọi người trực", found.firing
            )
        )
    return " · ".join([*parts, window.reason])


def lines(unit_id: int, now: datetime) -> list[str]:
    """Return the lines for the desk of a unit: ``line`` of all that concern it."""
    return [line(each) for each in about(unit_id, now)]


def until(window: MaintenanceWindow) -> str:
    """Return when it is over; the hour alone, where the day is clear."""
    return t(window.over_at) if window.over_at - window.starts_at < SHORT else dt(window.over_at)


def _span(window: MaintenanceWindow) -> dict[str, str]:
    return {"what": scope(window), "from": dt(window.starts_at), "to": until(window)}


def _was_held(params: dict[str, Any], kinds: Kinds) -> str:
    since = datetime.fromisoformat(params["since"])
    return _("Đã giữ lại từ %(time)s vì bảo trì; hết bảo trì mà còn báo nên gọi người trực", time=dt(since))


LINES: dict[str, EntryStyle] = {"was_held": EntryStyle(_was_held, "clock", "gold")}
