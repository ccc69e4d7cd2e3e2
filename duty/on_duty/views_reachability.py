"""Who cannot be reached in the days to come; and how telephones let the desk through at night."""

from __future__ import annotations

from datetime import datetime

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core import arguments, clock, pages
from core.actor import Actor
from duty.on_duty.views_me import bp as me
from people import queries as people
from people.access import guard
from people.models import Person
from people.notification_rules import ladders, words as reach_words
from roster.blueprint import bp, kinds
from roster.coverage import unsure
from roster.covers import affected
from roster.reachability import caller_numbers, report

SPANS = (7, 14, 30)
SHOWN, SHOWN_OF_ONE = 100, 30
"""Unsure shifts listed one by one."""


@bp.get("/unreachable")
@guard.requires("reach.report")
def unreachable() -> ResponseReturnValue:
    """People with duty to come who have no proven way to be called, and places that nobody fills."""
    now, days = clock.now(), arguments.number("days", report.DAYS)
    days = days if days in SPANS else report.DAYS
    units = report.seen_by(guard.current_actor(), now=now)
    listed = report.lacking(units, now=now, days=days)
    seats = unsure.coming(units, now=now, days=days)
    return render_template(
        "roster/reachability/unreachable.html",
        shown=pages.part(listed, arguments.number("page", 1)),
        days=days,
        spans=SPANS,
        counts=report.counts(listed),
        now=now,
        short=report.short(units, now=now, days=days),
        kinds=kinds(),
        words=reach_words,
        published=report.published(units, now=now, days=days),
        unpublished=report.unpublished(units, now=now, days=days),
        carried=ladders.carried(),
        unsure_count=len(seats),
        ways=affected.ways(seats[:SHOWN], actor=guard.current_actor(), now=now),
    )


def unsure_panel(person: Person, actor: Actor, now: datetime) -> str | None:
    """Return the panel for the page of somebody who is away: their published shifts to come, each with the way to a
    cover."""
    seats = unsure.coming(None, now=now, person_id=person.id)
    if not seats:
        return None
    ways = affected.ways(seats[:SHOWN_OF_ONE], actor=actor, now=now)
    more = max(0, len(seats) - SHOWN_OF_ONE)
    part = render_template("roster/reachability/_unsure_of.html", ways=ways, kinds=kinds(), more=more)
    return Markup(part)  # noqa: S704  (escaped inside)


@me.get("/let-us-through")
@guard.signed_in
def let_us_through() -> ResponseReturnValue:
    """Steps for Android and iPhone, and the numbers to let through."""
    actor = guard.current_actor()
    return render_template(
        "roster/reachability/through.html", numbers=caller_numbers.numbers(actor.unit_id), phone=_phone()
    )


@me.get("/let-us-through.vcf")
@guard.signed_in
def numbers_card() -> Response:
    """All those numbers as one contact, to be marked as an emergency contact."""
    unit_id = guard.current_actor().unit_id
    unit = people.unit_by_id(unit_id) if unit_id is not None else next(iter(people.root_units()), None)
    name = _("Bàn trực %(unit)s", unit=unit.name) if unit else _("Bàn trực")
    card = caller_numbers.vcard(name, [(each.name, each.phone) for each in caller_numbers.numbers(unit_id)])
    return Response(card, mimetype="text/vcard", headers={"Content-Disposition": 'attachment; filename="ban-truc.vcf"'})


def _phone() -> str:
    agent = request.user_agent.string
    return "ios" if "iPhone" in agent or "iPad" in agent else "android" if "Android" in agent else ""
