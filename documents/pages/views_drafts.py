"""A thing's documents; a draft with its preview, as pictures and files; issuing it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Throttled, Unavailable, by_field
from core.files import answers
from core.web import back, is_htmx
from documents import files, kinds
from documents.blueprint import bp
from documents.drafting import asking, services as drafting
from documents.drafting.services import DocumentDraft, DraftRequest
from documents.issued import queries, services as issued
from documents.issued.queries import Filter
from documents.models import Document
from documents.rendering import allowance, docx, kept, pictures
from people.access import guard


@bp.get("/about/<about>")
@guard.requires("document.read")
def about_thing(about: str) -> ResponseReturnValue:
    """Return what can be written about it, and what was issued."""
    actor, now = guard.current_actor(), clock.now()
    sort = kinds.sort_of(about)
    name, unit_id = sort.owner(about, actor, now)
    rows = queries.listed(Filter(about=about), actor, now)
    return render_template(
        "documents/about.html",
        about=about,
        name=name,
        address=sort.address(about),
        offered=kinds.offered(about, unit_id, actor, now),
        rows=rows,
    )


@bp.get("/about/<about>/<kind>")
@guard.requires("document.read")
def draft(about: str, kind: str) -> ResponseReturnValue:
    """The form and the preview; everything chosen stands in the address."""
    return _page(about, kind, request.args, 200)


@bp.post("/about/<about>/<kind>")
@guard.requires("document.issue")
def issue(about: str, kind: str) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    try:
        asked = asking.wanted(about, kind, request.form)
        row = issued.issue(asked, once=request.form.get("once", ""), actor=actor, now=now)
    except (Conflict, Invalid, Throttled, Unavailable) as fault:
        return _page(about, kind, request.form, fault.http_status, fault=fault)
    said = _("Đã ban hành %(code)s.", code=row.code) if row.code else _("Đã ban hành và lưu văn bản.")
    return back(url_for("documents.document", document_id=row.id), said)


@bp.get("/about/<about>/<kind>/preview")
@guard.requires("document.read")
def preview(about: str, kind: str) -> ResponseReturnValue:
    """The pages as pictures: a part of the draft's page, or a page of its own where no scripts run."""
    made = _draft(about, kind)
    query = asking.as_query(made.wanted)
    try:
        pages = pictures.count(_pdf(made))
    except (Throttled, Unavailable) as fault:
        if not is_htmx():
            raise
        # The part says so in its place, and asks again by itself.
        return render_template("documents/_preview_later.html", fault=fault, query=query, about=about, kind=kind)
    return render_template("documents/_preview.html", draft=made, pages=pages, query=query, about=about, kind=kind)


@bp.get("/about/<about>/<kind>/pages/<int:page>.png")
@guard.requires("document.read")
def preview_page(about: str, kind: str, page: int) -> Response:
    content = pictures.page(_pdf(_draft(about, kind)), page)
    return answers.picture(content, "image/png") if content else abort(404)


@bp.get("/about/<about>/<kind>/draft.<ending>")
@guard.requires("document.read")
def draft_file(about: str, kind: str, ending: str) -> Response:
    """Marked as a draft, unless the kind takes no number: those are printed as they are."""
    made = _draft(about, kind)
    if ending not in files.TYPES:
        abort(404)
    content = _pdf(made) if ending == "pdf" else _docx(made)
    return answers.download(content, files.TYPES[ending], drafting.file_name(made, ending))


def _pdf(made: DocumentDraft) -> bytes:
    return kept.pdf(drafting.paper(made), guard.current_actor().ref, clock.now())


def _docx(made: DocumentDraft) -> bytes:
    paper = drafting.paper(made)
    with allowance.spent(paper, guard.current_actor().ref, clock.now()):
        return docx.docx(paper)


def _draft(about: str, kind: str) -> DocumentDraft:
    asked = asking.wanted(about, kind, request.args)
    return drafting.make(asked, actor=guard.current_actor(), now=clock.now())


def _page(
    about: str, code: str, given: object, status: int, *, fault: DomainError | None = None
) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    sort, kind = kinds.sort_of(about), kinds.one(about, code)
    name, unit_id = sort.owner(about, actor, now)
    guard.ensure(actor, kind.draft, unit_id, now=now)
    made, asked = None, DraftRequest(about, code, {})
    try:
        # Told as of now, whenever it was shown before: the pictures, the files and what is issued follow this page.
        asked = replace(asking.wanted(about, code, given), at=now, shown="")  # type: ignore[arg-type]
        made = drafting.make(asked, actor=actor, now=now)
    except (Forbidden, NotFound):
        raise
    except DomainError as wrong:
        fault, status = fault or wrong, wrong.http_status if status == 200 else status
        if any(each.field == "signatory" for each in wrong.errors):  # offer those who may sign instead
            asked = replace(asked, signatory=None)
            made = drafting.make(asked, actor=actor, now=now)
    page = render_template(
        "documents/draft.html",
        about=about,
        kind=kind,
        name=name,
        draft=made,
        asked=asked,
        given=given,
        options=kind.options(about, actor, now),
        query=asking.as_query(asked),
        fault=fault,
        wrong=by_field(fault),
        once=secrets.token_urlsafe(16),
        shown=drafting.digest(made) if made else "",
        signing_choices=_signing_choices(made),
        number=queries.number_for(made) if made else None,
        standing=_standing(made, actor, now) if made and asked.replaces is None else None,
        may_issue=bool(guard.allowed(actor, "document.issue", made.content.unit_id if made else unit_id, now=now)),
    )
    later = fault.params.get("retry_after") if fault else None
    return page, status, {"Retry-After": str(later)} if later else {}


def _signing_choices(made: DocumentDraft | None) -> list[tuple[str, str]]:
    able = made.signatories if made else ()
    return [*((str(each.id), each.shown) for each in able), ("0", _("Không ghi người ký"))]


def _standing(made: DocumentDraft, actor: Actor, now: datetime) -> Document | None:
    """The newest document that holds, of the same kind about the same with the same choices: who presses again after it
    was issued rather means to replace it."""
    wanted = Filter(about=made.wanted.about, kind=made.kind.code, state="issued")
    same = (row for row in queries.listed(wanted, actor, now) if row.options == dict(made.options))
    return next((row for row in same if row.language == made.wanted.language), None)
