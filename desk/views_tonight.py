"""Tonight's duty list with telephones: short enough to be kept on a phone and read without a line."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from core import clock
from core.errors import Unavailable
from desk import home
from incidents.form_values import home_unit
from people import queries as people
from people.access import guard
from roster.onduty import coming_hours, who_serves
from roster.presence import words as presence
from roster.shadows import queries as shadows

bp = Blueprint("tonight", __name__)


@bp.get("/tonight")
@guard.requires("onduty.read")
def index() -> ResponseReturnValue:
    """Who is on duty now and in the coming 24 hours, for one's own unit."""
    now, actor = clock.now(), guard.current_actor()
    code = home_unit(actor)
    if code is None:
        return render_template("desk/tonight.html", unit=None, cards=[], duties=[], kinds={}, marks={}, now=now)
    unit = people.unit_by_code(code)
    phones = guard.allowed(actor, "person.contact", unit.id, now=now) is not False
    try:
        answers = who_serves.at(unit, now).answers
    except Unavailable:  # nobody to name yet: the page says so
        answers = ()
    duties = coming_hours.duties(unit.id, now)
    return render_template(
        "desk/tonight.html",
        unit=unit,
        now=now,
        duties=duties,
        beside=shadows.of_seats(each.seat_id for each in duties),
        marks=presence.of_seats((duty.seat_id for duty in duties), now),
        phones=phones,
        doubts=coming_hours.doubts(unit.id, now),
        cards=home.cards(answers, now, with_phones=phones),
        kinds={kind.code: kind for kind in people.duty_kinds()},
    )
