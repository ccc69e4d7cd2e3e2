"""Văn bản chỉ đạo: the letters, one letter with what it rests on and asks, entering and comparing."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from compliance.blueprint import bp
from compliance.followup import rechecking, reminders
from compliance.register import comparing, forms, letters, queries, words
from compliance.register.models import Directive
from core import clock, pages
from core.calendar import dates
from core.errors import Conflict, DomainError, Invalid, by_field
from core.files import content as files
from core.files.answers import download
from core.files.content import File
from core.web import back
from people.access import guard


@bp.get("/")
@guard.requires("directive.read")
def letter_list() -> str:
    """All letters, the newest first."""
    part = pages.part(queries.letters(), request.args.get("page", 1, type=int))
    return render_template("compliance/register/letters.html", part=part)


@bp.get("/new")
@guard.requires("directive.write")
def new_letter() -> str:
    """``copy``: id of a letter whose requirements the new one begins with."""
    before = _copied()
    return _form(None, forms.for_copy(before) if before else {}, before)


@bp.post("/new")
@guard.requires("directive.write")
def enter_letter() -> ResponseReturnValue:
    """Enter a letter, with the paper as a photo or PDF, where one was chosen: nothing is entered when it cannot be
    read."""
    before, actor, now = _copied(), guard.current_actor(), clock.now()
    wanted = forms.letter_in(request.form)
    try:
        file = _file()
        if before is None:
            row = letters.enter(wanted, actor=actor, now=now)
        else:
            row = letters.copy(before.id, wanted, actor=actor, now=now)
        if file is not None:
            letters.add_file(row.id, file, actor=actor, now=now)
    except Invalid as fault:
        return _form(None, request.form, before, fault), 422
    return back(url_for(".letter", directive_id=row.id), _("Đã nhập văn bản."))


@bp.get("/<int:directive_id>")
@guard.requires("directive.read")
def letter(directive_id: int) -> str:
    return _page(directive_id)


@bp.get("/<int:directive_id>/edit")
@guard.requires("directive.write")
def edit_letter(directive_id: int) -> str:
    row = queries.letter(directive_id)
    return _form(row, forms.letter_form(row), None)


@bp.post("/<int:directive_id>/edit")
@guard.requires("directive.write")
def change_letter(directive_id: int) -> ResponseReturnValue:
    row = queries.letter(directive_id)
    try:
        letters.change(row.id, forms.letter_in(request.form), actor=guard.current_actor(), now=clock.now())
    except (Invalid, Conflict) as fault:
        return _form(queries.letter(directive_id), request.form, None, fault), fault.http_status
    return back(url_for(".letter", directive_id=directive_id), _("Đã lưu văn bản."))


@bp.get("/<int:directive_id>/compare")
@guard.requires("directive.read")
def compare_letters(directive_id: int) -> str:
    """Show it beside the letter in ``with``, else the one that it was copied from."""
    row = queries.letter(directive_id)
    other_id = request.args.get("with", type=int) or row.copied_from_id
    other = queries.letter(other_id) if other_id else None
    before = queries.requirements(other.id) if other else ()
    return render_template(
        "compliance/register/compare.html",
        row=row,
        other=other,
        choices=[each for each in queries.letters() if each.id != row.id],
        found=comparing.compare(before, queries.requirements(row.id)),
        field_names=words.fields(),
        told=words.field,
    )


@bp.post("/<int:directive_id>/receive")
@guard.requires("directive.write")
def receive_letter(directive_id: int) -> ResponseReturnValue:
    on, by = dates.day(request.form.get("received_on", "")), request.form.get("received_by", "")
    try:
        letters.receive(directive_id, on, by, actor=guard.current_actor(), now=clock.now())
    except Invalid as fault:
        return _page(directive_id, fault), 422
    return back(url_for(".letter", directive_id=directive_id), _("Đã ghi ngày nhận."))


@bp.post("/<int:directive_id>/acknowledge")
@guard.requires("directive.write")
def acknowledge_letter(directive_id: int) -> ResponseReturnValue:
    letters.acknowledge(directive_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".letter", directive_id=directive_id), _("Đã báo nhận văn bản."))


@bp.post("/<int:directive_id>/relate")
@guard.requires("directive.write")
def relate_letter(directive_id: int) -> ResponseReturnValue:
    kind, to = request.form.get("kind", ""), request.form.get("to", 0, type=int)
    try:
        letters.relate(directive_id, kind, to, actor=guard.current_actor(), now=clock.now())
    except Invalid as fault:
        return _page(directive_id, fault), 422
    return back(url_for(".letter", directive_id=directive_id), _("Đã ghi quan hệ."))


@bp.post("/<int:directive_id>/files")
@guard.requires("directive.write")
def add_letter_file(directive_id: int) -> ResponseReturnValue:
    try:
        file = _file()
        if file is None:
            raise Invalid("attachment.empty", field="file")
        letters.add_file(directive_id, file, actor=guard.current_actor(), now=clock.now())
    except Invalid as fault:
        return _page(directive_id, fault), 422
    return back(url_for(".letter", directive_id=directive_id), _("Đã lưu tệp."))


@bp.get("/<int:directive_id>/files/<int:file_id>")
@guard.requires("directive.read")
def letter_file(directive_id: int, file_id: int) -> Response:
    row = queries.file(directive_id, file_id)
    return download(row.content, row.media_type, row.name)


@bp.post("/<int:directive_id>/spread")
@guard.requires("directive.write")
def spread_letter(directive_id: int) -> ResponseReturnValue:
    """Units are asked from now on; what is computed is computed at once."""
    now = clock.now()
    try:
        row = letters.spread(directive_id, actor=guard.current_actor(), now=now)
    except Conflict as fault:
        return _page(directive_id, fault), 409
    rechecking.recheck_letter(row, now)
    return back(url_for(".matrix", directive_id=directive_id), _("Đã giao yêu cầu cho các đơn vị."))


@bp.post("/<int:directive_id>/units/<code>/remind")
@guard.requires("requirement.accept")
def remind_units(directive_id: int, code: str) -> ResponseReturnValue:
    """Remind the unit and all below it."""
    told = reminders.remind(directive_id, code, actor=guard.current_actor(), now=clock.now())
    said = [ngettext("Gửi lời nhắc cho %(num)s người.", "Gửi lời nhắc cho %(num)s người.", told.people)]
    if told.already:
        said.append(ngettext("Hôm nay đã viết cho %(num)s người.", "Hôm nay đã viết cho %(num)s người.", told.already))
    if told.units:
        said.append(
            ngettext(
                "%(num)s đơn vị chưa ai nhận được lời nhắc.", "%(num)s đơn vị chưa ai nhận được lời nhắc.", told.units
            )
        )
    return back(url_for(".matrix", directive_id=directive_id, unit=code), " ".join(said))


def _copied() -> Directive | None:
    before = request.args.get("copy", type=int)
    return queries.letter(before) if before else None


def _file() -> File | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    return files.read_file(sent.stream.read(files.MOST_BYTES + 1), sent.filename)


def _form(row: Directive | None, given: Any, before: Directive | None, fault: DomainError | None = None) -> str:
    return render_template(
        "compliance/register/letter_form.html",
        row=row,
        given=given,
        before=before,
        wrong=by_field(fault),
        problem=fault.message() if fault and not fault.errors else "",
        accept=files.ACCEPTED,
        most=files.MOST_BYTES // 1024 // 1024,
    )


def _page(directive_id: int, fault: DomainError | None = None) -> str:
    row = queries.whole(directive_id)
    return render_template(
        "compliance/register/letter.html",
        row=row,
        requirements=queries.requirements(row.id),
        relating=queries.relating_to(row.id),
        others=[each for each in queries.letters() if each.id != row.id],
        relations=words.relations(),
        reverse=words.reverse_relations(),
        phases=words.phases(),
        kinds=words.kinds(),
        source_name=words.source_name,
        today=clock.local_date(clock.now()),
        wrong=by_field(fault),
        problem=fault.message() if fault else "",
        given=request.form,
        accept=files.ACCEPTED,
        may_write=bool(guard.allowed(guard.current_actor(), "directive.write", None, now=clock.now())),
    )
