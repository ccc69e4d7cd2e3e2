"""Ai đang có mặt: who of a unit is there on a day, ticked by whoever sees or rings them; and one's own two buttons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from core import arguments, clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict, DomainError
from core.form_values import whole_number
from core.web import back
from duty.attendance import disowning, listing, services
from duty.attendance.deputies import queries as deputies
from duty.on_duty import own_sections
from people import queries as people
from people.access import guard
from people.models import Person, Unit
from roster.blueprint import bp, kinds
from roster.coverage import unsure as coverage, words as coverage_words
from roster.models import Duty
from roster.presence import moments, queries, words
from roster.publishing import overview

SAID = ("check_in", "ready")
"""What can be ticked for many at once."""
LEFT_AT_END = "left_at_end"
"""Of a shift that is over: they left when it ended, and it is said only now. Said as of now it would be hours more."""


@bp.get("/presence/")
@guard.requires("onduty.read")
def presence() -> ResponseReturnValue:
    """``unit`` (code, with those below) and ``day``; without them the reader's own, today."""
    return page()


@bp.post("/presence/")
@guard.requires("duty.attend")
def note_presence() -> ResponseReturnValue:
    """``do``: check_in or ready for the ticked ``duty`` ids, or check_out or left_at_end of one; ``note``: how it is
    known."""
    form, ids = request.form, {whole_number(each) or 0 for each in request.form.getlist("duty")}
    do = form.get("do", "")
    leaving, _dot, number = do.partition(".")
    kind, single = ("check_out", whole_number(number)) if number else (do, None)
    if kind not in (*SAID, "check_out"):
        kind = "check_in"
    try:
        found = services.say_for_many(
            {single} if single else ids,
            kind,
            note=form.get("note", ""),
            at_end=leaving == LEFT_AT_END,
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except DomainError as fault:
        db.session.rollback()
        return page(fault.message(), fault.http_status, wrong="ready" if kind == "ready" else "check_in")
    left_out = len(ids) - len(found) if single is None else 0
    told = ngettext("Đã ghi %(num)s người.", "Đã ghi %(num)s người.", len(found))
    if left_out:
        told += " " + ngettext("Lịch vừa đổi, bỏ qua %(num)s ca.", "Lịch vừa đổi, bỏ qua %(num)s ca.", left_out)
    return back(list_address(), told)


def page(problem: str = "", status: int = 200, wrong: int | str = 0) -> ResponseReturnValue:
    """``wrong``: which form is at fault: that of one duty (its id), or of many (check_in, ready)."""
    now, actor = clock.now(), guard.current_actor()
    unit, day = _unit(), arguments.day("day") or clock.local_date(now)
    units = people.subtree_ids(unit.id) if unit is not None else ()
    found = listing.list_day(units, day, arguments.number("page", 1), now=now)
    missed = {line.duty.id for line in found.part.rows if line.word.missed is not None}
    shown = render_template(
        "duty/attendance/presence.html",
        unit=unit,
        units=people.unit_tree(),
        day=day,
        found=found,
        kinds=kinds(),
        asking=queries.asking(),
        mark=words.mark,
        when=words.when,
        may_tick=_may_tick,
        doubts=_doubts(found, now),
        stood=deputies.stand_ins_for(missed),
        offers=deputies.offers([line.duty for line in found.part.rows if line.duty.id in missed]),
        reach=guard.reach(actor, "duty.attend", now=now),
        may_correct=guard.reach(actor, "duty.correct", now=now),
        phones=guard.allowed(actor, "person.contact", unit.id if unit else None, now=now) is not False,
        now=now,
        problem=problem,
        wrong=wrong,
        typed=request.form,
    )
    return shown, status


def list_address() -> str:
    """Return the address of the list that the reader was looking at."""
    shown = request.args
    return url_for("roster.presence", unit=shown.get("unit"), day=shown.get("day"), page=shown.get("page"))


def _unit() -> Unit | None:
    code = request.args.get("unit")
    if code:
        return people.unit_by_code(code)
    return overview.home_unit(guard.current_actor().unit_id)


def _doubts(found: listing.AttendanceDay, now: datetime) -> dict[int, str]:
    """Seat id → why whoever plans does not count on its holder: nobody calls those who are known to stay away."""
    waiting = [line.duty.id for line in found.part.rows if line.state in listing.URGENT]
    if not waiting:
        return {}
    unsure = coverage.found(Duty.id.in_(waiting), Duty.ends_at > now, now=now)
    return {each.seat_id: coverage_words.why(each.doubt, now) for each in unsure}


def _may_tick(line: queries.PresenceLine, now: datetime) -> bool:
    duty = line.duty
    if line.asked == "check_in":
        return line.state in ("missing", "expected") and moments.can_check_in(duty.starts_at, duty.ends_at, now)
    return line.state == "not_ready"


# --- one's own page ------------------------------------------------------------------------------------------------


def _read_own(person: Person, now: datetime) -> dict[str, Any] | None:
    lines = [line for line in queries.own(person.id, now=now) if _is_told(line, now)]
    stand_in = queries.standing_in(person.id, now=now)
    if not lines and not stand_in:
        return None
    return {"lines": lines, "stand_in": stand_in, "mark": words.mark, "said": disowning.last_said, "now": now}


def _is_told(line: queries.PresenceLine, now: datetime) -> bool:
    """Return what they can say now, or have said of what runs; not what is over and was left."""
    if line.state == "not_ready":
        return line.confirmed is None or line.confirmed.state != "refused"
    if line.state in ("missing", "expected"):
        return True
    return line.state == "here" or (line.state in ("ready", "left") and line.duty.ends_at > now)


def _verb(kind: str, *, at_end: bool = False) -> own_sections.Verb:
    def say(person: Person, actor: Actor, form: own_sections.Form, now: datetime) -> None:
        duty_id = whole_number(form.get("duty"))
        ids = [duty_id] if duty_id else _open(person.id, kind, now)
        if not ids:
            raise Conflict("presence.none_now")
        for each in ids:
            services.say_own(each, kind, person_id=person.id, at_end=at_end, actor=actor, now=now)

    return say


def _disown(person: Person, actor: Actor, form: own_sections.Form, now: datetime) -> None:
    disowning.disown(whole_number(form.get("duty")) or 0, person=person, actor=actor, now=now)


def _open(person_id: int, kind: str, now: datetime) -> list[int]:
    """Return what a button that names no shift is about: at a shared desk it is known only afterwards who pressed it.
    What was said of a shift that is over stays; of one that runs it may be said again."""
    states = {"check_in": ("missing", "expected", "left", "here"), "check_out": ("here",), "ready": ("not_ready",)}
    lines = [line for line in queries.own(person_id, now=now) if line.state in states[kind]]
    return [line.duty.id for line in lines if kind == "check_out" or line.duty.ends_at > now]


VERBS = {kind: _verb(kind) for kind in ("check_in", "check_out", "ready")}
VERBS[LEFT_AT_END] = _verb("check_out", at_end=True)
VERBS["disown_presence"] = _disown
SECTION = own_sections.OwnSection("duty/attendance/_own.html", _read_own, VERBS, is_ask=True, by_slip=True)
