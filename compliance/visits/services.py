"""An inspection is written down as it comes, and what it recommended is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.visits import queries
from compliance.visits.models import Inspection, Recommendation
from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, FieldError, Invalid, ensure_none
from core.text import nfc
from people import queries as people
from people.access import guard
from roster.days import phases

LONGEST, LONGEST_TEXT, MOST_MEMBERS, MOST_RECOMMENDED = 200, 4000, 30, 50
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class VisitIn:
    unit: str
    body: str
    decision: str
    decided_on: date | None
    announced: bool
    members: Sequence[str]
    subject: str
    began_at: datetime | None
    ended_at: datetime | None = None
    minutes: str = ""
    result: str = ""


def write(visit_id: int | None, version: int, given: VisitIn, *, actor: Actor, now: datetime) -> Inspection:
    """A new one (``None``), or what is known of one by now. Raises ``Invalid``, ``NotFound``, ``Conflict``."""
    unit = people.unit_by_code(given.unit)
    with transaction() as session:
        guard.ensure(actor, "visit.write", unit.id, now=now)
        row = Inspection() if visit_id is None else _locked(session, visit_id, actor, now)
        if visit_id is not None and row.version != version:
            raise Conflict("visit.changed", state={"version": row.version})
        ensure_none(_faults(given, now))
        row.unit_id, row.body, row.decision, row.decided_on = (
            unit.id,
            _line(given.body),
            _line(given.decision),
            given.decided_on,
        )
        row.announced, row.members = given.announced, [_line(each) for each in given.members if _line(each)]
        row.subject, row.began_at, row.ended_at = _line(given.subject), given.began_at or now, given.ended_at
        row.minutes, row.result = nfc(given.minutes).strip(), nfc(given.result).strip()
        row.phase = phases.phase_at(unit.id, row.began_at, None)
        if visit_id is None:
            row.written_at, row.written_by = now, actor.name
            session.add(row)
        else:
            row.version += 1
        session.flush()
        audit.record(actor, "visit.write", "inspection", row.id, now=now, unit=unit.code)
        return row


def recommend(visit_id: int, text: str, due_on: date | None, *, actor: Actor, now: datetime) -> Recommendation:
    """What the inspectors want done. Raises ``Invalid``, ``Conflict``."""
    said = nfc(text).strip()
    with transaction() as session:
        visit = _locked(session, visit_id, actor, now)
        if not said or len(said) > LONGEST_TEXT:
            raise Invalid("visit.text", field="text", most=LONGEST_TEXT)
        if len(visit.recommendations) >= MOST_RECOMMENDED:
            raise Conflict("visit.many", most=MOST_RECOMMENDED)
        row = Recommendation(inspection_id=visit.id, text=said, due_on=due_on)
        session.add(row)
        session.flush()
        session.expire(visit, ["recommendations"])
        audit.record(actor, "visit.recommend", "inspection", visit.id, now=now, recommendation=row.id)
        return row


def follow(visit_id: int, recommendation_id: int, result: str, *, actor: Actor, now: datetime) -> Recommendation:
    """It was done, and how; said again, the first word stands. Raises ``Invalid``, ``NotFound``."""
    said = nfc(result).strip()
    with transaction() as session:
        _locked(session, visit_id, actor, now)
        row = queries.recommendation(visit_id, recommendation_id)
        if not said or len(said) > LONGEST_TEXT:
            raise Invalid("visit.text", field="result", most=LONGEST_TEXT)
        if row.done_at is None:
            row.result, row.done_at, row.done_by = said, now, actor.name
            audit.record(actor, "visit.follow", "inspection", visit_id, now=now, recommendation=row.id)
        return row


def _faults(given: VisitIn, now: datetime) -> list[FieldError]:
    began = given.began_at or now
    faults = [FieldError(at, "visit.missing") for at in ("body", "subject") if not _line(getattr(given, at))]
    faults += [
        FieldError(at, "visit.long", {"most": LONGEST})
        for at in ("body", "decision", "subject")
        if len(getattr(given, at)) > LONGEST
    ]
    faults += [
        FieldError(at, "visit.long", {"most": LONGEST_TEXT})
        for at in ("minutes", "result")
        if len(getattr(given, at)) > LONGEST_TEXT
    ]
    if len(given.members) > MOST_MEMBERS or any(len(each) > LONGEST for each in given.members):
        faults.append(FieldError("members", "visit.members", {"most": MOST_MEMBERS, "longest": LONGEST}))
    if began > now + A_MOMENT:
        faults.append(FieldError("began_at", "visit.future"))
    if given.ended_at is not None and not began <= given.ended_at <= now + A_MOMENT:
        faults.append(FieldError("ended_at", "visit.ended_at"))
    return faults


def _locked(session: Session, visit_id: int, actor: Actor, now: datetime) -> Inspection:
    seen = queries.one(visit_id)
    guard.ensure(actor, "visit.write", seen.unit_id, now=now)
    return session.scalars(
        select(Inspection)
        .where(Inspection.id == visit_id)
        .with_for_update(of=Inspection)
        .execution_options(populate_existing=True)
    ).one()


def _line(typed: str) -> str:
    return " ".join(nfc(typed).split())
