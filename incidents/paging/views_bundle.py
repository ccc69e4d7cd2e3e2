"""/b/<token>: every incident that waits for one person, each to be taken; where a letter that lists several leads.

GET shows, POST acts; no session: the link was made for one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, render_template, request

from core import clock
from core.db import db
from core.web import csrf, secret_page
from incidents.paging import bundle
from incidents.record import naming, queries
from incidents.record.models import Incident
from incidents.together import services as together, words
from people.access import guard
from people.models import Person

bp = Blueprint("several", __name__)
csrf.exempt(bp)


@bp.get("/b/<token>")
@guard.public
def show(token: str) -> Response:
    """What waits for this person now; link scanners may read it as often as they like."""
    now = clock.now()
    behind = bundle.person_behind(token)
    return _gone(behind) if behind is None or now >= behind[1] else _show(behind[0], now)


@bp.post("/b/<token>")
@guard.public
def act(token: str) -> Response:
    """Take one (``incident``) or all that were ``shown``; or just looked.

    What somebody else took meanwhile is no longer listed, and named with who has it.
    """
    now = clock.now()
    behind = bundle.person_behind(token)
    if behind is None or now >= behind[1]:
        return _gone(behind)
    person = behind[0]
    if request.form.get("do") == "seen":
        bundle.opened(person, request.form.getlist("shown"), now=now)
        return secret_page("", 204)
    waiting = [page.incident_id for page in bundle.calls(person, now)]
    chosen = request.form.get("incident", "")
    wanted = _shown(waiting) if chosen == "all" else [each for each in waiting if str(each) == chosen]
    taken = bundle.take(person, wanted, now=now)
    db.session.expire_all()
    missed = bundle.gone(person, request.form.getlist("shown") if chosen == "all" else [chosen])
    return _show(person, now, taken=taken, missed=missed, is_vain=chosen != "" and not taken)


def _shown(waiting: Sequence[int]) -> list[int]:
    """Of what waits, what the page listed and may be taken at once: what came since was never read."""
    listed = set(request.form.getlist("shown"))
    rows = (db.session.get_one(Incident, each) for each in waiting if str(each) in listed)
    return [each.id for each in rows if not naming.wants_reading(each)]


def _show(
    person: Person,
    now: datetime,
    *,
    taken: list[str] | None = None,
    missed: Sequence[Incident] = (),
    is_vain: bool = False,
) -> Response:
    """``missed``: what somebody was quicker about. ``is_vain``: something was wanted, and nothing taken."""
    pages = bundle.calls(person, now)
    rows = [(page, db.session.get_one(Incident, page.incident_id)) for page in pages]
    return secret_page(
        render_template(
            "incidents/paging/several.html",
            person=person,
            rows=rows,
            taken=taken or [],
            missed=[words.became(each) for each in missed],
            is_vain=is_vain,
            now=now,
            held=queries.held_by(person.id),
            title_of=bundle.title_of,
            together=together.divided([incident for _page, incident in rows]).together,
            still_called=bundle.still_called(taken or []),
        )
    )


def _gone(behind: tuple[Person, datetime] | None) -> Response:
    page = render_template("incidents/paging/several_gone.html", unknown=behind is None)
    return secret_page(page, 404 if behind is None else 410)
