"""Tonight's duty list with telephones: short enough to be kept on a phone and read without a line."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core import clock
from core.actor import Actor
from core.errors import NotFound, Unavailable
from desk import home
from duty.on_duty import coming_hours, who_serves
from duty.phone_tree import book, kept, words
from incidents.default_unit import default_unit_code, reporting_unit_code
from people import queries as people
from people.access import guard
from roster.presence import words as presence
from roster.resolver import resolver
from roster.shadows import queries as shadows

bp = Blueprint("tonight", __name__)


def _unit_code(actor: Actor, now: datetime) -> str | None:
    """Return the code of one's own unit, or of the one that one serves now, unless that is below one's own. A desk
    computer shows its own, whoever sits there."""
    if actor.via == "desk" and current_user.unit_id is not None:
        return people.unit_by_id(current_user.unit_id).code
    home, here = default_unit_code(actor), reporting_unit_code(actor, desk_unit_id=None, now=now)
    if home is None or here is None or home == here:
        return here
    below = people.unit_by_code(home).id in people.ancestor_ids(people.unit_by_code(here).id)
    return home if below else here


@bp.get("/tonight")
@guard.requires("onduty.read")
def index() -> ResponseReturnValue:
    """Who is on duty now and in the coming 24 hours in one's own unit; a script adds the list of all below it."""
    now, actor = clock.now(), guard.current_actor()
    code = _unit_code(actor, now)
    if code is None:
        return render_template("desk/tonight.html", unit=None, cards=[], duties=[], kinds={}, marks={}, now=now)
    unit = people.unit_by_code(code)
    phones = guard.allowed(actor, "person.contact", unit.id, now=now) is not False
    try:
        answers = who_serves.at(unit, now).answers
    except Unavailable:  # nobody to name yet: the page says so
        answers = ()
    duties = coming_hours.duties(unit.id, now)
    order = {each: place for place, each in enumerate(book.IN_ORDER)}
    cards = home.cards(answers, now, with_phones=phones)
    return render_template(
        "desk/tonight.html",
        unit=unit,
        now=now,
        duties=duties,
        beside=shadows.shadows_by_seat(each.seat_id for each in duties),
        marks=presence.marks_for_seats((duty.seat_id for duty in duties), now),
        phones=phones,
        doubts=coming_hours.doubts(unit.id, now),
        cards=sorted(cards, key=lambda card: order.get(card["kind"], len(order))),
        chain=resolver.standing_chain(unit.id),
        short=words.SHORT,
        kinds={kind.code: kind for kind in people.duty_kinds()},
    )


@bp.get("/tonight/list")
@guard.requires("onduty.read")
def kept_list() -> Response:
    """The duty of one's unit and everything below it for 72 hours, as phones keep it; 304 while nothing changed."""
    now, actor = clock.now(), guard.current_actor()
    code = _unit_code(actor, now)
    if code is None:
        raise NotFound("unit.unknown", field="unit", unit="")
    unit = people.unit_by_code(code)
    phones = guard.allowed(actor, "person.contact", unit.id, now=now) is not False
    tag, body = kept.current(unit.id, now, with_phones=phones)
    response = make_response("")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-store"
    if request.if_none_match.contains(tag):
        response.status_code = 304
        return response
    response.set_data(body)
    response.headers["Content-Type"] = "application/json"
    return response
