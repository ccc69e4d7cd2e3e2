"""/system/audit: who did what, when, to what and from where; as a page and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, audit, clock, i18n, spreadsheets
from core.api.pagination import paginate
from core.db import db, transaction
from desk.audit_log import naming, queries, words
from desk.audit_log.naming import AuditEntryLine
from desk.audit_log.queries import AuditFilter
from people.access import guard

bp = Blueprint("audit_log", __name__, url_prefix="/system/audit")
PAGE = 50
DAYS = 30
"""Without other days the page looks back so far: what somebody wants to know has mostly just happened."""
MOST = 10_000
"""Lines of one file; the page says when there were more."""
TEXTS = ("who", "kind", "about", "thing", "thing_id")


@bp.get("/")
@guard.requires("audit.read")
def index() -> ResponseReturnValue:
    """``?who= kind= about= thing= thing_id= since= until=``; without days the last thirty."""
    actor, now = guard.current_actor(), clock.now()
    since, until = _days(now)
    asked = _asked(since, until)
    wanted = queries.statement(asked, actor=actor, now=now)
    found, following = paginate(wanted, queries.KEYS, limit=PAGE, cursor=request.args.get("cursor"))
    kept = _kept()
    return render_template(
        "desk/audit_log/index.html",
        lines=naming.lines(found),
        asked=asked,
        since=since,
        until=until,
        unreadable=arguments.unreadable("since", "until"),
        areas=words.AREAS,
        about=_about_words(asked, found),
        most=MOST,
        is_first=not request.args.get("cursor"),
        csv_url=url_for(".export", **kept),
        following=url_for(".index", **kept, cursor=following) if following else None,
    )


@bp.get("/export.csv")
@guard.requires("audit.read")
def export() -> ResponseReturnValue:
    """Return what the page lists, all pages of it, as CSV; who took it along is written down."""
    actor, now = guard.current_actor(), clock.now()
    since, until = _days(now)
    wanted = queries.statement(_asked(since, until), actor=actor, now=now)
    found = db.session.scalars(wanted.order_by(*queries.KEYS).limit(MOST + 1)).all()
    rows = [_row(line) for line in naming.lines(found[:MOST])]
    cut = [[_("Còn thao tác cũ hơn không có trong tệp này: chọn khoảng ngày ngắn hơn.")]] if len(found) > MOST else []
    with transaction():
        about = actor.unit_id if actor.unit_id is not None else "all"
        audit.record(
            actor, "audit.export", "unit", about, now=now, rows=len(rows), from_on=str(since), to_on=str(until)
        )
    response = Response(spreadsheets.csv_file([_heading(), *rows, *cut]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="nhat-ky-thao-tac-{since}-{until}.csv"'
    return response


def _asked(since: date, until: date) -> AuditFilter:
    texts = {name: request.args.get(name, "").strip()[:200] for name in TEXTS}
    return AuditFilter(**texts, since=clock.at_local(since), until=clock.at_local(until + timedelta(days=1)))


def _days(now: datetime) -> tuple[date, date]:
    today = clock.local_date(now)
    until = min(arguments.day("until") or today, today)
    return arguments.day("since") or until - timedelta(days=DAYS), until


def _kept() -> dict[str, Any]:
    """Return what the links of the page say again: what was asked, and nothing more, for a cursor belongs to its
    filters."""
    return {name: text for name in (*TEXTS, "since", "until") if (text := request.args.get(name, ""))}


def _about_words(asked: AuditFilter, found: Sequence[Any]) -> str:
    """The thing whose entries are shown, if they are of one alone."""
    if not (asked.thing and asked.thing_id):
        return ""
    named = naming.names(found[:1]).get((asked.thing, asked.thing_id), asked.thing_id)
    return f"{words.thing(asked.thing)}: {named}"


def _heading() -> list[str]:
    return [
        _("Lúc"),
        _("Ai"),
        _("Mã người"),
        _("Qua"),
        _("Địa chỉ mạng"),
        _("Việc"),
        _("Đối tượng"),
        _("Tên"),
        _("Chi tiết"),
    ]


def _row(line: AuditEntryLine) -> list[str]:
    entry = line.entry
    return [
        i18n.dts(entry.at),
        line.who,
        entry.actor,
        line.way,
        entry.origin,
        line.said,
        line.thing,
        line.name,
        line.facts,
    ]
