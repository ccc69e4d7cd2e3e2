"""What is cut out of a letter: written, changed, taken out while nobody has answered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from compliance.register import comparing, points, queries
from compliance.register.models import PHASES, Evidence, Requirement, RequirementPoint, RequirementUnit
from compliance.register.standing import MET, is_met
from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, FieldError, ensure_none
from core.i18n import dt
from core.text import nfc
from people import queries as people
from people.access import guard

WANTED = ("photo", "file", "link")


@dataclass(frozen=True)
class RequirementIn:
    """``units``: codes of those that are asked, None: all. ``due_readable``: False where a deadline was typed that is
    none."""

    text: str
    excerpt: str = ""
    who: str = ""
    wants: tuple[str, ...] = ()
    computed: str = ""
    due_on: date | None = None
    phase: str = "all"
    units: tuple[str, ...] | None = None
    off_kinds: tuple[str, ...] = ()
    due_readable: bool = True
    slip: bool = False
    """Only spelling is put right: whoever answered has answered this."""


def add(directive_id: int, wanted: RequirementIn, *, actor: Actor, now: datetime) -> Requirement:
    """Add one at the end of its letter. Raises NotFound, Forbidden, Invalid."""
    with transaction() as session:
        guard.ensure(actor, "directive.write", None, now=now)
        letter = queries.letter(directive_id)
        ensure_none(_faults(wanted, letter.body))
        last = select(func.max(Requirement.position)).where(Requirement.directive_id == directive_id)
        row = Requirement(directive_id=directive_id, key=secrets.token_hex(6), position=(session.scalar(last) or 0) + 1)
        _fill(row, wanted)
        session.add(row)
        session.flush()
        _name_units(row, wanted)
        audit.record(actor, "requirement.add", "directive", directive_id, now=now, requirement=row.id)
        return row


def change(requirement_id: int, wanted: RequirementIn, *, actor: Actor, now: datetime) -> Requirement:
    """What units have answered stays on record. Asked in other words, it is asked again: who has done it has
    done what was asked before. Raises NotFound, Forbidden, Invalid.
    """
    with transaction() as session:
        guard.ensure(actor, "directive.write", None, now=now)
        row = queries.requirement(requirement_id)
        ensure_none(_faults(wanted, row.directive.body))
        before = _asked(row)
        _fill(row, wanted)
        _name_units(row, wanted)
        changed = {name: before[name] for name, value in _asked(row).items() if value != before[name]}
        if changed and not wanted.slip:
            _ask_again(session, row, changed, actor, now=now)
        if row.computed != before["computed"]:
            _forget_findings(row)
        audit.record(actor, "requirement.change", "directive", row.directive_id, now=now, requirement=row.id)
        return row


def remove(requirement_id: int, *, actor: Actor, now: datetime) -> int:
    """Answers the id of its letter. Raises NotFound, Forbidden; Conflict once a unit has answered."""
    with transaction() as session:
        guard.ensure(actor, "directive.write", None, now=now)
        row = queries.requirement(requirement_id)
        answered = exists().where(RequirementPoint.requirement_id == row.id, RequirementPoint.changed_at.is_not(None))
        shown = exists().where(Evidence.requirement_id == row.id)
        if session.scalar(select(answered | shown)):
            raise Conflict("register.started")
        session.delete(row)
        audit.record(actor, "requirement.remove", "directive", row.directive_id, now=now, text=row.text)
        return row.directive_id


def _fill(row: Requirement, wanted: RequirementIn) -> None:
    row.text, row.who = _tidy(wanted.text), _tidy(wanted.who)
    row.excerpt = nfc(wanted.excerpt).replace("\r\n", "\n").strip()
    row.wants, row.computed = [each for each in WANTED if each in wanted.wants], wanted.computed.strip()
    row.due_on, row.phase = wanted.due_on, wanted.phase
    row.scope, row.off_kinds = "all" if wanted.units is None else "some", sorted(set(wanted.off_kinds))


def _asked(row: Requirement) -> dict[str, object]:
    """Return what a unit answers to, with who does it; deadline, phase and which units are asked are no part of it."""
    return {name: getattr(row, name) for name in comparing.FIELDS[: comparing.FIELDS.index("due_on")]}


def _ask_again(session: Session, row: Requirement, before: dict[str, object], actor: Actor, *, now: datetime) -> None:
    """``before``: what the changed fields said, which each unit keeps beside who accepted it and when: whoever has
    answered, and who was sent back with evidence that had been accepted."""
    shown = exists().where(
        Evidence.requirement_id == row.id,
        Evidence.unit_id == RequirementPoint.unit_id,
        Evidence.accepted_at.is_not(None),
    )
    concerned = RequirementPoint.requirement_id == row.id, or_(RequirementPoint.state.in_(MET), shown)
    for point in session.scalars(select(RequirementPoint).where(*concerned).with_for_update()):
        accepted = f"{point.accepted_by}, {dt(point.accepted_at)}" if point.accepted_at is not None else ""
        what = "reworded:accepted" if accepted else "reworded"
        points.happen(point, what, actor, now, note=accepted, numbers={"before": before})
        if is_met(point.state):
            points.reopen(point, "reworded", actor.name, now)


def _forget_findings(row: Requirement) -> None:
    """What was computed otherwise says nothing of what is asked now; what was accepted keeps its numbers."""
    points = update(RequirementPoint).where(RequirementPoint.requirement_id == row.id)
    db.session.execute(points.values(holds=None, numbers={}, judged_at=None))


def _name_units(row: Requirement, wanted: RequirementIn) -> None:
    db.session.execute(delete(RequirementUnit).where(RequirementUnit.requirement_id == row.id))
    if wanted.units is not None:
        ids = {people.unit_by_code(code).id for code in wanted.units}
        db.session.add_all(RequirementUnit(requirement_id=row.id, unit_id=each) for each in sorted(ids))


def _faults(wanted: RequirementIn, body: str) -> list[FieldError]:
    found = []
    if not _tidy(wanted.text):
        found.append(FieldError("text", "register.requirement_text", {}))
    excerpt = nfc(wanted.excerpt).replace("\r\n", "\n").strip()
    if excerpt not in body:
        found.append(FieldError("excerpt", "register.excerpt", {}))
    if not set(wanted.wants) <= set(WANTED):
        found.append(FieldError("wants", "register.wants", {}))
    if not wanted.due_readable:
        found.append(FieldError("due_on", "register.due_on", {}))
    if wanted.phase not in PHASES:
        found.append(FieldError("phase", "register.phase", {}))
    if wanted.units is not None and not wanted.units:
        found.append(FieldError("units", "register.some_units", {}))
    known = {kind.code for kind in people.unit_kinds()}
    found += [
        FieldError("off_kinds", "register.kind_unknown", {"kind": kind})
        for kind in wanted.off_kinds
        if kind not in known
    ]
    return found


def _tidy(typed: str) -> str:
    return " ".join(nfc(typed).split())
