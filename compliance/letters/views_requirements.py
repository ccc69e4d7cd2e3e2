"""What is cut out of a letter: its form."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.blueprint import bp
from compliance.register import forms, places, queries, requirements, words
from compliance.register.models import Directive, Requirement
from compliance.sources import catalogue
from core import clock
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.i18n import named
from core.web import back
from people import queries as people
from people.access import guard

_AT = {"unit": "units"}
"""Where the form shows what services say of a field."""


@bp.get("/<int:directive_id>/requirements/new")
@guard.requires("directive.write")
def new_requirement(directive_id: int) -> str:
    return _form(queries.letter(directive_id), None, forms.requirement_form(None, []))


@bp.post("/<int:directive_id>/requirements/new")
@guard.requires("directive.write")
def add_requirement(directive_id: int) -> ResponseReturnValue:
    letter = queries.letter(directive_id)
    wanted = forms.requirement_in(request.form)
    try:
        requirements.add(directive_id, wanted, actor=guard.current_actor(), now=clock.now())
    except (Invalid, NotFound) as fault:
        return _form(letter, None, _given(), fault), 422
    return back(url_for(".letter", directive_id=directive_id), _("Đã thêm yêu cầu."))


@bp.get("/requirements/<int:requirement_id>/edit")
@guard.requires("directive.write")
def edit_requirement(requirement_id: int) -> str:
    row = queries.requirement(requirement_id)
    named_ids = places.chosen([row.id]).get(row.id, set())
    codes = [unit.code for unit in people.units(named_ids)] if named_ids else []
    return _form(row.directive, row, forms.requirement_form(row, codes))


@bp.post("/requirements/<int:requirement_id>/edit")
@guard.requires("directive.write")
def change_requirement(requirement_id: int) -> ResponseReturnValue:
    row = queries.requirement(requirement_id)
    wanted = forms.requirement_in(request.form)
    try:
        requirements.change(requirement_id, wanted, actor=guard.current_actor(), now=clock.now())
    except (Invalid, NotFound) as fault:
        return _form(row.directive, row, _given(), fault), 422
    return back(url_for(".letter", directive_id=row.directive_id), _("Đã lưu yêu cầu."))


@bp.post("/requirements/<int:requirement_id>/remove")
@guard.requires("directive.write")
def remove_requirement(requirement_id: int) -> ResponseReturnValue:
    try:
        letter_id = requirements.remove(requirement_id, actor=guard.current_actor(), now=clock.now())
    except Conflict as fault:
        row = queries.requirement(requirement_id)
        return _form(row.directive, row, forms.requirement_form(row, []), fault), 409
    return back(url_for(".letter", directive_id=letter_id), _("Đã bỏ yêu cầu."))


def _given() -> dict[str, Any]:
    form = request.form
    return {**form.to_dict(), "wants": form.getlist("wants"), "off_kinds": form.getlist("off_kinds")}


def _form(letter: Directive, row: Requirement | None, given: Any, fault: DomainError | None = None) -> str:
    return render_template(
        "compliance/register/requirement_form.html",
        letter=letter,
        row=row,
        given=given,
        phases=list(words.phases().items()),
        kinds=[(code, words.kinds()[code]) for code in requirements.WANTED],
        sources=[("", _("không tự tính"))] + [(each.code, str(each.name)) for each in catalogue.SOURCES],
        unit_kinds=[(kind.code, named(kind)) for kind in people.unit_kinds()],
        wrong={_AT.get(each.field, each.field): each.message() for each in fault.errors} if fault else {},
        problem=fault.message() if fault and not fault.errors else "",
    )
