"""/incidents/take-all: what taking all at once means, and doing it for exactly those that were shown."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import clock
from core.db import db
from core.form_values import whole_number
from core.web import back
from incidents.blueprint import bp
from incidents.catalogue.models import IncidentCategory
from incidents.together import rules, services, words
from people.access import guard

DESK = "/"
SHOWN = 6
"""So many codes are named in the answer; of more the number is told."""


@bp.get("/take-all")
@guard.requires("incident.read")
def take_all() -> ResponseReturnValue:
    """Return what waits for somebody and may be taken at once."""
    now, actor = clock.now(), guard.current_actor()
    waiting = services.waiting(actor, now=now)
    several = waiting.together
    common = rules.in_common([(each.category, each.reporter or each.created_by, each.created_at) for each in several])
    return render_template(
        "incidents/together/take_all.html",
        waiting=waiting,
        common=common,
        category=db.session.get(IncidentCategory, common.category) if common and common.category else None,
        stopped=services.left_in_peace(several, actor=actor),
        again_at=services.asked_again_at(several, now=now),
        but=words.but(waiting.apart),
        holding=words.holding(services.worst_held(actor.person_id)),
        now=now,
    )


@bp.post("/take-all")
@guard.requires("incident.read")
def take_shown() -> ResponseReturnValue:
    """Return those that were ticked, as far as they may be taken at once; says which somebody else has meanwhile."""
    now, actor = clock.now(), guard.current_actor()
    chosen = {number for each in request.form.getlist("incident") if (number := whole_number(each)) is not None}
    if not chosen:
        flash(_("Chưa chọn sự cố nào. Đề nghị chọn ít nhất một sự cố trong danh sách."), "error")
        return redirect(url_for(".take_all"), code=303)
    found = services.divided(services.visible(chosen, actor=actor, now=now))
    done = services.take([each.id for each in found.together], actor=actor, now=now)
    missed = (*map(words.became, (*done.late, *found.apart, *done.apart)), *map(words.refused, done.refused))
    for said in missed[:SHOWN]:
        flash(said, "info")
    left = services.waiting(actor, now=now)
    target = url_for(".take_all") if len(left.together) >= services.FEWEST else DESK
    if not done.codes:
        return redirect(target, code=303)
    holding = words.holding(services.worst_held(actor.person_id))
    return back(target, f"{_said(sorted(done.codes))} {holding}".strip())


def _said(codes: list[str]) -> str:
    quiet = _("Máy không gọi ai khác về những sự cố này nữa.")
    if len(codes) <= SHOWN:
        taken = _("Đồng chí đã nhận: %(codes)s.", codes=", ".join(codes))
        return f"{taken} {quiet}"
    count = ngettext("Đồng chí đang giữ thêm %(num)s sự cố.", "Đồng chí đang giữ thêm %(num)s sự cố.", len(codes))
    return f"{count} {quiet}"
