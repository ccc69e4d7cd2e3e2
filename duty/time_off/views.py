"""Đề nghị nghỉ, nguyện vọng: what people of one's units ask for, and the answers, many at once."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from core import arguments, clock
from core.errors import Invalid
from core.web import back
from duty.on_duty import own_page
from duty.time_off import answering, queries, words
from duty.time_off.answerers import ANSWER
from duty.time_off.answering import Answer
from people.access import guard
from roster.blueprint import bp

DO: dict[str, Answer] = {"accept": "accepted", "refuse": "refused", "return": "returned"}


@bp.get("/requests")
@guard.requires(ANSWER)
def requests() -> ResponseReturnValue:
    """``state``: asked (default), returned or answered; of the units whose people the reader answers. ``pick=all``: all
    of the page are chosen already."""
    return _page()


@bp.post("/requests")
@guard.requires(ANSWER)
def answer_requests() -> ResponseReturnValue:
    """``do``: accept, refuse or return; ``chosen``: id.sequence, as often as there are."""
    said = DO.get(request.form.get("do", ""))
    if said is None:
        raise Invalid("request.nothing", field="do")
    read = own_page.shown(request.form.getlist("chosen"))
    try:
        found = answering.answer(
            read, said, request.form.get("reason", ""), actor=guard.current_actor(), now=clock.now()
        )
    except Invalid as fault:
        return _page(fault.message(), fault.http_status)
    to = url_for(".requests", state=request.args.get("state"), page=request.args.get("page"))
    done = ngettext("Đã trả lời %(num)s đề nghị.", "Đã trả lời %(num)s đề nghị.", len(found.done))
    if not found.changed:
        return back(to, done)
    left = ngettext(
        "%(num)s đề nghị vừa đổi: xem lại rồi trả lời.", "%(num)s đề nghị vừa đổi: xem lại rồi trả lời.", found.changed
    )
    return back(to, f"{done} {left}" if found.done else left, "warn")


def _page(problem: str = "", status: int = 200) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    units = guard.reach(actor, ANSWER, now=now)
    state = request.args.get("state")
    state = state if state in queries.LISTS else "asked"
    page = render_template(
        "duty/time_off/requests.html",
        found=queries.listed(state, units, arguments.number("page", 1), but=actor.person_id, now=now),
        counts=queries.counts(units, but=actor.person_id, now=now),
        state=state,
        words=words,
        problem=problem,
        typed=request.form,
        all_chosen=request.method == "GET" and request.args.get("pick") == "all",
    )
    return page, status
