"""Writing a new version of a unit's escalation policy; what it replaces is kept, for running incidents and history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, NotFound
from incidents.policies import selection
from incidents.policies.drafts import PolicySpec, copy, draft
from incidents.policies.models import PolicyVersion
from people.access import guard
from people.models import Unit
from roster.consents import services as consents


def write(
    unit_id: int, spec: PolicySpec, *, slot: int | None = 0, seen: int | None = None, actor: Actor, now: datetime
) -> PolicyVersion:
    """Write a new version for the unit; incidents that run keep the one they started with.

    ``slot`` 0 is the unit's main policy, which holds whenever no other fits; ``None`` opens a new slot, for which (as
    for any but 0) conditions are needed. ``seen``: the number of the version that the writer had before them.
    Raises ``NotFound`` for an unknown duty, person, category or slot, ``Invalid`` for waits, conditions or steps that
    cannot be used, ``Conflict`` when somebody else has written since ``seen``.
    """
    with transaction() as session:
        guard.ensure(actor, "policy.write", unit_id, now=now)
        _in_turn(unit_id)
        if seen is not None and newest_number(unit_id, slot) != seen:
            raise Conflict("policy.written_meanwhile", state={"seen": newest_number(unit_id, slot)})
        before = _named(unit_id)
        version = draft(spec, _slot(unit_id, slot))
        version.unit_id, version.number = unit_id, _next_number(unit_id)
        version.created_at, version.created_by = now, actor.name
        session.add(version)
        session.flush()
        audit.record(actor, "policy.write", "unit", unit_id, now=now, number=version.number, slot=version.slot)
        now_on = _named(unit_id)
        consents.ask_for_policy(unit_id, now_on - before, before - now_on, actor=actor, now=now)
        return version


def _named(unit_id: int) -> set[int]:
    """Ids of all whom the unit's policies name, in steps or as the last resort."""
    found = set[int]()
    for version in selection.own_policies(unit_id):
        found |= {each.person_id for step in version.steps for each in step.targets if each.person_id is not None}
        found |= {int(person_id) for person_id in version.catch_all}
    return found


def withdraw(unit_id: int, slot: int, *, actor: Actor, now: datetime) -> PolicyVersion:
    """A policy of the unit holds no more (slot 0: the unit then follows its ancestors). Raises ``NotFound``."""
    with transaction() as session:
        guard.ensure(actor, "policy.write", unit_id, now=now)
        _in_turn(unit_id)
        last = newest(unit_id, slot)
        if last is None or last.withdrawn:
            raise NotFound("policy.unknown")
        number = _next_number(unit_id)
        gone = copy(last, number=number, withdrawn=True, catch_all=[], steps=[], created_at=now, created_by=actor.name)
        session.add(gone)
        session.flush()
        audit.record(actor, "policy.withdraw", "unit", unit_id, now=now, number=gone.number, slot=slot)
        return gone


def move(unit_id: int, slot: int, *, earlier: bool, actor: Actor, now: datetime) -> bool:
    """Let a policy with conditions be tried before (or after) its neighbour with as many of them; whether it moved.

    Raises ``NotFound``. Only those whose place changes get a new version.
    """
    with transaction() as session:
        guard.ensure(actor, "policy.write", unit_id, now=now)
        _in_turn(unit_id)
        alike = _alike(unit_id, slot)
        order = [each.slot for each in alike]
        at = order.index(slot)
        to = at - 1 if earlier else at + 1
        if not 0 <= to < len(order):
            return False
        alike[at], alike[to] = alike[to], alike[at]
        for place, version in enumerate(alike, start=1):
            if version.position != place:
                number = _next_number(unit_id)
                session.add(copy(version, number=number, position=place, created_at=now, created_by=actor.name))
                session.flush()
        audit.record(actor, "policy.move", "unit", unit_id, now=now, slot=slot, earlier=earlier)
        return True


def _alike(unit_id: int, slot: int) -> list[PolicyVersion]:
    conditional = [each for each in selection.own_policies(unit_id) if each.slot != 0]
    mine = next((each for each in conditional if each.slot == slot), None)
    if mine is None:
        raise NotFound("policy.unknown")
    alike = [each for each in conditional if selection.weight(each) == selection.weight(mine)]
    return sorted(alike, key=lambda each: (each.position, each.slot))


def _in_turn(unit_id: int) -> None:
    """Versions of a unit are numbered in turn: a writer waits for the one before, who only names the unit does not."""
    db.session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))


def _next_number(unit_id: int) -> int:
    return newest_number(unit_id, None) + 1


def newest(unit_id: int, slot: int) -> PolicyVersion | None:
    """The last version of a slot, also when it says that the policy was withdrawn."""
    mine = select(PolicyVersion).where(PolicyVersion.unit_id == unit_id, PolicyVersion.slot == slot)
    return db.session.scalar(mine.order_by(PolicyVersion.number.desc()).limit(1))


def newest_number(unit_id: int, slot: int | None) -> int:
    """The last number of a slot, or of the whole unit; 0 before there is any."""
    wanted = select(func.max(PolicyVersion.number)).where(PolicyVersion.unit_id == unit_id)
    return db.session.scalar(wanted if slot is None else wanted.where(PolicyVersion.slot == slot)) or 0


def _slot(unit_id: int, slot: int | None) -> int:
    if slot is None:
        last = db.session.scalar(select(func.max(PolicyVersion.slot)).where(PolicyVersion.unit_id == unit_id))
        return (last or 0) + 1
    if slot != 0 and newest(unit_id, slot) is None:
        raise NotFound("policy.unknown", field="slot")
    return slot
