"""Sổ nhật ký trực: what a unit's desk lived through in a shift or a day, and the notes of those who served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid, NotFound
from core.text import nfc
from incidents import timeline_words
from incidents.diary.models import DiaryNote
from incidents.record import access, naming, queries, secrecy, states
from incidents.record.models import Incident, TimelineEntry
from people import queries as people
from people.access import guard
from people.models import DutyKind, Unit
from roster.models import Duty

Seen = Select[tuple[Incident]]
LONGEST = 2000
EARLIEST = timedelta(days=2)
"""How far back a note may be dated: later is history, and belongs to a correction of today."""
NOT_TOLD = ("skipped", "policy", "reported_again", "checked", "unchecked")
"""Timeline kinds that the machine needs and a diary does not."""


@dataclass(frozen=True)
class Span:
    """What a page of the diary covers, half-open; a shift of the published roster, or a whole local day."""

    starts_at: datetime
    ends_at: datetime
    template: str = ""

    @property
    def days(self) -> list[date]:
        """The local dates that it touches: a night has two, and each has a lunar date of its own."""
        first, last = clock.local_date(self.starts_at), clock.local_date(self.ends_at - timedelta(seconds=1))
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@dataclass(frozen=True)
class Line:
    """One line; ``code`` of the incident it is about, ``number`` of the note that it is."""

    at: datetime
    text: str
    who: str
    note: str = ""
    code: str = ""
    title: str = ""
    number: int = 0
    corrects: int = 0
    written_at: datetime | None = None


@dataclass(frozen=True)
class Diary:
    unit: Unit
    span: Span
    serving: Sequence[tuple[DutyKind, Sequence[Duty]]]
    lines: Sequence[Line]
    unfinished: Sequence[Incident]
    """What the next shift takes over: logged before the end and not finished by then."""


def whole_day(day: date) -> Span:
    return Span(clock.at_local(day), clock.at_local(day + timedelta(days=1)))


def shifts_on(unit: Unit, day: date) -> list[Span]:
    """The published shifts of the unit (or of the nearest one above that has any) that start on the local date."""
    whole = whole_day(day)
    for unit_id in people.ancestor_ids(unit.id):
        found = db.session.execute(
            select(Duty.starts_at, Duty.ends_at, Duty.template)
            .where(Duty.unit_id == unit_id, Duty.cancelled_at.is_(None))
            .where(Duty.starts_at >= whole.starts_at, Duty.starts_at < whole.ends_at)
            .order_by(Duty.starts_at, Duty.ends_at, Duty.template)
        ).all()
        if found:
            # Kinds of duty with the same hours are one shift of the desk.
            spans: dict[tuple[datetime, datetime], Span] = {}
            for starts_at, ends_at, template in found:
                spans.setdefault((starts_at, ends_at), Span(starts_at, ends_at, template))
            return list(spans.values())
    return []


def span_of(unit: Unit, day: date, starts: str) -> Span:
    """The shift that starts at a local "HH:MM" of that date, or the whole day for ''. Raises ``NotFound``."""
    if not starts:
        return whole_day(day)
    for span in shifts_on(unit, day):
        if f"{clock.local(span.starts_at):%H:%M}" == starts:
            return span
    raise NotFound("diary.no_shift")


def read(unit: Unit, span: Span, *, actor: Actor, now: datetime) -> Diary:
    """Everything of the span; incidents that ``actor`` may not see are left out, restricted ones stay neutral."""
    guard.ensure(actor, "incident.read", unit.id, now=now)
    inside = people.subtree_ids(unit.id)
    seen = select(Incident).where(Incident.unit_id.in_(inside), Incident.rehearsal_id.is_(None))
    seen = seen.where(access.visible_to(actor, now=now))
    lines = [*_told(seen, span), *_notes(unit.id, span)]
    lines.sort(key=lambda line: (line.at, line.number))
    return Diary(unit, span, _serving(unit, span), lines, _unfinished(seen, span))


def write(
    unit_id: int, *, text: str, actor: Actor, now: datetime, at: datetime | None = None, corrects: int | None = None
) -> DiaryNote:
    """Add a note to the unit's diary; ``at``: when it happened (default: now). Raises ``Invalid``, ``NotFound``."""
    with transaction() as session:
        guard.ensure(actor, "incident.log", unit_id, now=now)
        words, when = nfc(text).strip(), at or now
        if not words:
            raise Invalid("diary.empty", field="text")
        if len(words) > LONGEST:
            raise Invalid("diary.long", field="text", most=LONGEST)
        secret = secrecy.found_about_state(words)
        if secret is not None:
            raise Invalid("incident.secret", field="text", words=secret)
        if not now - EARLIEST <= when <= now:
            raise Invalid("diary.when", field="at", hours=round(EARLIEST.total_seconds() / 3600))
        if corrects is not None:
            wrong = session.get(DiaryNote, corrects)
            if wrong is None or wrong.unit_id != unit_id:
                raise NotFound("diary.no_note", field="corrects", number=corrects)
        note = DiaryNote(unit_id=unit_id, at=when, written_at=now, who=actor.name, text=words, corrects_id=corrects)
        session.add(note)
        session.flush()
        audit.record(actor, "diary.write", "unit", unit_id, now=now, note=note.id)
        return note


