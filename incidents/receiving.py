"""What an alarm of a source does to incidents: one alarm, or all that came while the last transaction was written.

An alarm is one transaction: the event as it came and what became of it stand or fall together.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Unavailable
from incidents import intakes, reporting, services
from incidents.intake_formats import Alarm
from incidents.models import Incident, IncidentCategory, Intake, IntakeEvent
from incidents.reporting import Report

PAYLOAD_KEPT = 16_384
"""Bytes of each payload that are kept."""
MOST_A_MINUTE = 600
SILENCE = "silence"
"""The key of a heartbeat's only incident."""
BEAT = Alarm("resolve", SILENCE)
"""A heartbeat was heard: its silence, if one was raised, is over."""


@dataclass(frozen=True)
class Arrival:
    """What a source sent, as it came and as it was read."""

    source: Intake
    alarm: Alarm
    raw: bytes = b""


@dataclass(frozen=True)
class Received:
    """What became of an alarm. ``outcome`` as in ``IntakeEvent``; ``key`` as the source knows it."""

    outcome: str
    key: str
    incident: Incident | None


def receive(intake_id: int, alarm: Alarm, raw: bytes, *, now: datetime) -> Received:
    """Raise, acknowledge or resolve what the alarm is about; what is done already is no error.

    Raises ``Unavailable`` when the source sends more than it may: tools try that again, and drop what else they are
    told.
    """
    with transaction() as session:
        [done] = receive_all(session, [Arrival(intakes.exclusively(intake_id), alarm, raw)], now=now)
        if isinstance(done, Unavailable):
            raise done
        return done


def raise_silence(intake: Intake, title: str, *, now: datetime) -> None:
    """A heartbeat stayed silent; the caller holds the source."""
    arrival = Arrival(intake, Alarm("trigger", SILENCE, title))
    [(_place, done)] = _done(db.session(), [(0, arrival, SILENCE)], now)
    db.session.add(_event(arrival, done, now))


def receive_all(session: Session, arrivals: Sequence[Arrival], *, now: datetime) -> list[Received | Unavailable]:
    """``receive`` for several, in their order; the caller holds the sources. A source that sends too much hurts none
    but itself."""
    room = _room(session, {each.source.id for each in arrivals}, now)
    outcomes: dict[int, Received | Unavailable] = {}
    taken: list[tuple[int, Arrival, str]] = []
    for place, each in enumerate(arrivals):
        room[each.source.id] -= 1
        if room[each.source.id] < 0:
            outcomes[place] = Unavailable("intake.too_many", most=MOST_A_MINUTE, retry_after=30)
        else:
            taken.append((place, each, each.alarm.key or secrets.token_hex(16)))
    for together in _in_order(taken):
        outcomes.update(_done(session, together, now))
    for place, each, _key in taken:
        each.source.heard_at = now
        session.add(_event(each, outcomes[place], now))  # type: ignore[arg-type]
    session.flush()
    return [outcomes[place] for place in range(len(arrivals))]


def _room(session: Session, intake_ids: set[int], now: datetime) -> Counter[int]:
    """How many more each source may send within this minute."""
    recent = (
        select(IntakeEvent.intake_id, func.count())
        .where(IntakeEvent.intake_id.in_(intake_ids), IntakeEvent.at > now - timedelta(minutes=1))
        .group_by(IntakeEvent.intake_id)
    )
    sent = dict(session.execute(recent).tuples().all())
    return Counter({each: MOST_A_MINUTE - sent.get(each, 0) for each in intake_ids})


def _in_order(taken: list[tuple[int, Arrival, str]]) -> Iterator[list[tuple[int, Arrival, str]]]:
    """Cut where something is said about a key of which something else was said: over, and again, is not again, over."""
    together, said = list[tuple[int, Arrival, str]](), dict[tuple[int, str], str]()
    for place, each, key in taken:
        if said.setdefault((each.source.id, key), each.alarm.action) != each.alarm.action:
            yield together
            together, said = [], {(each.source.id, key): each.alarm.action}
        together.append((place, each, key))
    yield together


def _done(
    session: Session, together: Sequence[tuple[int, Arrival, str]], now: datetime
) -> list[tuple[int, Received]]:  # fmt: skip
    raised = [(place, each, key) for place, each, key in together if each.alarm.action == "trigger"]
    reports = [_report(session, each, key) for _place, each, key in raised]
    logged = reporting.log_all(session, reports, now=now) if reports else []
    done = [
        (place, Received("created" if created else "known", key, incident))
        for (place, _each, key), (incident, created) in zip(raised, logged, strict=True)
    ]
    others = [(place, each, key) for place, each, key in together if each.alarm.action != "trigger"]
    about = reporting.open_with(session, {_kept(each.source, key) for _place, each, key in others})
    for place, each, key in others:
        done.append((place, _answered(each, key, about.get(_kept(each.source, key)), now)))
    return done


def _report(session: Session, arrival: Arrival, key: str) -> Report:
    alarm, source = arrival.alarm, arrival.source
    known = alarm.category and session.get(IncidentCategory, alarm.category)
    return Report(
        title=alarm.title, description=alarm.description, category=known.code if known else source.category,
        severity=alarm.severity, unit_id=source.unit_id, dedup_key=_kept(source, key), by_source=True,
        actor=_actor(source),
    )  # fmt: skip


def _answered(arrival: Arrival, key: str, incident_id: int | None, now: datetime) -> Received:
    """Acknowledged or resolved, if it was still to be done."""
    source = arrival.source
    if incident_id is None:
        return Received("heard" if source.kind == "heartbeat" else "ignored", key, None)
    try:
        if arrival.alarm.action == "resolve":
            return Received("resolved", key, services.resolve(incident_id, actor=_actor(source), now=now))
        return Received("acknowledged", key, services.acknowledge(incident_id, actor=_actor(source), now=now))
    except Conflict:  # somebody has it already, or was faster
        return Received("known", key, db.session.get(Incident, incident_id))


def _actor(source: Intake) -> Actor:
    return Actor(name=source.name, role="staff", via="system", unit_id=source.unit_id)


def _kept(source: Intake, key: str) -> str:
    return f"intake/{source.id}/{key}"


def _event(arrival: Arrival, done: Received, now: datetime) -> IntakeEvent:
    return IntakeEvent(
        intake_id=arrival.source.id, at=now, action=arrival.alarm.action, outcome=done.outcome, dedup_key=done.key,
        size=len(arrival.raw), incident_id=done.incident.id if done.incident else None,
        payload=arrival.raw[:PAYLOAD_KEPT].decode("utf-8", "replace").replace("\x00", "\ufffd"),
    )  # fmt: skip
