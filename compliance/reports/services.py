"""A report from draft to approval: drawn from data, put in words, drawn anew, approved, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from compliance.reports import drawing, queries
from compliance.reports.models import REPORT_KINDS, Report
from compliance.reports.told import refs
from core import audit, clock
from core.actor import Actor
from core.calendar import dates
from core.db import insert_into, transaction
from core.errors import Conflict, FieldError, Invalid, ensure_none
from core.text import nfc
from incidents.record import queries as incidents
from incidents.record.models import Incident
from people import queries as people
from people.access import guard

LONGEST_TEXT = 4000
MOST_DAYS = 120


@dataclass(frozen=True)
class ReportRange:
    """What a report tells of: a unit's days, both included, or one ``incident`` (its code)."""

    kind: str
    unit_code: str
    since: date
    until: date
    incident: str = ""


def draft(asked: ReportRange, *, again: bool = False, actor: Actor, now: datetime) -> Report:
    """Return the report of these days, drawn now when there is none; ``again``: a further edition when one was issued.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` at ``kind``, ``starts_on``, ``ends_on`` or ``incident``.
    """
    unit = people.unit_by_code(asked.unit_code)
    kind, since, until, incident = asked.kind, asked.since, asked.until, asked.incident
    guard.refuse_unless(actor, "reporting.write", unit.id, now=now)
    about = _about(kind, incident, unit.id, actor, now=now)
    if about is not None:
        since = until = clock.local_date(about.detected_at)
    ensure_none(_faults(kind, since, until, clock.local_date(now)))
    # Drawn outside the transaction: a writer of seconds would hold up the calls.
    on = drawing.ground(kind, unit, since, until, now=now, about=about)
    values = {"phase": on.phase, "sections": drawing.draw(on), "drawn_at": now, "drawn_by": actor.name}
    with transaction() as session:
        guard.ensure(actor, "reporting.write", unit.id, now=now)
        key = {"unit_id": unit.id, "kind": kind, "starts_on": since, "ends_on": until, "incident": incident}
        newest = select(Report).filter_by(**key).order_by(Report.edition.desc()).limit(1)
        last = _locked(session, newest)
        if last is not None and not (again and last.id in queries.documents([last.id])):
            return last
        edition = last.edition + 1 if last else 1
        # Two who begin it at once: the second finds the first one's.
        session.execute(insert_into(Report).values({**key, **values, "edition": edition}).on_conflict_do_nothing())
        row = session.scalars(newest.options(undefer(Report.sections))).one()
        audit.record(actor, "report.draft", "report", row.id, now=now, kind=kind, unit=unit.code, edition=row.edition)
        return row


def edit(report_id: int, version: int, texts: Mapping[str, str], *, actor: Actor, now: datetime) -> Report:
    """``texts``: by section; what reads as the data say goes on following them. Raises ``Invalid``, ``Conflict``."""
    with transaction() as session:
        row = _mine(session, report_id, "reporting.write", actor, now=now)
        _ensure_version(row, version)
        _ensure_draft(row)
        long = [code for code, text in texts.items() if len(text) > LONGEST_TEXT]
        ensure_none([FieldError(f"text-{code}", "reports.long", {"most": LONGEST_TEXT}) for code in long])
        row.sections = [_worded(each, texts.get(each["code"])) for each in row.sections]
        row.edited_at, row.edited_by = now, actor.name
        row.version += 1
        audit.record(actor, "report.edit", "report", row.id, now=now, sections=sorted(texts))
        return row


def redraw(report_id: int, *, actor: Actor, now: datetime) -> Report:
    """Draw it again with the figures of now; what somebody wrote stays."""
    seen = queries.report_by_id(report_id)
    guard.refuse_unless(actor, "reporting.write", seen.unit_id, now=now)
    fresh = _drawn(seen, now)
    with transaction() as session:
        row = _mine(session, report_id, "reporting.write", actor, now=now)
        _ensure_draft(row)
        written = {each["code"]: each["text"] for each in row.sections}
        row.sections = [{**each, "text": written.get(each["code"])} for each in fresh]
        row.drawn_at, row.drawn_by = now, actor.name
        row.version += 1
        audit.record(actor, "report.redraw", "report", row.id, now=now)
        return row


