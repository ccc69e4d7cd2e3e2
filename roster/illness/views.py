"""Ốm, nghỉ đột xuất: one screen from "somebody cannot come" to "somebody else does"."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.actor import Actor
from core.calendar import dates
from core.db import db
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.form_values import whole_number
from core.web import back
from people import queries as people
from people.absences import queries as absence_queries
from people.access import guard
from people.models import Person
from roster.blueprint import bp, kinds
from roster.illness import hits, services as illness
from roster.illness.services import Plan
from roster.swaps import deciding, queries, words
from roster.swaps.chaining import Chain
from roster.words import reasons


@bp.get("/illness/<code>")
@guard.requires("duty.confirm")
def illness_of(code: str) -> ResponseReturnValue:
    """``until``: a day (default: today), or ``unknown``. What it hits, and whom it would ask; nothing happens."""
    return _page(_person(code))


@bp.get("/illness/<code>/live")
@guard.requires("duty.confirm")
def illness_live(code: str) -> ResponseReturnValue:
    """How far the asks are; a part for htmx."""
    person, now = _person(code), clock.now()
    return render_template("roster/illness/_asked.html", **_facts(person, now, looks=False))


@bp.post("/illness/<code>")
@guard.requires("duty.confirm")
def report_illness(code: str) -> ResponseReturnValue:
    """``do``: ask, decide, record or approve (``swap``, ``taker``); ``first-SEAT``: whom to ask first, or a chain's
    key, or ``none``; ``note``; ``until``."""
    person, now, actor = _person(code), clock.now(), guard.current_actor()
    does = request.form.get("do")
    try:
        if does == "record":
            illness.record(person.code, _until(now), actor=actor, now=now)
            return _back(code, _("Đã ghi vắng đến hết %(day)s.", day=dates.day_shown(_until(now))))
        if does == "approve":
            return _approve(code, actor, now)
        plan = _plan(person, now)
        if does == "decide":
            return _back(code, _("Đã đổi người trực %(n)s ca.", n=illness.decide(plan, actor=actor, now=now)))
        asked = len(illness.report(plan, actor=actor, now=now))
        return _back(code, _("Đang hỏi người thay cho %(n)s ca.", n=asked))
    except (Conflict, Invalid, Forbidden) as fault:
        db.session.rollback()
        return _page(person, fault)


def _approve(code: str, actor: Actor, now: datetime) -> ResponseReturnValue:
    """What those who were asked agreed to."""
    swap = deciding.approve(
        whole_number(request.form.get("swap")) or 0, taker=request.form.get("taker"), actor=actor, now=now
    )
    return _back(code, _("Đã duyệt: %(what)s", what=words.said(queries.line(swap, now=now))))


def _back(code: str, said: str) -> ResponseReturnValue:
    return back(url_for(".illness_of", code=code, until=request.form.get("until")), said)


def _person(code: str) -> Person:
    person = people.person_by_code(code)
    guard.refuse_unless(guard.current_actor(), "duty.confirm", person.unit_id, now=clock.now())
    return person


def _until(now: datetime) -> date:
    """Until today where nothing, or nothing of sense, is said."""
    said, today = request.values.get("until", ""), clock.local_date(now)
    if said == "unknown":
        return today + hits.UNKNOWN
    found = dates.day(said)
    return max(today, found) if found is not None else today


def _plan(person: Person, now: datetime) -> Plan:
    """Of the form: for each shift the chosen one first, then the others in order; or a chain of two."""
    found = hits.of(person, _until(now), actor=guard.current_actor(), now=now)
    asks, chains = dict[int, list[str]](), dict[int, Chain]()
    for hit in found.to_ask:
        seat = hit.duty.seat_id
        first = request.form.get(f"first-{seat}", "none")
        passing = {each.key: each.chain for each in hit.chains}
        others = [each.person.code for each in hit.candidates]
        if first in passing:
            chains[seat] = passing[first]
        elif first in others:
            asks[seat] = [first, *(each for each in others if each != first)]
        elif first != "none":
            raise Conflict("illness.changed", name=people.person_by_code(first.partition(">")[0]).full_name)
    return Plan(person.code, _until(now), asks, request.form.get("note", ""), chains)


def _facts(person: Person, now: datetime, *, looks: bool = True) -> dict[str, object]:
    actor = guard.current_actor()
    found = hits.of(person, _until(now), looks=looks, actor=actor, now=now)
    asked = [hit.ask for hit in found.shifts if hit.ask is not None]
    return {
        "person": person,
        "found": found,
        "ended": hits.of_ended(person, now=now),
        "decidable": {line.swap.id for line in asked if line.is_agreed and deciding.may_decide(line, actor, now=now)},
        "until_said": request.values.get("until", ""),
        "words": words,
        "now": now,
    }


def _page(person: Person, fault: DomainError | None = None) -> ResponseReturnValue:
    now = clock.now()
    today = clock.local_date(now)
    page = render_template(
        "roster/illness/illness.html",
        **_facts(person, now),
        until=_until(now),
        said=request.values.get("until", ""),
        today=today,
        unrecorded=hits.unrecorded(person, _until(now), now=now),
        in_three_days=today + timedelta(days=2),
        may_be_longer=bool(guard.allowed(guard.current_actor(), "absence.write", person.unit_id, now=now)),
        stands=next(
            (each for each in absence_queries.of_person(person.id) if each.from_on <= today <= each.to_on), None
        ),
        kinds=kinds(),
        near=reasons.near,
        problem=fault.message() if fault else "",
        broken=[each["text"] for each in fault.state.get("violations", [])] if fault else [],
        typed=request.form,
    )
    return page, fault.http_status if fault else 200