def _told(seen: Seen, span: Span) -> list[Line]:
    entries = db.session.execute(
        select(TimelineEntry, Incident)
        .join(Incident, Incident.id == TimelineEntry.incident_id)
        .where(Incident.id.in_(seen.with_only_columns(Incident.id)))
        .where(TimelineEntry.at >= span.starts_at, TimelineEntry.at < span.ends_at)
        .where(TimelineEntry.kind.not_in(NOT_TOLD))
        .order_by(TimelineEntry.id)
    ).all()
    kinds = queries.duty_kinds_by_code()
    return [
        Line(
            entry.at,
            timeline_words.text(entry, kinds),
            entry.who,
            "" if incident.restricted else entry.note,
            incident.code,
            naming.outside(incident),
        )
        for entry, incident in entries
    ]


def _notes(unit_id: int, span: Span) -> list[Line]:
    wanted = select(DiaryNote).where(
        DiaryNote.unit_id == unit_id, DiaryNote.at >= span.starts_at, DiaryNote.at < span.ends_at
    )
    return [
        Line(note.at, note.text, note.who, number=note.id, corrects=note.corrects_id or 0, written_at=note.written_at)
        for note in db.session.scalars(wanted)
    ]


def _serving(unit: Unit, span: Span) -> list[tuple[DutyKind, Sequence[Duty]]]:
    """Who served by the published roster, by kind: the unit's own, else the nearest one's above."""
    found: list[tuple[DutyKind, Sequence[Duty]]] = []
    for kind in people.duty_kinds():
        for unit_id in people.ancestor_ids(unit.id):
            rows = db.session.scalars(
                select(Duty)
                .options(joinedload(Duty.person))
                .where(Duty.unit_id == unit_id, Duty.duty == kind.code, Duty.cancelled_at.is_(None))
                .where(Duty.starts_at < span.ends_at, Duty.ends_at > span.starts_at)
                .order_by(Duty.starts_at, Duty.person_id)
            ).all()
            if rows:
                found.append((kind, rows))
                break
    return found


def _unfinished(seen: Seen, span: Span) -> Sequence[Incident]:
    wanted = seen.where(Incident.created_at < span.ends_at)
    still = (Incident.resolved_at.is_(None) & Incident.status.in_(states.UNFINISHED)) | (
        Incident.resolved_at >= span.ends_at
    )
    found: Sequence[Incident] = db.session.scalars(wanted.where(still).order_by(Incident.severity, Incident.id)).all()
    return found
