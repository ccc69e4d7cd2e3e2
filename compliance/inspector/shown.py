"""What an inspector sees of a point: no number of anybody, nothing internal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from compliance.register import words
from compliance.register.models import Evidence, Requirement, RequirementPoint
from incidents.sharing.rules import without_numbers


@dataclass(frozen=True)
class InspectedPoint:
    """``finding``: what is computed, as of ``judged_at``; ``evidence``: what may be shown."""

    requirement: Requirement
    state: str
    reason: str
    why: str
    finding: str
    judged_at: datetime | None
    remark: str
    accepted_at: datetime | None
    evidence: tuple[Evidence, ...]


def inspected_point(row: Requirement, point: RequirementPoint | None, evidence: Iterable[Evidence]) -> InspectedPoint:
    mine = tuple(each for each in evidence if each.requirement_id == row.id and may_see(each))
    if point is None:
        return InspectedPoint(row, "todo", "", "", "", None, "", None, mine)
    return InspectedPoint(
        row,
        point.state,
        without_numbers(point.reason),
        without_numbers(words.why_reopened(point, row.computed)),
        words.finding(row.computed, point.numbers),
        point.judged_at,
        without_numbers(point.remark),
        point.accepted_at,
        mine,
    )


def may_see(each: Evidence) -> bool:
    """Nothing internal; what was withdrawn only where it had been accepted."""
    return not each.internal and (each.withdrawn_at is None or each.accepted_at is not None)
