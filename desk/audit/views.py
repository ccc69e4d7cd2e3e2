"""/system/: whether the engine itself is well, for administrators and managers."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, i18n
from core.db import db
from core.models import SystemFault
from core.observability import heartbeat
from desk.audit import auditor, shut_channels, words as auditor_words
from desk.audit.findings import UNTOLD, findings
from desk.audit.health import database_words
from desk.backups import schedule
from desk.copy_secrets import kept_passphrase
from notify import queries as notify
from notify.gateways import breakers
from people.access import guard
from roster.coverage import unsure
from roster.publishing import overview
from roster.reachability import report

bp = Blueprint("system", __name__)
MOST_SHOWN = 50
AUDIT_LATE = timedelta(minutes=3)
"""It looks every minute."""


@bp.get("/system/")
@guard.requires("system.read")
def index() -> ResponseReturnValue:
    """Tình trạng hệ thống: what is wrong now, signs of life, gateways that fail, what was wrong before."""
    now = clock.now()
    found = findings(now=now)
    past = select(SystemFault).order_by(SystemFault.since.desc(), SystemFault.id.desc()).limit(MOST_SHOWN)
    return render_template(
        "desk/audit/system.html",
        now=now,
        found=[each for each in found if each.kind not in UNTOLD],
        doubts=[each for each in found if each.kind in UNTOLD],
        sentence=auditor_words.sentence,
        remedy=auditor_words.remedy,
        cover=_cover(now),
        shut=shut_channels.said(),
        unconnected=shut_channels.current().unconnected,
        database=database_words(),
        signs=_signs(),
        gateways=[row for row in breakers.known() if row.probe_at is not None],
        faults=db.session.scalars(past).all(),
        copies=_copies(),
        sealed=kept_passphrase.current() is not None,
        passphrase_waits=kept_passphrase.waits(),
        key_in_copies=current_app.config["SECRET_KEY_KEPT"],
        passphrase_elsewhere=kept_passphrase.is_of_the_environment(),
        unseen=_unseen(now),
    )


def _unseen(now: datetime) -> list[str]:
    """Return what nobody has looked at: while there is any, that no fault was found says little."""
    said = []
    beat = heartbeat.last_beat(auditor.BEAT)
    if beat is None:
        said.append(_("Bộ phận tự kiểm tra chưa chạy lần nào."))
    elif now - beat > AUDIT_LATE:
        said.append(_("Bộ phận tự kiểm tra chạy lần cuối lúc %(time)s.", time=i18n.dts(beat)))
    if schedule.last_good().get(schedule.GOOD) is None:
        said.append(_("Chưa có bản sao dữ liệu nào."))
    if shut_channels.is_unconnected(anywhere=True):
        said.append(_("Chưa nối cổng gửi nào: không ai được gọi."))
    elif not notify.has_sent():
        said.append(_("Chưa gửi tin nào: chưa biết cổng gửi có chạy không."))
    return said


def _cover(now: datetime) -> dict[str, int | bool]:
    """Return how the coming week stands: places that nobody fills, and those whose holder is recorded absent; whether
    anything is published for it, and at all."""
    return {
        "published": report.published(None, now=now),
        "ever": overview.is_published(None),
        "days": report.DAYS,
        "missing": sum(each.missing for each in report.short(None, now=now)),
        "unsure": len(unsure.coming(None, now=now, days=report.DAYS)),
    }


def _copies() -> list[tuple[str, datetime | None]]:
    """When a copy last came to lie in each folder."""
    good = schedule.last_good()
    shown = [(_("Trên máy này"), good.get(schedule.GOOD))]
    if schedule.second_folder() is not None:
        shown.append((_("Thư mục thứ hai (BACKUP_DIR)"), good.get(schedule.SECOND)))
    return shown


def _signs() -> list[tuple[str, datetime | None]]:
    """(who, last beat): each worker, and the auditor."""
    signs: list[tuple[str, datetime | None]] = [
        (_("Máy báo động %(name)s", name=heartbeat.title(row)), row.beat_at) for row in heartbeat.workers()
    ]
    if not signs:
        signs.append((_("Máy báo động"), None))
    signs.append((_("Bộ phận tự kiểm tra (mỗi phút)"), heartbeat.last_beat(auditor.BEAT)))
    return signs
