"""How a unit stands to a requirement: said by the unit, remarked on and accepted by those above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from compliance.computed import ComputedFinding, Numbers, Scope
from compliance.register import places, queries, words
from compliance.register.models import STATES, Evidence, Requirement, RequirementEvent, RequirementPoint
from compliance.register.standing import is_met
from compliance.sources import catalogue
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import Conflict, Invalid
from core.form_values import fitting
from core.text import nfc
from people import queries as people
from people.access import guard
from people.models import Unit

LONGEST = 1000
FRESH = timedelta(minutes=11)
"""The worker looks every ten: pages show what it saw, with the moment."""
_NOTHING_YET = {
    "state": "todo",
    "reason": "",
    "changed_by": "",
    "numbers": {},
    "reopened_why": "",
    "remark": "",
    "remarked_by": "",
    "accepted_by": "",
}


def ensure_place(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    """Ensure for the API that the actor may do ``action`` in the unit that an address names."""
    if "code" in parts:
        guard.ensure(actor, action, people.unit_by_code(str(parts["code"])).id, now=now)


def said(typed: str, code: str, field: str, what: str) -> str:
    """One line of ``typed``. Raises Invalid at ``field``: ``code`` when nothing is left, or ``what`` is too long."""
    text = fitting(" ".join(nfc(typed).split()), LONGEST, field, what)
    if not text:
        raise Invalid(code, field=field)
    return text


def locked(session: Session, requirement: Requirement, unit: Unit, now: datetime) -> RequirementPoint:
    """The point, made when it is not there yet; nobody else changes it until the transaction ends.

    Raises Conflict when units are not asked yet, or this one is not.
    """
    if requirement.directive.spread_at is None:
        raise Conflict("register.not_spread")
    if not places.is_asked(requirement, unit, clock.local_date(now)):
        raise Conflict("register.not_asked")
    return begun(session, requirement, [unit.id])[unit.id]


def begun(session: Session, requirement: Requirement, unit_ids: Sequence[int]) -> dict[int, RequirementPoint]:
    """The points of these units, held until the transaction ends; those that are not there yet are made."""
    fresh = [{"requirement_id": requirement.id, "unit_id": each, **_NOTHING_YET} for each in unit_ids]
    session.execute(insert_into(RequirementPoint).on_conflict_do_nothing(), fresh)
    mine = select(RequirementPoint).where(
        RequirementPoint.requirement_id == requirement.id, RequirementPoint.unit_id.in_(unit_ids)
    )
    rows = session.scalars(mine.order_by(RequirementPoint.unit_id).with_for_update())
    return {row.unit_id: row for row in rows}


def finding(requirement: Requirement, unit_id: int, now: datetime) -> ComputedFinding | None:
    """Return what is computed of one unit at this moment; None where nothing is."""
    source, letter = catalogue.source(requirement.computed), requirement.directive
    if source is None or letter.season_from is None or letter.season_to is None:
        return None
    return source.judge(Scope((unit_id,), letter.season_from, letter.season_to, now)).get(unit_id)


def seen(
    requirement: Requirement, unit_id: int, stored: RequirementPoint | None, now: datetime
) -> tuple[ComputedFinding | None, datetime]:
    """Return what is computed and when that was: what the worker saw a moment ago, else anew. For reading alone."""
    judged = stored.judged_at if stored is not None else None
    if stored is not None and judged is not None and stored.holds is not None and now - judged < FRESH:
        return ComputedFinding(stored.holds, stored.numbers), judged
    return finding(requirement, unit_id, now), now


def set_state(
    requirement_id: int, unit_code: str, state: str, reason: str = "", *, actor: Actor, now: datetime
) -> RequirementPoint:
    """What the unit says. Done asks for evidence, or for what is computed to be true at this moment.

    Raises NotFound, Forbidden, Invalid ``state``, ``reason``; Conflict.
    """
    unit, requirement = people.unit_by_code(unit_code), queries.requirement(requirement_id)
    guard.ensure(actor, "requirement.report", unit.id, now=now)
    if state not in STATES:
        raise Invalid("register.state", field="state")
    why = said(reason, "register.reason", "reason", _("Lý do")) if state == "not_applicable" else ""
    found = finding(requirement, unit.id, now) if state == "done" else None
    with transaction() as session:
        point = locked(session, requirement, unit, now)
        if state == "done":
            _ensure_proved(requirement, unit, found)
        if found is not None:
            note_finding(point, found, now)
        if (point.state, point.reason) == (state, why):
            return point
        point.state, point.reason, point.changed_at, point.changed_by = state, why, now, actor.name
        point.accepted_at, point.accepted_by = None, ""
        if is_met(state):
            point.reopened_why, point.reopened_at = "", None
        happen(point, f"state:{state}", actor, now, note=why)
        told = {"unit": unit.code, "state": state}
        audit.record(actor, "requirement.state", "requirement", requirement.id, now=now, **told)
        return point


def _ensure_proved(requirement: Requirement, unit: Unit, found: ComputedFinding | None) -> None:
    if found is not None:
        if not found.holds:
            raise Conflict("register.not_true", what=words.finding(requirement.computed, found.numbers))
    elif requirement.wants and not has_evidence(requirement, unit.id):
        raise Conflict("register.evidence_missing")


def has_evidence(requirement: Requirement, unit_id: int) -> bool:
    """Whether there is evidence of a kind that is wanted, and not withdrawn."""
    live = exists().where(
        Evidence.requirement_id == requirement.id,
        Evidence.unit_id == unit_id,
        Evidence.kind.in_(requirement.wants),
        Evidence.withdrawn_at.is_(None),
    )
    return bool(db.session.scalar(select(live)))


def note_finding(point: RequirementPoint, found: ComputedFinding, now: datetime) -> None:
    point.holds, point.numbers, point.judged_at = found.holds, dict(found.numbers), now


def remark(
    requirement_id: int, unit_code: str, text: str, *, back: bool, actor: Actor, now: datetime
) -> RequirementPoint:
    """What those above say of it; ``back``: it is not done, and nothing that is computed makes it so.

    Raises NotFound, Forbidden, Invalid ``remark``, Conflict.
    """
    unit, requirement = people.unit_by_code(unit_code), queries.requirement(requirement_id)
    guard.ensure(actor, "requirement.accept", unit.id, now=now)
    words_ = said(text, "register.remark", "remark", _("Ý kiến"))
    with transaction() as session:
        point = locked(session, requirement, unit, now)
        point.remark, point.remarked_at, point.remarked_by = words_, now, actor.name
        happen(point, "remark", actor, now, note=words_)
        if back and is_met(point.state):
            reopen(point, "remark", actor.name, now)
        audit.record(actor, "requirement.remark", "requirement", requirement.id, now=now, unit=unit.code, back=back)
        return point


def accept(requirement_id: int, unit_code: str, *, actor: Actor, now: datetime) -> RequirementPoint:
    """What is done is found good, with its evidence as it is now; what is computed becomes evidence with its
    numbers.

    Raises NotFound, Forbidden, Conflict.
    """
    unit, requirement = people.unit_by_code(unit_code), queries.requirement(requirement_id)
    guard.ensure(actor, "requirement.accept", unit.id, now=now)
    found = finding(requirement, unit.id, now)
    with transaction() as session:
        point = locked(session, requirement, unit, now)
        if point.accepted_at is not None:
            return point
        if not is_met(point.state):
            raise Conflict("register.accept_first")
        if point.state == "done":
            _ensure_proved(requirement, unit, found)
            if found is not None:
                note_finding(point, found, now)
                session.add(_snapshot(point, requirement, actor))
        live = select(Evidence).filter_by(requirement_id=requirement.id, unit_id=unit.id, withdrawn_at=None)
        anew: list[ColumnElement[bool]] = [Evidence.accepted_at.is_(None)]
        reworded_at = queries.reworded_at(requirement.id, unit.id)
        if reworded_at is not None:  # accepted under earlier words, which stand in what happened
            anew.append(Evidence.accepted_at <= reworded_at)
        for each in session.scalars(live.where(or_(*anew))):
            each.accepted_at, each.accepted_by = now, actor.name
        point.accepted_at, point.accepted_by = now, actor.name
        happen(point, "accepted", actor, now)
        audit.record(actor, "requirement.accept", "requirement", requirement.id, now=now, unit=unit.code)
        return point


def _snapshot(point: RequirementPoint, requirement: Requirement, actor: Actor) -> Evidence:
    assert point.judged_at is not None  # noqa: S101 - noted just now
    return Evidence(
        requirement_id=point.requirement_id,
        unit_id=point.unit_id,
        kind="computed",
        name=requirement.computed,
        numbers=point.numbers,
        added_at=point.judged_at,
        added_by=actor.name,
        owner=actor.ref,
    )


def reopen(point: RequirementPoint, why: str, who: str, now: datetime) -> None:
    """Open it again, in the caller's transaction: it is being worked on, and no longer accepted. Evidence stays as it
    is."""
    point.state, point.reason, point.changed_at, point.changed_by = "doing", "", now, who
    point.reopened_at, point.reopened_why = now, why
    point.accepted_at, point.accepted_by = None, ""
    numbers = point.numbers if why == "computed" else {}
    db.session.add(_event(point, "reopened", who, now, note="", numbers=numbers))


def happen(
    point: RequirementPoint, what: str, actor: Actor, now: datetime, *, note: str = "", numbers: Numbers | None = None
) -> None:
    """Write one more line of what happened, in the caller's transaction."""
    db.session.add(_event(point, what, actor.name, now, note=note, numbers=numbers or {}))


def _event(
    point: RequirementPoint, what: str, who: str, now: datetime, *, note: str, numbers: Numbers
) -> RequirementEvent:
    return RequirementEvent(
        requirement_id=point.requirement_id,
        unit_id=point.unit_id,
        at=now,
        who=who,
        what=what,
        note=note,
        numbers=dict(numbers),
    )
