"""How a person is called: order and delays, what is known of each way, and a trial of all of them."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, current_app, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core import clock, i18n
from core.errors import DomainError, Forbidden
from core.web import back
from notify.channels import push
from notify.messages import HOLD_REASONS, STATES
from people import queries
from people.access import guard
from people.blueprint import bp
from people.contact import endpoints, trials
from people.models import Person
from people.notification_rules import ladders, order, rules as rungs, words as reach_words
from people.notification_rules.rules import ChannelWish


@bp.get("/me/reach")
@guard.requires("reach.write")
def my_reach() -> ResponseReturnValue:
    """One's own page; an account that belongs to no person is told so."""
    actor = guard.current_actor()
    if actor.person_id is None:
        return render_template("people/notification_rules/reach_nobody.html")
    return reach_page(queries.person_by_id(actor.person_id))


@bp.get("/people/person/<code>/reach")
@guard.requires("reach.write")
def reach_of(code: str) -> ResponseReturnValue:
    """``?live=1`` answers the results of the last trial alone."""
    person = reachable_person(code)
    if request.args.get("live"):
        return _live(person)
    return reach_page(person)


@bp.post("/people/person/<code>/reach")
@guard.requires("reach.write")
def save_reach(code: str) -> ResponseReturnValue:
    person, now, actor = reachable_person(code), clock.now(), guard.current_actor()
    try:
        wishes = [] if request.form.get("do") == "default" else _wishes(request.form)
        order.save(code, wishes, now=now, actor=actor)
    except Forbidden:
        raise
    except DomainError as error:
        return reach_page(person, problem=error.message(), typed=request.form), error.http_status
    return back(home_of(person), _("Đã lưu thứ tự gọi."))


@bp.post("/people/person/<code>/reach/trial")
@guard.requires("reach.write")
def send_trial(code: str) -> ResponseReturnValue:
    person = reachable_person(code)
    try:
        trials.send(code, now=clock.now(), actor=guard.current_actor())
    except Forbidden:
        raise
    except DomainError as error:
        return reach_page(person, problem=error.message()), error.http_status
    return back(f"{home_of(person)}#trial", _("Đã tạo tin thử cho mọi cách đang dùng: xem kết quả ở dưới."))


@bp.post("/me/push-key")
@guard.requires("reach.write")
def push_key() -> ResponseReturnValue:
    """The key that a browser subscribes with; asked for by POST, because the first one who asks has it made."""
    return jsonify(key=push.public_key())


def reachable_person(code: str) -> Person:
    """The person, when the reader may arrange how they are called."""
    person = queries.person_by_code(code)
    guard.ensure(guard.current_actor(), "reach.write", person.unit_id, now=clock.now(), person_id=person.id)
    return person


def reach_page(person: Person, *, problem: str = "", typed: MultiDict[str, str] | None = None) -> str:
    standings = ladders.standings(person)
    ladder = ladders.ladder(person)
    return render_template(
        "people/notification_rules/reach.html",
        person=person,
        standings=standings,
        ladder=ladder,
        words=reach_words,
        way=rungs.way,
        histories=trials.histories([each.rung for each in standings]),
        reached=rungs.is_reached(ladder),
        places=_places,
        carried=ladders.carried(),
        own=is_own(person),
        devices=endpoints.devices_of(person.id),
        push=_push(),
        problem=problem,
        typed=typed,
        **_trial(person),
    )


def _places(many: int) -> list[tuple[int, str]]:
    return [(place, str(place)) for place in range(1, many + 1)]


def is_own(person: Person) -> bool:
    return guard.current_actor().person_id == person.id


def home_of(person: Person) -> str:
    return url_for("people.my_reach") if is_own(person) else url_for("people.reach_of", code=person.code)


def _wishes(form: MultiDict[str, str]) -> list[ChannelWish]:
    """As typed: by the place that was chosen, those of one place as they stood."""
    ways = form.getlist("way")[:50]
    places = {name: form.get(f"place-{name}", 99, type=int) for name in ways}
    return [
        ChannelWish(name, form.get(f"delay-{name}", 0, type=int), used=form.get(f"used-{name}") == "y")
        for name in sorted(ways, key=lambda name: places[name])
    ]


def _trial(person: Person) -> dict[str, Any]:
    messages = trials.latest(person.id)
    return {
        "trial": messages,
        "trial_done": trials.is_done(messages),
        "states": STATES,
        "holds": HOLD_REASONS,
        "names": {(each.rung.channel, each.rung.address): each.rung for each in ladders.standings(person)},
    }


def _live(person: Person) -> Response:
    """The polled part; 286 tells the page that nothing will change any more."""
    facts = _trial(person)
    seen = [(each.id, each.state, each.attempts, each.last_error) for each in facts["trial"]]
    response = make_response("")
    response.set_etag(hashlib.sha256(f"{i18n.locale()}{seen!r}".encode()).hexdigest()[:20])
    response.headers["Cache-Control"] = "no-cache, private"
    if request.if_none_match.contains(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    response.status_code = 286 if facts["trial_done"] else 200
    response.set_data(render_template("people/notification_rules/_trial.html", words=reach_words, **facts))
    return response


def _push() -> dict[str, bool]:
    """Whether browsers can subscribe here."""
    url = str(current_app.config["PUBLIC_URL"])
    return {
        "carried": "push" in ladders.carried(),
        "secure": url.startswith(("https://", "http://127.0.0.1", "http://localhost")),
    }
