"""Why a roster has empty seats: which, how many there must be, which rules keep whom away, what would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from roster.planning.engines.candidates import surely_missing
from roster.planning.explain.conflicts import Fewest
from roster.planning.explain.empty import Gap, gaps
from roster.planning.explain.relax import relaxed
from roster.planning.explain.repairs import LeaveDays, Repair, repairs
from roster.planning.explain.rows import Rows
from roster.planning.problem import Assignment, Problem, Shortage

RESOLVED = 6  # repairs that are solved again, the best ones
PROOF_SHARE = 0.6  # of the time may go to proving how many seats must stay empty


@dataclass(frozen=True)
class Binding:
    """A rule that keeps people off empty seats: whom, on how many shifts, and on how many it alone keeps somebody."""

    rule: str
    people: tuple[int, ...]
    shifts: int
    alone: int


@dataclass(frozen=True)
class Explanation:
    """`missing` seats are empty; `at_least` must be (`is_exact`: as many would do, and more are not needed).

    `bindings`: the rule that alone keeps somebody off the most shifts comes first; `repairs`: the cheapest seat first.
    """

    shortages: tuple[Shortage, ...]
    missing: int
    at_least: int
    is_exact: bool
    bindings: tuple[Binding, ...]
    repairs: tuple[Repair, ...]


def explain(
    problem: Problem,
    assignments: Iterable[Assignment],
    *,
    fewest: Fewest | None = None,
    known_missing: int = 0,
    movable: LeaveDays = (),
    seconds: float = 5.0,
) -> Explanation:
    """All about the empty seats of a roster. `known_missing` was proven before; `fewest` proves more, if given."""
    until = monotonic() + seconds
    rows = Rows(problem, assignments)
    found = gaps(rows)
    missing = sum(gap.missing for gap in found)
    if not found:
        return Explanation((), 0, 0, True, (), ())
    offered = repairs(rows, found, movable=movable)
    at_least = max(known_missing, surely_missing(problem))
    if fewest is not None and at_least < missing:
        number, is_proven = fewest(problem, (until - monotonic()) * PROOF_SHARE)
        at_least = max(at_least, number) if is_proven else at_least
    if fewest is not None and at_least:
        offered = _solved_again(problem, offered, at_least, fewest, until)
    return Explanation(
        tuple(gap.shortage() for gap in found), missing, at_least, at_least == missing, _bindings(found), tuple(offered)
    )


def _bindings(found: Sequence[Gap]) -> tuple[Binding, ...]:
    people: defaultdict[str, set[int]] = defaultdict(set)
    shifts: defaultdict[str, set[int]] = defaultdict(set)
    alone: defaultdict[str, set[int]] = defaultdict(set)
    for gap in found:
        for staff_id, change in gap.taking.items():
            for code in change.codes:
                people[code].add(staff_id)
                shifts[code].add(gap.shift.id)
            if len(change.codes) == 1:
                alone[change.codes[0]].add(gap.shift.id)
    listed = [Binding(code, tuple(sorted(people[code])), len(shifts[code]), len(alone[code])) for code in people]
    return tuple(sorted(listed, key=lambda each: (-each.alone, -each.shifts, -len(each.people), each.rule)))


def _solved_again(
    problem: Problem, offered: Sequence[Repair], at_least: int, fewest: Fewest, until: float
) -> list[Repair]:
    """The best repairs may fill more seats than the roster at hand shows: people can trade places."""
    first = [_with_more(problem, repair, at_least, fewest, until) for repair in offered[:RESOLVED]]
    return sorted([*first, *offered[RESOLVED:]], key=lambda repair: repair.worth)


def _with_more(problem: Problem, repair: Repair, at_least: int, fewest: Fewest, until: float) -> Repair:
    allowed, left = relaxed(problem, repair), until - monotonic()
    if allowed is None or left <= 0:
        return repair
    number, is_proven = fewest(allowed, left)
    return replace(repair, fills=max(repair.fills, at_least - number)) if is_proven else repair
