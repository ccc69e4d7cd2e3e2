"""/diem/…: "Hôm nay ở điểm", behind the code of the counter's own sheet. GET shows, POST acts; works without scripts.

A phone that has no line keeps what was sent (static/js/point.js) and sends it again with the same key, asking for JSON.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, datetime

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.parcel_checks import findings, queries as parcel_queries, services as parcels
from compliance.posting import law, services as posting
from compliance.today import form_fields, queries, services
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict, DomainError, Gone, Invalid, NotFound, Throttled, by_field
from core.files.codes import read_codes as codes_in
from core.files.content import File
from core.web import csrf, secret_page
from incidents.attachments import uploads
from incidents.public_reports import codes, counter_codes, services as reports
from incidents.public_reports.counter_codes import Scanned
from people import queries as people
from people.access import guard
from people.models import Unit

bp = Blueprint("today", __name__, url_prefix="/diem")
# Whoever holds the counter's sheet may use it; a cookie adds nothing here.
csrf.exempt(bp)


def sheet_link(token: str) -> tuple[str, str]:
    """Return the link to the counter's sheet."""
    return url_for("today.page", token=token), _("Hôm nay ở điểm")


@bp.get("/<token>")
@guard.public
def page(token: str) -> ResponseReturnValue:
    """Everything that is asked of the point today; ``?day=`` fills in one that was missed."""
    now = clock.now()
    try:
        scanned = counter_codes.by_token(token)
        day = form_fields.day(clock.local_date(now))
        parcels.ensure_day(day, now)
    except (NotFound, Gone) as error:
        return _closed(error)
    except Invalid as error:
        return _shown(scanned, token, clock.local_date(now), now, error=error)
    return _shown(scanned, token, day, now)


@bp.post("/<token>")
@guard.public
def tell(token: str) -> ResponseReturnValue:
    """The one tap, or what was not as usual."""

    def act(scanned: Scanned, day: date, actor: Actor, now: datetime) -> tuple[str, str]:
        told = replace(form_fields.told(day), waits=scanned.is_old)
        services.tell(scanned.unit.id, told, actor=actor, now=now)
        return "waiting" if scanned.is_old else _became(scanned.unit.id, told), ""

    return _act(token, act)


def _became(unit_id: int, told: services.CounterReport) -> str:
    """Whether whoever answers for the point is shown the number, as one that is not added or differs from what they put
    right. Sent again after they have seen to it, it waits no more."""
    row = parcel_queries.counter_of(unit_id, told.day, told.counter)
    if row is None or row.unheeded_at is None or row.unheeded != told.checked:
        return "day"
    return "uncounted" if row.settled_at is None else "settled"


@bp.post("/<token>/phat-hien")
@guard.public
def find(token: str) -> ResponseReturnValue:
    """Something was found, before or after the parcel was accepted."""

    def act(scanned: Scanned, day: date, actor: Actor, now: datetime) -> tuple[str, str]:
        unit, found = scanned.unit, replace(form_fields.found(day), waits=scanned.is_old)
        if found.moment == "after":  # each of these calls somebody
            found = replace(found, crowded=reports.is_crowded(unit.id, request.remote_addr or "", now))
        row, _created = findings.find(unit.id, found, actor=actor, now=now)
        # 0: a refusal that is no part of the day's number.
        return "refused" if row.sheet_added == 0 else row.moment, row.incident.code if row.incident is not None else ""

    return _act(token, act)


@bp.post("/<token>/niem-yet")
@guard.public
def post(token: str) -> ResponseReturnValue:
    """It hangs, with a photo of it, which proves it when somebody has accepted it."""

    def act(scanned: Scanned, day: date, actor: Actor, now: datetime) -> tuple[str, str]:
        unit, sheet = scanned.unit, scanned.sheet
        if posting.is_known(unit.id, request.form.get("form_key", "")):  # sent again: nothing is read twice
            return "posted", ""
        photo = _photo(unit.id, sheet, now)
        said = form_fields.posted(photo)
        read = codes_in(photo.content)
        posting.post(unit.id, replace(said, sheet=sheet, codes=read), actor=actor, now=now)
        return "posted", ""

    return _act(token, act)


def _photo(unit_id: int, sheet: str, now: datetime) -> File:
    """The picture that came, small and without what a camera adds."""
    if not uploads.sent():
        raise Invalid("posting.photo", field="photos")
    address = request.remote_addr or ""
    services.take_photo(unit_id, sheet, address, now=now)
    kept, faults = uploads.photos_of_strangers(
        lambda millions: reports.take_pictures(unit_id, millions, address=address, now=now)
    )
    if faults:
        raise faults[0]
    if kept[0].thumbnail is None:  # a PDF hangs on no wall
        raise Invalid("posting.photo", field="photos")
    return kept[0]


def _act(token: str, act: object) -> ResponseReturnValue:
    now = clock.now()
    try:
        scanned = counter_codes.by_token(token)
    except (NotFound, Gone) as error:
        return _refused(error) if _wants_json() else _closed(error)
    today = clock.local_date(now)
    unit, day = scanned.unit, today
    try:
        services.take_turn(unit.id, scanned.sheet, request.remote_addr or "", now=now)
        day = form_fields.day(today)
        done, code = act(scanned, day, reports.reporter(unit.id), now)  # type: ignore[operator]
    except (Invalid, Conflict, Throttled) as error:
        db.session.rollback()
        if _wants_json():
            return _refused(error)
        scanned = replace(scanned, unit=people.unit_by_id(unit.id))
        return _shown(
            scanned, token, day if not isinstance(error, Invalid) or error.field != "day" else today, now, error=error
        )
    # A telephone may open it tomorrow: then it says which day it was.
    shown = None if day == today and not _wants_json() else day.isoformat()
    there = url_for(".page", token=token, day=shown, done=done, code=code or None)
    return _private(jsonify(to=there)) if _wants_json() else redirect(there, code=303)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _refused(error: DomainError) -> Response:
    said = [each.message() for each in error.errors] or [error.message()]
    return _private(jsonify(problems=said), error.http_status)


def _private(response: Response, status: int = 200) -> Response:
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(scanned: Scanned, token: str, day: date, now: datetime, *, error: DomainError | None = None) -> Response:
    unit = scanned.unit
    point = queries.today_at(unit, day, now)
    faults = by_field(error)
    return secret_page(
        render_template(
            "compliance/today/page.html",
            point=point,
            token=token,
            is_old=scanned.is_old,
            report=_report(unit),
            form_key=secrets.token_urlsafe(16),
            typed=request.form,
            faults=faults,
            problem=error.message() if error and not faults else "",
            done=request.args.get("done", ""),
            code=request.args.get("code", ""),
            rules=parcel_queries.rules_for(unit.id),
            prohibited=law.PROHIBITED,
            refuse=law.REFUSE,
            penalties={what: law.penalty(what, point.today) for what in point.posting},
            sources={what: law.sources(what, point.today) for what in point.posting},
            worker=url_for("offline.worker"),
        ),
        error.http_status if error else 200,
    )


def _report(unit: Unit) -> str:
    """Where something else is reported from here, as by the sheet outside; empty where that is withdrawn."""
    row = codes.states([unit.id]).get(unit.id)
    if row is not None and row.revoked_at is not None:
        return ""
    return url_for("reports.form", token=codes.token_of(unit, row.generation if row else 1))


def _closed(error: DomainError) -> Response:
    return secret_page(render_template("incidents/public_reports/gone.html", said=error.message()), error.http_status)
