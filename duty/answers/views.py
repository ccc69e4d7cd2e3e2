"""Ai đã xác nhận: who of a campaign has answered, whom to ring, and what they said on the telephone."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import arguments, clock
from core.errors import Invalid, NotFound
from core.web import back
from duty.voice_prompts import services as voice_prompts
from people.access import guard
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns
from roster.confirmations import listing, services as confirmations
from roster.confirmations.services import State
from roster.late_notices import queries as telling
from roster.presence import words as presence


@bp.get("/campaigns/<int:campaign_id>/confirmations")
@guard.requires("duty.confirm")
def answers(campaign_id: int) -> ResponseReturnValue:
    """``state``: waiting (default), refused or confirmed; of the units that the reader answers for."""
    return _page(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/confirmations/<int:seat_id>")
@guard.requires("duty.confirm")
def note_answer(campaign_id: int, seat_id: int) -> ResponseReturnValue:
    """``do``: confirmed or refused, as ``person`` said on the telephone; ``note``: how it was heard."""
    if confirmations.campaign_of(seat_id) != campaign_id:
        raise NotFound("duty.unknown_seat", id=seat_id)
    state: State = "confirmed" if request.form.get("do") == "confirmed" else "refused"
    try:
        duty = confirmations.answer(
            seat_id,
            state,
            person=request.form.get("person"),
            note=request.form.get("note", ""),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except Invalid as fault:
        return _page(campaign_id, seat_id, fault.message(), fault.http_status)
    name = duty.person.full_name
    yes, no = _("Đã ghi: %(name)s nhận lời.", name=name), _("Đã ghi: %(name)s không trực được.", name=name)
    shown, page = request.args.get("state"), request.args.get("page")
    to = url_for(".answers", campaign_id=campaign_id, state=shown, page=page)
    return back(to, yes if state == "confirmed" else no)


@bp.post("/campaigns/<int:campaign_id>/confirmations/ring")
@guard.requires("duty.confirm")
def ring_for_answers(campaign_id: int) -> ResponseReturnValue:
    """Ring those who have not answered for shifts of the next three days: one key confirms."""
    rung = voice_prompts.ring_to_confirm(campaign_id, actor=guard.current_actor(), now=clock.now())
    if not rung:
        return back(url_for(".answers", campaign_id=campaign_id), _("Không có ai gọi tự động được, hoặc vừa gọi rồi."))
    said = ngettext("Sẽ gọi tự động %(num)s người.", "Sẽ gọi tự động %(num)s người.", rung)
    return back(url_for(".answers", campaign_id=campaign_id), said)


def _page(campaign_id: int, seat_id: int = 0, problem: str = "", status: int = 200) -> ResponseReturnValue:
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    state = request.args.get("state")
    state = state if state in listing.STATES else "waiting"
    units = guard.reach(actor, "duty.confirm", now=now)
    found = listing.list_for_campaign(campaign_id, units, state, arguments.number("page", 1), now=now)
    untold = telling.list_for_campaign(campaign, now=now)
    mine = [each for each in untold if telling.may_tell(actor, campaign, each, now=now)]
    page = render_template(
        "duty/answers/answers.html",
        untold=untold,
        may_tell=len({person.id for each in mine for person in each.people}),
        campaign=campaign,
        found=found,
        may_be_rung=bool(found.to_ring) and voice_prompts.is_possible(),
        marks=presence.marks_for_seats((line.duty.seat_id for line in found.part.rows), now),
        state=state,
        kinds=kinds(),
        soon=now + listing.TO_RING,
        problem=problem,
        problem_seat=seat_id,
        typed=request.form,
    )
    return page, status
