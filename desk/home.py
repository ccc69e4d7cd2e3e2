"""What the desk shows at a glance: who is on duty, what is open, what is mine, whether every minute is covered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _

from core import clock, text
from core.actor import Actor
from core.i18n import d, dm, named, t, weekday
from desk import alarm, incident_cards, today
from duty.inbound_messages import queries as replies
from duty.on_duty import rehearsals, who_serves
from incidents.escalation import forecast
from incidents.escalation.lookups import EscalationLookups
from incidents.maintenance import words as maintenance_words
from incidents.record import naming, queries as incidents
from incidents.record.models import Incident
from incidents.reviews import services as reviews
from people import queries as people
from people.access import guard
from people.models import DutyKind, Unit
from people.reference import KindFact
from roster.coverage import unsure, words as wording_unsure
from roster.coverage.words import away_words
from roster.presence import queries as presence_queries, words as presence
from roster.presence.words import PresenceMark
from roster.publishing import overview
from roster.reachability import report as reachability
from roster.resolver import resolver
from roster.resolver.resolution import DutyPerson, OnDuty

SHOWN, JUDGED = 20, 200
"""How many incidents the desk lists, and how many it judges."""
STORM = 3
"""From so many on that may be taken together, taking all at once is offered."""
CARDS = 8
"""How many of them are a card; the others are a tap away."""


def view(unit: Unit, *, now: datetime, wall: bool = False) -> dict[str, Any]:
    """Everything that templates/desk/home.html (``wall``: wall.html) needs, for ``unit`` at ``now``."""
    day = clock.local_date(now)
    return {
        **live(unit, now=now, wall=wall),
        "phase": overview.phase_of(unit.id, day, now=now),
        "day_class": overview.day_class_of(day),
        **cover(unit, now=now),
        "lacking": _lacking(unit, now),
        "promised": _promised(guard.current_actor(), day),
        "unclear": replies.counted(guard.current_actor(), now=now),
        "rehearsal": rehearsals.active_for(unit.id, now=now),
    }


def live(unit: Unit, *, now: datetime, wall: bool = False) -> dict[str, Any]:
    """The part that is polled (templates/desk/_live.html, ``wall``: _wall.html)."""
    with resolver.asking_once():
        return _live(unit, now, wall)


def _live(unit: Unit, now: datetime, wall: bool) -> dict[str, Any]:
    actor = guard.current_actor()
    report = who_serves.at(unit, now)
    phones = guard.allowed(actor, "person.contact", unit.id, now=now) is not False
    unfinished, needing = _open(unit.id, actor, now), _needing(actor.person_id)
    shown = unfinished[:SHOWN]
    listed = incident_cards.list_cards(
        [*shown, *(each for each in needing if each not in shown)],
        needing={each.id for each in needing},
        actor=actor,
        now=now,
    )
    foresee = partial(_next_call, now=now, known=EscalationLookups())
    red = alarm.alarm_for(unfinished, now=now)
    running = _running(unit.id, unfinished, needing, actor, now=now)
    return {
        "unit": unit,
        "now": now,
        "cards": cards(report.answers, now, with_phones=phones),
        "mine": {kind.code for kind, answer in report.answers if _serves(answer, actor.person_id)},
        "open": shown,
        "incidents": [] if wall else incident_cards.with_calls(listed[:CARDS], foresee),
        "worst": _worst(red, unfinished, foresee) if wall else None,
        "title_of": naming.outside,
        "today": today.strip(unit, now=now) if wall else None,
        "storm": sum(card.may_take and not naming.is_taken_singly(card.incident) for card in listed) >= STORM,
        "singly": sum(card.may_take and naming.is_taken_singly(card.incident) for card in listed) >= STORM,
        "untaken": sum(running.values()),
        "open_count": len(running),
        "alarm": red,
        "holding": maintenance_words.lines(unit.id, now),
        "answers": [answer for _kind, answer in report.answers],
        "asks_presence": bool(presence_queries.asking()),
        "asks_check_in": any(kind.check_in_since for kind in presence_queries.asking().values()),
        **_own(actor.person_id, now),
    }


def _own(person_id: int | None, now: datetime) -> dict[str, Any]:
    """The reader's next shifts, and which of them nobody can be sure of."""
    if person_id is None:
        return {"own": [], "doubts": {}, "own_code": ""}
    own = overview.own_duties(person_id, now=now)
    doubts = wording_unsure.reasons_for_person(person_id, now) if own else {}
    return {"own": own, "doubts": doubts, "own_code": people.person_by_id(person_id).code if doubts else ""}


