"""What an alarm of a source does to incidents: one alarm, or all that came while the last transaction was written.

An alarm is one transaction: the event as it came and what became of it stand or fall together.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import Select, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from core import clock
from core.actor import Actor
from core.db import UTCDateTime, db, is_sqlite, transaction
from core.errors import Conflict, Unavailable
from core.fast_path import bulk_insert, shared_cache
from incidents.alarms import along
from incidents.alarms.models import IncidentDetails
from incidents.catalogue.models import IncidentCategory
from incidents.creation import dedup
from incidents.creation.drafting import IncidentReport
from incidents.grouping import clearing, services as grouping
from incidents.intake import cleaning, own_links, places, rules
from incidents.intake.formats import UNREADABLE, Alarm
from incidents.intake.models import Intake, IntakeEvent
from incidents.maintenance import taking_in
from incidents.record import discreet, secrecy
from incidents.record.models import Incident
from incidents.response import lifecycle

PAYLOAD_KEPT = cleaning.PAYLOAD_KEPT
MINUTE, MOST_A_MINUTE = timedelta(minutes=1), 600
SILENCE = "silence"
"""The key of a heartbeat's only incident."""
BEAT = Alarm("resolve", SILENCE)
"""A heartbeat was heard: its silence, if one was raised, is over."""


@dataclass(frozen=True)
class ClaimedSource:
    """A source that until commit is nobody else's: what it says and that it is silent are never judged side by side.

    ``sent``: how much it sent within the last minute; ``at``: the moment of asking; ``stamp``: of
    what is standing (``core.fast_path.shared_cache``) then.
    """

    intake: Intake
    kind: IncidentCategory
    sent: int
    at: datetime
    stamp: str | None


@dataclass(frozen=True)
class IntakeDelivery:
    """What a source sent, as it came and as it was read."""

    source: ClaimedSource
    alarm: Alarm
    raw: bytes = b""
    unit_id: int | None = None
    """Where a rule of the source says that it is; else the source's."""


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
        [source] = hold(session, ids=[intake_id], now=now)
        [done] = receive_all(session, [IntakeDelivery(source, alarm, raw)])
        if isinstance(done, Unavailable):
            raise done
        return done


def hold(
    session: Session, *, digests: Collection[str] = (), ids: Collection[int] = (), now: datetime | None = None
) -> list[ClaimedSource]:
    """Sources by the digests of their keys or by their ids, with all that their alarms need to be judged by, in one
    question; taken in one order."""
    at = now or clock.unless_asked()
    times = {"at": at, "since": at - MINUTE} if at is not None else {}
    given = {"given": list(digests or ids)}
    found = session.execute(_holding("digest" if digests else "id", at is None), given | times).tuples()
    return [ClaimedSource(*row) for row in found]


@cache
def _holding(by: str, asks: bool) -> Select[tuple[Intake, IncidentCategory, int, datetime, str | None]]:
    """Asked with every alarm: built once."""
    at = clock.column() if asks else bindparam("at", type_=UTCDateTime)
    since = clock.column(MINUTE) if asks else bindparam("since", type_=UTCDateTime)
    sent = select(func.count()).where(IntakeEvent.intake_id == Intake.id, IntakeEvent.at > since).scalar_subquery()
    return (
        select(Intake, IncidentCategory, sent, type_coerce(at, UTCDateTime), shared_cache.stamp())
        .join(IncidentCategory, IncidentCategory.code == Intake.category)
        .options(joinedload(Intake.unit))
        .where(getattr(Intake, by).in_(bindparam("given", expanding=True)))
        .order_by(Intake.id)
        .with_for_update(of=Intake)
        .execution_options(populate_existing=True)
    )


def raise_silence(intake: Intake, title: str, *, now: datetime) -> None:
    """A heartbeat stayed silent; the caller holds the source."""
    session = db.session()
    [source] = hold(session, ids=[intake.id], now=now)
    arrival = IntakeDelivery(source, Alarm("trigger", SILENCE, title))
    [(_place, done)] = _done(session, [(0, arrival, SILENCE)], now)
    bulk_insert.insert(session, (IntakeEvent, [_event(arrival, done, now)]))


