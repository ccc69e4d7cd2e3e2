"""*Gọi tay*: the operator's list of people to ring, with one-tap results, and the red banner that leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, fragments
from core.actor import Actor
from core.errors import Conflict, Invalid
from core.web import back
from desk.audit import shut_channels, unreached
from duty.inbound_messages import queries as replies
from incidents.paging import manual_calls, manual_notes, manual_results, manual_rules, manual_undo, manual_words
from incidents.paging.manual_calls import PersonToRing
from incidents.paging.manual_results import Done
from incidents.paging.manual_undo import Undoable
from incidents.record import access, queries
from incidents.record.models import Incident
from incidents.response.lifecycle import Outcome
from incidents.words import step_name
from people import queries as people
from people.access import guard
from people.models import Person

bp = Blueprint("calls", __name__, url_prefix="/calls")
bp.app_context_processor(
    lambda: {
        "unreached": unreached.current,
        "is_calm": unreached.is_calm,
        "unreached_words": unreached,
        "shut_channels": shut_channels.current,
        "shut_words": shut_channels,
    }
)
OUTCOMES = ("taken", "no_answer", "busy", "unreachable", "refused", "later")
NEXT = "next"
"""Where the focus goes: the name of the person to ring now."""


@bp.get("/")
@guard.requires("incident.dispatch")
def index() -> ResponseReturnValue:
    """Whom to ring now; ``?rows=1`` answers the part that changes, ``?person=`` opens that person's line."""
    now, actor = clock.now(), guard.current_actor()
    facts = _facts(actor, now)
    seen = [_seen(callee) for callee in facts["callees"]], facts["done"], facts["left"], _opened(facts)
    etag = fragments.tag(seen)
    if request.args.get("rows"):
        return fragments.fragment("desk/_calls.html", etag, facts)
    unclear = replies.counted(actor, now=now)
    return render_template(
        "desk/calls.html", etag=etag, every=fragments.EVERY, asked=_asked_for(), unclear=unclear, **facts
    )


def _facts(actor: Actor, now: datetime) -> dict[str, Any]:
    callees = manual_calls.to_ring(actor, now=now)
    waiting = {callee.person.id for callee in callees}
    done = [each for each in manual_undo.undoable(actor, now=now) if each.person_id not in waiting]
    left = [each for each in manual_notes.left_late(actor, now=now) if each.person.id not in waiting]
    opened = _to_open(callees)
    return {
        "callees": callees,
        "opened": opened,
        "done": done,
        "left": left,
        "now": now,
        "step_name": step_name,
        "names": people.people_by_ids([each.person_id for each in done]),
        "kinds": queries.duty_kinds_by_code(),
        "say": manual_words.say(opened) if opened else "",
        "yes": manual_words.yes(opened) if opened else "",
        "singly": manual_words.singly(opened) if opened else [],
        "zalo": manual_words.zalo(opened) if opened else "",
        "later": manual_rules.LATER,
        "keys": _keys(callees),
        "words": unreached,
        "came_of": _came_of,
    }


def _asked_for() -> str | None:
    return request.args.get("person")


def _to_open(callees: Sequence[PersonToRing]) -> PersonToRing | None:
    """Whom the reader chose, else whom they ring already, else the first whom nobody rings."""
    free = [callee for callee in callees if callee.mine or not callee.ringing]
    chosen = [callee for callee in free if callee.person.code == _asked_for()]
    return next(iter([*chosen, *(callee for callee in free if callee.mine), *free]), None)


def _opened(facts: dict[str, Any]) -> str:
    return facts["opened"].person.code if facts["opened"] else ""


def _seen(callee: PersonToRing) -> list[Any]:
    """Return what a reader sees of it, clocks aside."""
    lines = [(line.key, line.incident.version, line.why, line.since) for line in callee.lines]
    return [lines, callee.ringing, callee.mine, callee.again_at, callee.person.phone]


def _keys(callees: Sequence[PersonToRing]) -> str:
    """Return what may sound: those whom nobody rings at this moment."""
    free = [callee for callee in callees if not callee.ringing and callee.again_at is None]
    return " ".join(f"{line.key[0]}-{line.key[1]}-{line.since:%H%M%S}" for callee in free for line in callee.lines)


@bp.get("/banner")
@guard.requires("incident.dispatch")
def banner() -> ResponseReturnValue:
    """Return what stands above every page of those who may ring; ``?here=1`` on the list itself, ``?calm=1`` where a
    channel that is down is said although nobody has to be rung, ``?calm=unconnected`` where only that there is none."""
    found, shut, calm = unreached.current(), shut_channels.current(), request.args.get("calm")
    facts = {
        "found": found,
        "words": unreached,
        "here": request.args.get("here") == "1",
        "shut": shut,
        "shut_words": shut_channels,
        "calm": shut_channels.said(only_unconnected=calm == "unconnected") if calm else "",
    }
    etag = fragments.tag([found, facts["here"], shut, facts["calm"]])
    return fragments.fragment("desk/_unreached.html", etag, facts)