def cover(unit: Unit, *, now: datetime) -> dict[str, Any]:
    """The other part that is polled (templates/desk/_cover.html): whether every minute is covered."""
    below = people.subtree_ids(unit.id)
    seats = unsure.coming(below, now=now, days=reachability.DAYS)
    found = strip(unit.id, now=now)
    is_bare = found is None and not overview.is_published(below)
    return {"strip": found, "unsure_seats": seats, "is_bare": is_bare, "now": now}


def _promised(actor: Actor, day: date) -> list[dict[str, Any]]:
    """Return what the reader is to do after incidents: the incident's code, the words, the day, whether it is past."""
    if actor.person_id is None:
        return []
    return [
        {"code": each.review.incident.code, "text": each.text, "due_on": each.due_on, "late": each.due_on < day}
        for each in reviews.own_actions(actor.person_id)
    ]


def _lacking(unit: Unit, now: datetime) -> dict[str, int]:
    """How many serve here in the coming days and cannot surely be called; nothing for who may not mend it."""
    if guard.allowed(guard.current_actor(), "reach.report", unit.id, now=now) is False:
        return {}
    counts = reachability.counts_of(people.subtree_ids(unit.id), now=now)
    return {str(name): count for name, count in counts.items()}


def changes_at(facts: dict[str, Any]) -> datetime | None:
    """Return when time alone will change what :func:`live` says: a duty begins or ends, a target passes."""
    answers: list[OnDuty] = facts["answers"]
    ends = [person.until for answer in answers for person in answer.people if person.until]
    starts = [person.starts_at for answer in answers for person in answer.next if person.starts_at]
    own = [at for duty in facts["own"] for at in (duty.starts_at, duty.ends_at)]
    coming = [at for at in (*ends, *starts, *own, facts["alarm"].changes_at) if at and at > facts["now"]]
    return min(coming, default=None)


def _needing(person_id: int | None) -> list[Incident]:
    return incidents.needing(person_id) if person_id is not None else []


def _open(unit_id: int, actor: Actor, now: datetime) -> list[Incident]:
    """Return what is unfinished there and below, as far as the reader may know of it."""
    if guard.allowed(actor, "incident.read", unit_id, now=now) is False:
        return []
    return incidents.unfinished(unit_id, limit=JUDGED, actor=actor, now=now)


def _running(
    unit_id: int, unfinished: Sequence[Incident], needing: Sequence[Incident], actor: Actor, *, now: datetime
) -> dict[int, bool]:
    """Return what is unfinished there, and what waits for the reader wherever it is, also beyond what both lists begin,
    but no exercise: id → whether nobody has it."""
    found = {each.id: each.status == "open" for each in (*unfinished, *needing) if each.rehearsal_id is None}
    if len(unfinished) == JUDGED:
        found |= incidents.all_unfinished(unit_id, actor=actor, now=now)
    if len(needing) == incidents.MOST and actor.person_id is not None:
        found |= incidents.all_needing(actor.person_id)
    return found


def _next_call(incident: Incident, *, now: datetime, known: EscalationLookups) -> forecast.NextCall | None:
    """Return what its clock brings if nobody acts; ``known``: look-ups shared by those of a page."""
    return next(iter(forecast.next_calls(incident, now, lines=1, known=known)), None)


def _worst(
    red: alarm.DeskAlarm, unfinished: Sequence[Incident], foresee: Callable[[Incident], forecast.NextCall | None]
) -> dict[str, Any] | None:
    """Return what makes the screen red, first of all, and whom it calls next in words."""
    for incident in unfinished:
        if red.red and incident.code == red.red[0].code:
            return {"incident": incident, "following": _called(foresee(incident))}
    return None