def receive_all(
    session: Session, arrivals: Sequence[IntakeDelivery], *, guarded: bool = True
) -> list[Received | Unavailable]:
    """``receive`` for several, in their order; the caller holds the sources. One that sends too much hurts none but
    itself. ``guarded`` as for ``creation.services.log_all``."""
    now, sent = max(each.source.at for each in arrivals), Counter[int]()
    arrivals = [replace(each, alarm=own_links.alarm_without(each.alarm)) for each in arrivals]
    arrivals = [_ruled(each) if each.source.intake.rules else each for each in arrivals]
    outcomes: dict[int, Received | Unavailable] = {}
    taken: list[tuple[int, IntakeDelivery, str]] = []
    for place, each in enumerate(arrivals):
        sent[each.source.intake.id] += 1
        if each.source.sent + sent[each.source.intake.id] > MOST_A_MINUTE:
            outcomes[place] = Unavailable("intake.too_many", most=MOST_A_MINUTE, retry_after=30)
        else:
            taken.append((place, each, each.alarm.key or secrets.token_hex(16)))
    received: dict[int, Received] = {}
    for together in _in_order(taken):
        received.update(_done(session, together, now, guarded=guarded))
    if taken:
        events = [_event(each, received[place], now) for place, each, _key in taken]
        heard = {each.source.intake.id: each.source.intake for _place, each, _key in taken}
        details = [row for place, each, _key in taken if (row := _details(each, received[place])) is not None]
        bulk_insert.insert(
            session, (IncidentDetails, details), (IntakeEvent, events), then=(_HEARD, (now, list(heard)))
        )
        for intake in heard.values():
            if is_sqlite():
                intake.heard_at = now
            else:
                set_committed_value(intake, "heard_at", now)
    return [outcomes.get(place) or received[place] for place in range(len(arrivals))]


def _ruled(arrival: IntakeDelivery) -> IntakeDelivery:
    judged = rules.judge(rules.parse_rules(arrival.source.intake.rules), arrival.alarm)
    return replace(arrival, alarm=judged.alarm, unit_id=places.unit_id(arrival.source.intake, judged.units))


_HEARD = "UPDATE intakes SET heard_at = %s WHERE id = ANY(%s)"


def _in_order(taken: list[tuple[int, IntakeDelivery, str]]) -> Iterator[list[tuple[int, IntakeDelivery, str]]]:
    """Cut where something is said about a key of which something else was said: over, and again, is not again, over;
    and what is KT1 by now was none before."""
    together, said = list[tuple[int, IntakeDelivery, str]](), dict[tuple[int, str], tuple[str | None, ...]]()
    for place, each, key in taken:
        told = each.alarm.action, each.alarm.category, each.alarm.title, each.alarm.description
        if said.setdefault((each.source.intake.id, key), told) != told:
            yield together
            together, said = [], {(each.source.intake.id, key): told}
        together.append((place, each, key))
    yield together


def _done(
    session: Session, together: Sequence[tuple[int, IntakeDelivery, str]], now: datetime, *, guarded: bool = True
) -> list[tuple[int, Received]]:
    raised = [(place, each, key) for place, each, key in together if each.alarm.action == "trigger"]
    told = [_told(session, each, key) for _place, each, key in raised]
    stamp = together[0][1].source.stamp if together else None
    logged = taking_in.fired(session, told, now=now, guarded=guarded, stamp=stamp) if told else []
    done = [
        (place, Received(outcome, key, incident))
        for (place, _each, key), (outcome, incident) in zip(raised, logged, strict=True)
    ]
    dropped = [(place, each, key) for place, each, key in together if each.alarm.action == "drop"]
    others = [(place, each, key) for place, each, key in together if each.alarm.action not in ("trigger", "drop")]
    known = taking_in.heard(session, [_heard(each, key) for _place, each, key in others], now=now, stamp=stamp)
    done += [(others[at][0], Received(outcome, others[at][2], about)) for at, (outcome, about) in known.items()]
    others = [each for at, each in enumerate(others) if at not in known]
    about = dedup.open_with(session, {kept_key(each.source.intake, key) for _place, each, key in others})
    for place, each, key in [*others, *dropped]:
        done.append((place, _answered(each, key, about.get(kept_key(each.source.intake, key)), now)))
    return done


