"""Kiểm tra trực đột xuất: begin one, watch who answers, note what was said on the telephone, print the sheet."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import db
from core.errors import DomainError, Forbidden, by_field
from core.form_values import whole_number
from core.web import back
from duty.duty_checks import queries, rules, services as checks
from duty.duty_checks.models import DutyCheck
from duty.duty_checks.services import CheckWanted
from duty.on_duty import rehearsals
from people.access import guard
from roster.blueprint import bp, kinds


@bp.get("/duty-checks/")
@guard.requires("duty.confirm")
def duty_checks() -> ResponseReturnValue:
    """Return those of the units that one answers for, and the form for who may begin one."""
    return _overview()


@bp.post("/duty-checks/")
@guard.requires("check.run")
def start_duty_check() -> ResponseReturnValue:
    """``unit`` (ids), ``minutes``, ``note``, ``second_yes``; ``rehearsal``: the exercise that it belongs to."""
    form, now = request.form, clock.now()
    wanted = CheckWanted(
        [found for each in form.getlist("unit") if (found := whole_number(each)) is not None],
        note=form.get("note", ""),
        minutes=whole_number(form.get("minutes", "").strip(), digits=4) or 0,
        second_yes=form.get("second_yes") == "y",
        rehearsal_id=whole_number(form.get("rehearsal")),
    )
    try:
        check = checks.start(wanted, actor=guard.current_actor(), now=now)
    except Forbidden:
        raise
    except DomainError as fault:
        db.session.rollback()
        return _overview(fault), fault.http_status
    return back(url_for(".duty_check", check_id=check.id), _("Đã bắt đầu. Tải lại trang này để xem ai đã trả lời."))


@bp.get("/duty-checks/<int:check_id>")
@guard.requires("duty.confirm")
def duty_check(check_id: int) -> ResponseReturnValue:
    return _sheet(_visible(check_id))


@bp.post("/duty-checks/<int:check_id>")
@guard.requires("duty.confirm")
def note_check_answer(check_id: int) -> ResponseReturnValue:
    """``person`` said on the telephone that they are on duty; ``note``: how it was heard."""
    check, form = _visible(check_id), request.form
    try:
        ask = checks.answer(
            check_id,
            person=form.get("person", ""),
            note=form.get("note", ""),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except DomainError as fault:
        db.session.rollback()
        return _sheet(check, fault.message()), fault.http_status
    said = _("Đã ghi: %(name)s đang trực.", name=ask.person.full_name)
    return back(url_for(".duty_check", check_id=check_id), said)


@bp.get("/duty-checks/<int:check_id>/print")
@guard.requires("duty.confirm")
def print_duty_check(check_id: int) -> ResponseReturnValue:
    """The result sheet on paper, as far as it goes."""
    check = _visible(check_id)
    return render_template("duty/duty_checks/print.html", **_facts(check), local=clock.local, over=_over(check))


def _over(check: DutyCheck) -> Any:
    """Whose paper it is: the unit above the first that was checked, or itself at the top."""
    first = check.units[0].unit
    return first.parent or first


def _visible(check_id: int) -> DutyCheck:
    check = queries.by_id(check_id)
    checks.ensure_visible(check, guard.current_actor(), clock.now())
    return check


def _overview(fault: DomainError | None = None) -> str:
    now, actor, form = clock.now(), guard.current_actor(), request.form
    may_start = guard.can("check.run")
    running = [each for each in rehearsals.running(now=now) if guard.can("check.run", each.campaign.unit_id)]
    asked = whole_number(request.values.get("rehearsal"))
    rehearsal = next((each for each in running if each.id == asked), None)
    within = guard.reach(actor, "check.run", now=now)
    listed = queries.in_reach(guard.reach(actor, "duty.confirm", now=now), actor.person_id)
    return render_template(
        "duty/duty_checks/list.html",
        checks=listed,
        choices=queries.choices(within, now=now, rehearsal=rehearsal) if may_start else [],
        by_machine=queries.by_machine(within, now=now, rehearsal=rehearsal) if may_start else None,
        chosen={int(each) for each in form.getlist("unit") if whole_number(each) is not None} if fault else None,
        rehearsals=running,
        rehearsal=rehearsal,
        counted=queries.counted_each(listed),
        may_start=may_start,
        is_night=rules.needs_second_yes(now),
        faults=by_field(fault),
        problem=fault.message() if fault else "",
        typed=form,
        lasts=checks.LASTS,
        now=now,
    )


def _sheet(check: DutyCheck, problem: str = "") -> str:
    return render_template(
        "duty/duty_checks/sheet.html", **_facts(check), problem=problem, typed=request.form, now=clock.now()
    )


def _facts(check: DutyCheck) -> dict[str, Any]:
    found = queries.counted(check)
    return {
        "check": check,
        "sheet": queries.sheet(check),
        "asked": found.asked,
        "answered": found.answered,
        "unasked": found.unasked,
        "away": queries.away(check),
        "delivered": queries.delivered(check),
        "kinds": kinds(),
        "seconds": lambda at: (at - check.asked_at).total_seconds(),
    }
