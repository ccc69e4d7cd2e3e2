"""One incident: what is known, what can be done about it, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import update

from core import clock, fragments
from core.api import idempotency
from core.db import transaction
from core.errors import DomainError, Invalid
from core.web import back
from incidents import actions, timeline_words
from incidents.attachments import services as attachments
from incidents.blueprint import bp
from incidents.board import watching, words as board_words
from incidents.catalogue import queries as catalogue
from incidents.catalogue.clocks import Clock
from incidents.escalation import everybody_absent, forecast, words as wording
from incidents.front import facts as front, looks
from incidents.pages import panels_and_buttons
from incidents.paging import delivery_status, manual_rules
from incidents.paging.words import state_words
from incidents.policies import selection
from incidents.record import access, queries
from incidents.record.models import Incident, Page
from incidents.record.opening import readable
from incidents.response import views as views_response
from incidents.triage import clock_status
from incidents.words import step_name
from people import queries as people
from people.access import guard
from people.notification_rules.words import CHANNEL_NAMES
from roster.resolver import resolver

MAY = ("act", "dispatch", "close")


class _DetailReading(NamedTuple):
    """What both the page and its ETag rest on. ``since``: id of the last line of the log that the reader had read when
    the page was opened."""

    calls: Sequence[Page]
    courses: dict[int, delivery_status.Course]
    clocks: Sequence[Clock]
    coming: Sequence[forecast.NextCall]
    since: int | None
    looking: Sequence[str]


@bp.get("/<code>")
@guard.requires("incident.read")
def detail(code: str) -> ResponseReturnValue:
    """One incident; ``?live=1`` answers the part that changes by itself."""
    now = clock.now()
    incident = readable(code, now)
    _opened(queries.pages(incident.id), now)
    with resolver.asking_once():
        read = _read_detail(incident, now, live=bool(request.args.get("live")))
        known = [incident.version, incident.status, incident.escalation.next_at, *read[1:3], _named(read.coming)]
        tag = fragments.tag([*known, read.since, read.looking, *_reader_facts(incident, now)])
        if not request.args.get("live"):
            return _detail(incident, now, tag, read)
        unchanged = request.if_none_match.contains(tag)
        facts = {} if unchanged else _facts(incident, now, read) | {"again_asked": True}
        return fragments.fragment("incidents/_live.html", tag, facts)


def _read_detail(incident: Incident, now: datetime, *, live: bool = False) -> _DetailReading:
    looking = watching.look(incident, actor=guard.current_actor(), now=now)  # first: what it writes ends what was read
    calls, mark = queries.pages(incident.id), None if live else looks.mark_of(incident, guard.current_actor())
    return _DetailReading(
        calls,
        delivery_status.courses_for(calls, now),
        clock_status.clocks_for(incident, now),
        forecast.next_calls(incident, now),
        request.args.get("since", type=int) if live else mark.entry_id if mark else None,
        looking,
    )


def _opened(calls: Sequence[Page], now: datetime) -> None:
    """A person who was called looks at it, signed in."""
    reader = guard.current_actor().person_id
    mine = [call.id for call in calls if call.person_id == reader and call.opened_at is None]
    if reader is None or not mine:
        return
    with transaction() as session:
        session.execute(update(Page).where(Page.id.in_(mine), Page.opened_at.is_(None)).values(opened_at=now))


@bp.post("/<code>/<verb>")
@guard.requires("incident.read")
def act(code: str, verb: str) -> ResponseReturnValue:
    """Do it, or show the page again with what was typed and what is wrong. Each service asks for its own right."""
    now, actor = clock.now(), guard.current_actor()
    incident = readable(code, now)
    action = panels_and_buttons.BUTTONS.get(verb)
    if action is None:
        raise Invalid("incident.unknown_action")
    tap = f"tap/{incident.id}"
    if verb in actions.WRITES_EACH_TIME and idempotency.is_second_tap(
        tap, _sent(verb), within=manual_rules.AGAIN, actor=actor, now=now
    ):
        return back(url_for(".detail", code=code), _("Bấm hai lần liền nhau: chỉ tính lần đầu, xem ở phần diễn biến."))
    try:
        said = action(incident.id, actor, now)
    except BaseException as error:
        # Nothing was written: the next tap is the first.
        idempotency.forget_tap(tap, actor=actor)
        if not isinstance(error, DomainError):
            raise
        incident = readable(code, now)
        page = _detail(incident, now, "", _read_detail(incident, now), problem=error.message(), typed=request.form)
        return page, error.http_status
    return back(url_for(".detail", code=code), said)


def _sent(verb: str) -> str:
    """Return what was sent with the button, without what differs from page to page."""
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    return idempotency.digest_of("POST", verb, repr(fields).encode())


def _named(coming: Sequence[forecast.NextCall]) -> list[Any]:
    """Whom the page names as called next: rosters, absences and people change without the incident."""
    return [(call.rule, call.people, call.others, call.away, call.passed) for call in coming]


def _reader_facts(incident: Incident, now: datetime) -> list[Any]:
    """Return what the page says to this reader alone: rights come and go with duties, and absences without the
    incident."""
    actor, exhausted = guard.current_actor(), incident.status == "open" and incident.escalation.exhausted
    return [
        _may(incident, now),
        actor.person_id,
        access.was_called(incident, actor.person_id),
        guard.allowed(actor, "person.contact", incident.unit_id, now=now),
        exhausted and everybody_absent.is_everybody_absent(incident, now),
    ]


def _may(incident: Incident, now: datetime) -> dict[str, bool]:
    return {verb: access.may(guard.current_actor(), f"incident.{verb}", incident, now=now) for verb in MAY}


def _facts(incident: Incident, now: datetime, read: _DetailReading) -> dict[str, Any]:
    calls, courses, since = read.calls, read.courses, read.since
    kinds, entries = queries.duty_kinds_by_code(), queries.timeline(incident.id)
    actor, may = guard.current_actor(), _may(incident, now)
    moving = views_response.state(incident, actor, now)
    with_phones = guard.allowed(actor, "person.contact", incident.unit_id, now=now) is not False
    reader = front.Reader(actor, may["act"], may["close"], with_phones, since)
    looked = looks.mark_of(incident, actor)
    return {
        "may": may,
        "mine": actor.person_id is not None and incident.acknowledged_by_id == actor.person_id,
        "called_me": access.was_called(incident, actor.person_id),
        "reader_id": actor.person_id,
        "moving": moving,
        "incident": incident,
        "now": now,
        "kinds": kinds,
        "calls": calls,
        "forecast": read.coming,
        "courses": courses,
        "front": front.front_facts(
            incident, reader, pages=calls, courses=courses, entries=entries, moving=moving, now=now
        ),
        "looked_at": looked.at if looked and looked.entry_id == since else None,
        "channel_names": CHANNEL_NAMES,
        "wording": wording,
        "step_name": step_name,
        "state_words": state_words,
        "clocks": read.clocks,
        "looking": board_words.looking(read.looking),
        "timeline": [
            (entry, timeline_words.text(entry, kinds), *timeline_words.look(entry)) for entry in reversed(entries)
        ],
        "with_phones": with_phones,
    }


def _detail(
    incident: Incident,
    now: datetime,
    tag: str,
    read: _DetailReading,
    *,
    problem: str = "",
    typed: Any = None,
) -> str:
    facts = _facts(incident, now, read)
    newest = selection.holding_for(incident)
    return render_template(
        "incidents/detail.html",
        **facts,
        problem=problem,
        typed=typed or {},
        etag=tag,
        category=catalogue.category(incident.category),
        people=_choices(incident, facts) if facts["may"]["dispatch"] else [],
        every=fragments.EVERY,
        panels=panels_and_buttons.shown(incident, now),
        may_attach=attachments.may_add(guard.current_actor(), incident, now=now),
        newer_policy=newest.id != incident.escalation.policy_id,
        again=url_for(".detail", code=incident.code, live=1, since=read.since),
    )


def _choices(incident: Incident, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Whom one may act for: who was called, who comes next, then the colleagues of the unit."""
    found = {call.person.code: call.person.full_name for call in facts["calls"]}
    for line in facts["forecast"]:
        found |= {person.code: person.name for person in line.people}
    colleagues = people.find_people(unit_id=incident.unit_id, limit=200)
    for code, name in ((person.code, person.full_name) for person in colleagues):
        found.setdefault(code, name)
    return list(found.items())