def approve(report_id: int, version: int, *, actor: Actor, now: datetime) -> Report:
    """Its figures are those of its list at this moment, or it is not approved. Raises ``Conflict``, ``Forbidden``."""
    seen = queries.report_by_id(report_id)
    guard.refuse_unless(actor, "reporting.approve", seen.unit_id, now=now)
    changed = differing(seen, now)
    with transaction() as session:
        row = _mine(session, report_id, "reporting.approve", actor, now=now)
        if row.state == "approved":
            return row
        _ensure_version(row, version)
        if changed:
            raise Conflict("reports.figures_changed", state={"figures": changed}, what=", ".join(changed[:5]))
        row.state, row.approved_at, row.approved_by = "approved", now, actor.name
        row.version += 1
        audit.record(actor, "report.approve", "report", row.id, now=now)
        return row


def reopen(report_id: int, *, actor: Actor, now: datetime) -> Report:
    """Back to a draft, as long as no document of it holds. Raises ``Conflict``, ``Forbidden``."""
    with transaction() as session:
        row = _mine(session, report_id, "reporting.approve", actor, now=now)
        if queries.documents([row.id]):
            raise Conflict("reports.issued")
        if row.state == "approved":
            row.state, row.approved_at, row.approved_by = "draft", None, ""
            row.version += 1
            audit.record(actor, "report.reopen", "report", row.id, now=now)
        return row


def differing(row: Report, now: datetime) -> list[str]:
    """Labels of those figures that the data say otherwise by now."""
    fresh = {each["code"]: each for section in _drawn(row, now) for each in section["figures"]}
    kept = {each["code"]: each for section in row.sections for each in section["figures"]}
    codes = [*kept, *(code for code in fresh if code not in kept)]
    return [
        (kept.get(code) or fresh[code])["label"]
        for code in codes
        if code not in kept or code not in fresh or _value(kept[code]) != _value(fresh[code])
    ]


def readable(report_id: int, actor: Actor, now: datetime) -> Report:
    """Raises ``NotFound``, ``Forbidden``."""
    row = queries.report_by_id(report_id)
    guard.ensure(actor, "reporting.read", row.unit_id, now=now)
    return row


def _value(figure: Mapping[str, Any]) -> tuple[int, Sequence[str]]:
    return figure["value"], refs.unpacked(figure["refs"])


def _drawn(row: Report, now: datetime) -> list[dict[str, Any]]:
    about = incidents.by_code(row.incident) if row.incident else None
    return drawing.draw(drawing.ground(row.kind, row.unit, row.starts_on, row.ends_on, now=now, about=about))


def _worded(section: dict[str, Any], text: str | None) -> dict[str, Any]:
    if text is None:
        return section
    said = nfc(text).replace("\r\n", "\n").strip()
    return {**section, "text": None if said in ("", "\n".join(section["lines"])) else said}


def _faults(kind: str, since: date, until: date, today: date) -> list[FieldError]:
    if kind not in REPORT_KINDS:
        return [FieldError("kind", "reports.kind")]
    if until < since or until - since > timedelta(days=MOST_DAYS):
        return [FieldError("ends_on", "reports.days", {"most": MOST_DAYS})]
    if since < dates.FIRST:
        return [FieldError("starts_on", "reports.long_ago")]
    if since > today:
        return [FieldError("starts_on", "reports.future")]
    return [FieldError("ends_on", "reports.one_day")] if kind == "daily" and since != until else []


def _about(kind: str, code: str, unit_id: int, actor: Actor, *, now: datetime) -> Incident | None:
    if (kind == "adhoc") != bool(code):
        raise Invalid("reports.incident", field="incident")
    if not code:
        return None
    found = incidents.readable(code, actor, now)
    if not people.is_within(found.unit_id, unit_id) or found.rehearsal_id is not None:
        raise Invalid("reports.incident", field="incident")
    return found


def _mine(session: Session, report_id: int, action: str, actor: Actor, *, now: datetime) -> Report:
    seen = queries.report_by_id(report_id)
    guard.ensure(actor, action, seen.unit_id, now=now)
    found = _locked(session, select(Report).where(Report.id == report_id))
    return found if found is not None else seen


def _locked(session: Session, wanted: Any) -> Report | None:
    row: Report | None = session.scalar(
        wanted.options(undefer(Report.sections)).with_for_update(of=Report).execution_options(populate_existing=True)
    )
    return row


def _ensure_draft(row: Report) -> None:
    if row.state != "draft":
        raise Conflict("reports.approved", state={"state": row.state}, by=row.approved_by)


def _ensure_version(row: Report, version: int) -> None:
    if row.version != version:
        raise Conflict("reports.changed", state={"version": row.version}, by=row.edited_by or row.drawn_by)
