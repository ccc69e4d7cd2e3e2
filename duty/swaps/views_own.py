"""/me/swap/<seat> and /p/me/<token>/swap/<seat>: whom to ask to take one of my shifts, or to exchange it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.errors import Conflict, DomainError, Invalid, NotFound, Throttled
from core.form_values import whole_number
from core.security import throttle
from core.security.throttle import AttemptLimit
from core.web import back, secret_page
from duty.on_duty import views_me, views_own
from duty.swaps import finding, queries, services as swaps, swap_deadlines, words
from duty.swaps.finding import Ways
from duty.swaps.services import SwapWanted
from duty.swaps.workload_delta import queries as carried, words as carried_words
from duty.swaps.workload_delta.queries import Handed, WorkloadDelta
from people import queries as people
from people.access import guard
from people.links import services as links
from people.links.services import LinkVisit
from people.models import Person
from roster.campaigns import holders
from roster.dividing import parting
from roster.dividing.parting import SplitSpan
from roster.models import Duty, Shift

bp = views_me.bp
link_bp = views_own.bp
LOOKS = AttemptLimit(30, timedelta(minutes=10))
"""Of one person, at what was not found before: each judges many plans, and what scanners read again costs nothing."""


@dataclass(frozen=True)
class SwapChoice:
    """An exchange that could be asked for: somebody else's shift, and the seat that comes back. ``carried``: by both
    before and after."""

    person: Person
    seat_id: int
    shift: Shift
    carried: Sequence[WorkloadDelta]


@dataclass(frozen=True)
class SwapTaker:
    """Somebody who could take the shift, and what they would carry."""

    person: Person
    carried: WorkloadDelta


@bp.get("/swap/<int:seat_id>")
@guard.requires("roster.read")
def choose(seat_id: int) -> ResponseReturnValue:
    """Who could take this shift of mine, and whose could be exchanged for it; nothing is asked yet."""
    return _page(_me(), seat_id, now=clock.now())


@bp.post("/swap/<int:seat_id>")
@guard.requires("roster.read")
def ask(seat_id: int) -> ResponseReturnValue:
    """``do``: cover, with:CODE, swap:CODE:SEAT, part (``from``, ``to``: local times), drop; ``note``."""
    person, now = _me(), clock.now()
    try:
        swaps.ask(seat_id, _wanted(seat_id), person=person.code, actor=guard.current_actor(), now=now)
    except DomainError as fault:
        db.session.rollback()
        return _page(person, seat_id, fault=fault, now=now)
    return back(url_for("me.index", _anchor="swaps"), _("Đã gửi đề nghị."))


@link_bp.get("/<token>/swap/<int:seat_id>")
@guard.public
def choose_by_link(token: str, seat_id: int) -> ResponseReturnValue:
    visit = views_own.opened(token)
    if not isinstance(visit, LinkVisit):
        return visit
    if visit.is_slip:
        return views_own.to_own(token)
    return _page(visit.person, seat_id, token=token, now=clock.now())


@link_bp.post("/<token>/swap/<int:seat_id>")
@guard.public
def ask_by_link(token: str, seat_id: int) -> ResponseReturnValue:
    now, device = clock.now(), ""
    visit = views_own.opened(token)
    if not isinstance(visit, LinkVisit):
        return visit
    try:
        device = links.is_me(visit, request.user_agent.string, now=now)
        swaps.ask(seat_id, _wanted(seat_id), person=visit.person.code, actor=visit.actor, now=now)
        answer = views_own.to_own(token)
    except DomainError as fault:
        db.session.rollback()
        answer = _again(seat_id, token, device, fault, now=now)
    if device:
        views_own.remember(answer, token, device)
    return answer


def _again(seat_id: int, token: str, device: str, fault: DomainError, *, now: datetime) -> Response:
    """Return what was typed, with what was wrong with it; the page of their shifts where the seat is theirs no more, or
    where another browser has been quicker to say whose it is."""
    visit = views_own.visit_of(token, device)
    if not visit.may_act or fault.code in ("duty.unknown_seat", "link.taken"):
        return views_own.to_own(token)
    if visit.is_slip:
        return views_own.page(visit, now=now, refused=fault.message(), status=fault.http_status)
    return _page(visit.person, seat_id, token=token, fault=fault, now=now)


def _me() -> Person:
    actor: Actor = guard.current_actor()
    if actor.person_id is None:
        raise NotFound("duty.unknown_seat", id=0)
    return people.person_by_id(actor.person_id)


def _mine(person: Person, seat_id: int) -> Duty:
    """Raises NotFound for a seat that is not theirs: whose it is, is not everybody's to ask."""
    held = select(Duty).where(Duty.seat_id == seat_id, Duty.person_id == person.id, Duty.cancelled_at.is_(None))
    duty = db.session.scalar(held)
    if duty is None:
        raise NotFound("duty.unknown_seat", id=seat_id)
    return duty


