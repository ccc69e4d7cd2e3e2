"""/b/<token>: every incident that waits for one person, each to be taken; where a letter that lists several leads.

GET shows, POST acts; no session: the link was made for one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, render_template, request

from core import clock
from core.db import db
from core.form_values import whole_number
from core.web import csrf, secret_page
from incidents.catalogue import queries as catalogue
from incidents.paging import bundle
from incidents.record import naming, queries
from incidents.record.models import Incident
from incidents.together import services as together, walk, words
from people.access import guard
from people.models import Person

bp = Blueprint("several", __name__)
csrf.exempt(bp)
MOST = 1000
"""So many of those gone past are carried along, and so many taken are counted."""


@bp.get("/b/<token>")
@guard.public
def show(token: str) -> Response:
    """Return what waits for this person now; link scanners may read it as often as they like."""
    now = clock.now()
    behind = bundle.person_behind(token)
    return _gone(behind) if behind is None or now >= behind[1] else _show(behind[0], now)


@bp.post("/b/<token>")
@guard.public
def act(token: str) -> Response:
    """Take one (``incident``) or all that were ``shown`` and are not taken singly; or just looked. ``do=one``: those
    that are, one after the other (``_one``).

    What somebody else took meanwhile is no longer listed, and named with who has it.
    """
    now = clock.now()
    behind = bundle.person_behind(token)
    if behind is None or now >= behind[1]:
        return _gone(behind)
    person, do = behind[0], request.form.get("do")
    if do == "seen":
        bundle.opened(person, request.form.getlist("shown"), now=now)
        return secret_page("", 204)
    if do == "one":
        return _one(person, now)
    waiting = bundle.incidents(person, now)
    chosen = request.form.get("incident", "")
    taken = _taken(person, waiting, chosen, now)
    db.session.expire_all()
    missed = bundle.gone(person, request.form.getlist("shown") if chosen == "all" else [chosen])
    return _show(person, now, taken=taken, missed=missed, is_vain=chosen != "" and not taken)


def _taken(person: Person, waiting: Sequence[Incident], chosen: str, now: datetime) -> list[str]:
    """Take the one that was chosen; or what the page listed and may be taken at once: what came since was never
    read. Return their codes."""
    if chosen != "all":
        one = next((each for each in waiting if str(each.id) == chosen), None)
        return bundle.take_one(person, one.id, now=now) if one is not None else []
    listed = set(request.form.getlist("shown"))
    wanted = [each for each in waiting if str(each.id) in listed]
    return bundle.take(person, [each.id for each in together.divided(wanted).together], now=now)


def _one(person: Person, now: datetime) -> Response:
    """The next of those that are taken one by one, with its title, because a tap asked for it. ``take``: the id of the
    one before, which is taken; ``first``: of the one to begin with; ``left``: codes of those that were gone past;
    ``done``: how many were taken on the way."""
    form, taken, missed = request.form, list[str](), list[Incident]()
    wanted = form.get("take", "")
    before = next((each for each in bundle.incidents(person, now) if str(each.id) == wanted), None)
    if before is not None:
        taken = bundle.take_one(person, before.id, now=now)
        db.session.expire_all()
    if wanted and not taken:
        missed = bundle.gone(person, [wanted])
    left = list(dict.fromkeys(form.getlist("left")))[:MOST]
    done = min(whole_number(form.get("done", "")) or 0, MOST) + len(taken)
    waiting = together.divided(bundle.incidents(person, now)).apart
    begun = next((each.code for each in waiting if str(each.id) == form.get("first", "")), "")
    step = walk.step(waiting, done=done, left=left, first=begun)
    if step is None:
        return _show(person, now, taken=taken, missed=missed, is_vain=bool(wanted) and not taken)
    bundle.mark_read(person, step.incident, now=now)
    return secret_page(
        render_template(
            "incidents/paging/several_one.html",
            step=step,
            incident=step.incident,
            category=catalogue.category(step.incident.category),
            left=left,
            done=done,
            taken=taken,
            missed=[words.became(each) for each in missed],
            holding=words.holding(together.worst_held(person.id)),
            now=now,
        )
    )


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
    divided = together.divided([incident for _page, incident in rows])
    return secret_page(
        render_template(
            "incidents/paging/several.html",
            person=person,
            rows=rows,
            taken=taken or [],
            missed=[words.became(each) for each in missed],
            is_vain=is_vain,
            held=queries.held_by(person.id),
            title_of=naming.outside,
            wants_reading=naming.wants_reading,
            together=divided.together,
            apart=divided.apart,
            but=words.but(divided.apart),
            holding=words.holding(together.worst_held(person.id)),
            still_called=bundle.still_called(taken or []),
        )
    )


def _gone(behind: tuple[Person, datetime] | None) -> Response:
    page = render_template("incidents/paging/several_gone.html", unknown=behind is None)
    return secret_page(page, 404 if behind is None else 410)