def _told(session: Session, arrival: IntakeDelivery, key: str) -> grouping.Firing:
    report, alarm = _report(session, arrival, key), arrival.alarm
    is_apart = alarm.form == UNREADABLE
    return grouping.Firing(arrival.source.intake, key, report, alarm.form, alarm.details, is_apart)


def _report(session: Session, arrival: IntakeDelivery, key: str) -> IncidentReport:
    alarm, source = arrival.alarm, arrival.source.intake
    known = (alarm.category and session.get(IncidentCategory, alarm.category)) or arrival.source.kind
    severity = alarm.severity
    if alarm.at_least is not None:
        severity = min(severity or known.default_severity, alarm.at_least)
    return IncidentReport(
        title=alarm.title,
        description=alarm.description,
        category=known.code,
        severity=severity,
        unit_id=arrival.unit_id or source.unit_id,
        dedup_key=kept_key(source, key),
        by_source=True,
        actor=_actor(source),
    )


def _answered(arrival: IntakeDelivery, key: str, incident_id: int | None, now: datetime) -> Received:
    """Acknowledged or resolved, if it was still to be done."""
    source = arrival.source.intake
    if arrival.alarm.action == "drop":
        return Received("dropped", key, None)
    if incident_id is None:
        return Received("heard" if source.kind == "heartbeat" else "ignored", key, None)
    try:
        if arrival.alarm.action == "resolve":
            return Received("resolved", key, lifecycle.resolve(incident_id, actor=_actor(source), now=now))
        return Received("acknowledged", key, lifecycle.acknowledge(incident_id, actor=_actor(source), now=now))
    except Conflict:  # somebody has it already, or was faster
        return Received("known", key, db.session.get(Incident, incident_id))


def report_of(arrival: IntakeDelivery) -> IncidentReport:
    """Return what it is reported as, if it is one that raises something."""
    return _report(db.session(), arrival, arrival.alarm.key or "")


def _heard(arrival: IntakeDelivery, key: str) -> clearing.ClearedAlarm:
    action: Literal["acknowledge", "resolve"] = "resolve" if arrival.alarm.action == "resolve" else "acknowledge"
    source = arrival.source.intake
    return clearing.ClearedAlarm(source, key, action, _actor(source), kept_key(source, key))


def _actor(source: Intake) -> Actor:
    return Actor(name=source.name, role="staff", via="system", unit_id=source.unit_id)


def kept_key(source: Intake, key: str) -> str:
    """A source's key as incidents have it."""
    return f"intake/{source.id}/{key}"


def _details(arrival: IntakeDelivery, done: Received) -> dict[str, Any] | None:
    """A row of ``IncidentDetails``, of what was raised anew."""
    if done.outcome != "created" or done.incident is None:
        return None
    return along.row(done.incident, arrival.alarm.form, arrival.alarm.details)


def _event(arrival: IntakeDelivery, done: Received, now: datetime) -> dict[str, Any]:
    """A row of ``IntakeEvent``."""
    return {
        "intake_id": arrival.source.intake.id,
        "at": now,
        "action": arrival.alarm.action,
        "outcome": done.outcome,
        "dedup_key": done.key,
        "size": len(arrival.raw),
        "incident_id": done.incident.id if done.incident else None,
        "payload": "" if _is_secret(arrival, done.incident) else own_links.without(cleaning.as_it_came(arrival.raw)),
    }


def _is_secret(arrival: IntakeDelivery, incident: Incident | None) -> bool:
    """Whether what came may say more than may be written (``incidents.record.discreet``): then it is not kept."""
    if incident is not None and discreet.concerns(incident):
        return True
    alarm = arrival.alarm
    if secrecy.speaks_of_state(f"{alarm.title} {alarm.description}"):
        return True
    return any(secrecy.speaks_of_state(each) for each in cleaning.legible(cleaning.as_it_came(arrival.raw)))
