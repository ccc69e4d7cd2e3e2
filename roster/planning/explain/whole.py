"""Why a roster has empty seats: which, how many there must be, which rules keep whom away, what would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Protocol

from roster.planning.engines.candidates import candidates, surely_missing
from roster.planning.engines.groups import groups
from roster.planning.explain.conflicts import Fewest
from roster.planning.explain.empty import Gap, gaps
from roster.planning.explain.part import restricted
from roster.planning.explain.relax import relaxed
from roster.planning.explain.repairs import LeaveDays, Repair, repairs
from roster.planning.explain.rows import Rows
from roster.planning.explain.tight import by_moving_others
from roster.planning.problem import Assignment, Problem, Shortage

RESOLVED = 6  # repairs that are solved again, the best ones
RELAXATION_SHARE = 0.7  # of the time may go to what the duals tell
PROOF_SHARE = 0.6  # of what is left, to proving how many seats must stay empty


class Proofs(Protocol):
    """What a solver proves about empty seats; the answers for "not in time" are (-1, False) and (0, {})."""

    def fewest_missing(self, problem: Problem, seconds: float) -> tuple[int, bool]: ...

    def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]: ...


@dataclass(frozen=True)
class Binding:
    """A rule that keeps people off empty seats: whom, on how many shifts, and on how many it alone keeps somebody.

    `tight`: people for whom the proof of the shortage rests on it.
    """

    rule: str
    people: tuple[int, ...]
    shifts: int
    alone: int
    tight: tuple[int, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """`missing` seats are empty; `at_least` must be (`is_exact`: as many would do, and more are not needed).

    `bindings`: rules on which a proof rests come first, then those that alone keep somebody off the most shifts;
    `repairs`: the cheapest seat first. `free`: shift → people who could take a seat of it at once (a draft that was
    edited, or absences that were withdrawn).
    """

    shortages: tuple[Shortage, ...]
    missing: int
    at_least: int
    is_exact: bool
    bindings: tuple[Binding, ...]
    repairs: tuple[Repair, ...]
    free: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def explain(
    problem: Problem,
    assignments: Iterable[Assignment],
    *,
    proofs: Proofs | None = None,
    known_missing: int = 0,
    movable: LeaveDays = (),
    seconds: float = 5.0,
) -> Explanation:
    """All about the empty seats of a roster. `known_missing` was proven before; `proofs` may add to it."""
    until = monotonic() + seconds
    rows = Rows(problem, assignments)
    found = gaps(rows)
    missing = sum(gap.missing for gap in found)
    if not found:
        return Explanation((), 0, 0, True, (), ())
    offered = repairs(rows, found, movable=movable)
    at_least, tight = max(known_missing, surely_missing(problem)), dict[str, list[int]]()
    if proofs is not None:
        near = _where_short(problem, found)
        proven, tight = proofs.binding_rules(near, (until - monotonic()) * RELAXATION_SHARE)
        at_least = max(at_least, proven)
        if at_least < missing:
            number, is_proven = proofs.fewest_missing(near, (until - monotonic()) * PROOF_SHARE)
            at_least = max(at_least, number) if is_proven else at_least
        if at_least:
            offered = _solved_again(near, offered, at_least, proofs.fewest_missing, until)
            offered += _by_moving_others(near, tight, offered, found, at_least, proofs, until)
            offered.sort(key=lambda repair: repair.worth)
    told = tuple(gap.shortage() for gap in found)
    free = {gap.shift.id: gap.free for gap in found if gap.free}
    return Explanation(told, missing, at_least, at_least == missing, _bindings(found, tight), tuple(offered), free)


def _where_short(problem: Problem, found: Sequence[Gap]) -> Problem:
    """The groups of shifts that lack people; the others have everybody, and share nobody with these."""
    short = {gap.shift.id for gap in found}
    near = [g for g in groups(problem, candidates(problem)) if any(shift.id in short for shift in g.shifts)]
    shifts, people = {s.id for group in near for s in group.shifts}, {p for group in near for p in group.staff_ids}
    return restricted(problem, shifts, people)


def _bindings(found: Sequence[Gap], tight: Mapping[str, Sequence[int]]) -> tuple[Binding, ...]:
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
    listed = [
        Binding(code, tuple(sorted(people[code])), len(shifts[code]), len(alone[code]), tuple(tight.get(code, ())))
        for code in sorted({*people, *(code for code in tight if tight[code])})
    ]
    return tuple(sorted(listed, key=lambda b: (-bool(b.tight), -b.alone, -b.shifts, -len(b.people), b.rule)))


def _solved_again(
    problem: Problem, offered: Sequence[Repair], at_least: int, fewest: Fewest, until: float
) -> list[Repair]:
    """The best repairs may fill more seats than the roster at hand shows: people can trade places."""
    first = [_with_more(problem, repair, at_least, fewest, until) for repair in offered[:RESOLVED]]
    return sorted([*first, *offered[RESOLVED:]], key=lambda repair: repair.worth)


def _by_moving_others(
    near: Problem, tight: Mapping[str, Sequence[int]], offered: Sequence[Repair], found: Sequence[Gap], at_least: int,
    proofs: Proofs, until: float,
) -> list[Repair]:  # fmt: skip
    def missing(problem: Problem) -> int | None:
        left = until - monotonic()
        number, is_proven = proofs.fewest_missing(problem, left) if left > 0 else (0, False)
        return number if is_proven else None

    return list(by_moving_others(near, tight, offered, [gap.shift for gap in found], at_least, missing))


def _with_more(problem: Problem, repair: Repair, at_least: int, fewest: Fewest, until: float) -> Repair:
    left = until - monotonic()
    is_outside = repair.kind != "hire" and repair.staff_id is not None and repair.staff_id not in problem.person
    allowed = None if is_outside else relaxed(problem, repair)
    if allowed is None or left <= 0:
        return repair
    number, is_proven = fewest(allowed, left)
    return replace(repair, fills=max(repair.fills, at_least - number)) if is_proven else repair
