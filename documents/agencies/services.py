"""Settings of who issues and who signs. What was entered for a day stays: a new day makes a new entry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import FieldError, NotFound, ensure_none
from core.text import nfc
from documents.models import SERIES, DocumentAgency, DocumentSignatory
from people import queries as people
from people.access import guard

LONGEST_NAME, LONGEST_PATTERN = 160, 60
MOST_RECIPIENTS, MOST_LINES = 20, 4
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_KNOWN = {"{number}", "{kind}", "{symbol}", "{year}"}


@dataclass(frozen=True)
class AgencyIn:
    name: str
    superior: str
    symbol: str
    place: str
    pattern: str
    series: str
    recipients: tuple[str, ...]


def save_agency(
    unit_code: str, valid_from: date | None, wanted: AgencyIn, *, actor: Actor, now: datetime
) -> DocumentAgency:
    """Save how the unit writes itself from that day on; an entry of the same day is written over. Documents that are
    issued stay as they are. Raises ``Forbidden``, ``NotFound``, ``Invalid`` at each field that is wrong."""
    unit = people.unit_by_code(unit_code)
    guard.ensure(actor, "document.settle", unit.id, now=now)
    clean = _clean(wanted)
    ensure_none(_faults(clean, valid_from))
    assert valid_from is not None  # noqa: S101 - said above, for the reader and mypy
    with transaction() as session:
        found = session.scalar(
            select(DocumentAgency).filter_by(unit_id=unit.id, valid_from=valid_from).with_for_update()
        )
        row = found or DocumentAgency(unit_id=unit.id, valid_from=valid_from)
        row.name, row.superior, row.symbol, row.place = clean.name, clean.superior, clean.symbol, clean.place
        row.pattern, row.series, row.recipients = clean.pattern, clean.series, list(clean.recipients)
        row.saved_at, row.saved_by = now, actor.name
        session.add(row)
        session.flush()
        audit.record(
            actor, "document.agency", "unit", unit.id, now=now, valid_from=valid_from.isoformat(), name=clean.name
        )
        return row


def remove_agency(agency_id: int, *, actor: Actor, now: datetime) -> None:
    """Raises ``NotFound``, ``Forbidden``."""
    with transaction() as session:
        row = session.get(DocumentAgency, agency_id)
        if row is None:
            raise NotFound("documents.unknown")
        guard.ensure(actor, "document.settle", row.unit_id, now=now)
        session.delete(row)
        audit.record(actor, "document.agency_removed", "unit", row.unit_id, now=now, name=row.name)


def add_signatory(
    unit_code: str,
    name: str,
    lines: tuple[str, ...],
    valid_from: date | None,
    *,
    valid_to: date | None,
    actor: Actor,
    now: datetime,
) -> DocumentSignatory:
    """Raises ``Forbidden``, ``NotFound``, ``Invalid`` at ``signatory_name``, ``lines``, ``from`` or ``to``."""
    unit = people.unit_by_code(unit_code)
    guard.ensure(actor, "document.settle", unit.id, now=now)
    name, lines = _line(name), tuple(each for each in map(_line, lines) if each)
    ensure_none(_signatory_faults(name, lines, valid_from, valid_to))
    with transaction() as session:
        row = DocumentSignatory(
            unit_id=unit.id,
            name=name,
            lines=list(lines),
            valid_from=valid_from,
            valid_to=valid_to,
            saved_at=now,
            saved_by=actor.name,
        )
        session.add(row)
        session.flush()
        audit.record(actor, "document.signatory", "unit", unit.id, now=now, name=name)
        return row


def end_signatory(signatory_id: int, last: date | None, *, actor: Actor, now: datetime) -> DocumentSignatory:
    """Signs up to that day (inclusive). Raises ``NotFound``, ``Forbidden``, ``Invalid`` at ``to``."""
    with transaction() as session:
        row = session.get(DocumentSignatory, signatory_id)
        if row is None:
            raise NotFound("documents.unknown")
        guard.ensure(actor, "document.settle", row.unit_id, now=now)
        ensure_none([] if last and last >= row.valid_from else [FieldError("to", "documents.agency_days")])
        row.valid_to, row.saved_at, row.saved_by = last, now, actor.name
        audit.record(actor, "document.signatory_ended", "unit", row.unit_id, now=now, name=row.name)
        return row


def entries(unit_id: int) -> list[DocumentAgency]:
    """The newest first."""
    return list(
        db.session.scalars(select(DocumentAgency).filter_by(unit_id=unit_id).order_by(DocumentAgency.valid_from.desc()))
    )


def signatories(unit_id: int) -> list[DocumentSignatory]:
    return list(db.session.scalars(select(DocumentSignatory).filter_by(unit_id=unit_id).order_by(DocumentSignatory.id)))


def _clean(wanted: AgencyIn) -> AgencyIn:
    return AgencyIn(
        _line(wanted.name),
        _line(wanted.superior),
        _line(wanted.symbol),
        _line(wanted.place),
        _line(wanted.pattern),
        wanted.series,
        tuple(each for each in map(_line, wanted.recipients) if each),
    )


def _line(typed: str) -> str:
    return " ".join(nfc(typed).split())


def _faults(wanted: AgencyIn, valid_from: date | None) -> list[FieldError]:
    faults = [] if valid_from else [FieldError("from", "documents.agency_day")]
    for field, value in (("name", wanted.name), ("symbol", wanted.symbol), ("place", wanted.place)):
        if not value or len(value) > LONGEST_NAME:
            faults.append(FieldError(field, "documents.agency_text", {"most": LONGEST_NAME}))
    if len(wanted.superior) > LONGEST_NAME:
        faults.append(FieldError("superior", "documents.agency_long", {"most": LONGEST_NAME}))
    if not _is_pattern(wanted.pattern):
        faults.append(FieldError("pattern", "documents.agency_pattern"))
    if wanted.series not in SERIES:
        faults.append(FieldError("series", "documents.choice_unknown", {"option": "series"}))
    if len(wanted.recipients) > MOST_RECIPIENTS or any(len(each) > LONGEST_NAME for each in wanted.recipients):
        limits = {"most": MOST_RECIPIENTS, "longest": LONGEST_NAME}
        faults.append(FieldError("recipients", "documents.agency_lines", limits))
    return faults


def _is_pattern(pattern: str) -> bool:
    found = set(_PLACEHOLDER.findall(pattern))
    return "{number}" in found and found <= _KNOWN and len(pattern) <= LONGEST_PATTERN


def _signatory_faults(
    name: str, lines: tuple[str, ...], valid_from: date | None, valid_to: date | None
) -> list[FieldError]:
    faults = []
    if not name or len(name) > LONGEST_NAME:
        faults.append(FieldError("signatory_name", "documents.agency_text", {"most": LONGEST_NAME}))
    if not 1 <= len(lines) <= MOST_LINES or any(len(each) > LONGEST_NAME for each in lines):
        faults.append(FieldError("lines", "documents.agency_lines", {"most": MOST_LINES, "longest": LONGEST_NAME}))
    if valid_from is None:
        faults.append(FieldError("from", "documents.agency_day"))
    elif valid_to is not None and valid_to < valid_from:
        faults.append(FieldError("to", "documents.agency_days"))
    return faults
