"""Sổ nhật ký trực: what a unit's desk lived through in a shift or a day, and the notes of those who served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core import audit, clock, i18n
from core.actor import SYSTEM, Actor
from core.db import db, transaction
from core.errors import Invalid, NotFound
from core.text import nfc
from incidents import timeline_words
from incidents.diary import rows
from incidents.diary.models import DiaryNote, DiarySheet
from incidents.diary.rows import DiaryDuty, DiaryEntry, DiaryRow, Pages, Serving, Unfinished
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
NEUTRAL = ("logged", "called", "acknowledged", "resolved", "closed")
"""What is said of an incident that only few may see: nothing that says what it is."""


@dataclass(frozen=True)
class DiarySpan:
    """What a page of the diary covers, half-open; a shift of the published roster, or a whole local day. A shift that
    was signed and is in the roster no more has no ``template``, as a day has none."""

    starts_at: datetime
    ends_at: datetime
    template: str = ""

    @property
    def days(self) -> list[date]:
        """The local dates that it touches: a night has two, and each has a lunar date of its own."""
        first, last = clock.local_date(self.starts_at), clock.local_date(self.ends_at - timedelta(seconds=1))
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    @property
    def key(self) -> str:
        """What tells a shift from others that start on the same local date: "07:30-19:30"."""
        return f"{clock.local(self.starts_at):%H:%M}-{clock.local(self.ends_at):%H:%M}"


@dataclass(frozen=True)
class Diary:
    """``sheet``: as it was signed, if it was: then ``pages`` are those, and ``after`` is what came later.
    ``is_altered``: what is kept is not what was signed."""

    unit: Unit
    span: DiarySpan
    pages: Pages
    sheet: DiarySheet | None = None
    after: Sequence[DiaryRow] = ()
    is_altered: bool = False


def whole_day(day: date) -> DiarySpan:
    return DiarySpan(clock.at_local(day), clock.at_local(day + timedelta(days=1)))


def shifts_on(unit: Unit, day: date) -> list[DiarySpan]:
    """The published shifts of the unit (or of the nearest one above that has any) that start on the local date; and
    those that were signed, whatever has become of them in the roster since."""
    whole = whole_day(day)
    # Kinds of duty with the same hours are one shift of the desk.
    spans: dict[tuple[datetime, datetime], DiarySpan] = {}
    for unit_id in people.ancestor_ids(unit.id):
        found = db.session.execute(
            select(Duty.starts_at, Duty.ends_at, Duty.template)
            .where(Duty.unit_id == unit_id, Duty.cancelled_at.is_(None))
            .where(Duty.starts_at >= whole.starts_at, Duty.starts_at < whole.ends_at)
            .order_by(Duty.starts_at, Duty.ends_at, Duty.template)
        ).all()
        for starts_at, ends_at, template in found:
            spans.setdefault((starts_at, ends_at), DiarySpan(starts_at, ends_at, template))
        if found:
            break
    signed = select(DiarySheet.starts_at, DiarySheet.ends_at).where(
        DiarySheet.unit_id == unit.id, DiarySheet.starts_at >= whole.starts_at, DiarySheet.starts_at < whole.ends_at
    )
    for starts_at, ends_at in db.session.execute(signed):
        if (starts_at, ends_at) != (whole.starts_at, whole.ends_at):
            spans.setdefault((starts_at, ends_at), DiarySpan(starts_at, ends_at))
    return [spans[hours] for hours in sorted(spans)]


def span_of(unit: Unit, day: date, asked: str) -> DiarySpan:
    """The shift of that date whose ``key`` is asked for, or the first that starts at a local "HH:MM"; the whole day
    for ''. Raises ``NotFound``."""
    if not asked:
        return whole_day(day)
    for span in shifts_on(unit, day):
        if asked in (span.key, span.key[:5]):
            return span
    raise NotFound("diary.no_shift")


def read_diary(unit: Unit, span: DiarySpan, *, actor: Actor, now: datetime) -> Diary:
    """Everything of the span; incidents that ``actor`` may not see are left out, restricted ones stay neutral."""
    guard.ensure(actor, "incident.read", unit.id, now=now)
    sheet = sheet_of(unit.id, span)
    if sheet is None:
        return Diary(unit, span, pages(unit, span, actor=actor, now=now))
    kept = rows.from_content(sheet.content)
    seen = _seen(unit, actor, now)
    later = rows.one_an_incident(_told(seen, DiarySpan(max(sheet.signed_at, span.starts_at), span.ends_at)))
    # Not by the time: a note that was being saved while somebody signed is older than the signature, and not under it.
    signed = {each.number for each in kept.rows}
    later += [each for each in _notes(unit.id, span) if each.number not in signed]
    unseen, neutral = _hidden({*(each.code for each in kept.rows), *(each.code for each in kept.unfinished)}, seen)
    is_altered = rows.digest(sheet.content) != sheet.content_hash
    return Diary(unit, span, rows.without(kept, unseen, neutral), sheet, later, is_altered)


def sheet_of(unit_id: int, span: DiarySpan) -> DiarySheet | None:
    """Return what was signed of it."""
    where = DiarySheet.unit_id == unit_id, DiarySheet.starts_at == span.starts_at, DiarySheet.ends_at == span.ends_at
    return db.session.scalar(select(DiarySheet).where(*where))


def pages(unit: Unit, span: DiarySpan, *, actor: Actor, now: datetime) -> Pages:
    """Return the pages as they stand now, in the reader's language."""
    seen = _seen(unit, actor, now)
    lines = [*rows.one_an_incident(_told(seen, span)), *_notes(unit.id, span)]
    lines.sort(key=lambda row: (row.at, row.number))
    left = (Unfinished(each.code, each.severity, naming.inside(each), each.unit.name) for each in _left(seen, span))
    return Pages(tuple(_serving(unit, span)), tuple(lines), tuple(left))


