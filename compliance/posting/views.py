"""/letter/posting/…: the texts that are posted, version after version; photos that prove it."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer

from compliance.blueprint import bp
from compliance.posting import editions, law, parts, services
from compliance.posting.models import Posting, PostingText
from compliance.posting.words import NAMES, PARTS
from core import arguments, clock
from core.db import db
from core.errors import Conflict, DomainError, Invalid, NotFound, by_field
from core.files import answers
from core.web import back
from people import queries as people
from people.access import guard
from people.models import Unit


@bp.get("/posting/<unit_code>/<what>")
@guard.requires("point.read")
def posting_text(unit_code: str, what: str) -> ResponseReturnValue:
    """The text in force for a unit, whose it is, and the form for the unit's own next version."""
    unit = _unit(unit_code, what, "point.read")
    return _page(unit, what)


@bp.post("/posting/<unit_code>/<what>")
@guard.requires("point.settle")
def save_posting_text(unit_code: str, what: str) -> ResponseReturnValue:
    unit = _unit(unit_code, what, "point.settle")
    typed = {
        part: {language: request.form.get(f"{part}-{language}", "") for language in parts.LANGUAGES}
        for part in parts.PARTS[what]
    }
    upon = arguments.sent_number("upon", 0)
    try:
        row = services.save(unit.id, what, typed, upon=upon, actor=guard.current_actor(), now=clock.now())
    except (Invalid, Conflict) as error:
        return _page(unit, what, typed, error)
    said = _("Đã lưu bản %(version)s. Các điểm bên dưới phải treo bản mới.", version=row.version)
    return back(url_for(".posting_text", unit_code=unit.code, what=what), said)


@bp.get("/posting/photos/<int:posting_id>")
@guard.requires("point.read")
def posting_photo(posting_id: int) -> ResponseReturnValue:
    """The photo as a download; ``?small=1``: the small picture that we made ourselves."""
    wanted = select(Posting).where(Posting.id == posting_id)
    row = db.session.scalar(wanted.options(undefer(Posting.photo), undefer(Posting.thumbnail)))
    if row is None or row.photo is None:
        raise NotFound("posting.unknown")
    guard.ensure(guard.current_actor(), "point.read", row.unit_id, now=clock.now())
    if request.args.get("small") and row.thumbnail:
        return answers.picture(row.thumbnail)
    return answers.download(row.photo, row.photo_type, f"niem-yet-{row.posted_on}.jpg")


@bp.post("/posting/<int:posting_id>/withdraw")
@guard.requires("point.settle")
def withdraw_posting(posting_id: int) -> ResponseReturnValue:
    row = services.withdraw(posting_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".point", unit_code=people.unit_by_id(row.unit_id).code), _("Đã bỏ khỏi bằng chứng."))


def _unit(code: str, what: str, action: str) -> Unit:
    unit = people.unit_by_code(code)
    guard.ensure(guard.current_actor(), action, unit.id, now=clock.now())
    if not parts.PARTS.get(what):
        raise NotFound("posting.what")
    return unit


def _page(
    unit: Unit, what: str, typed: dict[str, dict[str, str]] | None = None, error: DomainError | None = None
) -> ResponseReturnValue:
    today = clock.local_date(clock.now())
    held: PostingText | None = editions.newest([unit.id]).get((unit.id, what))
    own = services.own(unit.id, what)
    shown = typed or (held.parts if held is not None else {})
    return render_template(
        "compliance/posting/text.html",
        unit=unit,
        what=what,
        names=NAMES,
        part_names=PARTS,
        parts=parts.PARTS[what],
        shown=shown,
        held=held,
        holder=people.unit_by_id(held.unit_id) if held is not None else None,
        upon=own.version if own is not None else 0,
        versions=services.versions(unit.id, what),
        faults=by_field(error),
        problem=error.message() if error and not error.errors else "",
        prohibited=law.PROHIBITED,
        source=law.SOURCE,
        sources=law.sources(what, today),
        penalty=law.penalty(what, today),
        less=law.LESS if law.LESS.holds(today) and what in parts.OBLIGATORY else None,
        may_settle=guard.can("point.settle", unit.id),
    ), (error.http_status if error else 200)
