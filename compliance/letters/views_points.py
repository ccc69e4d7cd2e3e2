"""One requirement in one unit: what was said of it, its evidence, what is computed now, and what may be done."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.blueprint import bp
from compliance.followup import proofs, rechecking
from compliance.register import places, points, queries, standing, words
from compliance.register.models import Evidence
from core import clock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, by_field
from core.files import content as files
from core.files.answers import download, picture
from core.web import back
from people import queries as people
from people.access import guard


@bp.get("/requirements/<int:requirement_id>/units/<code>")
@guard.requires("directive.read")
def requirement_point(requirement_id: int, code: str) -> str:
    return _page(requirement_id, code)


@bp.post("/requirements/<int:requirement_id>/units/<code>/state")
@guard.requires("requirement.report")
def set_point_state(requirement_id: int, code: str) -> ResponseReturnValue:
    state, reason = request.form.get("state", ""), request.form.get("reason", "")
    try:
        points.set_state(requirement_id, code, state, reason, actor=guard.current_actor(), now=clock.now())
    except (Invalid, Conflict) as fault:
        return _page(requirement_id, code, fault), fault.http_status
    return _back(requirement_id, code, _("Đã ghi."))


@bp.post("/requirements/<int:requirement_id>/units/<code>/evidence")
@guard.requires("requirement.report")
def add_evidence(requirement_id: int, code: str) -> ResponseReturnValue:
    """A photo or PDF in ``file``, or an address in ``url``."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    guard.refuse_unless(actor, "requirement.report", people.unit_by_code(code).id, now=now)
    about = {"note": form.get("note", ""), "internal": bool(form.get("internal"))}
    sent = request.files.get("file")
    try:
        if sent is not None and sent.filename:
            file = files.read_file(sent.stream.read(files.MOST_BYTES + 1), sent.filename)
            proofs.add_file(requirement_id, code, file, **about, actor=actor, now=now)  # type: ignore[arg-type]
        elif form.get("url"):
            proofs.add_link(requirement_id, code, form["url"], **about, actor=actor, now=now)  # type: ignore[arg-type]
        else:
            raise Invalid("register.evidence_missing", field="file")
    except (Invalid, Conflict) as fault:
        return _page(requirement_id, code, fault), fault.http_status
    return _back(requirement_id, code, _("Đã thêm bằng chứng."))


@bp.post("/requirements/<int:requirement_id>/units/<code>/remark")
@guard.requires("requirement.accept")
def remark_point(requirement_id: int, code: str) -> ResponseReturnValue:
    text, is_back = request.form.get("remark", ""), bool(request.form.get("back"))
    try:
        points.remark(requirement_id, code, text, back=is_back, actor=guard.current_actor(), now=clock.now())
    except (Invalid, Conflict) as fault:
        return _page(requirement_id, code, fault), fault.http_status
    return _back(requirement_id, code, _("Đã ghi ý kiến."))


@bp.post("/requirements/<int:requirement_id>/units/<code>/accept")
@guard.requires("requirement.accept")
def accept_point(requirement_id: int, code: str) -> ResponseReturnValue:
    try:
        points.accept(requirement_id, code, actor=guard.current_actor(), now=clock.now())
    except Conflict as fault:
        return _page(requirement_id, code, fault), 409
    return _back(requirement_id, code, _("Đã chấp nhận."))


@bp.post("/requirements/<int:requirement_id>/units/<code>/judge")
@guard.requires("requirement.report")
def judge_point(requirement_id: int, code: str) -> ResponseReturnValue:
    rechecking.recheck_unit(requirement_id, code, actor=guard.current_actor(), now=clock.now())
    return _back(requirement_id, code, _("Đã tính lại."))


@bp.post("/evidence/<int:evidence_id>/withdraw")
@guard.requires("requirement.report")
def withdraw_evidence(evidence_id: int) -> ResponseReturnValue:
    row = queries.evidence(evidence_id)
    try:
        proofs.withdraw(evidence_id, request.form.get("why", ""), actor=guard.current_actor(), now=clock.now())
    except Invalid as fault:
        return _page(row.requirement_id, row.unit.code, fault), 422
    return _back(row.requirement_id, row.unit.code, _("Đã rút bằng chứng."))


@bp.get("/evidence/<int:evidence_id>/file")
@guard.requires("directive.read")
def evidence_file(evidence_id: int) -> Response:
    row = _readable(evidence_id)
    if row.content is None:
        raise NotFound("register.evidence_unknown")
    return download(row.content, row.media_type, row.name)


@bp.get("/evidence/<int:evidence_id>/thumbnail")
@guard.requires("directive.read")
def evidence_thumbnail(evidence_id: int) -> Response:
    row = _readable(evidence_id)
    if row.thumbnail is None:
        raise NotFound("register.evidence_unknown")
    return picture(row.thumbnail, "image/jpeg")


def _readable(evidence_id: int) -> Evidence:
    """What names people or numbers is for the unit and those above it."""
    row = queries.evidence(evidence_id, content=True)
    if row.internal and not guard.allowed(guard.current_actor(), "requirement.report", row.unit_id, now=clock.now()):
        raise Forbidden("forbidden", state={"action": "requirement.report"})
    return row


def _back(requirement_id: int, code: str, said: str) -> ResponseReturnValue:
    return back(url_for(".requirement_point", requirement_id=requirement_id, code=code), said)


def _page(requirement_id: int, code: str, fault: DomainError | None = None) -> str:
    row, unit, now = queries.requirement(requirement_id), people.unit_by_code(code), clock.now()
    actor, stored = guard.current_actor(), queries.point(requirement_id, unit.id)
    found, judged_at = points.seen(row, unit.id, stored, now)
    state = stored.state if stored else "todo"
    return render_template(
        "compliance/register/point.html",
        row=row,
        letter=row.directive,
        unit=unit,
        point=stored,
        state=state,
        is_overdue=standing.is_overdue(state, row.due_on, clock.local_date(now)),
        is_asked=row.directive.spread_at is not None and places.is_asked(row, unit, clock.local_date(now)),
        found=found,
        judged_at=judged_at,
        found_words=words.finding(row.computed, found.numbers) if found else "",
        source=words.source_name(row.computed),
        why=words.why_reopened(stored, row.computed) if stored else "",
        evidence=queries.evidence_of(row.id, unit.id),
        reworded_at=queries.reworded_at(row.id, unit.id),
        events=queries.events_of(row.id, unit.id),
        happened=words.happened,
        finding=words.finding,
        states=words.states(),
        kinds=words.kinds(),
        phases=words.phases(),
        may_report=bool(guard.allowed(actor, "requirement.report", unit.id, now=now)),
        may_accept=bool(guard.allowed(actor, "requirement.accept", unit.id, now=now)),
        wrong=by_field(fault),
        problem=fault.message() if fault else "",
        given=request.form,
        accept=files.ACCEPTED,
        most=files.MOST_BYTES // 1024 // 1024,
    )
