"""/bao/…: report without an account, and see what becomes of it. GET shows, POST acts; no session, no scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import clock, fragments
from core.db import db
from core.errors import Conflict, DomainError, Gone, Invalid, NotFound, Throttled
from core.files.content import File
from core.web import csrf, secret_page
from incidents.attachments import uploads
from incidents.merging import services as merging
from incidents.public_reports import (
    beside,
    codes,
    counter_codes,
    forms as forms_report,
    links,
    services as reports,
    status as report_status,
)
from incidents.public_reports.forms import ReportForm
from incidents.public_reports.models import PublicReport
from incidents.record.models import Incident
from people.access import guard
from people.models import Unit
from roster.resolver import numbers

bp = Blueprint("reports", __name__, url_prefix="/bao")
# Anybody who holds the sheet, or the link of a report, may use it; a cookie adds nothing here.
csrf.exempt(bp)


@bp.get("/<token>")
@guard.public
def form(token: str) -> ResponseReturnValue:
    """The form of the post office whose sheet was scanned."""
    try:
        unit, _generation = codes.by_token(token)
    except (NotFound, Gone) as error:
        return _closed(error)
    return _form_page(ReportForm(), unit)


@bp.post("/<token>")
@guard.public
def send(token: str) -> ResponseReturnValue:
    """Take it down and show what becomes of it; what was typed stays when something is wrong."""
    now = clock.now()
    try:
        unit, generation = codes.by_token(token)
    except (NotFound, Gone) as error:
        return _closed(error)
    typed = ReportForm()
    if not typed.validate():
        return _form_page(typed, unit, 422)
    photos, unread = _photos(unit.id, now)
    told = typed.told(forms_report.answers(request.form), photos)
    try:
        made, _created = reports.report(
            told, unit_id=unit.id, generation=generation, address=request.remote_addr or "", now=now
        )
    except Throttled as error:
        return _form_page(typed, unit, error.http_status, flooded=True)
    except Invalid as error:
        typed.take(error)
        return _form_page(typed, unit, 422)
    # What burns must not wait for a picture: the report is written, and the page says what is missing.
    return redirect(url_for(".status", link=links.link_of(made), unread=1 if unread else None), code=303)


@bp.get("/xem/<link>")
@guard.public
def status(link: str) -> ResponseReturnValue:
    """Who is being called, that it was taken, when somebody comes, that it is done; ``?live=1``: the moving part."""
    now = clock.now()
    try:
        row = links.by_link(link, now=now)
    except (NotFound, Gone) as error:
        return _closed(error)
    if request.args.get("live"):
        facts = _facts(row)
        return fragments.fragment("incidents/public_reports/_status.html", fragments.tag(facts["tag"]), facts)
    return _status_page(row, link)


@bp.post("/xem/<link>")
@guard.public
def answer(link: str) -> ResponseReturnValue:
    """More from the reporter, or that it was a mistake."""
    now = clock.now()
    try:
        row = links.by_link(link, now=now)
    except (NotFound, Gone) as error:
        return _closed(error)
    try:
        _answer(row, now)
    except (Invalid, Conflict, Throttled) as error:
        db.session.expire_all()
        return _status_page(links.by_link(link, now=now), link, problem=error.message(), code=error.http_status)
    return redirect(url_for(".status", link=link, done=request.form.get("do", "")), code=303)


def _answer(row: PublicReport, now: datetime) -> None:
    if request.form.get("do") == "mistaken":
        reports.say_mistaken(row.id, now=now)
    else:
        photos, unread = _photos(db.session.get_one(Incident, row.incident_id).unit_id, now)
        if unread:
            raise unread[0]
        reports.add_more(row.id, request.form.get("note", ""), photos=photos, now=now)


def _photos(unit_id: int, now: datetime) -> tuple[list[File], Sequence[DomainError]]:
    """Return those that came and can be kept, and what is wrong with the rest; of too many forms none are looked at."""
    if not uploads.sent():
        return [], []
    address = request.remote_addr or ""
    try:
        return uploads.photos_of_strangers(
            lambda millions: reports.take_pictures(unit_id, millions, address=address, now=now)
        )
    except Throttled as many:
        return [], [many]


def _beside(token: str) -> list[tuple[str, str]]:
    """A sheet of before is the counter's too, until the unit has printed one."""
    return beside.hidden_fields(token) if counter_codes.is_old(token) else []


def _form_page(typed: ReportForm, unit: Unit, code: int = 200, *, flooded: bool = False) -> Response:
    return secret_page(
        render_template(
            "incidents/public_reports/form.html",
            form=typed,
            unit=unit,
            number=numbers.number_for_incidents(unit.id),
            flooded=flooded,
            questions=forms_report.questions(),
            answers=forms_report.answers(request.form),
            beside=_beside(request.view_args["token"] if request.view_args else ""),
        ),
        code,
    )


def _status_page(row: PublicReport, link: str, *, problem: str = "", code: int = 200) -> Response:
    facts = _facts(row)
    return secret_page(
        render_template(
            "incidents/public_reports/status.html",
            problem=problem,
            typed=request.form,
            link=link,
            every=fragments.EVERY,
            etag=fragments.tag(facts["tag"]),
            done=request.args.get("done", ""),
            unread=bool(request.args.get("unread")),
            **facts,
        ),
        code,
    )


def _facts(row: PublicReport) -> dict[str, Any]:
    incident = db.session.get_one(Incident, row.incident_id)
    # Joined to another one it is not done: that one is what becomes of it.
    seen = report_status.seen(merging.main_of(incident))
    number = numbers.number_for_incidents(incident.unit_id)
    return {
        "report": row,
        "incident": incident,
        "unit": incident.unit,
        "seen": seen,
        "now": clock.now(),
        "number": number,
        "tag": (row.id, row.mistaken_at, seen, number),
    }


def _closed(error: DomainError) -> Response:
    return secret_page(render_template("incidents/public_reports/gone.html", said=error.message()), error.http_status)
