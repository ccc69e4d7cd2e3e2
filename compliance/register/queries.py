"""Reading letters, requirements, and how units stand to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from compliance.register.models import (
    Directive,
    DirectiveFile,
    DirectiveRelation,
    Evidence,
    Requirement,
    RequirementEvent,
    RequirementPoint,
)
from core.db import db
from core.errors import NotFound

OPEN_AFTER = timedelta(days=14)
"""How long after its season what is computed still changes anything: then it is history."""
MOST_EVENTS = 100


def letters_statement() -> Select[tuple[Directive]]:
    return select(Directive)


def letters() -> Sequence[Directive]:
    """The newest first."""
    return db.session.scalars(letters_statement().order_by(Directive.dated_on.desc(), Directive.id.desc())).all()


def letter(directive_id: int) -> Directive:
    """Raises NotFound."""
    row = db.session.get(Directive, directive_id)
    if row is None:
        raise NotFound("register.letter_unknown")
    return row


def whole(directive_id: int) -> Directive:
    """Return it with what it rests on and its files. Raises NotFound."""
    wanted = select(Directive).where(Directive.id == directive_id)
    row = db.session.scalar(
        wanted.options(
            selectinload(Directive.relations).joinedload(DirectiveRelation.to), selectinload(Directive.files)
        )
    )
    if row is None:
        raise NotFound("register.letter_unknown")
    return row


def relating_to(directive_id: int) -> list[tuple[str, Directive]]:
    """(relation, letter) of those that rest on it, follow or replace it."""
    wanted = select(DirectiveRelation.kind, Directive).join(Directive, Directive.id == DirectiveRelation.directive_id)
    return list(db.session.execute(wanted.where(DirectiveRelation.to_id == directive_id)).tuples())


def file(directive_id: int, file_id: int) -> DirectiveFile:
    """Return it with its bytes. Raises NotFound."""
    wanted = select(DirectiveFile).where(DirectiveFile.id == file_id, DirectiveFile.directive_id == directive_id)
    row = db.session.scalar(wanted.options(undefer(DirectiveFile.content)))
    if row is None:
        raise NotFound("register.letter_unknown")
    return row


def requirements(directive_id: int) -> Sequence[Requirement]:
    wanted = select(Requirement).where(Requirement.directive_id == directive_id)
    return db.session.scalars(wanted.order_by(Requirement.position, Requirement.id)).all()


def requirements_statement(directive_id: int | None) -> Select[tuple[Requirement]]:
    """Select the requirements of one letter, or of all."""
    wanted = select(Requirement)
    return wanted if directive_id is None else wanted.where(Requirement.directive_id == directive_id)


def requirement(requirement_id: int) -> Requirement:
    """Return it with its letter. Raises NotFound."""
    wanted = select(Requirement).options(joinedload(Requirement.directive)).where(Requirement.id == requirement_id)
    row = db.session.scalar(wanted)
    if row is None:
        raise NotFound("register.requirement_unknown")
    return row


def running(today: date) -> Sequence[Directive]:
    """Letters that units are asked about and whose season has not been over for long."""
    wanted = select(Directive).where(Directive.spread_at.is_not(None))
    return db.session.scalars(
        wanted.where(or_(Directive.season_to.is_(None), Directive.season_to >= today - OPEN_AFTER))
    ).all()


def points_of_unit(directive_id: int, unit_id: int) -> dict[int, RequirementPoint]:
    """Return them by requirement."""
    wanted = select(RequirementPoint).join(Requirement, Requirement.id == RequirementPoint.requirement_id)
    rows = db.session.scalars(
        wanted.where(Requirement.directive_id == directive_id, RequirementPoint.unit_id == unit_id)
    )
    return {row.requirement_id: row for row in rows}


def point(requirement_id: int, unit_id: int) -> RequirementPoint | None:
    return db.session.get(RequirementPoint, (requirement_id, unit_id))


def evidence_of(requirement_id: int, unit_id: int) -> Sequence[Evidence]:
    """All that was ever added, the newest first."""
    wanted = select(Evidence).where(Evidence.requirement_id == requirement_id, Evidence.unit_id == unit_id)
    return db.session.scalars(wanted.order_by(Evidence.id.desc())).all()


def evidence_of_unit(directive_id: int, unit_id: int) -> Sequence[Evidence]:
    """For all requirements of a letter, the oldest first."""
    wanted = select(Evidence).join(Requirement, Requirement.id == Evidence.requirement_id)
    wanted = wanted.where(Requirement.directive_id == directive_id, Evidence.unit_id == unit_id)
    return db.session.scalars(wanted.order_by(Evidence.requirement_id, Evidence.id)).all()


def evidence_statement(requirement_id: int | None, unit_id: int | None) -> Select[tuple[Evidence]]:
    """Select the evidence of a requirement, of a unit, of both, or all; with its unit."""
    wanted = select(Evidence).options(joinedload(Evidence.unit))
    if requirement_id is not None:
        wanted = wanted.where(Evidence.requirement_id == requirement_id)
    return wanted if unit_id is None else wanted.where(Evidence.unit_id == unit_id)


def evidence(evidence_id: int, *, content: bool = False) -> Evidence:
    """Raises NotFound."""
    wanted = select(Evidence).where(Evidence.id == evidence_id)
    if content:
        wanted = wanted.options(undefer(Evidence.content), undefer(Evidence.thumbnail))
    row = db.session.scalar(wanted)
    if row is None:
        raise NotFound("register.evidence_unknown")
    return row


def reworded_at(requirement_id: int, unit_id: int) -> datetime | None:
    """Return when the unit was asked anew last, because the requirement had changed; what was accepted before was
    another."""
    return db.session.scalar(
        select(func.max(RequirementEvent.at)).where(
            RequirementEvent.requirement_id == requirement_id,
            RequirementEvent.unit_id == unit_id,
            RequirementEvent.what.in_(("reworded", "reworded:accepted")),
        )
    )


def events_of(requirement_id: int, unit_id: int) -> Sequence[RequirementEvent]:
    """The newest first."""
    wanted = select(RequirementEvent).where(
        RequirementEvent.requirement_id == requirement_id, RequirementEvent.unit_id == unit_id
    )
    return db.session.scalars(wanted.order_by(RequirementEvent.id.desc()).limit(MOST_EVENTS)).all()
