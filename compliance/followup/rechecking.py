"""What is computed, looked at again: what has become true is done; what is so no longer is open again and says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update

from compliance.computed import ComputedFinding, Scope
from compliance.register import places, points, queries, standing
from compliance.register.models import Directive, Requirement, RequirementPoint
from compliance.sources import catalogue
from core import clock
from core.actor import SYSTEM, Actor
from core.db import batched, transaction
from core.errors import Conflict
from people import queries as people
from people.access import guard


def recheck(now: datetime) -> int:
    """The worker: every letter whose season runs; how many points it moved."""
    return sum(recheck_letter(each, now) for each in queries.running(clock.local_date(now)))


def recheck_letter(letter: Directive, now: datetime) -> int:
    """All requirements that something computes, of all units that are asked."""
    if letter.season_from is None or letter.season_to is None:
        return 0
    there = places.open_on(clock.local_date(now))
    rows = [each for each in queries.requirements(letter.id) if catalogue.source(each.computed)]
    named = places.chosen([each.id for each in rows])
    asked = {each.id: [unit.id for unit in places.asked(each, there, named)] for each in rows}
    by_code = defaultdict[str, set[int]](set)
    for each in rows:
        by_code[each.computed].update(asked[each.id])
    moved = 0
    for code, unit_ids in by_code.items():
        source = catalogue.source(code)
        assert source is not None  # noqa: S101 - those without one were left out
        found = source.judge(Scope(tuple(sorted(unit_ids)), letter.season_from, letter.season_to, now))
        for each in rows:
            if each.computed == code:
                moved += _write(each, {unit: found[unit] for unit in asked[each.id] if unit in found}, now)
    return moved


def recheck_unit(requirement_id: int, unit_code: str, *, actor: Actor, now: datetime) -> None:
    """The same of one point, for whoever does not want to wait. Raises NotFound, Forbidden, Conflict."""
    unit, requirement = people.unit_by_code(unit_code), queries.requirement(requirement_id)
    guard.ensure(actor, "requirement.report", unit.id, now=now)
    if requirement.directive.spread_at is None or not places.is_asked(requirement, unit, clock.local_date(now)):
        raise Conflict("register.not_asked")
    found = points.finding(requirement, unit.id, now)
    if found is not None:
        _write(requirement, {unit.id: found}, now)


def _write(requirement: Requirement, found: Mapping[int, ComputedFinding], now: datetime) -> int:
    """A transaction for each thousand; rows whose numbers are what they were only learn when that was seen."""
    moved = 0
    for some in batched(sorted(found)):
        with transaction() as session:
            rows = points.begun(session, requirement, some)
            session.execute(
                update(RequirementPoint)
                .where(RequirementPoint.requirement_id == requirement.id, RequirementPoint.unit_id.in_(some))
                .values(judged_at=now)
                .execution_options(synchronize_session=False)
            )
            moved += sum(_apply(rows[unit_id], found[unit_id], now) for unit_id in some)
    return moved


def _apply(row: RequirementPoint, found: ComputedFinding, now: datetime) -> bool:
    """Whether it moved."""
    if (row.holds, row.numbers) != (found.holds, dict(found.numbers)):
        points.note_finding(row, found, now)
    move = standing.moved(row.state, row.reopened_why, found)
    if move == "reopened":
        points.reopen(row, "computed", SYSTEM.name, now)
    elif move == "done":
        row.state, row.changed_at, row.changed_by = "done", now, SYSTEM.name
        row.reopened_at, row.reopened_why = None, ""
        points.happen(row, "computed:done", SYSTEM, now, numbers=row.numbers)
    return move is not None
