"""/incidents/take-singly: what is taken one by one, one after the other: read, taken or left, and the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.form_values import whole_number
from incidents.blueprint import bp
from incidents.catalogue import queries as catalogue
from incidents.record import access, queries
from incidents.record.models import Incident
from incidents.together import services, walk, words
from people.access import guard

MOST = 200
"""So many codes are carried along from page to page."""


@bp.get("/take-singly")
@guard.requires("incident.read")
def take_singly() -> ResponseReturnValue:
    """The next one that nobody has. ``code``: only these, as often as there are; ``left``: those that the reader went
    past; ``done``: how many they have taken on the way; ``first``: the one to begin with."""
    now, actor = clock.now(), guard.current_actor()
    waiting, only = services.waiting(actor, now=now).apart, set(_codes("code"))
    left, done = _codes("left"), _done()
    found = [each for each in waiting if not only or each.code in only]
    step = walk.step(found, done=done, left=left, first=request.args.get("first", ""))
    one = step.incident if step is not None else None
    return render_template(
        "incidents/together/take_singly.html",
        step=step,
        alike=_may_be_joined(step.alike, now) if step is not None else (),
        category=catalogue.category(one.category) if one is not None else None,
        called=queries.called_now([one.id]).get(one.id) if one is not None else None,
        left=left,
        done=done,
        only=_codes("code"),
        holding=words.holding(services.worst_held(actor.person_id)),
        again=[each for each in found if each.code in left],
        now=now,
    )


@bp.post("/take-singly")
@guard.requires("incident.read")
def take_this_one() -> ResponseReturnValue:
    """The one that was shown; then the next."""
    now, actor = clock.now(), guard.current_actor()
    shown = whole_number(request.form.get("incident", ""))
    seen = services.visible([shown], actor=actor, now=now) if shown is not None else []
    done = services.take_one(seen[0].id, actor=actor, now=now) if seen else None
    taken = done.codes if done is not None else []
    for code in taken:
        flash(_("Đồng chí đã nhận: %(codes)s.", codes=code), "ok")
    if done is not None:
        for said in (*map(words.became, done.late), *map(words.refused, done.refused)):
            flash(said, "info")
    if done is None:
        flash(_("Sự cố ấy không còn ở đây."), "warn")
    target = url_for(".take_singly", done=_done() + len(taken), left=_codes("left"), code=_codes("code"))
    return redirect(target, code=303)


def _codes(name: str) -> list[str]:
    return list(dict.fromkeys(each for each in request.values.getlist(name) if each))[:MOST]


def _done() -> int:
    return min(whole_number(request.values.get("done", "")) or 0, MOST * 10)


def _may_be_joined(alike: Sequence[Incident], now: datetime) -> Sequence[Incident]:
    """Return those that the reader may make one matter; nothing where only one is left."""
    actor = guard.current_actor()
    mine = [each for each in alike if access.may(actor, "incident.dispatch", each, now=now)]
    return mine if len(mine) > 1 else ()
