"""Đổi ca: what people of a campaign ask of each other, and what whoever decides makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.web import back
from duty.swaps import carrying, deciding, queries, recipients, rights, services as swaps, words
from duty.swaps.lines.line import SwapLine
from duty.swaps.models import Swap
from duty.swaps.recipients import ChangeRecipient
from duty.swaps.workload_delta import queries as carried, words as carried_words
from duty.swaps.workload_delta.queries import WorkloadDelta
from people.access import guard
from roster.blueprint import bp
from roster.campaigns import queries as campaigns
from roster.words import violations

Verb = Callable[[int, str, str, Actor, datetime], Swap]


@dataclass(frozen=True)
class SwapView:
    """An ask as the page has it. ``effects``: code of who said yes → what it would mean for both."""

    line: SwapLine
    may_decide: bool
    effects: dict[str, Effects]


@dataclass(frozen=True)
class Effects:
    """``carried``: by both before and after; ``breaks``: sentences; ``hears``: who would be told of it."""

    carried: Sequence[WorkloadDelta]
    breaks: tuple[str, ...]
    hears: Sequence[ChangeRecipient]


@bp.get("/campaigns/<int:campaign_id>/swaps")
@guard.requires("duty.confirm")
def swap_list(campaign_id: int) -> ResponseReturnValue:
    """``state``: open (default) or over; of the units that the reader answers for."""
    return _page(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/swaps/<int:swap_id>")
@guard.requires("duty.confirm")
def decide_swap(campaign_id: int, swap_id: int) -> ResponseReturnValue:
    """``do``: approve, reject, cancel, accept, decline; ``person``: whom it is about; ``note``: why, or how heard."""
    if queries.get_swap(swap_id).campaign_id != campaign_id:
        raise NotFound("swap.unknown", id=swap_id)
    form = request.form
    verb = VERBS.get(form.get("do", ""))
    if verb is None:
        raise Invalid("swap.kind", field="do")
    try:
        swap = verb(swap_id, form.get("person", ""), form.get("note", ""), guard.current_actor(), clock.now())
    except (Conflict, Invalid) as fault:
        db.session.rollback()
        return _page(campaign_id, swap_id, fault)
    said = _("Đề nghị của %(name)s: %(state)s.", name=swap.person.full_name, state=words.state(swap.state))
    return back(url_for(".swap_list", campaign_id=campaign_id), said)


@bp.post("/campaigns/<int:campaign_id>/swaps/setting")
@guard.requires("campaign.write")
def set_swaps(campaign_id: int) -> ResponseReturnValue:
    """``passes``: y: swaps that break no rule hold as soon as both agree."""
    lets = request.form.get("passes") == "y"
    swaps.let_pass(campaign_id, lets, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".swap_list", campaign_id=campaign_id), _("Đã lưu."))


VERBS: dict[str, Verb] = {
    "approve": lambda swap, person, note, actor, now: deciding.approve(
        swap, taker=person or None, override_reason=note, actor=actor, now=now
    ),
    "reject": lambda swap, _person, note, actor, now: deciding.reject(swap, note=note, actor=actor, now=now),
    "cancel": lambda swap, _person, note, actor, now: swaps.cancel(swap, note=note, actor=actor, now=now),
    "accept": lambda swap, person, note, actor, now: deciding.accept(
        swap, person=person, note=note, actor=actor, now=now
    ),
    "decline": lambda swap, person, note, actor, now: deciding.decline(
        swap, person=person, note=note, actor=actor, now=now
    ),
}


def _page(campaign_id: int, swap_id: int = 0, fault: DomainError | None = None) -> ResponseReturnValue:
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    binds = rights.is_bound(campaign)
    sees_all = binds and rights.approves(actor, campaign, now=now)
    units = None if sees_all else guard.reach(actor, "duty.confirm", now=now)
    is_open = request.args.get("state") != "over"
    found = queries.list_for_campaign(
        campaign_id, units, is_open_only=is_open, page=arguments.number("page", 1), now=now
    )
    page = render_template(
        "duty/swaps/swaps.html",
        campaign=campaign,
        found=found,
        shown=[_shown(line, actor, now) for line in found.rows],
        is_open=is_open,
        words=words,
        carried_words=carried_words,
        problem=fault.message() if fault else "",
        broken=[each["text"] for each in fault.state.get("violations", [])] if fault else [],
        problem_swap=swap_id,
        typed=request.form,
        binds=binds and not sees_all,
        may_set=bool(guard.allowed(actor, "campaign.write", campaign.unit_id, now=now)),
    )
    return page, fault.http_status if fault else 200


def _shown(line: SwapLine, actor: Actor, now: datetime) -> SwapView:
    may, found = deciding.may_decide(line, actor, now=now), {}
    for each in line.accepted if may and line.is_agreed else ():
        try:
            weighed = carrying.weighed(line.swap, each.person, now=now)
        except Conflict:
            continue  # somebody moved a seat just now: the next look says so
        broken = violations.listed(weighed.effect.breaks, weighed.names)
        found[each.person.code] = Effects(
            carried.deltas_of_line(line, each.person),
            tuple(one["text"] for one in broken),
            recipients.hearers_of_line(line, each.person, actor=actor, now=now),
        )
    return SwapView(line, may, found)
