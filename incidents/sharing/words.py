"""What of an incident is said in a group: no number of anybody, no notes, not who reported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from core.i18n import dt
from incidents.record import naming
from incidents.record.models import Incident
from incidents.sharing import rules
from incidents.sharing.models import SharedIncident
from incidents.words import severity_word


@dataclass(frozen=True)
class PromisedNews:
    """``news_at``: None when nobody promised any, or it has passed."""

    code: str
    title: str
    level: int
    place: str
    state: str
    news_at: datetime | None
    is_exercise: bool


def promised_news(row: SharedIncident, now: datetime) -> PromisedNews:
    incident = row.incident
    awaited = row.news_at is not None and row.news_at > now and incident.status in ("open", "acknowledged")
    return PromisedNews(
        incident.code,
        rules.without_numbers(naming.outside(incident)),
        incident.severity,
        incident.unit.name,
        state(incident),
        row.news_at if awaited else None,
        incident.rehearsal_id is not None,
    )


def state(incident: Incident) -> str:
    """Who has it, or how it ended."""
    match incident.status:
        case "open":
            return _("Chưa ai nhận")
        case "acknowledged":
            who = incident.acknowledged_by
            return _("%(name)s đang xử lý, nhận lúc %(time)s", name=who, time=_at(incident.acknowledged_at))
        case "resolved":
            return _("Đã xử lý xong lúc %(time)s", time=_at(incident.resolved_at))
        case _:
            return _("Đã đóng lúc %(time)s", time=_at(incident.closed_at))


def _at(moment: datetime | None) -> str:
    return dt(moment) if moment is not None else ""


def text(said: PromisedNews, url: str) -> str:
    """Return it as lines for a chat."""
    lines = [
        _("DIỄN TẬP") + f" · {said.code}" if said.is_exercise else _("SỰ CỐ %(code)s", code=said.code),
        said.title,
        _("Mức %(level)s: %(word)s", level=said.level, word=severity_word(said.level)),
        _("Nơi xảy ra: %(place)s", place=said.place),
        said.state,
    ]
    if said.news_at is not None:
        lines.append(_("Tin tiếp theo lúc %(time)s", time=dt(said.news_at)))
    return "\n".join([*lines, "", _("Xem tình trạng mới nhất: %(url)s", url=url)])
