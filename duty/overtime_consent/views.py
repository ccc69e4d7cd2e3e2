"""Đồng ý làm thêm giờ: who of a campaign has answered, and what they said on the telephone or signed on paper."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import arguments, clock
from core.errors import Invalid, NotFound
from core.web import back
from duty.overtime_consent import asking, listing, services
from duty.overtime_consent.services import How, State
from people import queries as people
from people.access import guard
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns
from roster.confirmations.services import campaign_of


@dataclass(frozen=True)
class _Fault:
    """A form that was refused: of one seat, or (0) of those who signed."""

    seat_id: int
    text: str
    status: int


@bp.get("/campaigns/<int:campaign_id>/overtime")
@guard.requires("duty.confirm")
def overtime(campaign_id: int) -> ResponseReturnValue:
    """``state``: waiting (default), refused or agreed; of the units that the reader answers for."""
    return _page(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/overtime/<int:seat_id>")
@guard.requires("duty.confirm")
def note_overtime(campaign_id: int, seat_id: int) -> ResponseReturnValue:
    """``do``: agreed or refused, as ``person`` said; ``how``: phone or paper; ``note``: how it was heard; ``overtime``:
    what they were asked, as the page showed it."""
    if campaign_of(seat_id) != campaign_id:
        raise NotFound("duty.unknown_seat", id=seat_id)
    form, who = request.form, request.form.get("person", "")
    state: State = "agreed" if form.get("do") == "agreed" else "refused"
    how: How = "paper" if form.get("how") == "paper" else "phone"
    seen = asking.shown(form.get("overtime", ""))
    actor, now = guard.current_actor(), clock.now()
    try:
        services.note_for(
            seat_id,
            services.GivenAnswer(state, note=form.get("note", ""), how=how),
            person=who,
            seen=seen,
            actor=actor,
            now=now,
        )
    except Invalid as fault:
        return _page(campaign_id, _Fault(seat_id, fault.message(), fault.http_status))
    name = people.person_by_code(who).full_name if who else ""
    yes = _("Đã ghi: %(name)s đồng ý làm thêm giờ.", name=name)
    no = _("Đã ghi: %(name)s không đồng ý làm thêm giờ; ca trực vẫn giữ.", name=name)
    return back(_here(campaign_id), yes if state == "agreed" else no)


@bp.post("/campaigns/<int:campaign_id>/overtime/signed")
@guard.requires("duty.confirm")
def note_overtime_signed(campaign_id: int) -> ResponseReturnValue:
    """``signed``: what those who signed the form signed for, as the page showed it; ``note``: where it is kept."""
    chosen = {each for value in request.form.getlist("signed") if (each := asking.shown(value)) is not None}
    try:
        noted = services.note_signed(
            campaign_id, chosen, note=request.form.get("note", ""), actor=guard.current_actor(), now=clock.now()
        )
    except Invalid as fault:
        return _page(campaign_id, _Fault(0, fault.message(), fault.http_status))
    said = ngettext("Đã ghi %(num)s ca có chữ ký trên giấy.", "Đã ghi %(num)s ca có chữ ký trên giấy.", noted)
    if noted < len(chosen):
        said += " " + ngettext(
            "%(num)s ca vừa đổi, chưa ghi: xem lại rồi ghi.",
            "%(num)s ca vừa đổi, chưa ghi: xem lại rồi ghi.",
            len(chosen) - noted,
        )
    return back(_here(campaign_id), said)


def _here(campaign_id: int) -> str:
    return url_for(".overtime", campaign_id=campaign_id, state=request.args.get("state"), page=request.args.get("page"))


def _page(campaign_id: int, fault: _Fault | None = None) -> ResponseReturnValue:
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    asked = request.args.get("state")
    state = asked if asked in asking.STATES else asking.WAITING
    units = guard.reach(guard.current_actor(), "duty.confirm", now=now)
    found = listing.list_for_campaign(campaign_id, units, state, arguments.number("page", 1), now=now)
    page = render_template(
        "duty/overtime_consent/answers.html",
        campaign=campaign,
        found=found,
        units=people.units(found.unit_ids),
        state=state,
        kinds=kinds(),
        fault=fault,
        typed=request.form,
    )
    return page, fault.status if fault else 200
