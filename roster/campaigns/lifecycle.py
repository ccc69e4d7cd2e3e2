"""PURE what may happen to a campaign in which state, and what stands between a draft and its publishing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from planning.coverage import Gap
from planning.outcome import Violation

State = Literal["draft", "published", "closed"]
Action = Literal["edit", "solve", "publish", "withdraw", "close", "delete"]

TRANSITIONS: dict[State, dict[Action, State]] = {
    "draft": {"edit": "draft", "solve": "draft", "publish": "published", "delete": "draft"},
    "published": {
        "edit": "published",
        "solve": "published",
        "publish": "published",
        "withdraw": "published",
        "close": "closed",
    },
    "closed": {},
}

# An empty or overfull shift is told as a gap; a missing wish costs something and forbids nothing.
NOT_FOR_THE_GATE = frozenset({"coverage.headcount"})


def after(state: str, action: Action) -> State | None:
    """The state that ``action`` leads to, ``None`` when it is not allowed in ``state``."""
    allowed = {name: ways for name, ways in TRANSITIONS.items() if name == state}
    return next((ways.get(action) for ways in allowed.values()), None)


@dataclass(frozen=True)
class PublishBlocks:
    """What blocks publishing: gaps without an accepted reason, hard violations that nobody answered for."""

    gaps: tuple[Gap, ...]
    violations: tuple[Violation, ...]

    @property
    def may_publish(self) -> bool:
        return not self.gaps and not self.violations


def gate(
    gaps: Sequence[Gap],
    violations: Sequence[Violation],
    *,
    excused: frozenset[tuple[int, int]],
    accept_gaps: str | None,
) -> PublishBlocks:
    """Judge a draft. ``excused`` holds (shift id, staff id) of cells that carry an override reason.

    A reason in ``accept_gaps`` lets every gap pass. A hard violation passes when one of its cells is excused.
    """
    blocking = () if (accept_gaps or "").strip() else tuple(gap for gap in gaps if gap.blocks)
    return PublishBlocks(
        blocking, tuple(each for each in violations if _forbids(each) and not _is_excused(each, excused))
    )


def _forbids(violation: Violation) -> bool:
    return violation.hard and violation.rule not in NOT_FOR_THE_GATE


def _is_excused(violation: Violation, excused: frozenset[tuple[int, int]]) -> bool:
    if violation.staff_id is None:
        return False
    return any((shift_id, violation.staff_id) in excused for shift_id in violation.shift_ids)
