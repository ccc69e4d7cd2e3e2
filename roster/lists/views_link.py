"""/l/u/<token>: a unit's list, filled in without signing in by whoever has the link. GET shows, POST acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from core import clock
from core.db import db
from core.errors import Conflict, DomainError, Gone, Invalid, NotFound, Throttled, by_field
from core.files.content import ACCEPTED, MOST_BYTES
from core.web import MOST_KEPT, csrf, secret_page
from people.access import guard
from people.imports import drawn as drawing
from roster.blueprint import kinds
from roster.lists import filling, moments, papers, queries, services as lists, words
from roster.lists.filling import FilledList
from roster.lists.models import UnitList
from roster.resolver import numbers
from roster.sheets.preview import SheetTrouble, troubles
from roster.sheets.words import shift_names

link_bp = Blueprint("unit_lists", __name__)
# The secret address itself is the right to press the button; a cookie adds nothing here.
csrf.exempt(link_bp)
STILL_OPEN = timedelta(days=1)
"""How long a form may lie open on a desk."""


@link_bp.get("/l/u/<token>")
@guard.public
def show(token: str) -> Response:
    """The form with what was sent; link scanners may read it as often as they like."""
    try:
        row = queries.opened(token, now=clock.now())
    except (NotFound, Gone) as fault:
        return _gone(fault)
    return _page(row, _as_sent(row))


@link_bp.get("/l/u/<token>/files/<key>")
@guard.public
def file(token: str, key: str) -> Response:
    """Send a file of the unit's own list, while its link holds."""
    try:
        return papers.shown(papers.one(queries.opened(token, now=clock.now()), key))
    except (NotFound, Gone) as fault:
        return _gone(fault)


def _as_sent(row: UnitList) -> FilledList:
    return FilledList({each.seat_id: each.person_id for each in row.picks})


@link_bp.post("/l/u/<token>")
@guard.public
def act(token: str) -> Response:
    """``act``: read (``file``: a sheet, into the form), or send, with photos or PDF of a list on paper (``paper``);
    ``drop`` takes one of those back. What was chosen stays, whatever is refused; where the link opens nothing any more,
    to be copied."""
    try:
        return _act(token)
    except NotFound as fault:
        return _gone(fault)
    except Gone as fault:
        db.session.rollback()
        return _gone(fault, _just_ended(queries.list_by_link(token), clock.now()))


def _act(token: str) -> Response:
    now = clock.now()
    row = queries.opened(token, now=now)
    try:
        form = request.form
    except RequestEntityTooLarge:  # nothing of it can be read, what was chosen neither
        return _page(row, _as_sent(row), Invalid("lists.too_large", field="paper", most=MOST_BYTES // 1024 // 1024))
    against = filling.ground(row, now=now)
    filled = filling.chosen(against, form)
    name, note, seen = form.get("name", ""), form.get("note", ""), form.get("seen")
    again: list[str] = []
    try:
        queries.refuse_closed(row.collection)
        if moments.after(row.state, "send") is None:
            raise Conflict("lists.already_merged")
        if form.get("act") == "read":
            return _read_answer(row, filled)
        if "drop" in form:
            papers.drop(row, form["drop"], now=now)
            return _page(queries.opened(token, now=clock.now()), filled, said=_("Đã bỏ ảnh."))
        sent = [each for each in request.files.getlist("paper") if each.filename]
        files = papers.looked_at(row, sent, address=request.remote_addr or "", now=now)
        again = lists.send(row, against, filled, lists.SenderWords(name, note, seen=seen), files=files, now=now)
    except DomainError as fault:
        db.session.rollback()
        return _page(queries.opened(token, now=clock.now()), filled, fault)
    if again:
        known = _("Đã gửi danh sách. Tệp đã có từ trước, không lưu thêm: %(names)s.", names=", ".join(again))
        return _page(queries.opened(token, now=clock.now()), filled, said=known)
    answer = current_app.make_response(redirect(url_for(".show", token=token), code=303))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _read_answer(row: UnitList, filled: FilledList) -> Response:
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Conflict("sheet.no_file")
    lists.count_reading(row, now=clock.now())
    found = drawing.file(given.filename, given.read())
    looked, chosen = filling.from_sheet(filling.ground(row, now=clock.now()), found, filled.picks)
    said = _(
        "Đã đọc %(n)s lượt từ %(name)s vào biểu dưới đây. Xem lại rồi gửi.",
        n=len(looked.laid.changes),
        name=given.filename,
    )
    unread = {seat: typed for seat, typed in filled.unread.items() if seat not in chosen}
    return _page(row, FilledList(chosen, unread), said=said, misread=troubles(looked))


def _page(
    row: UnitList,
    filled: FilledList,
    fault: DomainError | None = None,
    *,
    said: str = "",
    misread: tuple[SheetTrouble, ...] = (),
) -> Response:
    against = filling.ground(row, now=clock.now())
    wrong = by_field(fault if isinstance(fault, Invalid) else None)
    is_open = row.collection.is_open and moments.after(row.state, "send") is not None
    page = render_template(
        "roster/lists/form.html",
        row=row,
        collection=row.collection,
        days=filling.days(row, against, filled, filling.faults_by_seat(wrong)),
        able=filling.able_by_duty(row, against),
        many=filling.MANY,
        person=against.taken.problem.person,
        open=is_open,
        unsaved=None if is_open or fault is None else _unsaved(row),
        names=shift_names(against),
        words=words,
        fault=fault,
        wrong=wrong,
        said=said,
        misread=misread,
        typed={} if fault and fault.code == "lists.too_large" else request.form,
        accept=ACCEPTED,
        most_files=papers.MOST_AT_ONCE,
    )
    return secret_page(page, fault.http_status if fault else 200)


def _just_ended(row: UnitList, now: datetime) -> dict[str, Any] | None:
    """``_unsaved`` for whoever had the form open when the link ended. Later nobody sits at it any more, and whoever
    guesses seats would learn shifts that the link never showed."""
    if row.link_ended_at is not None and row.link_ended_at + STILL_OPEN < now:
        return None
    try:
        lists.count_sending(row, now=now)
    except Throttled:
        return None
    return _unsaved(row)


def _unsaved(row: UnitList) -> dict[str, Any]:
    """Return what was sent and cannot be kept, and whom to ring about it."""
    try:
        sent: Mapping[str, str] = request.form
    except RequestEntityTooLarge:
        sent = {}
    if sum(map(len, sent.values())) > MOST_KEPT:
        sent = {}
    planner = row.collection.campaign.unit
    return {
        "typed": words.unsaved(sent, queries.shift_of_each_seat(row), kinds()),
        "planner": planner.name,
        "phone": numbers.number_for_incidents(planner.id).phone,
    }


def _gone(fault: NotFound | Gone, unsaved: Mapping[str, Any] | None = None) -> Response:
    page = render_template("components/gone.html", why=fault.message(), unsaved=unsaved)
    return secret_page(page, fault.http_status)
