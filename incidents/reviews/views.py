"""Reviews: what is missing and still to be done, and the review of one incident, on screen and on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import dates
from core.errors import Conflict, DomainError, Forbidden, Invalid, by_field
from core.form_values import whole_number
from core.web import back
from incidents import panels
from incidents.blueprint import bp
from incidents.catalogue import queries as catalogue
from incidents.record import access
from incidents.record.models import Incident
from incidents.record.opening import readable
from incidents.reviews import services as reviews, words
from people import queries as people
from people.access import guard


@bp.get("/reviews/")
@guard.requires("incident.read")
def all_reviews() -> ResponseReturnValue:
    """Return what still has to be written, what was promised, what was learnt."""
    now, actor = clock.now(), guard.current_actor()
    return render_template(
        "incidents/reviews/reviews.html",
        missing=reviews.missing(actor, now=now),
        actions=reviews.open_actions(actor, now=now),
        written=reviews.written(actor, now=now),
        today=clock.local_date(now),
    )


@bp.get("/<code>/review")
@guard.requires("incident.read")
def review_page(code: str) -> ResponseReturnValue:
    return _page(readable(code, clock.now()))


@bp.post("/<code>/review")
@guard.requires("incident.read")
def write_review(code: str) -> ResponseReturnValue:
    """Keep it; when somebody wrote meanwhile, both texts are shown."""
    now, actor = clock.now(), guard.current_actor()
    incident = readable(code, now)
    typed = {part: request.form.get(part, "") for part in reviews.PARTS}
    try:
        reviews.save(incident.id, typed, version=whole_number(request.form.get("version")) or 0, actor=actor, now=now)
    except Forbidden:
        raise
    except DomainError as error:
        return _page(readable(code, now), typed=typed, error=error), error.http_status
    return back(url_for(".review_page", code=code), _("Đã lưu tổng kết."))


@bp.post("/<code>/review/actions")
@guard.requires("incident.read")
def add_review_action(code: str) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    incident = readable(code, now)
    access.ensure_act(actor, incident, now=now)
    try:
        if not request.form.get("owner"):
            raise Invalid("person.choose", field="owner")
        reviews.add_action(
            incident.id,
            text=request.form.get("text", ""),
            due_on=_due(request.form.get("due_on", "")),
            owner_id=people.person_by_code(request.form["owner"]).id,
            actor=actor,
            now=now,
        )
    except Forbidden:
        raise
    except DomainError as error:
        return _page(readable(code, now), action=request.form, error=error), error.http_status
    return back(url_for(".review_page", code=code, _anchor="actions"), _("Đã ghi việc cần làm."))


@bp.post("/<code>/review/actions/<int:action_id>")
@guard.requires("incident.read")
def finish_review_action(code: str, action_id: int) -> ResponseReturnValue:
    now = clock.now()
    incident = readable(code, now)
    done = request.form.get("done") == "1"
    reviews.finish_action(incident.id, action_id, done=done, actor=guard.current_actor(), now=now)
    return back(url_for(".review_page", code=code, _anchor="actions"), _("Đã lưu."))


@bp.post("/<code>/review/actions/<int:action_id>/owner")
@guard.requires("incident.read")
def pass_on_review_action(code: str, action_id: int) -> ResponseReturnValue:
    """Somebody else is to do it."""
    now, actor = clock.now(), guard.current_actor()
    incident = readable(code, now)
    access.ensure_act(actor, incident, now=now)
    field = reviews.owner_field(action_id)
    try:
        if not request.form.get(field):
            raise Invalid("person.choose", field=field)
        owner_id = people.person_by_code(request.form[field]).id
        action = reviews.pass_on(incident.id, action_id, owner_id=owner_id, actor=actor, now=now)
    except (Invalid, Conflict) as error:
        return _page(readable(code, now), error=error), error.http_status
    said = _("Đã giao việc cho %(name)s.", name=action.owner_said)
    return back(url_for(".review_page", code=code, _anchor="actions"), said)


@bp.get("/<code>/review/print")
@guard.requires("incident.read")
def print_review(code: str) -> ResponseReturnValue:
    incident = readable(code, clock.now())
    return render_template(
        "incidents/reviews/print_review.html",
        incident=incident,
        review=reviews.find_review(incident.id),
        unit=incident.unit,
        over=incident.unit.parent,
        today=clock.local_date(clock.now()),
        local=clock.local,
        category=catalogue.category(incident.category),
    )


def _page(incident: Incident, typed: Any = None, action: Any = None, error: DomainError | None = None) -> str:
    now, actor = clock.now(), guard.current_actor()
    review = reviews.find_review(incident.id)
    kept = {part: getattr(review, part) if review else "" for part in reviews.PARTS}
    faults = by_field(error)
    return render_template(
        "incidents/reviews/review.html",
        incident=incident,
        review=review,
        kept=kept,
        typed=typed or kept,
        action=action or {},
        faults=faults,
        problem=error.message() if error and not faults else "",
        labels=words.labels(),
        needed=reviews.NEEDED,
        may=access.may(actor, "incident.act", incident, now=now),
        me=actor.person_id,
        people=[(each.code, each.full_name) for each in people.find_people(unit_id=None, limit=5000)],
        today=clock.local_date(now),
        version=review.version if review else 0,
        clash=error is not None and error.code == "review.changed",
    )


def _panel(incident: Incident, now: datetime) -> dict[str, Any] | None:
    review = reviews.find_review(incident.id)
    if review is None and not reviews.is_asked(incident):
        return None
    left = [each for each in review.actions if each.done_at is None] if review else []
    return {"review": review, "written": reviews.is_written(review), "left": left, "today": clock.local_date(now)}


PANELS = (panels.Panel("after", "incidents/reviews/_panel_review.html", _panel),)


def _due(typed: str) -> date:
    found = dates.day(typed)
    if found is None:
        raise Invalid("review.due", field="due_on")
    return found
