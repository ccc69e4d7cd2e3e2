"""/import/: upload, preview with every fault, confirm. Nothing is written before the confirmation."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from core import clock
from core.errors import Conflict, NotFound
from core.web import back
from people import queries
from people.access import guard
from roster.coverage import words as wording_unsure
from roster.importing import services as importer, uploads
from roster.refit import words as refit_words

bp = Blueprint("importing", __name__, url_prefix="/import")

SHOWN, NAMED, FOLLOWING = 300, 100, 20
"""How many faults and names of one kind the preview lists, and of how many campaigns that could follow a new demand
each seat; all of them can be ticked."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LABELS = {
    "units": _l("Đơn vị"),
    "people": _l("Nhân sự"),
    "absences": _l("Nghỉ, vắng"),
    "wishes": _l("Nguyện vọng"),
    "history": _l("Các Tết trước"),
    "demand": _l("Nhu cầu trực"),
    "pairs": _l("Cặp người"),
}


def _data_dir() -> Path:
    return Path(current_app.config["DATA_DIR"])


@bp.get("/")
@guard.requires("import.run")
def page() -> ResponseReturnValue:
    return _form()


def _form(problem: str = "", status: int = 200) -> ResponseReturnValue:
    known = {"units": len(queries.units()), "people": sum(queries.headcounts().values())}
    html = render_template(
        "roster/importing/upload.html", problem=problem, sheets=importer.sheets(), labels=LABELS, known=known
    )
    return html, status


@bp.post("/")
@guard.requires("import.run")
def upload() -> ResponseReturnValue:
    """Keep the files and go on to the preview; what is no import file is said at once."""
    given = [each for each in request.files.getlist("files") if each.filename]
    files = [(each.filename or "", each.read()) for each in given]
    try:
        if not any(content for _name, content in files):
            raise Conflict("import.no_file")
        read = importer.read_uploads(files)
    except Conflict as error:
        return _form(error.message(), error.http_status)
    token = uploads.keep(
        _data_dir(), [name for name, _content in files], read, owner=guard.current_actor().ref, now=clock.now()
    )
    return redirect(url_for("importing.preview", token=token), code=303)


@bp.get("/<token>")
@guard.requires("import.run")
def preview(token: str) -> ResponseReturnValue:
    """Return what would happen, judged against the data as they are now."""
    actor, now = guard.current_actor(), clock.now()
    try:
        kept = uploads.find(_data_dir(), token, owner=actor.ref, now=now)
    except NotFound as error:
        return _form(error.message(), error.http_status)
    report = importer.import_folder(kept.tables, dry_run=True, now=now, actor=actor)
    return render_template(
        "roster/importing/preview.html",
        token=token,
        names=kept.names,
        report=report,
        changes=sum(each.created + each.updated for each in report.counts.values()),
        labels=LABELS,
        shown=SHOWN,
        named=NAMED,
        line=wording_unsure.line,
        words=refit_words,
        names_of=refit_words.names_for([each.refit for each in report.campaigns[:FOLLOWING]]),
        following=FOLLOWING,
    )


@bp.post("/<token>")
@guard.requires("import.run")
def confirm(token: str) -> ResponseReturnValue:
    """Write it, and have the campaigns of ``follow`` (id:stamp) follow its demand. If the data have changed since and
    now contradict it, nothing is written and the preview says why."""
    actor, now = guard.current_actor(), clock.now()
    try:
        kept = uploads.find(_data_dir(), token, owner=actor.ref, now=now)
    except NotFound as error:
        return _form(error.message(), error.http_status)
    try:
        report = importer.import_folder(kept.tables, dry_run=False, now=now, actor=actor, follows=_followed())
    except Conflict as error:
        if error.code != "refit.moved":
            raise
        return back(url_for("importing.preview", token=token), error.message(), "error")
    if not report.applied:
        return back(url_for("importing.preview", token=token), _("Chưa ghi: vẫn còn lỗi."), "error")
    uploads.discard(_data_dir(), token)
    created = sum(each.created for each in report.counts.values())
    updated = sum(each.updated for each in report.counts.values())
    words = _("Đã ghi vào hệ thống: %(created)s dòng mới, %(updated)s dòng cập nhật.", created=created, updated=updated)
    if report.campaigns:
        words += " " + refit_words.followed([each.refit for each in report.campaigns])
    if report.unsure:
        words += " " + _("%(n)s lượt trực đã ban hành thành không chắc: xem ai và tìm người thay.", n=report.unsure)
        return back(url_for("roster.unreachable", days=30) + "#unsure", words, "warn")
    return back(url_for("importing.page"), words, "ok")


def _followed() -> dict[int, str]:
    """Campaign id → stamp of what was looked at, of those that are ticked."""
    parts = (each.partition(":") for each in request.form.getlist("follow"))
    return {int(number): stamp for number, _colon, stamp in parts if number.isdecimal() and len(number) < 10}


@bp.post("/<token>/discard")
@guard.requires("import.run")
def discard(token: str) -> ResponseReturnValue:
    """Throw the uploaded files away."""
    actor, now = guard.current_actor(), clock.now()
    uploads.find(_data_dir(), token, owner=actor.ref, now=now)
    uploads.discard(_data_dir(), token)
    return back(url_for("importing.page"), _("Đã bỏ tệp, không ghi gì."), "info")


@bp.get("/template.xlsx")
@guard.requires("import.run")
def template() -> ResponseReturnValue:
    """An empty workbook to fill in."""
    answer = Response(importer.export_template(), content_type=XLSX)
    answer.headers["Content-Disposition"] = "attachment; filename=truc-tet-nhap-lieu.xlsx"
    return answer
