"""Who cannot be reached in the days to come; and how telephones let the desk through at night."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock
from people import guard, queries as people, reach, reach_words
from roster import reachability, through
from roster.views import bp, kinds
from roster.views_me import bp as me

SPANS = (7, 14, 30)


@bp.get("/unreachable")
@guard.requires("reach.report")
def unreachable() -> ResponseReturnValue:
    """People with duty to come who have no proven way to be called, and places that nobody fills."""
    now, days = clock.now(), arguments.number("days", reachability.DAYS)
    days = days if days in SPANS else reachability.DAYS
    units = reachability.seen_by(guard.current_actor(), now=now)
    listed = reachability.lacking(units, now=now, days=days)
    return render_template(
        "roster/unreachable.html", listed=listed, counts=reachability.counts(listed), days=days, spans=SPANS, now=now,
        short=reachability.short(units, now=now, days=days), kinds=kinds(), words=reach_words,
        unpublished=reachability.unpublished(units, now=now, days=days), carried=reach.carried(),
        until=clock.local_date(now),
    )  # fmt: skip


@me.get("/let-us-through")
@guard.signed_in
def let_us_through() -> ResponseReturnValue:
    """Steps for Android and iPhone, and the numbers to let through."""
    actor = guard.current_actor()
    return render_template("me/through.html", numbers=through.numbers(actor.unit_id), phone=_phone())


@me.get("/let-us-through.vcf")
@guard.signed_in
def numbers_card() -> Response:
    """All those numbers as one contact, to be marked as an emergency contact."""
    unit_id = guard.current_actor().unit_id
    unit = people.unit_by_id(unit_id) if unit_id is not None else next(iter(people.root_units()), None)
    name = _("Bàn trực %(unit)s", unit=unit.name) if unit else _("Bàn trực")
    card = through.vcard(name, [(each.name, each.phone) for each in through.numbers(unit_id)])
    return Response(card, mimetype="text/vcard", headers={"Content-Disposition": 'attachment; filename="ban-truc.vcf"'})


def _phone() -> str:
    agent = request.user_agent.string
    return "ios" if "iPhone" in agent or "iPad" in agent else "android" if "Android" in agent else ""