def _seen(unit: Unit, actor: Actor, now: datetime) -> Seen:
    inside = people.subtree_ids(unit.id)
    seen = select(Incident).where(Incident.unit_id.in_(inside), Incident.rehearsal_id.is_(None))
    return seen.where(access.visible_to(actor, now=now))


def _hidden(codes: set[str], seen: Seen) -> tuple[set[str], dict[str, str]]:
    """Return which of these incidents are restricted by now: the ones not ``seen``, and how the others are called."""
    restricted = db.session.scalars(select(Incident).where(Incident.code.in_(codes - {""}), Incident.restricted)).all()
    shown = {each.code for each in db.session.scalars(seen.where(Incident.code.in_([one.code for one in restricted])))}
    names = {each.code: naming.inside(each) for each in restricted}
    return names.keys() - shown, {code: name for code, name in names.items() if code in shown}


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


def _told(seen: Seen, span: DiarySpan) -> list[DiaryEntry]:
    entries = db.session.execute(
        select(TimelineEntry, Incident)
        .join(Incident, Incident.id == TimelineEntry.incident_id)
        .where(Incident.id.in_(seen.with_only_columns(Incident.id)))
        .where(TimelineEntry.at >= span.starts_at, TimelineEntry.at < span.ends_at)
        .order_by(TimelineEntry.id)
    ).all()
    kinds = queries.duty_kinds_by_code()
    return [
        DiaryEntry(
            entry.at,
            entry.kind,
            timeline_words.text(entry, kinds),
            entry.who,
            "" if incident.restricted else entry.note,
            incident.code,
            naming.inside(incident),
            incident.severity,
            by_machine="times" in entry.params or "machine" in entry.params or entry.who == SYSTEM.name,
        )
        for entry, incident in entries
        if not incident.restricted or entry.kind in NEUTRAL
    ]


def _notes(unit_id: int, span: DiarySpan) -> list[DiaryRow]:
    wanted = select(DiaryNote).where(
        DiaryNote.unit_id == unit_id, DiaryNote.at >= span.starts_at, DiaryNote.at < span.ends_at
    )
    return [
        DiaryRow(
            note.at.isoformat(),
            note.text,
            note.who,
            by_hand=True,
            number=note.id,
            corrects=note.corrects_id or 0,
            written_at=note.written_at.isoformat(),
        )
        for note in db.session.scalars(wanted.order_by(DiaryNote.at, DiaryNote.id))
    ]


def _serving(unit: Unit, span: DiarySpan) -> list[Serving]:
    """Who served by the published roster, by kind."""
    return [
        Serving(
            i18n.named(kind),
            tuple(
                DiaryDuty(row.person.full_name, row.person.position, row.starts_at.isoformat(), row.ends_at.isoformat())
                for row in found
            ),
        )
        for kind, found in duties(unit, span)
    ]


def duties(unit: Unit, span: DiarySpan) -> list[tuple[DutyKind, Sequence[Duty]]]:
    """The published duty of the span, by kind: the unit's own, else that of the nearest one above."""
    above = people.ancestor_ids(unit.id)
    served = select(Duty).options(joinedload(Duty.person)).where(Duty.unit_id.in_(above), Duty.cancelled_at.is_(None))
    served = served.where(Duty.starts_at < span.ends_at, Duty.ends_at > span.starts_at)
    found = defaultdict[tuple[str, int], list[Duty]](list)
    for row in db.session.scalars(served.order_by(Duty.starts_at, Duty.person_id)):
        found[row.duty, row.unit_id].append(row)
    nearest = [
        (kind, next((found[kind.code, each] for each in above if (kind.code, each) in found), []))
        for kind in people.duty_kinds()
    ]
    return [(kind, rows) for kind, rows in nearest if rows]


def _left(seen: Seen, span: DiarySpan) -> Sequence[Incident]:
    """Logged before the end and not finished by then."""
    wanted = seen.where(Incident.created_at < span.ends_at)
    still = (Incident.resolved_at.is_(None) & Incident.status.in_(states.UNFINISHED)) | (
        Incident.resolved_at >= span.ends_at
    )
    order = Incident.severity, queries.kt1_first(), Incident.id
    found: Sequence[Incident] = db.session.scalars(wanted.where(still).order_by(*order)).all()
    return found
