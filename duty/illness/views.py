"""Ốm, nghỉ đột xuất: one screen from "somebody cannot come" to "somebody else does"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

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
from duty.illness import hits, services as illness
from duty.illness.services import IllnessPlan
from duty.swaps import deciding, queries, words
from duty.swaps.chaining import Chain
from people import queries as people
from people.absences import queries as absence_queries
from people.access import guard
from people.models import Person
from roster.blueprint import bp, kinds
from roster.words import reasons


@bp.get("/illness/<code>")
@guard.requires("duty.confirm")
def illness_of(code: str) -> ResponseReturnValue:
    """``from``: a day (default: today). ``until``: a day (default: that one), or ``unknown``. What it hits, and
    whom it would ask; nothing happens."""
    return _page(_person(code))


@bp.get("/illness/<code>/live")
@guard.requires("duty.confirm")
def illness_live(code: str) -> ResponseReturnValue:
    """How far the asks are; a part for htmx."""
    person, now = _person(code), clock.now()
    return render_template("duty/illness/_asked.html", **_facts(person, now, looks=False))


@bp.post("/illness/<code>")
@guard.requires("duty.confirm")
def report_illness(code: str) -> ResponseReturnValue:
    """``do``: ask, decide, record or approve (``swap``, ``taker``); ``first-SEAT``: whom to ask first, or a chain's
    key, or ``none``; ``note``; ``from``; ``until``."""
    person, now, actor = _person(code), clock.now(), guard.current_actor()
    does = request.form.get("do")
    try:
        if does == "record":
            illness.record(person.code, _until(now), from_on=_later(now), actor=actor, now=now)
            return _back(code, _recorded(now))
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
    """Return what those who were asked agreed to."""
    swap = deciding.approve(
        whole_number(request.form.get("swap")) or 0, taker=request.form.get("taker"), actor=actor, now=now
    )
    return _back(code, _("Đã duyệt: %(what)s", what=words.said(queries.line(swap, now=now))))


def _recorded(now: datetime) -> str:
    first, last = _later(now), dates.day_shown(_until(now))
    if first is None:
        return _("Đã ghi vắng đến hết %(day)s.", day=last)
    return _("Đã ghi vắng từ %(first)s đến hết %(day)s.", first=dates.day_shown(first), day=last)


def _back(code: str, said: str) -> ResponseReturnValue:
    asked: dict[str, Any] = {name: request.form.get(name) or None for name in ("from", "until")}
    return back(url_for(".illness_of", code=code, **asked), said)


def _person(code: str) -> Person:
    person = people.person_by_code(code)
    guard.refuse_unless(guard.current_actor(), "duty.confirm", person.unit_id, now=clock.now())
    return person


def _from(now: datetime) -> date:
    """From today on where nothing, or nothing of sense, is said."""
    today = clock.local_date(now)
    return max(today, dates.day(request.values.get("from", "")) or today)


def _later(now: datetime) -> date | None:
    """The first day, where it is not today."""
    first = _from(now)
    return first if first > clock.local_date(now) else None


def _until(now: datetime) -> date:
    """For the first day where nothing, or nothing of sense, is said."""
    said, first = request.values.get("until", ""), _from(now)
    if said == "unknown":
        return first + hits.UNKNOWN
    return max(first, dates.day(said) or first)


def _plan(person: Person, now: datetime) -> IllnessPlan:
    """Return the plan from the form: for each shift the chosen person first, then the others in order; or a chain of
    two. Conflict ``illness.changed`` when whoever was chosen is not among the choices any more."""
    found = hits.find_hits(person, _until(now), from_on=_later(now), actor=guard.current_actor(), now=now)
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
    return IllnessPlan(person.code, _until(now), asks, request.form.get("note", ""), chains, _later(now))


def _facts(person: Person, now: datetime, *, looks: bool = True) -> dict[str, object]:
    actor = guard.current_actor()
    found = hits.find_hits(person, _until(now), from_on=_later(now), looks=looks, actor=actor, now=now)
    asked = [hit.ask for hit in found.shifts if hit.ask is not None]
    return {
        "person": person,
        "found": found,
        "ended": hits.list_ended(person, now=now),
        "decidable": {line.swap.id for line in asked if line.is_agreed and deciding.may_decide(line, actor, now=now)},
        "until_said": request.values.get("until", ""),
        "from_said": request.values.get("from", ""),
        "words": words,
        "now": now,
    }


def _page(person: Person, fault: DomainError | None = None) -> ResponseReturnValue:
    now = clock.now()
    first = _from(now)
    page = render_template(
        "duty/illness/illness.html",
        **_facts(person, now),
        until=_until(now),
        said=request.values.get("until", ""),
        first=first,
        later=_later(now),
        unrecorded=hits.unrecorded(person, _until(now), from_on=_later(now), now=now),
        in_three_days=first + timedelta(days=2),
        may_be_longer=bool(guard.allowed(guard.current_actor(), "absence.write", person.unit_id, now=now)),
        stands=next(
            (each for each in absence_queries.list_for_person(person.id) if each.from_on <= first <= each.to_on), None
        ),
        kinds=kinds(),
        near=reasons.near,
        problem=fault.message() if fault else "",
        broken=[each["text"] for each in fault.state.get("violations", [])] if fault else [],
        typed=request.form,
    )
    return page, fault.http_status if fault else 200
