"""Tin đến chưa rõ: texts and missed calls that are nobody's or unreadable, settled with one tap at the desk."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import db
from core.errors import DomainError, NotFound
from core.form_values import whole_number
from core.web import back
from duty.inbound_messages import queries, sent_back, settling
from people import queries as people
from people.access import guard
from people.models import Person
from roster.blueprint import bp


@bp.get("/replies/")
@guard.requires("duty.confirm")
def replies() -> ResponseReturnValue:
    """``reply`` and ``person`` (code): of that one the reader says whose it is."""
    return _page()


@bp.post("/replies/<int:reply_id>")
@guard.requires("duty.confirm")
def settle_reply(reply_id: int) -> ResponseReturnValue:
    """``do``: yes or no (to the ask ``kind``, ``ref`` of ``person``), or done."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    try:
        if form.get("do") in ("yes", "no"):
            person = people.person_by_code(form.get("person", ""))
            kind, ref = form.get("kind", ""), form.get("ref", "")
            settling.settle(reply_id, person, kind, ref, yes=form["do"] == "yes", actor=actor, now=now)
            told = _("Đã ghi cho %(name)s.", name=person.full_name)
        else:
            settling.dismiss(reply_id, actor=actor, now=now)
            told = _("Đã xử lý tin này.")
    except DomainError as fault:
        if fault.http_status not in (403, 409, 422):
            raise
        db.session.rollback()
        return _page(fault.message(), fault.http_status)
    return back(url_for(".replies"), told)


def _page(problem: str = "", status: int = 200) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    if guard.reach(actor, "duty.confirm", now=now) == set():
        guard.ensure(actor, "duty.confirm", None, now=now)
    chosen, unknown = _chosen()
    lines = queries.waiting(actor, chosen=chosen, now=now)
    page = render_template(
        "duty/inbound_messages/replies.html",
        lines=lines,
        more=queries.counted(actor, now=now) - len(lines),
        understood=queries.understood(actor, now=now),
        ignored=queries.ignored(actor, now=now),
        spent=sent_back.spent(now=now),
        chosen=chosen[0] if chosen else whole_number(request.args.get("reply")),
        typed=request.args.get("person", ""),
        unknown=unknown,
        problem=problem,
    )
    return page, status


def _chosen() -> tuple[tuple[int, Person] | None, str]:
    """Whom the reader takes for the sender, and what is wrong with what was typed."""
    reply_id, code = whole_number(request.args.get("reply")), request.args.get("person", "").strip()
    if reply_id is None or not code:
        return None, ""
    try:
        return (reply_id, people.person_by_code(code)), ""
    except NotFound as fault:
        return None, fault.message()