def _wanted(seat_id: int) -> SwapWanted:
    form = request.form
    do, _colon, rest = form.get("do", "").partition(":")
    note = form.get("note", "")
    if do == "cover":
        return SwapWanted("cover", note=note)
    if do == "with":
        return SwapWanted("cover", with_person=rest, note=note)
    if do == "swap":
        code, _colon, seat = rest.rpartition(":")
        return SwapWanted("swap", with_person=code, for_seat=whole_number(seat), note=note)
    if do == "part":
        return SwapWanted("cover", span=_span(seat_id), note=note)
    if do == "drop":
        return SwapWanted("drop", note=note)
    raise Invalid("swap.kind", field="do")


def _span(seat_id: int) -> SplitSpan:
    duty = holders.duty_on_seat(seat_id)
    try:
        start, end = (time.fromisoformat(request.form.get(name, "")) for name in ("from", "to"))
    except ValueError:
        raise Invalid("swap.part", field="from") from None
    return parting.between(SplitSpan(duty.starts_at, duty.ends_at), start, end, VN)


def _page(
    person: Person, seat_id: int, *, token: str = "", fault: DomainError | None = None, now: datetime
) -> Response:
    duty, problem = _mine(person, seat_id), fault.message() if fault else ""
    is_late = duty.starts_at < now + swap_deadlines.LEAST_AHEAD
    asked = queries.open_on([seat_id], now=now).get(seat_id)
    try:
        found = None if is_late or asked else _ways(duty, now)
    except Throttled as waits:
        found, fault = None, waits
        problem = waits.message()
    page = render_template(
        "duty/swaps/ask.html",
        person=person,
        duty=duty,
        kinds={kind.code: kind for kind in people.duty_kinds()},
        takers=_takers(found, duty),
        exchanges=_choices(found, duty),
        asked=asked,
        is_late=is_late,
        mine=carried.ShiftBook([person], [duty.shift]).deltas_for([Handed(duty.shift, person, None)], [person]),
        carried_words=carried_words,
        words=words,
        problem=problem,
        broken=[each["text"] for each in fault.state.get("violations", [])] if fault else [],
        typed=request.form,
        by_link=bool(token),
        home=url_for("own.show", token=token) if token else url_for("me.index"),
    )
    status = fault.http_status if fault else 200
    return secret_page(page, status) if token else make_response(page, status)


def _ways(duty: Duty, now: datetime) -> Ways | None:
    try:
        if finding.known(duty, now=now) is None:
            throttle.take({throttle.key_of("swap-ways", str(duty.person_id)): LOOKS}, now=now)
        return finding.ways(duty, now=now)
    except Conflict:
        return None  # it has just become somebody else's


def _takers(found: Ways | None, duty: Duty) -> list[SwapTaker]:
    if found is None:
        return []
    rows = people.people_by_ids(found.takers)
    shown = [rows[each] for each in found.takers]
    book = carried.ShiftBook(shown, [duty.shift])
    return [SwapTaker(each, book.deltas_for([Handed(duty.shift, duty.person, each)], [each])[0]) for each in shown]


def _choices(found: Ways | None, duty: Duty) -> list[SwapChoice]:
    if found is None or not found.exchanges:
        return []
    wanted = select(Duty).where(Duty.campaign_id == duty.campaign_id, Duty.cancelled_at.is_(None))
    by_shift = {(each.shift_id, each.person_id) for each in found.exchanges}
    rows = db.session.scalars(wanted.where(Duty.shift_id.in_([each.shift_id for each in found.exchanges])))
    held = {(row.shift_id, row.person_id): row for row in rows if (row.shift_id, row.person_id) in by_shift}
    theirs = [
        held[each.shift_id, each.person_id] for each in found.exchanges if (each.shift_id, each.person_id) in held
    ]
    book = carried.ShiftBook(
        [duty.person, *(row.person for row in theirs)], [duty.shift, *(row.shift for row in theirs)]
    )
    choices = []
    for row in theirs:
        handed = [Handed(duty.shift, duty.person, row.person), Handed(row.shift, row.person, duty.person)]
        choices.append(
            SwapChoice(row.person, row.seat_id, row.shift, book.deltas_for(handed, [duty.person, row.person]))
        )
    return choices
