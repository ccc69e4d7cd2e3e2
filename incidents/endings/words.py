"""What is said of how an incident goes on: its code, a time, who has it, never its title."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _, ngettext
from sqlalchemy import select

from core.db import db
from core.i18n import dm, t
from incidents.endings import fitting
from incidents.record.models import Incident, TimelineEntry

BRIEF = ("sms", "push")
"""Channels with room for one line."""


def phrase(incident: Incident, event: str, at: datetime, now: datetime) -> tuple[str, str]:
    """Return what has become of it, as it stands now, and the same in fewer words. ``at``: when ``event`` was written
    down."""
    if event == "asked_no_more":
        return _("không cần đồng chí trả lời nữa"), _("không cần trả lời nữa")
    if incident.status == "open":
        said = _("mở lại lúc %(time)s, máy đang gọi người nhận", time=_time(at, now))
        return said, _("mở lại")
    if incident.status == "acknowledged":
        name, taken_at = incident.acknowledged_by, incident.acknowledged_at or at
        return _("%(name)s đã nhận lúc %(time)s", name=name, time=_time(taken_at, now)), _("đã có người nhận")
    over_at = _time(incident.resolved_at or incident.closed_at or at, now)
    if incident.joined_to is not None:
        return _("gộp vào %(main)s lúc %(time)s", main=incident.joined_to.code, time=over_at), _("đã gộp")
    if incident.resolved_at is None:
        return _("diễn tập kết thúc lúc %(time)s", time=over_at), _("diễn tập kết thúc")
    if _went_away(incident):
        return _("tự hết lúc %(time)s", time=over_at), _("đã hết")
    if event == "called_off":
        return _("thôi gọi lúc %(time)s, không phải đi", time=over_at), _("thôi gọi")
    return _("đã xong lúc %(time)s", time=over_at), _("đã xong")


def named(incident: Incident) -> str:
    return _("DIỄN TẬP") + f" {incident.code}" if incident.rehearsal_id is not None else incident.code


def subject(incident: Incident, event: str, at: datetime, now: datetime) -> str:
    """By this an earlier message is told from one with news: it has no time."""
    if event not in ("reopened", "asked_no_more") and incident.status == "acknowledged":
        said = _("%(name)s đã nhận", name=incident.acknowledged_by)
    else:
        said = phrase(incident, event, at, now)[1]
    return f"{named(incident)}: {said}"


def subject_of(told: Sequence[str]) -> str:
    """Return the subject of one message about several."""
    if len(told) == 1:
        return told[0]
    return ngettext("%(num)s sự cố đã gọi đồng chí", "%(num)s sự cố đã gọi đồng chí", len(told))


def body(channel: str, said: Sequence[tuple[str, str, str]], *, nobody_waits: bool) -> str:
    """``said``: code, phrase and shorter phrase of each; ``nobody_waits``: neither for the reader nor for others."""
    tail = _("Đồng chí không phải làm gì nữa.") if nobody_waits else ""
    if channel in BRIEF:
        return fitting.fitted(said, tail)
    lines = lines_of(said)
    link = f"{current_app.config['PUBLIC_URL']}/incidents/"
    return "\n".join(lines) + (f"\n\n{tail}" if tail else "") + f"\n\n{link}\n"


def lines_of(said: Sequence[tuple[str, str, str]]) -> list[str]:
    groups = fitting.grouped((code, whole) for code, whole, _brief in said)
    return [f"{', '.join(codes)}: {whole}." for codes, whole in groups]


def _time(at: datetime, now: datetime) -> str:
    """The day too, where it is another one."""
    return t(at) if dm(at) == dm(now) else f"{t(at)} {dm(at)}"


def _went_away(incident: Incident) -> bool:
    """Whether the last who said that it is over was a machine."""
    last = select(TimelineEntry.params).where(
        TimelineEntry.incident_id == incident.id, TimelineEntry.kind == "resolved"
    )
    return bool((db.session.scalar(last.order_by(TimelineEntry.id.desc()).limit(1)) or {}).get("machine"))
