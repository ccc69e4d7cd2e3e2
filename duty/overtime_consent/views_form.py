"""The form on which people agree to overtime with their signature: of a unit or a person, and one's own. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from core import clock
from core.i18n import duration
from core.web import secret_page
from duty.on_duty import views_me, views_own
from duty.overtime_consent import law, listing, queries
from duty.overtime_consent.queries import ConsentLine
from people import queries as people
from people.access import guard
from people.links.services import LinkVisit
from people.models import Person, Unit
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns


@bp.get("/campaigns/<int:campaign_id>/overtime/form")
@guard.requires("duty.confirm")
def overtime_form(campaign_id: int) -> ResponseReturnValue:
    """Show the form for signatures: of ``unit`` and below, of ``person``, or of all that the reader answers for."""
    campaign, now, code = campaigns.get_campaign(campaign_id), clock.now(), request.args.get("person")
    unit = people.unit_by_code(request.args["unit"]) if request.args.get("unit") else campaign.unit
    within = guard.reach(guard.current_actor(), "duty.confirm", now=now)
    below = set(people.subtree_ids(unit.id))
    units: Collection[int] = below if within is None else below & set(within)
    person_id = people.person_by_code(code).id if code else None
    lines = listing.to_sign(campaign_id, units, person_id, now=now)
    return _form(lines, unit, url_for(".overtime", campaign_id=campaign_id))


@views_me.bp.get("/overtime-form")
@guard.requires("roster.read")
def own_overtime_form() -> ResponseReturnValue:
    """One's own, to be printed and signed."""
    actor = guard.current_actor()
    if actor.person_id is None:
        return redirect(url_for("me.index"))
    return _own(people.person_by_id(actor.person_id), url_for("me.index"))


@views_own.bp.get("/<token>/overtime-form")
@guard.public
def overtime_form_by_link(token: str) -> Response:
    """The same by the personal address; until somebody has said who they are it asks that first."""
    visit = views_own.opened(token)
    if not isinstance(visit, LinkVisit):
        return visit
    return secret_page(_own(visit.person, url_for("own.show", token=token), bare=True))


def _own(person: Person, back_to: str, *, bare: bool = False) -> str:
    lines = [line for line in queries.list_for_person(person.id, now=clock.now()) if line.state != "refused"]
    return _form(lines, person.unit, back_to, bare=bare)


def _form(lines: Sequence[ConsentLine], unit: Unit, back_to: str, *, bare: bool = False) -> str:
    """``bare``: for somebody who is not signed in."""
    over = people.unit_by_id(unit.parent_id) if unit.parent_id is not None else None
    with force_locale("vi"):  # what is signed is Vietnamese, whatever its reader reads
        hours = {line.duty.id: duration(line.minutes * 60) for line in lines}
    return render_template(
        "duty/overtime_consent/form.html",
        unit=unit,
        over=over,
        signers=[list(own) for _person, own in groupby(lines, key=lambda line: line.duty.person_id)],
        basis=law.basis(lines[0].duty.starts_at) if lines else "",
        hours=hours,
        kinds=kinds(),
        back_to=back_to,
        by_link=bare,
    )