def _called(call: forecast.NextCall | None) -> str:
    if call is None:
        return ""
    names = ", ".join(_sure(person) for person in call.people[:3])
    return f"{named(call.duty)} ({names})" if call.duty is not None else names


def cards(
    answers: Sequence[tuple[DutyKind | KindFact, OnDuty]], now: datetime, *, with_phones: bool = True
) -> list[dict[str, Any]]:
    """The facts of the duty cards, worded. The desk's own telephone is no secret; people's may be."""
    listed = [answer for _kind, answer in answers]
    doubts, there = wording_unsure.reasons_for_answers(listed, now), presence.marks_for_answers(listed, now)
    return [_card(kind, answer, now, with_phones, doubts=doubts, there=there) for kind, answer in answers]


def _card(
    kind: DutyKind | KindFact,
    answer: OnDuty,
    now: datetime,
    with_phones: bool,
    *,
    doubts: Mapping[int, str],
    there: Mapping[int, PresenceMark],
) -> dict[str, Any]:
    people = [_person(each, now, with_phones, doubts, there=there) for each in answer.people[:4]]
    return {
        "kind": kind.code,
        "name": named(kind),
        "letter": kind.letter,
        "people": people,
        "next": _next(answer.next, now, doubts),
        "desk_phone": text.format_phone(answer.desk_phone) if answer.desk_phone else "",
        "is_desk": answer.is_desk,
        "rule": answer.rule,
        "unsure": any(each["unsure"] for each in people),
    }


def _serves(answer: OnDuty, person_id: int | None) -> bool:
    return answer.is_assigned and any(each.person_id == person_id for each in answer.people)


def _person(
    person: DutyPerson, now: datetime, with_phone: bool, doubts: Mapping[int, str], *, there: Mapping[int, PresenceMark]
) -> dict[str, Any]:
    return {
        "name": person.name,
        "position": person.position,
        "phone": text.format_phone(person.phone) if person.phone and with_phone else "",
        "zalo": text.zalo(person.phone) if with_phone else "",
        "until": _when(person.until, now) if person.until else "",
        "unsure": away_words(*person.absence, now) if person.absence else doubts.get(person.seat_id or 0, ""),
        "there": there.get(person.seat_id or 0),
    }


def _next(people: tuple[DutyPerson, ...], now: datetime, doubts: Mapping[int, str]) -> str:
    if not people:
        return ""
    names = ", ".join(_sure(each, each.seat_id in doubts) for each in people)
    starts = people[0].starts_at
    return _("%(names)s, từ %(time)s", names=names, time=_when(starts, now)) if starts else names


def _sure(person: DutyPerson, is_in_doubt: bool = False) -> str:
    return _("%(name)s (không chắc)", name=person.name) if person.at_risk or is_in_doubt else person.name


def _when(at: datetime, now: datetime) -> str:
    """07:30, with the day when it is not today."""
    same = clock.local_date(at) == clock.local_date(now)
    return t(at) if same else f"{t(at)} {weekday(at, short=True)} {dm(at)}"


def strip(unit_id: int, *, now: datetime) -> dict[str, Any] | None:
    """The coverage strip of the campaign that matters now, in the shape of the component."""
    campaign = overview.current_campaign(unit_id, now=now)
    if campaign is None:
        return None
    found = overview.strip(campaign, now=now)
    today = clock.local_date(now)
    days = [
        {
            "day": str(day.day),
            "title": f"{weekday(day)} {d(day)}",
            "tet": found.classes.get(day) == "holiday",
            "now": day == today,
        }
        for day in found.days
    ]
    words = {
        "full": _("đủ người"),
        "gap": _("thiếu người"),
        "unsure": _("không chắc: người trực vắng hoặc không còn trực"),
        "open": _("nhu cầu để trống"),
        "none": _("không trực"),
    }
    rows = [
        {
            "kind": kind.code,
            "name": named(kind),
            "cells": [
                {"state": state, "title": f"{d(day)}: {words[state]}"}
                for day, state in zip(found.days, found.cells[kind.code], strict=True)
            ],
        }
        for kind in found.kinds
    ]
    counts = {"missing": found.missing, "unsure": found.unsure, "is_over": found.is_over}
    return {"campaign": campaign, "days": days, "rows": rows, **counts}
