"""Vì sao là tôi? for whoever is signed in, and behind a personal link. Reads only."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core import arguments, clock
from core.web import secret_page
from duty.on_duty import views_me, views_own
from people import queries as people
from people.access import guard
from people.links.services import LinkVisit
from people.models import Person
from roster.blueprint import kinds
from roster.why_me import queries

bp = views_me.bp


@bp.get("/why")
@guard.requires("roster.read")
def why() -> ResponseReturnValue:
    """``shift``: of one's own, about which to say who else could have."""
    actor = guard.current_actor()
    if actor.person_id is None:
        return redirect(url_for("me.index"))
    return render_template("roster/why_me/page.html", by_link=False, **_facts(people.person_by_id(actor.person_id)))


@views_own.bp.get("/<token>/why")
@guard.public
def why_by_link(token: str) -> Response:
    """The same by the personal address; until somebody has said who they are it asks that first."""
    visit = views_own.opened(token)
    if not isinstance(visit, LinkVisit):
        return visit
    page = render_template("roster/why_me/page.html", by_link=True, token=token, **_facts(visit.person))
    return secret_page(page)


def _facts(person: Person) -> dict[str, Any]:
    asked = queries.filter_for_person(person, arguments.number("shift", 0), now=clock.now())
    return {"person": person, "asked": asked, "kinds": kinds()}
