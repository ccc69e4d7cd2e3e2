"""Several incidents that were picked on the board: a page that says what each step means, and doing it.

Works without scripts: the board's check boxes are a form that leads here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import clock
from core.actor import Actor
from core.api import idempotency
from core.errors import DomainError
from core.form_values import fitting
from core.web import back
from incidents.blueprint import bp
from incidents.board import picks
from incidents.paging import manual_rules
from incidents.record import queries
from incidents.response.forms import coming, reason_sent
from incidents.together import services as together, words as together_words
from people.access import guard

TAP = "tap/board"
LONGEST_NOTE = 1000


@bp.get("/picked")
@guard.requires("incident.read")
def picked() -> ResponseReturnValue:
    """Return what can be done to those that were picked (``code``, as often as there are)."""
    now, actor = clock.now(), guard.current_actor()
    codes = request.args.getlist("code")
    if not picks.picked(codes, actor=actor, now=now).incidents:
        for code in codes[:1]:
            queries.readable(code, actor, now)  # says why they see none of it
        return back(url_for(".board"), _("Chưa chọn sự cố nào: đánh dấu ở đầu dòng trên danh sách sự cố."), "warn")
    return _page(codes, actor, now)


@bp.post("/picked/take")
@guard.requires("incident.read")
def take_picked() -> ResponseReturnValue:
    """The reader takes them; says which somebody else has."""
    now, actor = clock.now(), guard.current_actor()
    done = picks.take(request.form.getlist("code"), actor=actor, now=now)
    said = []
    if done.codes:
        said.append(_("Đồng chí đã nhận %(codes)s.", codes=", ".join(done.codes)))
    said += done.had
    if done.apart:
        said.append(_("Nhận từng việc một: %(codes)s.", codes=", ".join(done.apart)))
    missed = done.had or done.apart or not done.codes
    return back(url_for(".board"), " ".join(said) or _("Không còn việc nào để nhận."), "warn" if missed else "ok")


@bp.post("/picked/join")
@guard.requires("incident.read")
def join_picked() -> ResponseReturnValue:
    """All into ``main``, or none."""

    def join(codes: list[str], actor: Actor, now: datetime) -> str:
        note = fitting(request.form.get("note", ""), LONGEST_NOTE, "note", _("Ghi chú"))
        main, count = picks.join(codes, request.form.get("main", ""), actor=actor, now=now, note=note)
        return ngettext(
            "Đã gộp %(num)s sự cố vào %(main)s; hệ thống không gọi riêng cho sự cố đó nữa.",
            "Đã gộp %(num)s sự cố vào %(main)s; hệ thống không gọi riêng cho các sự cố đó nữa.",
            count,
            main=main.code,
        )

    return _do(join)


@bp.post("/picked/snooze")
@guard.requires("incident.read")
def put_off_picked() -> ResponseReturnValue:
    """All until ``until``, or none."""

    def put_off(codes: list[str], actor: Actor, now: datetime) -> str:
        until = coming(request.form.get("until", ""), now, "until")
        count = picks.put_off(codes, until=until, reason=reason_sent(), actor=actor, now=now)
        return ngettext(
            "Đã hoãn %(num)s sự cố; đến giờ hệ thống tự nhắc lại.",
            "Đã hoãn %(num)s sự cố; đến giờ hệ thống tự nhắc lại.",
            count,
        )

    return _do(put_off)


def _do(step: Callable[[list[str], Actor, datetime], str]) -> ResponseReturnValue:
    """Do it and go back to the board; or the page again with what was typed and what is wrong. Two taps are one."""
    now, actor, codes = clock.now(), guard.current_actor(), request.form.getlist("code")
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    sent = idempotency.digest_of("POST", request.path, repr(fields).encode())
    if idempotency.is_second_tap(TAP, sent, within=manual_rules.AGAIN, actor=actor, now=now):
        return back(url_for(".board"), _("Bấm hai lần liền nhau: chỉ tính lần đầu."))
    try:
        said = step(codes, actor, now)
    except BaseException as error:
        # Nothing was written: the next tap is the first.
        idempotency.forget_tap(TAP, actor=actor)
        if not isinstance(error, DomainError) or not picks.picked(codes, actor=actor, now=now).incidents:
            raise
        shown = request.form.getlist("all") or codes
        return _page(shown, actor, now, problem=error.message(), typed=request.form), error.http_status
    return back(url_for(".board"), said)


def _page(codes: list[str], actor: Actor, now: datetime, *, problem: str = "", typed: Any = None) -> str:
    found = picks.picked(codes, actor=actor, now=now)
    return render_template(
        "incidents/board/picked.html",
        picked=found,
        now=now,
        calls=together.left_in_peace(found.to_take, actor=actor) if found.to_take else 0,
        again_at=together.asked_again_at(found.to_take, now=now),
        holding=together_words.holding(together.worst_held(actor.person_id)),
        problem=problem,
        typed=typed or {},
    )
