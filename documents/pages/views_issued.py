"""Issued documents: the register, one document with its files and pictures, withdrawing it, its signed paper."""

from __future__ import annotations

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, pages
from core.errors import Conflict, DomainError, Invalid, by_field
from core.files import answers, content as reading
from core.web import back
from documents import files, kinds
from documents.blueprint import bp
from documents.drafting import asking, wording
from documents.issued import queries, services as issued, since
from documents.issued.queries import Filter
from documents.models import Document
from documents.rendering import pictures
from documents.signed import services as signed
from people.access import guard


@bp.get("/")
@guard.requires("document.read")
def register() -> ResponseReturnValue:
    """Return what was issued, the newest first; ``kind``, ``state``, ``year``, ``q`` narrow it."""
    actor, now, args = guard.current_actor(), clock.now(), request.args
    wanted = Filter(
        kind=args.get("kind", ""),
        state=args.get("state", ""),
        year=args.get("year", type=int),
        q=args.get("q", "")[:80],
    )
    rows = queries.listed(wanted, actor, now)
    part = pages.part(rows, args.get("page", 1, type=int))
    return render_template(
        "documents/register.html",
        part=part,
        wanted=wanted,
        kind_choices=[(kind.code, kind.name) for kind in kinds.by_code().values()],
        most=queries.LOOKED_AT,
    )


@bp.get("/<int:document_id>")
@guard.requires("document.read")
def document(document_id: int) -> ResponseReturnValue:
    return _page(document_id)


@bp.get("/<int:document_id>/file.<ending>")
@guard.requires("document.read")
def document_file(document_id: int, ending: str) -> Response:
    """Send it as it was issued, to the byte."""
    row = queries.readable(document_id, guard.current_actor(), clock.now(), files=True)
    if ending not in files.TYPES:
        abort(404)
    stem = wording.file_stem(row.title, row.code, row.abstract)
    return answers.download(row.pdf if ending == "pdf" else row.docx, files.TYPES[ending], f"{stem}.{ending}")


@bp.get("/<int:document_id>/pages/<int:page>.png")
@guard.requires("document.read")
def document_page(document_id: int, page: int) -> Response:
    row = queries.readable(document_id, guard.current_actor(), clock.now(), files=True)
    content = pictures.page(row.pdf, page)
    return answers.picture(content, "image/png") if content else abort(404)


@bp.post("/<int:document_id>/withdraw")
@guard.requires("document.issue")
def withdraw_document(document_id: int) -> ResponseReturnValue:
    try:
        issued.withdraw(document_id, request.form.get("reason", ""), actor=guard.current_actor(), now=clock.now())
    except (Conflict, Invalid) as fault:
        return _page(document_id, fault)
    return back(url_for(".document", document_id=document_id), _("Đã thu hồi văn bản; bản lưu vẫn xem được."))


@bp.post("/<int:document_id>/scans")
@guard.requires("document.issue")
def attach_scan(document_id: int) -> ResponseReturnValue:
    """The signed paper: a photo or a PDF, in the field ``file``."""
    queries.ensure_issuer(document_id, guard.current_actor(), clock.now())
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid("attachment.missing", field="file")
        file = reading.read_file(sent.stream.read(reading.MOST_BYTES + 1), sent.filename)
        signed.attach(document_id, file, actor=guard.current_actor(), now=clock.now())
    except (Conflict, Invalid) as fault:
        return _page(document_id, fault)
    return back(url_for(".document", document_id=document_id) + "#signed", _("Đã lưu bản ký."))


@bp.get("/<int:document_id>/scans/<int:scan_id>")
@guard.requires("document.read")
def document_scan(document_id: int, scan_id: int) -> Response:
    scan = signed.one(document_id, scan_id, actor=guard.current_actor(), now=clock.now())
    return answers.download(scan.content, scan.media_type, scan.name)


def _page(document_id: int, fault: DomainError | None = None) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    row = queries.readable(document_id, actor, now, files=True)
    may_issue = bool(guard.allowed(actor, "document.issue", row.unit_id, now=now))
    page = render_template(
        "documents/document.html",
        row=row,
        kind=kinds.by_code().get(row.kind),
        pages=pictures.count(row.pdf),
        again={f"{asking.OPTION}{code}": value for code, value in row.options.items()},
        about=_about(row),
        after=queries.replaced_by(row),
        before=queries.get(row.replaces_id) if row.replaces_id else None,
        scan_addresses={each.id: url_for(".document_scan", document_id=row.id, scan_id=each.id) for each in row.scans},
        accept=reading.ACCEPTED,
        most=reading.MOST_BYTES // 1024 // 1024,
        may_issue=may_issue,
        differs=may_issue and since.differs(row, actor, now),
        fault=fault,
        wrong=by_field(fault),
        reason=request.form.get("reason", ""),
    )
    return page, fault.http_status if fault else 200


def _about(row: Document) -> tuple[str, str] | None:
    """Return what the thing is called and the address of its page, where it is still there for the reader."""
    actor, now = guard.current_actor(), clock.now()
    if not kinds.visible([row.about], actor, now):
        return None
    sort = kinds.sort_of(row.about)
    name, _unit_id = sort.owner(row.about, actor, now)
    return name, sort.address(row.about)