@bp.post("/<person>/ring")
@guard.requires("incident.dispatch")
def ring(person: str) -> ResponseReturnValue:
    """I ring them; a tap on the number says it by itself and waits for no page."""
    now, actor = clock.now(), guard.current_actor()
    whom = people.person_by_code(person)
    try:
        manual_results.ring(_named_incidents(whom), whom.id, actor=actor, now=now)
    except Conflict as error:
        return (
            (error.message(), 409, {"Content-Type": "text/plain; charset=utf-8"})
            if request.headers.get("X-Tap")
            else back(_list(), error.message(), "warn")
        )
    return ("", 204) if request.headers.get("X-Tap") else back(_list(whom))


@bp.post("/<person>/leave")
@guard.requires("incident.dispatch")
def leave(person: str) -> ResponseReturnValue:
    """I do not ring after all."""
    whom = people.person_by_code(person)
    manual_results.leave(_named_incidents(whom), whom.id, actor=guard.current_actor(), now=clock.now())
    return back(_list())


@bp.post("/<person>/result")
@guard.requires("incident.dispatch")
def result(person: str) -> ResponseReturnValue:
    """Return what came of it, by one tap, for each incident that the page named; ``alone``: they take this one, and of
    the others nothing is said yet."""
    now, actor = clock.now(), guard.current_actor()
    whom = people.person_by_code(person)
    about, outcome, again_in = _named_incidents(whom), request.form.get("outcome", ""), manual_rules.BUSY
    only, alone = request.form.get("only", ""), request.form.get("alone", "")
    if only or alone:
        outcome = "taken"
    about = [each for each in about if each.code == alone] if alone else about
    if minutes := request.form.get("later"):
        outcome, again_in = "later", timedelta(minutes=int(minutes)) if _is_offered(minutes) else timedelta(0)
    if outcome not in OUTCOMES or not again_in or not about or (only and only not in {each.code for each in about}):
        for incident in about or _named_incidents(whom):
            access.ensure_dispatch(actor, incident, now=now)  # those who may not are told so, and of no field
        raise Invalid("incident.outcome", field="outcome")
    try:
        named = [each.code for each in about[: manual_words.SAID]]
        done = manual_results.result(
            manual_results.CalledAbout(about, only=only, named=named),
            whom.id,
            cast(Outcome, outcome),
            actor=actor,
            now=now,
            again_in=again_in,
        )
    except Conflict as error:
        return back(_list(), error.message(), "warn")
    said = " ".join([*([_said(outcome, whom, done, only)] if done.codes else []), *_had(done), *_apart(done)])
    left = whom if alone or done.apart else None
    return back(_list(left), said, "warn" if done.had or done.apart else "ok")


@bp.post("/<person>/undo")
@guard.requires("incident.dispatch")
def undo(person: str) -> ResponseReturnValue:
    """It was another button that was meant."""
    now, actor = clock.now(), guard.current_actor()
    whom = people.person_by_code(person)
    try:
        manual_undo.undo(_named_incidents(whom), whom.id, actor=actor, now=now)
    except Conflict as error:
        return back(_list(), error.message(), "warn")
    return back(_list(whom), _("Đã bỏ kết quả vừa ghi về %(name)s.", name=whom.full_name))


def _list(opened: Person | None = None) -> str:
    return url_for(".index", person=opened.code if opened else None, _anchor=NEXT)


def _named_incidents(whom: Person) -> list[Incident]:
    """Return what the page as it was read named: a call counts also when a message has reached that person
    meanwhile."""
    codes = dict.fromkeys(request.values.getlist("code")[: manual_calls.MOST])
    if not codes:
        guard.ensure(guard.current_actor(), "incident.dispatch", whom.unit_id, now=clock.now())
        raise Invalid("incident.outcome", field="code")
    return [queries.by_code(code) for code in codes]


def _is_offered(minutes: str) -> bool:
    return minutes in map(str, manual_rules.LATER)


def _said(outcome: str, whom: Person, done: Done, only: str) -> str:
    name, codes = whom.full_name, only or ", ".join(done.codes)
    if outcome == "taken" and not done.took:
        return _("Đã ghi: %(name)s nghe máy, đã nắm.", name=name)
    return {
        "taken": _("%(name)s đã nhận %(code)s qua điện thoại.", name=name, code=codes),
        "no_answer": _("Đã ghi: %(name)s không trả lời.", name=name),
        "unreachable": _("Đã ghi: không liên lạc được %(name)s.", name=name),
        "busy": _("Đã ghi: %(name)s bận; nhắc gọi lại sau 2 phút.", name=name),
        "later": _("Đã ghi: %(name)s hẹn gọi lại.", name=name),
        "refused": _("Đã ghi: %(name)s không đi được; chuyển người khác.", name=name),
    }[outcome]


def _apart(done: Done) -> list[str]:
    return [_("Nhận từng việc một: %(codes)s.", codes=", ".join(done.apart))] if done.apart else []


def _had(done: Done) -> list[str]:
    return [_("%(code)s đã có %(by)s nhận.", code=code, by=by) for code, by in done.had]


def _came_of(done: Undoable) -> str:
    """The result in a word or two."""
    return {
        "taken": _("nhận %(codes)s", codes=", ".join(done.taken)),
        "no_answer": _("không nghe"),
        "busy": _("máy bận"),
        "unreachable": _("không liên lạc được"),
        "refused": _("không đi được"),
        "later": _("hẹn gọi lại"),
    }[done.outcome]
