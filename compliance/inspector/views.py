"""Links for inspectors: the page on which they are made and taken back, with what was looked at."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.blueprint import bp
from compliance.inspector import services as inspector
from compliance.inspector.models import InspectorLink
from compliance.register import queries
from core import clock
from core.errors import DomainError, Invalid, by_field
from core.web import back
from people.access import guard
from people.accounts.still_here import still_here
from people.form_values import units_within


@bp.get("/<int:directive_id>/inspectors")
@guard.requires("inspector.manage")
def inspectors(directive_id: int) -> str:
    return _page(directive_id)


@bp.post("/<int:directive_id>/inspectors")
@guard.requires("inspector.manage")
def make_inspector_link(directive_id: int) -> ResponseReturnValue:
    form = request.form
    unit, whom, days = form.get("unit", ""), form.get("made_for", ""), form.get("days", 0, type=int)
    try:
        made = inspector.make(directive_id, unit, whom, days, actor=guard.current_actor(), now=clock.now())
    except Invalid as fault:
        return _page(directive_id, fault), 422
    return _page(directive_id, made=made)


@bp.post("/inspectors/<int:link_id>/end")
@guard.requires("inspector.manage")
def end_inspector_link(link_id: int) -> ResponseReturnValue:
    row = inspector.end(link_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".inspectors", directive_id=row.directive_id), _("Đã thu hồi đường dẫn."))


@bp.post("/inspectors/<int:link_id>/take-over")
@guard.requires("inspector.manage")
def take_over_inspector_link(link_id: int) -> ResponseReturnValue:
    row = inspector.take_over(link_id, actor=guard.current_actor(), now=clock.now())
    said = _("Đã tiếp quản: đường dẫn mở được trở lại, do đồng chí chịu trách nhiệm.")
    return back(url_for(".inspectors", directive_id=row.directive_id), said)


def _page(directive_id: int, fault: DomainError | None = None, made: InspectorLink | None = None) -> str:
    actor, now = guard.current_actor(), clock.now()
    links = inspector.listed(directive_id, actor, now)
    return render_template(
        "compliance/inspector/links.html",
        letter=queries.letter(directive_id),
        links=links,
        here=still_here({each.owner for each in links}, now),
        looks=inspector.looks(links),
        by_id={each.id: each for each in links},
        made=made,
        url_of=inspector.url,
        units=units_within(actor, "inspector.manage", now),
        most=inspector.MOST_DAYS,
        now=now,
        wrong=by_field(fault),
        given=request.form,
    )
